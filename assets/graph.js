// Draws the graph of an answer with vis-network. Runs once, when the component loads; `props.value` is the dict of
// kgqa.ui.network.drawing as JSON. Colours come from the CSS variables of kgqa.ui.palette, so that dark mode needs no server.
const canvas = element.querySelector('.canvas');
const LARGEST_SCALE = 1.1, TALLEST = 740;
const NARROW = 560;
const MARGIN = 24;
const SMALLEST_SCALE = 0.6; // below this, text is too small: show a part and let the visitor drag
let network = null;
let data = null;
let reach = null; // the drawing's extent, to fit it without physics

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
  return {
    ...node,
    borderWidthSelected: node.borderWidth + 1,
    color: {...same, highlight: same, hover: {...same, background: mention ? line : colour('sunken')}},
    font: {face: face(), color: mention ? colour('surface') : colour('text'), ...(node.role === 'answer' ? {size: 16} : {})},
  };
}

function paintEdge(edge) {
  const line = branchColour(edge.rank);
  return {
    ...edge,
    color: {color: line, highlight: line, hover: line, opacity: 0.75},
    font: {face: face(), color: colour('quiet'), strokeWidth: 0, background: colour('surface')},
  };
}

function fit() {
  if (!network || !canvas.clientWidth) return;
  const wide = reach.right - reach.left + 2 * MARGIN, tall = reach.bottom - reach.top + 2 * MARGIN;
  const scale = Math.min(LARGEST_SCALE, Math.max(SMALLEST_SCALE, Math.min(canvas.clientWidth / wide, TALLEST / tall)));
  canvas.style.height = Math.max(230, Math.min(TALLEST, Math.round(tall * scale))) + 'px';
  network.redraw();
  const half = canvas.clientWidth / 2 / scale; // what does not fit is to the right; it can be dragged into view
  const x = wide * scale > canvas.clientWidth ? reach.left - MARGIN + half : (reach.left + reach.right) / 2;
  network.moveTo({scale, position: {x, y: (reach.top + reach.bottom) / 2}, animation: false});
}

function paint() {
  if (!data) return;
  const squeeze = canvas.clientWidth < NARROW ? 0.86 : 1;
  const nodes = data.nodes.map((node) => ({...paintNode(node), x: Math.round(node.x * squeeze)}));
  const edges = data.edges.map(paintEdge);
  if (network) network.destroy();
  network = new vis.Network(canvas, {nodes: new vis.DataSet(nodes), edges: new vis.DataSet(edges)}, data.options);
  const boxes = nodes.map((n) => network.getBoundingBox(n.id));
  reach = {
    left: Math.min(...boxes.map((b) => b.left)), right: Math.max(...boxes.map((b) => b.right)),
    top: Math.min(...boxes.map((b) => b.top)), bottom: Math.max(...boxes.map((b) => b.bottom)),
  };
  fit();
  canvas.dataset.drawn = String(nodes.length);
}

function draw() {
  const value = JSON.parse(props.value || 'null');
  if (!value || !value.nodes) {
    if (network) network.destroy();
    network = data = null;
    delete canvas.dataset.drawn;
    element.style.display = 'none';
    return;
  }
  data = value;
  element.style.display = '';
  canvas.setAttribute('aria-label', 'Graph. ' + value.summary + ' The same graph in words follows.');
  paint();
}

element.querySelector('.canvas-tools').addEventListener('click', (event) => {
  const act = event.target.dataset.act;
  if (!network || !act) return;
  if (act === 'fit') return network.fit({animation: false});
  network.moveTo({scale: network.getScale() * (act === 'in' ? 1.25 : 0.8), animation: {duration: 120}});
});

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
  paint();
}).observe(canvas);

document.fonts.ready.then(paint); // a canvas does not notice that a font has arrived
watch('value', draw);
draw();
