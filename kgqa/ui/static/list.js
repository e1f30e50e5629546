// A long list of answers, worked on in the browser: filter, sort, groups, a chart. All texts are
// shown as text. The file is made by the server, which has answers that were not sent. Runs once.
const part = (name) => element.querySelector(`[data-part="${name}"]`);
const STEP = 60, BARS = 14, YEARS = 45; // rows at a time; bars; years before decades are shown
const UNKNOWN = 'not known';
const SVG = 'http://www.w3.org/2000/svg';
const collator = new Intl.Collator(undefined, {numeric: true, sensitivity: 'base'});
const fold = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
let data = null, shown = STEP, wanted = false;

const make = (tag, className, textContent) =>
  Object.assign(document.createElement(tag), {className, textContent});
const number = (value) => value.toLocaleString('en');

function fill(select, options) { // [[value, text], ...]
  select.replaceChildren(...options.map(([value, textContent]) =>
    Object.assign(document.createElement('option'), {value, textContent})));
  select.closest('label').hidden = options.length < 2;
}

// What a row is grouped by: the name of a kind, or "f0", "f1", ... for a facet.
function values(row, by) {
  if (by === 'kind') return [row[2] || 'other'];
  const index = Number(by.slice(1)), found = row[5][index] || [];
  return found.length ? found : [UNKNOWN];
}

const year = (row) => {
  const index = data.facets.findIndex((facet) => facet.year);
  const found = index < 0 ? undefined : row[5][index][0];
  return found === undefined ? NaN : Number(found);
};

function sorted(rows) {
  const by = part('sort').value, last = (value) => (Number.isNaN(value) ? 1 : 0);
  if (by === 'name') return [...rows].sort((a, b) => collator.compare(a[0], b[0]));
  if (by !== 'old' && by !== 'new') return rows;
  const sign = by === 'old' ? 1 : -1;
  return [...rows].sort((a, b) => last(year(a)) - last(year(b)) || sign * (year(a) - year(b)) || 0);
}

function filtered() {
  const wanted = fold(part('filter').value).split(/\s+/).filter(Boolean);
  return data.rows.filter((row) => {
    const text = fold([row[0], row[1], row[4], ...row[5].flat()].join(' '));
    return wanted.every((word) => text.includes(word));
  });
}

function item(row) {
  const line = make('li', 'listed');
  line.append(make('bdi', 'answer-name-short', row[0]));
  if (row[1]) line.append(' ', make('bdi', 'note', row[1]));
  if (row[3] !== data.rows[0][3]) line.append(' ', make('span', 'probability', row[3]));
  if (row[4]) line.append(make('bdi', 'listed-fact', row[4]));
  return line;
}

function counts(rows, by) { // [[value, number], ...], of a year in order, else the most first
  const found = new Map();
  rows.forEach((row) => values(row, by).forEach((v) => found.set(v, (found.get(v) || 0) + 1)));
  const years = by !== 'kind' && data.facets[Number(by.slice(1))].year;
  return [...found].sort((a, b) =>
    (a[0] === UNKNOWN) - (b[0] === UNKNOWN)
    || (years ? 0 : b[1] - a[1]) || collator.compare(a[0], b[0]));
}

function showRows(rows) {
  const by = part('group').value, boxes = [];
  if (!by) {
    const list = make('ul', 'listed-rows', '');
    list.append(...rows.slice(0, shown).map(item));
    boxes.push(list);
  } else {
    let left = shown;
    for (const [value, many] of counts(rows, by)) {
      if (left <= 0) break;
      const members = rows.filter((row) => values(row, by).includes(value)).slice(0, left);
      const list = make('ul', 'listed-rows', '');
      list.append(...members.map(item));
      const title = make('h4', '', '');
      title.append(make('bdi', '', value), ` (${number(many)})`);
      boxes.push(title, list);
      left -= members.length;
    }
  }
  part('rows').replaceChildren(...boxes);
  const placed = part('rows').querySelectorAll('.listed').length;
  const all = by ? counts(rows, by).reduce((sum, [, many]) => sum + many, 0) : rows.length;
  part('more').hidden = placed >= all;
  part('more').textContent = `Show ${number(Math.min(STEP * 4, all - placed))} more`;
}

function svg(tag, attributes, text) {
  const made = document.createElementNS(SVG, tag);
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
  if (text !== undefined) made.textContent = text;
  return made;
}

function bars(rows, by) { // [[label, number], ...] to draw: every year or decade, or the largest
  const found = counts(rows, by), facet = data.facets[Number(by.slice(1))];
  if (by === 'kind' || !facet.year) return found.slice(0, BARS);
  const years = found.filter(([label]) => label !== UNKNOWN).map(([y, n]) => [Number(y), n]);
  if (!years.length) return [];
  const low = years[0][0], high = years[years.length - 1][0];
  const size = high - low > YEARS ? 10 : 1, first = Math.floor(low / size) * size;
  const steps = Math.min(Math.floor((high - first) / size) + 1, 400);
  const made = Array.from({length: steps}, (_, i) => [first + i * size, 0]);
  years.forEach(([y, n]) => {
    const bar = made[Math.floor((y - first) / size)];
    if (bar) bar[1] += n;
  });
  return made.map(([y, n]) => [size === 10 ? `${y}s` : String(y), n]);
}

