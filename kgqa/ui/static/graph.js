// Draws the graph of an answer with vis-network. Runs once, when the component loads; `props.value`
// is the dict of kgqa.ui.drawing.network.drawing as JSON. Colours come from the CSS variables of
// kgqa.ui.html.palette, so that dark mode needs no server. What a visitor does with the drawing is
// in graph-tools.js, which follows in the same function.
const canvas = element.querySelector('.canvas');
const LARGEST_SCALE = 1.1, TALLEST = 740;
const MARGIN = 24;
const SMALLEST_SCALE = 0.62; // below this, text is too small: one node a row, indented, instead
const ROW_TEXT = 15, ROW_HEIGHT = 28;
const FAINT = 0.16;
let network = null;
let data = null;
let stacked = false;
let nodes = null, edges = null; // vis.DataSet
const ALL = {step: Infinity, lit: null, matches: null}; // everything is shown, nothing in the light
let shown = {...ALL, extra: []};

function colour(name) {
  return getComputedStyle(document.body).getPropertyValue('--kg-' + name).trim();
}

function branchColour(rank) {
  return rank < 0 ? colour('shared') : colour('branch-' + (rank % 6));
}

function face() {
  return getComputedStyle(element).fontFamily.replaceAll('"', '');
}

function paintNode(node) {
  const line = node.role === 'answer' ? colour('answer') : branchColour(node.rank);
  const mention = node.role === 'mention';
  const fill = mention ? line : colour('surface');
  const same = {background: fill, border: line};
  const size = node.role === 'answer' ? 16 : 15;
  const hover = {...same, background: mention ? line : colour('sunken')};
  if (stacked) return {...node, shape: 'custom', ctxRenderer: row, font: {}};
  return {
    ...node,
    borderWidthSelected: node.borderWidth + 1.5,
    color: {...same, highlight: same, hover},
    font: {face: face(), color: colour(mention ? 'surface' : 'text'), size},
  };
}

// A node as a row: a dot that edges join, and the text to the right of it. Anchored at the dot.
function row({ctx, id, x, y, state}) {
  const node = nodes.get(id);
  const line = node.role === 'answer' ? colour('answer') : branchColour(node.rank);
  const mention = node.role === 'mention';
  const text = node.label.replaceAll('\n', ' ');
  const room = rowWidth() - x - 18;
  const cut = (words) => {
    let short = words;
    while (short.length > 3 && ctx.measureText(short).width > room) {
      short = short.slice(0, -2).trimEnd();
    }
    return short === words ? words : short + '…';
  };
  const drawNode = () => {
    ctx.save();
    ctx.globalAlpha = node.opacity ?? 1;
    ctx.fillStyle = line;
    ctx.beginPath();
    ctx.arc(x, y, node.role === 'answer' ? 6 : 4.5, 0, 7);
    ctx.fill();
    ctx.font = `${ROW_TEXT}px ${face()}`;
    ctx.textBaseline = 'middle';
    const words = cut(text), width = ctx.measureText(words).width + 14;
    ctx.beginPath();
    ctx.roundRect(x + 11, y - ROW_HEIGHT / 2, width, ROW_HEIGHT, 7);
    ctx.fillStyle = mention ? line : colour('surface');
    ctx.fill();
    ctx.lineWidth = (node.role === 'answer' ? 2.5 : 1.5) + (state.selected ? 1.5 : 0);
    ctx.strokeStyle = line;
    ctx.stroke();
    ctx.fillStyle = mention ? colour('surface') : colour('text');
    ctx.fillText(words, x + 18, y + 1);
    const leads = (e) => e.to === id && e.relation && e.relation !== 'may mean';
    const how = edges.get({filter: leads})[0]?.relation;
    ctx.font = `12.5px ${face()}`;
    if (how && x + width + 19 + ctx.measureText(how).width < canvas.clientWidth - MARGIN - 4) {
      ctx.fillStyle = colour('quiet');
      ctx.fillText(how, x + width + 19, y + 1);
    }
    ctx.restore();
  };
  return {drawNode, nodeDimensions: {width: 12, height: 12}};
}

function rowWidth() { // the drawing is as wide as the canvas, at a scale of 1
  return canvas.clientWidth - 2 * MARGIN;
}

function paintEdge(edge) {
  const line = branchColour(edge.rank);
  const label = stacked ? '' : edge.label;
  return {
    ...edge,
    label,
    ...(stacked ? {arrows: '', title: undefined} : {}),
    color: {color: line, highlight: line, hover: line, opacity: 0.75},
    font: {face: face(), color: colour('quiet'), strokeWidth: 0, background: colour('surface')},
    smooth: {
      enabled: true, type: 'cubicBezier', roundness: 0.45,
      forceDirection: stacked ? 'vertical' : 'horizontal',
    },
  };
}

