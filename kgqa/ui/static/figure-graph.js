// The graph of the lesson's figure: nodes in three columns with a bar for each vector, over lines
// that light up with what a step carries over them. Labels are copied as text. Follows
// figure-maths.js in the same function.
const view = element.querySelector('.fig-view'), svg = view.querySelector('svg');
const modelBox = element.querySelector('.fig-model');
const stepBox = element.querySelector('.fig-steps');
const nodeBox = view.querySelector('.fig-nodes'), whyLine = element.querySelector('.fig-why');
const SVG = 'http://www.w3.org/2000/svg';
const LETTERS = ['A', 'B'];
const number = (v) => String(Math.round(v * 1000) / 1000); // at most three decimals

function make(tag, attributes = {}, ...children) {
  const {text, ...others} = attributes, made = document.createElement(tag);
  for (const [name, value] of Object.entries(others)) {
    if (value === false || value === undefined) continue;
    made.setAttribute(name, value === true ? '' : value);
  }
  if (text !== undefined) made.textContent = text;
  made.append(...children);
  return made;
}

function draw(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

// What each step shows at its nodes, [class of the bar, vector], and the facts that it reads.
const STAGES = {
  facts: () => ({rows: []}),
  spans: (figure, now, set) => ({rows: [],
    seeds: figure.starts.flatMap((s, i) => (set.takes[i] ? s.seeds.map((e) => [e, i]) : []))}),
  entities: (figure, now) => ({rows: now.x.map((x, i) => [`b${i}`, x])}),
  follow: (figure, now) => ({rows: now.reached.map((x, i) => [`b${i}`, x]),
    lit: now.hops.flatMap((hop, i) => hop.products.map((p) => [p, `b${i}`]))}),
  meet: (figure, now, set) => ({rows: [
    ...now.reached.map((x, i) => [`b${i}`, set.takes[i] ? x : x.map(() => 0)]), ['b2', now.met]]}),
  operators: (figure, now) => ({rows: [['bs', now.met], ['b2', now.kept]]}),
  hop: (figure, now) => ({rows: [['b2', now.kept], ['ba', now.answers]], answers: now.names,
    lit: now.last.products.map((p) => [p, 'b2'])}),
  training: (figure, now) => ({rows: [['ba', now.answers]], answers: now.names}),
};

const graph = {places: [], nodes: [], lines: []};

// One node for each entity, one line and one wide line to press for each fact; places come later.
function buildGraph(figure, toggle, press) {
  graph.nodes = figure.entities.map((entity, i) => {
    const name = make('span', {class: 'fig-name', text: entity.label});
    const node = make('button', {type: 'button', class: 'fig-node', 'data-entity': i,
      title: entity.note ? `${entity.name}, ${entity.note}` : entity.name},
    name, make('span', {class: 'fig-rows'}));
    node.addEventListener('click', () => press(i));
    return node;
  });
  nodeBox.replaceChildren(...graph.nodes);
  graph.lines = figure.facts.map((_, fact) => {
    const line = draw('path', {class: 'fig-line'}), wide = draw('path', {class: 'fig-wide'});
    const title = draw('title', {});
    title.textContent = figure.sentences[fact];
    wide.append(title);
    wide.addEventListener('click', () => toggle(fact));
    return {line, wide};
  });
  const arrow = draw('marker', {id: 'fig-arrow', viewBox: '0 0 8 8', refX: 7, refY: 4,
    markerWidth: 9, markerHeight: 9, markerUnits: 'userSpaceOnUse', orient: 'auto-start-reverse'});
  arrow.append(draw('path', {class: 'fig-arrow', d: 'M0,0.5 L8,4 L0,7.5 z'}));
  svg.replaceChildren(arrow,
    ...graph.lines.map(({line}) => line), ...graph.lines.map(({wide}) => wide), draw('g', {}));
  place(figure);
}

// Columns fill the width, nodes of a column the height.
function place(figure) {
  const width = view.clientWidth, columns = [0, 1, 2].filter((c) =>
    figure.entities.some(({column}) => column === c));
  if (!width) return;
  const members = (c) => figure.entities.map((e, i) => i).filter((i) =>
    figure.entities[i].column === c);
  const most = Math.max(...columns.map((c) => members(c).length));
  const small = width < 480, stacked = matchMedia('(max-width: 999px)').matches;
  const tall = small || stacked ? 48 : Math.min(110, Math.max(54, innerHeight * 0.085));
  const height = most * tall, wide = Math.min(small ? width * 0.3 : 210, width * 0.26);
  view.style.height = `${height}px`;
  const whole = element.querySelector('.fig'), below = stacked ? whole : whole.firstElementChild;
  whole.classList.toggle('small', small);
  whole.style.setProperty('--fig-high', `${whole.firstElementChild.offsetHeight}px`);
  if (modelBox.parentNode !== below) below.insertBefore(modelBox, stacked ? stepBox : null);
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  for (const c of columns) {
    const own = members(c);
    const at = columns.length < 2 ? 0.5 : columns.indexOf(c) / (columns.length - 1);
    own.forEach((i, n) => {
      graph.nodes[i].classList.toggle('roomy', own.length <= most / 2);
      const y = (n + 0.5) * height / own.length, x = wide / 2 + at * (width - wide);
      graph.places[i] = {x, y, left: x - wide / 2, right: x + wide / 2};
      Object.assign(graph.nodes[i].style,
        {left: `${x - wide / 2}px`, top: `${y}px`, width: `${wide}px`});
    });
  }
  drawLines(figure, small);
}

function drawLines(figure, small) {
  const seen = new Map(), words = [], half = figure.relations.length / 2;
  figure.facts.forEach(([head, p, tail], fact) => {
    let [from, to, relation] = [head, tail, p];
    if (figure.entities[head].column > figure.entities[tail].column) {
      [from, to, relation] = [tail, head, figure.relations[p + half] ? p + half : p];
    }
    const [a, b] = [graph.places[from], graph.places[to]];
    const pair = [head, tail].sort().join(' '), before = seen.get(pair) || 0;
    seen.set(pair, before + 1);
    const shift = 9 * Math.ceil(before / 2) * (before % 2 ? 1 : -1); // facts of the same two
    const same = a.left === b.left, gap = same ? 34 : (b.left - a.right) / 2;
    const end = same ? b.right : b.left;
    const path = `M${a.right},${a.y + shift} C${a.right + gap},${a.y + shift} `
      + `${end + (same ? gap : -gap)},${b.y + shift} ${end},${b.y + shift}`;
    graph.lines[fact].line.setAttribute('d', path);
    const tip = to === tail ? 'marker-end' : 'marker-start'; // at the tail of the fact
    graph.lines[fact].line.setAttribute(tip, 'url(#fig-arrow)');
    graph.lines[fact].wide.setAttribute('d', path);
    const start = figure.entities[from].column === 0;
    const key = `${start ? from : to} ${relation}`;
    if (small || same || words.some((word) => word.key === key)) return;
    words.push({key, text: figure.relations[relation], place: start ? a : b, start});
  });
  const count = new Map();
  svg.lastChild.replaceChildren(...words.map(({text, place: at, start}) => {
    const n = count.get(at) || 0;
    count.set(at, n + 1);
    const label = draw('text', {class: 'fig-word', x: start ? at.right + 6 : at.left - 6,
      y: at.y - 9 + 22 * n, 'text-anchor': start ? 'start' : 'end'});
    label.textContent = text;
    return label;
  }));
}

// The vectors of a step as bars at the nodes, and what it reads as lines.
function showStage(figure, set, now, stage) {
  const {rows, lit = [], seeds = [], answers = []} = STAGES[stage](figure, now, set);
  graph.nodes.forEach((node, i) => {
    const box = node.lastChild;
    while (box.children.length > rows.length) box.lastChild.remove();
    while (box.children.length < rows.length) {
      box.append(make('span', {class: 'fig-row'}, make('i'), make('span', {class: 'fig-n'})));
    }
    const said = rows.map(([css, x], n) => {
      const row = box.children[n];
      row.className = `fig-row ${css}${x[i] > 0 ? '' : ' none'}`;
      row.firstChild.style.setProperty('--w', `${Math.min(x[i], 1) * 100}%`);
      row.lastChild.textContent = x[i] > 0 ? number(x[i]) : '';
      return `${NAMES[css]} ${number(x[i])}`;
    });
    const seed = seeds.find(([e]) => e === i), {name, note} = figure.entities[i];
    node.classList.toggle('out', rows.length > 0 && rows.every(([, x]) => !(x[i] > 0)));
    node.classList.toggle('answer', answers.includes(i));
    ['b0', 'b1'].forEach((css, n) => node.classList.toggle(css, seed?.[1] === n));
    node.setAttribute('aria-label', [`${name}, ${note}`, ...said,
      ...(answers.includes(i) ? ['an answer'] : [])].join('; '));
  });
  graph.lines.forEach(({line}, fact) => {
    const own = lit.filter(([p]) => p.fact === fact);
    const larger = (a, b) => (b[0].value > a[0].value ? b : a);
    const most = own.reduce(larger, [{value: 0}]);
    line.setAttribute('class', `fig-line ${set.on[fact] ? '' : 'off'} ${most[1] || ''}`);
    line.style.strokeWidth = most[1] ? 1.5 + 4 * Math.min(most[0].value, 1) : '';
  });
}

const NAMES = {b0: 'A', b1: 'B', b2: 'together', bs: 'before', ba: 'answer'};

// How a number came about, in one line; clicking a number or a node asks for it.
function why(figure, set, now, stage, i, only) { // only: of one start
  const {label} = figure.entities[i], products = (hop) => {
    const own = hop.products.filter((p) => p.target === i);
    if (!own.length) return `${label}: 0, since nothing that is in the set leads here`;
    const terms = own.map((p) => `${number(p.x)} × ${number(p.r)} `
      + `(${figure.entities[p.source].label}, ${figure.relations[p.relation]})`);
    const total = maths.sum(own.map((p) => p.value));
    return `${label}: ${terms.join(' + ')} = ${number(total)}${total > 1 ? ', cut to 1' : ''}`;
  };
  const all = figure.starts.map((_, n) => n), starts = only === undefined ? all : [only];
  if (stage === 'follow') {
    return starts.map((n) => `${LETTERS[n]}: ${products(now.hops[n])}`).join('. ');
  }
  if (stage === 'hop' || stage === 'training') {
    return figure.after.length ? products(now.last) : `${label}: ${number(now.answers[i])}`;
  }
  if (stage === 'meet') {
    const own = starts.filter((n) => set.takes[n]).map((n) => number(now.reached[n][i]));
    const form = {both: 'min', either: 'max', without: 'min'}[set.combine];
    if (set.combine === 'without' && own[1]) own[1] = `1 − ${own[1]}`;
    return `${label}: ${form}(${own.join(', ')}) = ${number(now.met[i])}`;
  }
  if (stage === 'operators') return keptBecause(figure, set, now, i);
  if (stage === 'entities') {
    return starts.map((n) => `${LETTERS[n]}: x₀[${label}] = ${number(now.x[n][i])}`).join('. ');
  }
  const facts = figure.sentences.filter((_, f) =>
    set.on[f] && (figure.facts[f][0] === i || figure.facts[f][2] === i));
  return `${label}: ${facts.length} ${facts.length === 1 ? 'fact' : 'facts'}. ${facts.join('; ')}`;
}

function keptBecause(figure, set, now, i) {
  const {label} = figure.entities[i], {compared} = figure;
  if (set.keep === 'all' || !compared || compared.values[i] === null) {
    return `${label}: ${number(now.met[i])} before, ${number(now.kept[i])} after`;
  }
  const values = set.keep === 'least' ? maths.turned(compared.values) : compared.values;
  const above = values.map((v, f) => f).filter((f) =>
    values[f] !== null && values[f] > values[i] && now.met[f] > 0);
  const share = maths.better(now.met, values, i, set.keep === 'second' ? 2 : 1);
  const names = above.map((f) => figure.entities[f].label).join(', ') || 'none';
  const product = set.keep === 'second' ? `P(one better is in) ${number(share)}`
    : above.map((f) => `(1 − ${number(now.met[f])})`).join(' × ') || '1';
  return `${label}: ${number(now.met[i])} × ${product} = ${number(now.kept[i])}; better: ${names}`;
}
