// Draws the graph of an answer with vis-network. Runs once, when the component loads; `props.value` is the dict of
// kgqa.ui.network.drawing. Colours come from the CSS variables of kgqa.ui.palette, so that dark mode needs no server.
const canvas = element.querySelector('.canvas');
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
  return getComputedStyle(document.body).fontFamily.replaceAll('"', '');
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
    font: {face: face(), color: colour('quiet'), strokeWidth: 4, strokeColor: colour('surface')},
  };
}

function fit() {
  if (!network || !canvas.clientWidth) return;
  const narrow = canvas.clientWidth < 560;
  canvas.style.height = (narrow ? Math.max(260, data.height * SMALLEST_SCALE + 60) : data.height) + 'px';
  network.redraw();
  network.fit({animation: false});
  const scale = network.getScale();
  if (scale >= SMALLEST_SCALE && scale <= 1.15) return;
  const wanted = scale > 1.15 ? 1.15 : SMALLEST_SCALE;
  const half = canvas.clientWidth / 2 / wanted;
  const x = scale > 1.15 ? (reach.left + reach.right) / 2 : Math.min(reach.left - 90 + half, (reach.left + reach.right) / 2);
  network.moveTo({scale: wanted, position: {x, y: (reach.top + reach.bottom) / 2}, animation: false});
}

function paint() {
  if (!data) return;
  const nodes = data.nodes.map(paintNode);
  const edges = data.edges.map(paintEdge);
  if (network) network.destroy();
  network = new vis.Network(canvas, {nodes: new vis.DataSet(nodes), edges: new vis.DataSet(edges)}, data.options);
  const xs = nodes.map((n) => n.x), ys = nodes.map((n) => n.y);
  reach = {left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys)};
  fit();
  canvas.dataset.drawn = String(nodes.length);
}

function draw() {
  const value = typeof props.value === 'string' ? JSON.parse(props.value || 'null') : props.value;
  if (!value || !value.nodes) {
    if (network) network.destroy();
    network = data = null;
    delete canvas.dataset.drawn;
    element.style.display = 'none';
    return;
  }
  data = value;
  element.style.display = '';
  canvas.style.height = value.height + 'px';
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

let width = 0;
new ResizeObserver(() => {
  if (!network || canvas.clientWidth === width) return;
  width = canvas.clientWidth;
  network.redraw();
  fit();
}).observe(canvas);

document.fonts.ready.then(paint); // a canvas does not notice that a font has arrived
watch('value', draw);
draw();
