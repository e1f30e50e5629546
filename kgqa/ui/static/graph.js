// Draws the graph of an answer with vis-network. Runs once, when the component loads; `props.value`
// is the dict of kgqa.ui.drawing.network.drawing as JSON. Colours come from the CSS variables of
// kgqa.ui.html.palette, so that dark mode needs no server. graph-rows.js has the drawing for narrow
// screens, graph-tools.js what a visitor does with it; both follow in the same function.
const canvas = element.querySelector('.canvas');
const LARGEST_SCALE = 1.1, TALLEST = 740, LEAST = 230; // heights in pixels
const ROOMY = 1000, ROOMY_SCALE = 1.5; // from this width on text is drawn larger
const MARGIN = 24;
const SMALLEST_SCALE = 0.6; // below this, text is too small: one node a row, indented, instead
const FAINT = 0.22;
let network = null;
let data = null;
let stacked = false;
let nodes = null, edges = null; // vis.DataSet
// Everything is shown. A light is {nodes: ids, links: indices}: of a path that was chosen, of what
// was searched, of what is pointed at or read.
const ALL = {step: Infinity, lit: null, matches: null, pointed: null, numbers: false};
let shown = {...ALL, extra: []};
let plain = false; // whether nothing that is drawn is pale or hidden

const styles = new Map(); // read once a drawing: asking for one makes the browser style the page
function style(name, read) {
  if (!styles.has(name)) styles.set(name, read());
  return styles.get(name);
}

function colour(name) {
  const read = () => getComputedStyle(document.body).getPropertyValue('--kg-' + name).trim();
  return style(name, read);
}

function branchColour(rank) {
  return rank < 0 ? colour('shared') : colour('branch-' + (rank % 6));
}

function face() {
  return style('face', () => getComputedStyle(element).fontFamily.replaceAll('"', ''));
}

const links = () => [...data.links, ...shown.extra.flatMap((extra) => extra.links)];
const places = () => nodes.get({filter: (n) => n.role !== 'port'});
const light = () => shown.pointed || shown.matches || shown.lit;
const faded = (name, share) => `color-mix(in srgb, ${name} ${share}%, ${colour('surface')})`;

function lineOf(node) {
  if (node.out) return colour('quiet');
  return node.role === 'answer' ? colour('answer') : branchColour(node.rank);
}

// A node that is not in the light is pale and still covers what is behind it.
function look(node, bright) {
  const mention = node.role === 'mention';
  const pale = (name, share) => bright ? name : faded(name, share);
  const line = pale(lineOf(node), 30), back = mention ? line : colour('surface');
  const text = mention ? colour('surface') : pale(colour(node.out ? 'quiet' : 'text'), 40);
  const same = {background: back, border: line};
  const glow = {enabled: Boolean(node.meets && bright), color: line, size: 16, x: 0, y: 0};
  return {
    bright,
    color: {
      ...same, highlight: same, hover: {...same, background: mention ? line : colour('sunken')},
    },
    font: {face: face(), color: text, size: node.role === 'answer' ? 16 : 15},
    shadow: glow,
  };
}

function paintNode(node) {
  if (stacked) return {...node, bright: true, shape: 'custom', ctxRenderer: row, font: {}};
  return {...node, borderWidthSelected: node.borderWidth + 1.5, ...look(node, true)};
}

function paintPort(port) {
  const color = 'transparent';
  return {...port, label: ' ', role: 'port', shape: 'dot', size: 0.1, borderWidth: 0, color};
}

function paintEdge(edge) {
  const line = branchColour(edge.rank);
  return {
    ...edge,
    color: {color: line, highlight: line, hover: line, opacity: 0.8},
    font: {face: face(), color: colour('quiet'), strokeWidth: 0, background: colour('surface')},
  };
}

function extent() {
  const boxes = places().map((n) => network.getBoundingBox(n.id)).filter((b) => b);
  return {
    left: Math.min(...boxes.map((b) => b.left)), right: Math.max(...boxes.map((b) => b.right)),
    top: Math.min(...boxes.map((b) => b.top)), bottom: Math.max(...boxes.map((b) => b.bottom)),
  };
}

const beside = matchMedia('(min-width: 1100px)'); // the graph stands beside the answer

function room() { // what the window leaves for the drawing, with all that is above it in view
  const box = element.querySelector('.canvas-box'), column = box.closest('#kg-graph');
  if (!beside.matches || !column) return TALLEST;
  const tools = box.offsetHeight - canvas.parentElement.offsetHeight;
  if (document.body.classList.contains('projector')) {
    return Math.max(LEAST, innerHeight - box.getBoundingClientRect().top - tools - 8);
  }
  const top = column.parentElement.getBoundingClientRect().top + scrollY;
  const from = column.getBoundingClientRect().top - column.scrollTop;
  const above = box.getBoundingClientRect().top - from;
  return Math.max(LEAST, Math.min(TALLEST, innerHeight - top - above - tools - 8));
}

function fit() {
  if (!network || !canvas.clientWidth) return;
  const view = canvas.parentElement;
  view.style.maxHeight = beside.matches ? room() + 'px' : '';
  if (stacked) return fitRows();
  const reach = extent();
  const wide = reach.right - reach.left + 2 * MARGIN, tall = reach.bottom - reach.top + 2 * MARGIN;
  const most = room(), whole = Math.min(canvas.clientWidth / wide, most / tall);
  const roomy = canvas.clientWidth >= ROOMY ? ROOMY_SCALE : LARGEST_SCALE;
  const largest = document.body.classList.contains('projector') ? 2 : roomy;
  const scale = Math.min(largest, Math.max(0.35, whole));
  canvas.style.height = Math.min(most, Math.max(LEAST, Math.round(tall * scale))) + 'px';
  network.redraw();
  const middle = {x: (reach.left + reach.right) / 2, y: (reach.top + reach.bottom) / 2};
  network.moveTo({scale, position: middle, animation: false});
}

