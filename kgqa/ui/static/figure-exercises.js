// One exercise for a step of the lesson's figure. What is right is worked out from the numbers of
// now, when the reader asks. Follows figure-steps.js in the same function.
const near = (given, right) => Math.abs(given - right) < 0.006; // two decimals are enough

// The entity of some with the largest number of a vector, or the first of them.
const heaviest = (x, entities) =>
  entities.reduce((best, i) => (x[i] > x[best] ? i : best), entities[0]);

// Each makes {ask, answer(now) -> number or null, hint(now)}, or {ask, done(now) -> bool, hint};
// null if the figure has nothing to ask. A null answer: there is none with the numbers of now.
const EXERCISES = {
  facts(figure) {
    const degree = (i) => figure.facts.filter(([h, , t], f) =>
      set.on[f] && (h === i || t === i)).length;
    const all = inColumn(figure, 1), most = all.reduce((a, b) => (degree(b) > degree(a) ? b : a));
    return {ask: `How many facts about ${figure.entities[most].label} are switched on?`,
      answer: () => degree(most), hint: () => 'Count the lines that end at it, on either side.'};
  },

  spans(figure) {
    if (figure.starts.length < 2) return null;
    return {ask: `Leave out “${figure.starts[1].text}”. How many entities of the middle column are `
        + 'then in the set, with more than 0?',
    answer: () => now.reached[0].filter((v, i) => v > 0 && figure.entities[i].column === 1).length,
    hint: () => 'With one name alone the set is what that name leads to: look at A in step 4.'};
  },

  entities(figure) {
    const [start] = figure.starts, target = heaviest(now.met, beyond(figure));
    return {ask: `Move numbers until ${figure.entities[target].label} is reached from `
        + `“${start.text}” with 0.5 (the first hop).`,
    done: () => near(now.reached[0][target], 0.5),
    hint: () => `It has ${number(now.reached[0][target])} now: the sum of x₀ · r. Move x₀ here, or `
      + 'r in the next step.'};
  },

  follow(figure) {
    const last = figure.starts.length - 1;
    const target = heaviest(now.reached[last], inColumn(figure, 1));
    return {ask: `Work out x₁ of ${LETTERS[last]} at ${figure.entities[target].label}.`,
      answer: () => now.reached[last][target],
      hint: () => `Add x₀ · r over the facts that lead there: `
        + `${now.hops[last].products.filter((p) => p.target === target)
          .map((p) => `${number(p.x)} × ${number(p.r)}`).join(' + ') || 'there are none'}.`};
  },

  meet(figure) {
    if (figure.starts.length < 2) return null;
    return {ask: 'How many entities have a minimum above 0?',
      answer: () => maths.both(now.reached).filter((v) => v > 0).length,
      hint: () => 'They have to be in A and in B. The maximum has more.'};
  },

  operators(figure) {
    const {compared} = figure;
    if (!compared) return null;
    const ranked = () => compared.values.map((v, i) => i)
      .filter((i) => compared.values[i] !== null && now.met[i] > 0)
      .sort((a, b) => compared.values[b] - compared.values[a]);
    return {ask: `Keep ${compared.most}: what stays of the second in rank of the set?`,
      answer: () => {
        const second = ranked()[1];
        return second === undefined ? null : maths.extreme(now.met, compared.values)[second];
      },
      hint: () => {
        const [first, second] = ranked();
        if (second === undefined) return 'Fewer than two are in the set: change the numbers.';
        return `x · (1 − x of the better one), here of ${figure.entities[second].label} and `
          + `${figure.entities[first].label}: ${number(now.met[second])} × (1 − `
          + `${number(now.met[first])}).`;
      }};
  },

  hop(figure) {
    if (!figure.after.length) return null;
    const target = heaviest(now.last.sums, inColumn(figure, 2));
    return {ask: `What is the sum at ${figure.entities[target].label}, before it is cut to 1?`,
      answer: () => now.last.sums[target],
      hint: () => `Add the products that lead there: ${now.last.products
        .filter((p) => p.target === target).map((p) => `${number(p.x)} × ${number(p.r)}`)
        .join(' + ') || 'there are none'}.`};
  },

  training(figure) {
    const target = heaviest(now.answers, beyond(figure));
    return {ask: `Take something away so that ${figure.entities[target].label} is no longer among `
        + 'the answers.',
    done: () => !now.names.includes(target),
    hint: () => 'Switch off a fact that leads there (step 1), or move the numbers.'};
  },
};

function exercise(figure, step) {
  const task = EXERCISES[step]?.(figure);
  if (!task) return [];
  const id = `fig-x${++ids}`, verdict = make('p', {class: 'fig-verdict', role: 'status'});
  const box = task.done ? null
    : make('input', {id, type: 'text', inputmode: 'decimal', autocomplete: 'off', size: 8,
      maxlength: 12});
  const hint = make('details', {class: 'fold'}, make('summary', {text: 'Hint'}),
    make('p', {class: 'quiet'}));
  hint.addEventListener('toggle', () => { hint.lastChild.textContent = task.hint(); });
  updates.push(() => { // what was said held for other numbers
    hint.lastChild.textContent = hint.open ? task.hint() : '';
    verdict.textContent = '';
    verdict.className = 'fig-verdict';
  });
  const form = make('form', {class: 'fig-exercise', novalidate: true, 'aria-label': 'Exercise'},
    box ? make('label', {for: id, text: task.ask}) : make('p', {text: task.ask}),
    make('div', {class: 'fig-check'}, ...(box ? [box] : []),
      make('button', {type: 'submit', class: 'action', text: 'Check'})), verdict, hint);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const [right, text] = judged(task, box?.value);
    verdict.className = `fig-verdict ${right ? 'right' : 'wrong'}`;
    verdict.textContent = text;
  });
  return [form];
}

function judged(task, given) { // [whether it is right, a sentence]
  if (task.done) return task.done() ? [true, '✓ Done.'] : [false, '✗ Not yet.'];
  const answer = task.answer(), value = Number(given.trim().replace(',', '.'));
  if (answer === null) return [false, 'With these numbers there is nothing to work out.'];
  if (!given.trim() || Number.isNaN(value)) return [false, 'A number is wanted.'];
  return near(value, answer) ? [true, `✓ Right: ${number(answer)}.`]
    : [false, '✗ Not yet. The hint has the working.'];
}