function showChart(rows) {
  const by = part('chart').value, place = part('bars');
  place.replaceChildren();
  const drawn = by ? bars(rows, by) : [];
  if (drawn.length < 2) return;
  const facet = by === 'kind' ? {name: 'kind'} : data.facets[Number(by.slice(1))];
  const most = Math.max(...drawn.map(([, n]) => n));
  const title = `${number(rows.length)} answers by ${facet.name}`;
  place.append(facet.year ? columns(drawn, most, title) : lines(drawn, most, title));
  const said = drawn.filter(([, n]) => n).map(([label, n]) => `${label}: ${number(n)}`).join('; ');
  const table = make('details', 'fold', '');
  table.append(make('summary', '', 'The chart in numbers'), make('p', 'quiet', said));
  place.append(table);
}

const room = () => Math.max(240, Math.min(640, part('bars').clientWidth || 640)); // pixels

function frame(width, height, title) {
  const box = svg('svg', {viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': title});
  box.style.width = `${width}px`; // not scaled, so that words keep their size
  box.append(svg('title', {}, title));
  return box;
}

function columns(drawn, most, title) { // years from left to right
  const wide = room(), high = 130, edge = 18, step = (wide - 2 * edge) / drawn.length;
  const box = frame(wide, high + 22, title);
  const every = Math.max(1, Math.ceil(46 / step));
  drawn.forEach(([label, n], i) => {
    const tall = n ? Math.max(2, n / most * (high - 16)) : 0, x = edge + i * step;
    const bar = svg('rect', {x: x + step * 0.1, y: high - tall, width: step * 0.8, height: tall});
    bar.append(svg('title', {}, `${label}: ${number(n)}`));
    box.append(bar);
    const at = {x: x + step / 2, 'text-anchor': 'middle'};
    if (i % every === 0) box.append(svg('text', {...at, y: high + 16}, label));
    if (n && step > 16) box.append(svg('text', {...at, y: high - tall - 4}, number(n)));
  });
  box.append(svg('path', {d: `M0 ${high}H${wide}`}));
  return box;
}

function lines(drawn, most, title) { // groups from top to bottom
  const wide = room(), tall = 24, left = Math.min(190, wide * 0.45);
  const longest = Math.floor(left / 7), box = frame(wide, drawn.length * tall + 4, title);
  drawn.forEach(([label, n], i) => {
    const y = i * tall + 2, width = Math.max(2, n / most * (wide - left - 60));
    const text = label.length > longest ? `${label.slice(0, longest - 1)}…` : label;
    box.append(
      svg('text', {x: left - 8, y: y + 16, 'text-anchor': 'end'}, text),
      svg('rect', {x: left, y: y + 3, width, height: tall - 7}),
      svg('text', {x: left + width + 6, y: y + 16}, number(n)),
    );
  });
  return box;
}

function show() {
  const rows = sorted(filtered()), sent = data.rows.length;
  const cut = sent < data.total ? ` The first ${number(sent)} of ${number(data.total)} answers are `
    + 'listed here; the file has all.' : '';
  part('count').textContent = rows.length === sent && !cut
    ? `${number(sent)} answers.` : `${number(rows.length)} of ${number(sent)} answers.${cut}`;
  showChart(rows);
  showRows(rows);
}

function open(value) {
  data = value;
  part('title').textContent = `All ${number(data.total)} answers: sort, filter, group, chart, CSV`;
  const facets = data.facets.map((facet, i) => [`f${i}`, facet.name]);
  const kinds = new Set(data.rows.map((row) => row[2])).size > 1 ? [['kind', 'kind']] : [];
  const years = data.facets.some((facet) => facet.year);
  fill(part('sort'), [['', 'how sure the model is'], ['name', 'name'],
    ...(years ? [['old', 'year, oldest first'], ['new', 'year, newest first']] : [])]);
  fill(part('group'), [['', 'nothing'], ...kinds, ...facets]);
  fill(part('chart'), [...facets, ...kinds, ['', 'none']]);
  part('filter').value = '';
  shown = STEP;
  show();
}

element.addEventListener('input', () => { if (data) { shown = STEP; show(); } });
part('fold').addEventListener('toggle', () => { if (data && part('fold').open) show(); });
element.addEventListener('click', (event) => {
  if (event.target === part('more')) { shown += 4 * STEP; show(); }
  if (event.target === part('csv')) trigger('edit', {action: 'csv'});
});
function reveal() {
  wanted = false;
  part('fold').open = true;
  part('fold').scrollIntoView({block: 'start'});
  const touch = matchMedia('(pointer: coarse)').matches; // no keyboard over the list
  part(touch ? 'title' : 'filter').focus({preventScroll: true});
}

document.addEventListener('click', (event) => { // "the other 34" of the answer
  if (!event.target.closest('[data-listing]')) return;
  wanted = !data; // rows that are on their way are shown when they arrive
  if (data) reveal();
});
watch('value', () => {
  const value = props.value ? JSON.parse(props.value) : null;
  element.querySelector('#kg-listing').hidden = !value;
  if (!value) { data = null; return; }
  if (data && data.asked !== value.asked) part('fold').open = false;
  open(value);
  if (wanted) reveal();
});
