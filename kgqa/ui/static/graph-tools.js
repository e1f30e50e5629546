// What a visitor does with the drawing: steps, search, facts and neighbours of a node, paths,
// pictures. Every text from the graph goes through textContent. Ends by drawing for the first time.
const part = (name) => element.querySelector('[data-part="' + name + '"]');
const slider = part('step'), stepName = part('step-name'), play = part('play');
const search = part('search');
const hitCount = part('hits'), list = part('nodes'), facts = part('facts');
const DOUBLE = 260; // milliseconds in which a second click makes a double click
let playing = null, clicked = null;

function make(tag, text, css) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (css) made.className = css;
  return made;
}

function prepare() { // the tools for a new drawing
  stop();
  const last = data.steps.length - 1;
  slider.max = String(last);
  slider.value = String(last);
  stepTo(last);
  search.value = '';
  hitCount.textContent = '';
  facts.hidden = true;
  listNodes();
}

function listNodes() {
  const options = [make('option', 'Choose a node …')];
  options[0].value = '';
  for (const node of nodes.get().filter((n) => n.entity && !n.hidden)) {
    const option = make('option', node.label.replaceAll('\n', ' '));
    option.value = node.id;
    options.push(option);
  }
  list.replaceChildren(...options);
}

function stepTo(step) {
  const last = data.steps.length - 1;
  shown.step = step >= last ? Infinity : step;
  slider.value = String(step);
  slider.setAttribute('aria-valuetext', data.steps[step]);
  stepName.textContent = data.steps[step];
  apply();
}

function stop() {
  clearInterval(playing);
  playing = null;
  play.textContent = 'Play';
  play.setAttribute('aria-pressed', 'false');
}

play.addEventListener('click', () => {
  if (!network) return;
  if (playing) return stop();
  const last = data.steps.length - 1;
  stepTo(0);
  play.textContent = 'Stop';
  play.setAttribute('aria-pressed', 'true');
  playing = setInterval(() => {
    const next = Number(slider.value) + 1;
    if (next <= last) stepTo(next);
    if (next >= last) stop();
  }, 1100);
});
slider.addEventListener('input', () => {
  stop();
  if (network) stepTo(Number(slider.value));
});

search.addEventListener('input', () => {
  if (!network) return;
  const text = search.value.trim().toLowerCase();
  shown.lit = null;
  unpress();
  const words = (n) => (n.label.replaceAll('\n', ' ') + ' ' + (n.title || '')).toLowerCase();
  const hits = nodes.get({filter: (n) => words(n).includes(text)});
  shown.matches = text ? new Set(hits.map((n) => n.id)) : null;
  hitCount.textContent = text ? (hits.length === 1 ? '1 node' : hits.length + ' nodes') : '';
  apply();
});
search.addEventListener('keydown', (event) => {
  const first = shown.matches && [...shown.matches][0];
  if (event.key === 'Enter' && first) openFacts(first);
});
list.addEventListener('change', () => { if (list.value) openFacts(list.value); });

function unpress() {
  const lit = document.querySelectorAll('[data-light][aria-pressed="true"]');
  lit.forEach((button) => button.setAttribute('aria-pressed', 'false'));
}

// "Show path" in the list of answers lights up the answer's edges and what they join; again: all.
document.addEventListener('kg-light', (event) => {
  if (!network) return;
  const buttons = [...document.querySelectorAll('[data-light]')];
  const button = buttons.find((b) => b.dataset.light === event.detail);
  const on = button?.getAttribute('aria-pressed') !== 'true';
  unpress();
  const path = data.paths[event.detail];
  shown.matches = null;
  shown.lit = null;
  if (on && path) {
    const lines = path.map((i) => data.edges[i]);
    shown.lit = new Set(lines.flatMap((e) => [e.id, e.from, e.to]));
    button?.setAttribute('aria-pressed', 'true');
    stepTo(data.steps.length - 1);
  } else if (on) {
    const answer = nodes.get({filter: (n) => n.entity === event.detail});
    shown.lit = answer.length ? new Set(answer.map((n) => n.id)) : null;
    if (answer.length) button?.setAttribute('aria-pressed', 'true');
  }
  apply();
  if (shown.lit) canvas.scrollIntoView({block: 'nearest'});
});

function listen() {
  network.on('click', (event) => {
    clearTimeout(clicked);
    const id = hit(event);
    if (id) clicked = setTimeout(() => openFacts(id), DOUBLE);
  });
  network.on('doubleClick', (event) => {
    clearTimeout(clicked);
    const id = hit(event), node = id && nodes.get(id);
    if (node && node.entity) askAbout(node.entity);
  });
}

function hit(event) { // rows are drawn to the right of their dots, where vis-network does not look
  if (!stacked || event.nodes[0]) return event.nodes[0];
  const {x, y} = event.pointer.canvas;
  const inRow = (n) => !n.hidden && Math.abs(n.y - y) <= ROW_HEIGHT / 2 && x >= n.x;
  return nodes.get({filter: inRow})[0]?.id;
}