function extent() {
  const boxes = nodes.getIds().map((id) => network.getBoundingBox(id)).filter((b) => b);
  return {
    left: Math.min(...boxes.map((b) => b.left)), right: Math.max(...boxes.map((b) => b.right)),
    top: Math.min(...boxes.map((b) => b.top)), bottom: Math.max(...boxes.map((b) => b.bottom)),
  };
}

function fit() {
  if (!network || !canvas.clientWidth) return;
  if (stacked) return fitRows();
  const reach = extent();
  const wide = reach.right - reach.left + 2 * MARGIN, tall = reach.bottom - reach.top + 2 * MARGIN;
  const whole = Math.min(canvas.clientWidth / wide, TALLEST / tall);
  const scale = Math.min(LARGEST_SCALE, Math.max(0.35, whole));
  canvas.style.height = Math.max(230, Math.min(TALLEST, Math.round(tall * scale))) + 'px';
  network.redraw();
  const middle = {x: (reach.left + reach.right) / 2, y: (reach.top + reach.bottom) / 2};
  network.moveTo({scale, position: middle, animation: false});
}

function fitRows() {
  const ys = nodes.get().map((n) => n.y);
  const tall = Math.max(...ys) - Math.min(...ys) + 2 * MARGIN + ROW_HEIGHT;
  canvas.style.height = tall + 'px';
  network.redraw();
  const x = canvas.clientWidth / 2 - MARGIN, y = (Math.max(...ys) + Math.min(...ys)) / 2;
  network.moveTo({scale: 1, position: {x, y}, animation: false});
}

function placed(node) { // where a node stands on this screen; null if there is no room for it
  if (!stacked || node.extra) return node;
  return node.narrow ? {...node, x: node.narrow[0], y: node.narrow[1]} : null;
}

function paint() {
  if (!data) return;
  const xs = data.nodes.map((n) => n.x);
  const across = Math.max(...xs) - Math.min(...xs) + 200; // a node is about 200 wide
  stacked = canvas.clientWidth > 0 && canvas.clientWidth / across < SMALLEST_SCALE;
  const known = [...data.nodes, ...shown.extra.flatMap((e) => e.nodes)];
  const all = known.map(placed).filter((n) => n).map(paintNode);
  const ids = new Set(all.map((n) => n.id));
  const joins = [...data.edges, ...shown.extra.flatMap((e) => e.edges)];
  const lines = joins.filter((e) => ids.has(e.from) && ids.has(e.to));
  if (network) network.destroy();
  nodes = new vis.DataSet(all);
  edges = new vis.DataSet(lines.map(paintEdge));
  const interaction = {...data.options.interaction, dragView: !stacked, dragNodes: !stacked};
  network = new vis.Network(canvas, {nodes, edges}, {...data.options, interaction});
  canvas.drawing = {network, nodes}; // for tests and for the curious
  listen();
  apply();
  fit();
  canvas.dataset.drawn = String(all.length);
  canvas.dataset.layout = stacked ? 'rows' : 'columns';
}

// Show only the steps up to the slider; put what is not in the light into the shade.
function apply() {
  if (!network) return;
  const bright = shown.lit || shown.matches;
  nodes.update(nodes.get().map((n) => ({
    id: n.id, hidden: n.step > shown.step, opacity: !bright || bright.has(n.id) ? 1 : FAINT,
    font: {...n.font, color: withOpacity(n, !bright || bright.has(n.id))},
  })));
  edges.update(edges.get().map((e) => {
    const lit = !bright || (shown.lit ? bright.has(e.id) : bright.has(e.from) && bright.has(e.to));
    const font = lit ? {color: colour('quiet'), background: colour('surface')}
      : {color: 'transparent', background: 'transparent'};
    return {id: e.id, hidden: e.step > shown.step, font: {...e.font, ...font},
            color: {...e.color, opacity: lit ? 0.8 : FAINT}};
  }));
  canvas.dataset.shown = String(nodes.get({filter: (n) => !n.hidden}).length);
  canvas.dataset.lit = String(bright ? nodes.get({filter: (n) => bright.has(n.id)}).length : 0);
}

function withOpacity(node, lit) {
  const text = node.role === 'mention' ? colour('surface') : colour('text');
  return lit ? text : `color-mix(in srgb, ${text} 35%, transparent)`;
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

document.fonts.ready.then(paint); // a canvas does not notice that a font has arrived
