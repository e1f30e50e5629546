// What a reader moves in each step of the lesson's figure: switches, sliders, choices, and the rows
// that follow from them. Follows figure-graph.js in the same function. Each builder returns what
// stands in its step and adds to `updates` what has to change when a number does.
let updates = [];
let ids = 0;

function bar(css, label, press) { // a name, a bar, and a number that says how it came about
  const track = make('i'), value = make('button', {type: 'button', class: 'fig-number'});
  value.addEventListener('click', press);
  const row = make('li', {class: `fig-entry ${css}`},
    make('span', {class: 'fig-of', text: label}), make('span', {class: 'fig-track'}, track), value);
  return {row, show(v, note = '') {
    row.classList.toggle('none', !(v > 0));
    track.style.setProperty('--w', `${Math.min(v, 1) * 100}%`);
    value.textContent = number(v);
    value.setAttribute('aria-label', `${label}: ${number(v)}. How?`);
    row.firstChild.textContent = label + note;
  }};
}

// The entries of a vector, those of some entities alone; `read` takes the solved figure.
function vector(figure, css, title, entities, read, note = () => '') {
  const id = `fig-v${++ids}`, line = make('p', {class: 'fig-said', role: 'status'});
  const bars = entities.map((i) => [i, bar(css, figure.entities[i].label, () => {
    const {step} = list.closest('[data-step]').dataset;
    line.textContent = why(figure, set, now, step, i, {b0: 0, b1: 1}[css]);
  })]);
  const list = make('ul', {class: 'fig-vector', 'aria-labelledby': id},
    ...bars.map(([, {row}]) => row));
  updates.push(() => {
    bars.forEach(([i, {show}]) => show(read(now)[i], note(i)));
    line.textContent = '';
  });
  return make('div', {class: 'fig-part'}, make('h4', {id, text: title}), list, line);
}

// A slider for each of some places of a vector of `set`; more than 1 in all takes from the others.
function sliders(css, title, places, names, vectorOf) {
  const id = `fig-v${++ids}`;
  const rows = places.map((place, n) => {
    const slider = make('input', {type: 'range', min: 0, max: 1, step: 0.01,
      'aria-label': `${title}: ${names[n]}`});
    const value = make('output');
    slider.addEventListener('input', () => {
      share(vectorOf(), places, place, Number(slider.value));
      refresh();
    });
    return {place, slider, value, row: make('label', {class: `fig-slide ${css}`},
      make('span', {class: 'fig-of', text: names[n]}), slider, value)};
  });
  updates.push(() => rows.forEach(({place, slider, value}) => {
    const v = vectorOf()[place];
    if (Number(slider.value) !== v) slider.value = v;
    slider.style.setProperty('--w', `${v * 100}%`);
    value.textContent = number(v);
  }));
  return make('div', {class: 'fig-part', role: 'group', 'aria-labelledby': id},
    make('h4', {id, text: title}), ...rows.map(({row}) => row));
}

function share(x, places, place, value) {
  const others = places.filter((p) => p !== place), rest = maths.sum(others.map((p) => x[p]));
  x[place] = value;
  if (rest > 1 - value) others.forEach((p) => { x[p] *= (1 - value) / rest; });
}

function choice(legend, name, options, key) {
  const group = `fig-${name}-${++ids}`;
  const made = Object.entries(options).map(([value, text]) => {
    const input = make('input', {type: 'radio', name: group, value});
    input.addEventListener('change', () => {
      set[key] = value;
      refresh();
    });
    updates.push(() => { input.checked = set[key] === value; });
    return make('label', {}, input, make('span', {text}));
  });
  return make('fieldset', {class: 'fig-choice'}, make('legend', {text: legend}), ...made);
}

function products(figure, title, read) { // each fact that is read, with its product
  const body = make('tbody');
  const heads = ['Fact', 'x · r', 'Product'].map((text) => make('th', {scope: 'col', text}));
  const table = make('table', {class: 'kg-table plain'},
    make('thead', {}, make('tr', {}, ...heads)), body);
  const box = make('div', {class: 'table-box', tabindex: 0, role: 'region', 'aria-label': title},
    table);
  updates.push(() => body.replaceChildren(...read(now).map((p) => make('tr', {},
    make('th', {scope: 'row', text: `${figure.entities[p.source].label} → `
      + `${figure.relations[p.relation]} → ${figure.entities[p.target].label}`}),
    make('td', {text: `${number(p.x)} × ${number(p.r)}`}),
    make('td', {text: number(p.value)})))));
  return make('details', {class: 'fold'}, make('summary', {text: title}), box);
}

const span = (figure, i) => `${LETTERS[i]}: ${figure.starts[i].text}`;
const inColumn = (figure, column) =>
  figure.entities.map((_, i) => i).filter((i) => figure.entities[i].column === column);
const beyond = (figure) => figure.entities.map((_, i) => i).filter((i) =>
  figure.entities[i].column > 0);
// Relations that any of some vectors gives a share at first: those that can be moved.
const shared = (vectors) =>
  vectors[0].map((_, p) => p).filter((p) => vectors.some((r) => r[p] > 0));