function askAbout(entity) {
  document.dispatchEvent(new CustomEvent('kg-edit', {detail: {action: 'ask_about', entity}}));
}

async function openFacts(id) {
  const node = nodes.get(id);
  if (!node || !node.entity) return;
  network.selectNodes([id]);
  list.value = id;
  const known = await server.node_facts(node.entity);
  if (!known) return;
  const head = make('p', undefined, 'facts-title');
  head.append(make('b', known.label), make('span', ' ' + known.note, 'note'));
  const rows = make('ul');
  for (const group of known.groups) {
    const rest = group.total - group.entities.length;
    const row = make('li');
    const more = rest > 0 ? `; and ${rest.toLocaleString('en')} more` : '';
    row.append(make('em', group.relation), ': ' + group.entities.join('; ') + more);
    rows.append(row);
  }
  if (known.rest) rows.append(make('li', `and ${known.rest} more relations`));
  const expand = make('button', 'Expand neighbours', 'action');
  const ask = make('button', 'Ask: ' + known.question, 'action');
  const close = make('button', 'Close', 'action');
  for (const button of [expand, ask, close]) button.type = 'button';
  expand.addEventListener('click', () => addNeighbours(id, expand));
  ask.addEventListener('click', () => askAbout(node.entity));
  close.addEventListener('click', () => {
    facts.hidden = true;
    network.unselectAll();
    list.focus();
  });
  const buttons = make('p', undefined, 'facts-buttons');
  buttons.append(expand, ask, close);
  facts.replaceChildren(head, rows, buttons);
  facts.hidden = false;
}

async function addNeighbours(id, button) {
  const node = nodes.get(id);
  if (shown.extra.length >= 6) return void (button.textContent = 'The drawing is full');
  const bottom = stacked ? Math.max(...nodes.get().map((n) => n.y)) : extent().bottom;
  const byEntity = new Map(nodes.get().filter((n) => n.entity).map((n) => [n.entity, n.id]));
  const got = await server.node_neighbours(
    {id: node.entity, drawn: [...byEntity.keys()], x: node.x, y: bottom, wide: !stacked});
  const turn = shown.extra.length;
  const added = got.nodes.map(({id: entity, text, label, note, x, y}, i) => ({
    id: `x${turn}-${i}`, entity, label: text, title: label + '\n' + note, x, y, shape: 'box',
    borderWidth: 1, role: 'entity', rank: -1, step: 0, extra: true,
    shapeProperties: {borderDashes: [4, 3], borderRadius: 7},
  }));
  added.forEach((one) => byEntity.set(one.entity, one.id));
  const others = got.edges.filter((e) => byEntity.has(e.to) && byEntity.get(e.to) !== id);
  const lines = others.map(({to, label, forward}, i) => ({
    id: `y${turn}-${i}`, from: id, to: byEntity.get(to), label, relation: label, title: label,
    rank: -1, step: 0, dashes: true, width: 1, arrows: forward ? 'to' : 'from',
  }));
  shown.extra.push({nodes: added, edges: lines});
  nodes.add(added.map(paintNode));
  edges.add(lines.map(paintEdge));
  apply();
  fit();
  listNodes();
  canvas.dataset.drawn = String(nodes.length);
  const left = got.left ? `; ${got.left.toLocaleString('en')} more facts are not drawn` : '';
  button.textContent = `Added ${added.length}${left}`;
  button.disabled = true;
}

function savePicture() { // at twice the size, on the page's background
  const scale = network.getScale(), position = network.getViewPosition();
  const size = [canvas.clientWidth, canvas.clientHeight];
  network.setSize(2 * size[0] + 'px', 2 * size[1] + 'px');
  network.moveTo({scale: 2 * scale, position, animation: false});
  network.redraw();
  const drawn = canvas.querySelector('canvas');
  const {width, height} = drawn, copy = make('canvas');
  Object.assign(copy, {width, height});
  const pen = copy.getContext('2d');
  pen.fillStyle = colour('surface');
  pen.fillRect(0, 0, copy.width, copy.height);
  pen.drawImage(drawn, 0, 0);
  network.setSize('100%', '100%');
  network.moveTo({scale, position, animation: false});
  network.redraw();
  copy.toBlob((blob) => {
    const url = URL.createObjectURL(blob);
    const link = Object.assign(document.createElement('a'), {href: url, download: 'graph.png'});
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  });
}

element.addEventListener('click', (event) => {
  const act = event.target.dataset.act;
  if (!network || !act) return;
  if (act === 'fit') {
    shown.lit = shown.matches = null;
    unpress();
    search.value = hitCount.textContent = '';
    apply();
    return fit();
  }
  if (act === 'png') return savePicture();
  const scale = network.getScale() * (act === 'in' ? 1.25 : 0.8);
  network.moveTo({scale, animation: {duration: 120}});
});

watch('value', draw);
draw();
