// What a visitor does with the drawing: steps, search, facts and neighbours of a node, paths, and
// what lights up. Every text from the graph goes through textContent. Ends by drawing for the
// first time.
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
  for (const node of places().filter((n) => n.entity && !n.hidden)) {
    const option = make('option', node.label.replaceAll('\n', ' '));
    option.value = node.id;
    options.push(option);
  }
  list.replaceChildren(...options);
}

function stepTo(step) {
  const last = data.steps.length - 1;
  shown.step = step >= last ? Infinity : Number(step);
  slider.value = String(step);
  slider.setAttribute('aria-valuetext', data.steps[step]);
  stepName.textContent = data.steps[step];
  apply();
  const detail = {step: Number(step), last};
  document.dispatchEvent(new CustomEvent('kg-stepped', {detail}));
}

// Keys of the projector: a step on or back, the first or the last.
document.addEventListener('kg-step', ({detail}) => {
  if (!network) return;
  stop();
  stepTo(Math.max(0, Math.min(data.steps.length - 1, Number(slider.value) + detail)));
});

function stop() {
  clearInterval(playing);
  playing = null;
  play.textContent = calm.matches ? 'Next step' : 'Play';
  play.setAttribute('aria-pressed', 'false');
}

const calm = matchMedia('(prefers-reduced-motion: reduce)');
play.addEventListener('click', () => {
  if (!network) return;
  if (playing) return stop();
  const last = data.steps.length - 1;
  if (calm.matches) return stepTo((Number(slider.value) + 1) % (last + 1)); // a step a press
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
  const hits = places().filter((n) => words(n).includes(text));
  const ids = new Set(hits.map((n) => n.id));
  const both = links().flatMap((l, i) => (ids.has(l.left) && ids.has(l.right) ? [i] : []));
  shown.matches = text ? {nodes: ids, links: new Set(both)} : null;
  hitCount.textContent = text ? (hits.length === 1 ? '1 node' : hits.length + ' nodes') : '';
  apply();
});
search.addEventListener('keydown', (event) => {
  const first = shown.matches && [...shown.matches.nodes][0];
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
  shown.matches = null;
  shown.lit = on ? resolve('path ' + event.detail) : null;
  if (shown.lit) {
    button?.setAttribute('aria-pressed', 'true');
    stepTo(data.steps.length - 1);
  }
  apply();
  if (shown.lit && !beside.matches) canvas.scrollIntoView({block: 'nearest'});
});

// What is pointed at or read on the page, as in its data-show: which nodes and links it is.
function resolve(what) {
  const [kind, ...rest] = what.split(' '), key = rest.join(' '), all = links();
  const of = (test) => all.flatMap((link, i) => (test(link) ? [i] : []));
  const named = (test) => places().filter(test).map((node) => node.id);
  const hop = (rank, n) => of((link) => (
    (link.hops || []).some((h) => h[0] === rank && (!n || h[1] === n))));
  let chosen = [], own = [];
  if (kind === 'path') chosen = data.paths[key] || [];
  if (kind === 'entity' || (kind === 'path' && !chosen.length)) {
    own = named((node) => node.entity && node.entity === key);
    chosen = of((link) => own.includes(link.left) || own.includes(link.right));
  }
  if (kind === 'branch') chosen = of((link) => (link.branches || []).includes(Number(key)));
  if (kind === 'hop') chosen = hop(Number(rest[0]), Number(rest[1]));
  if (what === 'step 1') own = named((node) => node.role === 'mention');
  if (what === 'step 2') chosen = of((link) => link.tie);
  if (what === 'step 3') chosen = of((link) => (link.hops || []).some(([rank]) => rank >= 0));
  if (what === 'step 4') {
    own = named((node) => node.meets);
    chosen = [...of((link) => own.includes(link.right)), ...hop(-1)];
  }
  if (!chosen.length && !own.length) return null;
  const ends = chosen.flatMap((i) => [all[i].left, all[i].right]);
  return {nodes: new Set([...own, ...ends]), links: new Set(chosen)};
}

document.addEventListener('kg-show', ({detail}) => {
  if (!network) return;
  shown.pointed = detail ? resolve(detail) : null;
  shown.numbers = /^(step|hop|branch) /.test(detail);
  canvas.dataset.showing = shown.pointed ? detail : '';
  apply();
});

function point(detail) { // the same on the page, where it is pointed at in the drawing
  document.dispatchEvent(new CustomEvent('kg-point', {detail}));
}

function listen() {
  network.on('hoverNode', ({node: id}) => {
    const node = nodes.get(id);
    if (node?.entity) point(['entity ' + node.entity]);
    else if (node?.role === 'mention') point([`branch ${node.rank}`]);
  });
  network.on('hoverEdge', ({edge: id}) => {
    const all = links(), hops = (edges.get(id)?.links || []).flatMap((i) => all[i].hops || []);
    point(hops.map(([rank, n]) => `hop ${rank} ${n}`));
  });
  for (const gone of ['blurNode', 'blurEdge']) network.on(gone, () => point([]));
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
  const inRow = (n) => !n.hidden && Math.abs(n.y - y) <= ROW_PITCH / 2 && x >= n.x - 8;
  return places().filter(inRow)[0]?.id;
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
  const bottom = stacked ? Math.max(...places().map((n) => n.y)) : extent().bottom;
  const byEntity = new Map(places().filter((n) => n.entity).map((n) => [n.entity, n.id]));
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
  const known = links().length, made = others.map(({to, label, forward}) => {
    const ends = [id, byEntity.get(to)], [left, right] = forward ? ends : ends.reverse();
    return {left, right, label, title: label, branches: [], rank: -1, hops: [], step: 0};
  });
  const lines = made.map(({left, right, label}, i) => ({
    id: `y${turn}-${i}`, from: left, to: right, label, title: label, links: [known + i],
    rank: -1, step: 0, dashes: true, width: 1, arrows: 'to',
  }));
  shown.extra.push({nodes: added, edges: lines, links: made});
  nodes.add(added.map(paintNode));
  if (!stacked) edges.add(lines.map(paintEdge));
  apply();
  fit();
  listNodes();
  canvas.dataset.drawn = String(places().length);
  const left = got.left ? `; ${got.left.toLocaleString('en')} more facts are not drawn` : '';
  button.textContent = `Added ${added.length}${left}`;
  button.disabled = true;
}

element.addEventListener('click', (event) => {
  const act = event.target.dataset.act;
  if (!network || !act) return;
  if (act === 'fit') {
    shown.lit = shown.matches = shown.pointed = null;
    unpress();
    search.value = hitCount.textContent = '';
    apply();
    return fit();
  }
  const scale = network.getScale() * (act === 'in' ? 1.25 : 0.8);
  network.moveTo({scale, animation: {duration: 120}});
});

watch('value', draw);
draw();