function placed(node) { // where a node stands on this screen; null if there is no room for it
  if (!stacked || node.extra) return node;
  return node.narrow ? {...node, x: node.narrow[0], y: node.narrow[1]} : null;
}

function paint() {
  if (!data) return;
  styles.clear();
  const xs = data.nodes.map((n) => n.x);
  const across = Math.max(...xs) - Math.min(...xs) + 200; // a node is about 200 wide
  const ys = data.nodes.map((n) => n.y), tall = Math.max(...ys) - Math.min(...ys) + 90;
  const scale = Math.min(canvas.clientWidth / across, room() / tall);
  stacked = canvas.clientWidth > 0 && scale < SMALLEST_SCALE;
  const known = [...data.nodes, ...shown.extra.flatMap((e) => e.nodes)];
  const all = known.map(placed).filter((n) => n).map(paintNode);
  const lines = stacked ? [] : [...data.edges, ...shown.extra.flatMap((e) => e.edges)];
  if (network) network.destroy();
  nodes = new vis.DataSet([...all, ...(stacked ? [] : data.ports.map(paintPort))]);
  edges = new vis.DataSet(lines.map(paintEdge));
  const fingers = matchMedia('(pointer: coarse)').matches; // who can pinch
  const moves = {dragView: !stacked, zoomView: fingers && !stacked};
  const interaction = {...data.options.interaction, ...moves};
  network = new vis.Network(canvas, {nodes, edges}, {...data.options, interaction});
  canvas.drawing = {network, nodes, edges, data}; // for tests and for the curious
  network.on('beforeDrawing', (pen) => { if (stacked) drawElbows(pen); });
  network.on('afterDrawing', (pen) => { if (!stacked) drawNumbers(pen); });
  listen();
  plain = true;
  apply();
  fit();
  canvas.dataset.drawn = String(all.length);
  canvas.dataset.layout = stacked ? 'rows' : 'columns';
}

// Show only the steps up to the slider; what is not in the light is pale.
function apply() {
  if (!network) return;
  const now = light(), all = !now && shown.step === Infinity;
  if (!all || !plain) restyle(now);
  plain = all;
  const visible = places().filter((n) => !n.hidden);
  const lit = edges.get({filter: (e) => now && e.links.some((i) => now.links.has(i))});
  canvas.dataset.shown = String(visible.length);
  canvas.dataset.lit = String(now ? places().filter((n) => now.nodes.has(n.id)).length : 0);
  canvas.dataset.litEdges = String(lit.length);
}

function restyle(now) {
  const inLight = (id) => !now || now.nodes.has(id);
  nodes.update(places().map((n) => ({
    id: n.id, hidden: n.step > shown.step,
    ...(stacked ? {bright: inLight(n.id)} : look(n, inLight(n.id))),
  })));
  edges.update(edges.get().map((e) => {
    const lit = !now || e.links.some((i) => now.links.has(i));
    const quiet = colour('quiet'), font = {color: lit ? quiet : faded(quiet, 45)};
    return {id: e.id, hidden: e.step > shown.step, font: {...e.font, ...font},
            color: {...e.color, opacity: lit ? 0.8 : FAINT}};
  }));
}

function drawNumbers(pen) { // memberships at the nodes of the step that is read
  if (!shown.pointed || !shown.numbers) return;
  for (const node of places()) {
    if (node.hidden || !node.weight || !shown.pointed.nodes.has(node.id)) continue;
    const box = network.getBoundingBox(node.id), text = node.weight.toFixed(2);
    pen.font = `bold 12px ${face()}`;
    pen.textBaseline = 'middle';
    const wide = pen.measureText(text).width + 10;
    pen.fillStyle = lineOf(node);
    pen.beginPath();
    pen.roundRect(box.right - wide + 6, box.top - 9, wide, 17, 8);
    pen.fill();
    pen.fillStyle = colour('surface');
    pen.fillText(text, box.right - wide + 11, box.top);
  }
}

function draw() {
  const value = JSON.parse(props.value || 'null');
  shown = {...ALL, extra: []};
  if (!value || !value.nodes) {
    if (network) network.destroy();
    network = data = null;
    delete canvas.dataset.drawn;
    element.style.display = 'none';
    return;
  }
  data = value;
  element.style.display = '';
  const label = `Graph. ${value.summary} The same graph in words follows.`;
  canvas.setAttribute('aria-label', label);
  paint();
  prepare();
}

let dark = document.body.classList.contains('dark');
new MutationObserver(() => {
  const now = document.body.classList.contains('dark');
  if (now !== dark) {
    dark = now;
    paint();
  }
}).observe(document.body, {attributes: true, attributeFilter: ['class']});

let width = canvas.clientWidth;
new ResizeObserver(() => {
  if (!network || canvas.clientWidth === width) return;
  width = canvas.clientWidth;
  if (width) paint();
}).observe(canvas);
addEventListener('resize', () => { if (network && beside.matches) fit(); });

document.fonts.ready.then(paint); // a canvas does not notice that a font has arrived