const STEPS = {
  facts(figure) {
    const boxes = figure.sentences.map((text, fact) => {
      const box = make('input', {type: 'checkbox'});
      box.addEventListener('change', () => toggleFact(fact));
      updates.push(() => { box.checked = set.on[fact]; });
      return make('li', {}, make('label', {class: 'fig-switch'}, box, make('span', {text})));
    });
    return [make('ul', {class: 'fig-facts', 'aria-label': 'The facts; each can be switched off'},
      ...boxes)];
  },

  spans(figure) {
    const line = make('p', {class: 'fig-question'});
    const buttons = figure.starts.map((start, i) => {
      const button = make('button', {type: 'button', class: `fig-span b${i}`},
        make('span', {class: 'badge', text: LETTERS[i]}), ` ${start.text}`);
      button.addEventListener('click', () => {
        set.takes[i] = !set.takes[i];
        refresh();
      });
      updates.push(() => button.setAttribute('aria-pressed', String(set.takes[i])));
      return button;
    });
    let rest = figure.question;
    figure.starts.forEach(({text}, i) => {
      const at = rest.toLowerCase().indexOf(text.toLowerCase());
      if (at >= 0) line.append(rest.slice(0, at));
      line.append(buttons[i], at < 0 ? ' ' : '');
      rest = at >= 0 ? rest.slice(at + text.length) : rest;
    });
    line.append(rest);
    return [line];
  },

  entities(figure) {
    return figure.starts.map((start, i) => sliders(`b${i}`, span(figure, i), start.seeds,
      start.seeds.map((e) => `${figure.entities[e].name}, ${figure.entities[e].note}`),
      () => set.x[i]));
  },

  follow(figure) {
    const all = shared(figure.starts.map(({r}) => r));
    return figure.starts.map((_, i) => make('div', {class: 'fig-branch'},
      sliders(`b${i}`, `r of ${span(figure, i)}`, all, all.map((p) => figure.relations[p]),
        () => set.r[i]),
      vector(figure, `b${i}`, `x₁ of ${LETTERS[i]}`, inColumn(figure, 1),
        ({reached}) => reached[i]),
      products(figure, `${LETTERS[i]}, fact by fact`, ({hops}) => hops[i].products)));
  },

  meet(figure) {
    const options = {both: 'in both: the minimum', either: 'in either: the maximum',
      without: 'in A and not in B: min(x, 1 − y)'};
    return [choice('Keep what is', 'combine', options, 'combine'),
      vector(figure, 'b2', 'together', inColumn(figure, 1), ({met}) => met)];
  },

  operators(figure) {
    const {compared} = figure;
    if (!compared) return [];
    const second = `the second ${compared.most.replace(/^the /, '')}`;
    const options = {all: 'all of them', most: compared.most, second, least: compared.least};
    const valued = figure.entities.map((_, i) => i).filter((i) => compared.values[i] !== null);
    valued.sort((a, b) => compared.values[b] - compared.values[a]);
    return [choice('Keep', 'keep', options, 'keep'),
      vector(figure, 'b2', 'what stays', valued, ({kept}) => kept,
        (i) => `, ${compared.texts[i]}`)];
  },

  hop(figure) {
    const parts = [];
    if (figure.after.length) {
      const all = shared([figure.after]);
      const box = make('input', {type: 'checkbox'});
      box.addEventListener('change', () => {
        set.often = box.checked;
        refresh();
      });
      updates.push(() => { box.checked = set.often; });
      parts.push(
        sliders('b2', 'r of the second hop', all, all.map((p) => figure.relations[p]),
          () => set.after),
        make('label', {class: 'fig-switch'}, box,
          make('span', {text: 'Keep what is reached in the most ways'})));
    }
    const line = make('p', {class: 'fig-result', role: 'status'});
    updates.push(() => {
      const names = now.names.map((i) => figure.entities[i].label).join(', ') || 'nothing';
      line.textContent = `The set: ${names}. How many: ${now.names.length} (the sum of memberships `
        + `is ${number(now.count)}). Is there any? ${now.names.length ? 'Yes' : 'No'} (P = `
        + `${number(now.nonempty)}).`;
    });
    const shown = figure.after.length ? inColumn(figure, 2) : inColumn(figure, 1);
    return [...parts, vector(figure, 'ba', 'the answer', shown, ({answers}) => answers), line,
      ...(figure.after.length ? [products(figure, 'The second hop, fact by fact',
        ({last}) => last.products)] : [])];
  },

  training(figure) {
    const line = make('p'), list = make('ul', {class: 'fig-walks'});
    const HOW = {both: 'and', either: 'or', without: 'but not'};
    const said = ({way, how, then}) => {
      const parts = way.map(([i, p]) => `${figure.starts[i].text}, ${figure.relations[p]}`);
      const first = parts.join(` – ${HOW[how]} – `);
      return then === undefined ? first : `${first} – then ${figure.relations[then]}`;
    };
    updates.push(() => {
      const {number: all, same} = maths.walks(figure, set, now.names);
      line.textContent = `${all} walks of this form are possible here, and ${same.length} of them `
        + 'give exactly these answers:';
      list.replaceChildren(...same.slice(0, 8).map((walk) => make('li', {text: said(walk)})),
        ...(same.length > 8 ? [make('li', {text: `and ${same.length - 8} more`})] : []));
    });
    return [line, list];
  },
};
