// The lesson's figure: one graph that stays, and steps that scroll past it. What the reader sets is
// `set`; every vector follows from it (figure-maths.js), in the browser, without the server.
// Follows the other files of the figure in the same function.
const title = element.querySelector('.fig-title');
const dots = element.querySelector('.fig-dots');
let figure = null, set = null, now = null, stage = 'facts', stages = [];

const first = ({starts, after, facts}) => ({ // the figure's own numbers
  x: starts.map(({x}) => [...x]), r: starts.map(({r}) => [...r]), after: [...after],
  on: facts.map(() => true), takes: starts.map(() => true), combine: 'both', keep: 'all',
  often: false,
});

function refresh() {
  if (!set) return;
  now = maths.solve(figure, set);
  updates.forEach((update) => update());
  showStage(figure, set, now, stage);
  whyLine.textContent = '';
  element.querySelector('.fig').told = {figure, set, now}; // for tests
}

function toggleFact(fact) {
  set.on[fact] = !set.on[fact];
  refresh();
}

function show(id) { // the step that is read
  stage = id;
  const index = stages.indexOf(id), step = figure.steps[index];
  title.textContent = `${index + 1}. ${step.title}`;
  [...dots.children].forEach((dot, i) => {
    if (i === index) dot.firstChild.setAttribute('aria-current', 'step');
    else dot.firstChild.removeAttribute('aria-current');
  });
  element.querySelector('[data-go="-1"]').disabled = index <= 0;
  element.querySelector('[data-go="1"]').disabled = index >= stages.length - 1;
  element.querySelector('.fig').dataset.stage = id;
  stepBox.querySelectorAll('[data-step]').forEach((part) =>
    part.classList.toggle('current', part.dataset.step === id));
  if (!set) return;
  showStage(figure, set, now, stage);
  whyLine.textContent = '';
}

const still = () => matchMedia('(prefers-reduced-motion: reduce)').matches;
let going = null; // the step that was asked for, until the page has scrolled there
function go(id) {
  const part = stepBox.querySelector(`[data-step="${id}"]`);
  if (!part) return;
  show(id);
  going = id;
  clearTimeout(go.timer);
  go.timer = setTimeout(() => { going = null; }, still() ? 100 : 900);
  part.scrollIntoView({behavior: still() ? 'auto' : 'smooth', block: 'start'});
  part.querySelector('h2').focus({preventScroll: true});
}

function reading() { // the last step that has come to where one reads
  if (!figure || going || !stepBox.offsetParent) return;
  const box = element.querySelector('.fig-graph').getBoundingClientRect();
  const beside = box.right < stepBox.getBoundingClientRect().left
    || box.left > stepBox.getBoundingClientRect().right - 4;
  const line = beside ? innerHeight * 0.3 : box.bottom + (innerHeight - box.bottom) * 0.35;
  const parts = [...stepBox.querySelectorAll('[data-step]')];
  const there = parts.filter((part) => part.getBoundingClientRect().top <= line).pop() || parts[0];
  if (there && there.dataset.step !== stage) show(there.dataset.step);
}

function section(step, index) {
  const heading = make('h2', {id: `kg-learn-${index + 1}`, tabindex: -1},
    make('span', {class: 'step-number', text: index + 1}), step.title);
  const parts = step.text.map((text) => make('p', {text}));
  if (step.formula) parts.push(make('p', {class: 'formula', text: step.formula}));
  if (set) parts.push(...STEPS[step.id](figure), ...exercise(figure, step.id));
  if (step.code) {
    parts.push(make('pre', {tabindex: 0, role: 'region', 'aria-label': 'The same step in Python'},
      make('code', {text: step.code})));
  }
  if (step.tries.length) {
    const buttons = step.tries.map((text) => make('button', {type: 'button', class: 'action',
      'data-action': 'ask', 'data-question': text, text}));
    parts.push(make('p', {class: 'try'}, make('b', {text: 'Ask the model: '}), ...buttons));
  }
  return make('section', {class: 'kg-card lesson-step', 'data-step': step.id,
    'aria-labelledby': `kg-learn-${index + 1}`}, heading, ...parts);
}

function build(value) {
  figure = value;
  updates = [];
  stages = value.steps.map(({id}) => id);
  const drawn = value.facts.length > 0;
  element.querySelector('.fig').classList.toggle('bare', !drawn);
  set = drawn ? first(value) : null;
  if (drawn) {
    now = maths.solve(figure, set);
    buildGraph(figure, toggleFact, (i) => {
      whyLine.textContent = why(figure, set, now, stage, i);
    });
  }
  stepBox.replaceChildren(...value.steps.map(section));
  dots.replaceChildren(...value.steps.map(({id, title: text}, i) => {
    const dot = make('button', {type: 'button', 'aria-label': `Step ${i + 1}: ${text}`, title: text,
      text: i + 1});
    dot.addEventListener('click', () => go(id));
    return make('li', {}, dot);
  }));
  refresh();
  show(stages[0]);
  element.querySelector('.fig').dataset.drawn = '';
}

const note = element.querySelector('.fig-model p');
function take(value) { // the figure, another figure, or the model's numbers for this one
  const {model, nonce, ...rest} = value, asked = nonce > 0;
  if (!asked || !figure) build(rest);
  if (!asked) return void (note.textContent = '');
  note.textContent = typeof model === 'string' ? model
    : 'These are the model’s numbers. What it gives to entities and relations that are not drawn '
      + 'is left out, so some sums are below 1.';
  if (typeof model === 'string' || !set) return;
  set.x = model.x.map((x) => [...x]);
  set.r = model.r.map((r) => [...r]);
  set.after = [...model.after];
  refresh();
}

element.addEventListener('click', ({target}) => {
  const button = target.closest('button');
  if (!button || button.disabled) return;
  if (button.dataset.go) go(stages[stages.indexOf(stage) + Number(button.dataset.go)]);
  if (button.dataset.act === 'again' && set) {
    set = first(figure);
    note.textContent = '';
    refresh();
  }
  if (button.dataset.act === 'model') {
    note.textContent = 'The model reads the question …';
    trigger('edit', {});
  }
});
stepBox.addEventListener('focusin', ({target}) => {
  const step = target.closest('[data-step]')?.dataset.step;
  if (step && step !== stage && !going) show(step);
});
addEventListener('scroll', () => requestAnimationFrame(reading), {passive: true});
new ResizeObserver(() => { // the tab is shown, hidden, or has another width
  document.documentElement.classList.toggle('in-lesson', view.clientWidth > 0);
  if (figure && set) place(figure);
}).observe(view);
watch('value', () => take(JSON.parse(props.value || '{"facts": [], "steps": []}')));
take(JSON.parse(props.value || '{"facts": [], "steps": []}'));
