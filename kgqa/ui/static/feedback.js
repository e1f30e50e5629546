// Sends what a visitor says of an answer ('edit'), and fills the form for what it should be.
// The value is HTML that the server has escaped. It is drawn here, and not by a template, because
// Gradio mends the page where a template's values change, which would undo what is in the form.
let last = ''; // the control that was used last, for the keyboard
const part = (name) => element.querySelector(`[data-part="${name}"]`);
const form = () => element.querySelector('.should');

function chip({id, label, note}) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'action';
  button.dataset.entity = id;
  button.textContent = label + (note ? ', ' + note : '') + ' ×';
  button.setAttribute('aria-label', `Take ${label} out of the answer`);
  return button;
}

function choose(entity) {
  const known = [...part('chosen').children].some((c) => c.dataset.entity === entity.id);
  if (!known) part('chosen').append(chip(entity));
  part('find').value = '';
  part('found').replaceChildren();
  part('find').focus();
}

function shape() { // shows the input that suits the kind of answer
  const kind = part('kind').value;
  part('names').hidden = kind !== 'names';
  part('number').hidden = kind !== 'number';
}

function open(button) {
  const opened = form().hidden;
  form().hidden = !opened;
  button.setAttribute('aria-expanded', String(opened));
  if (!opened) return;
  part('chosen').replaceChildren(...JSON.parse(form().dataset.answers).map(chip));
  shape();
  part('kind').focus();
}

function say(what) {
  const {question} = element.querySelector('.verdict').dataset;
  const event = {say: what, question};
  if (what === 'should') {
    event.kind = part('kind').value;
    event.entities = [...part('chosen').children].map((c) => c.dataset.entity);
    event.number = part('number').value;
  }
  trigger('edit', event);
}

element.addEventListener('click', ({target}) => {
  const button = target.closest('button');
  if (!button) return;
  if (button.dataset.say === 'open') return open(button);
  if (button.dataset.say) {
    last = `[data-say="${button.dataset.say === 'should' ? 'open' : button.dataset.say}"]`;
    return say(button.dataset.say);
  }
  if (button.dataset.forget) {
    last = 'summary';
    return trigger('edit', {say: 'forget', id: button.dataset.forget});
  }
  if (!button.dataset.entity) return;
  if (button.dataset.found === undefined) return button.remove();
  const {entity, label, note} = button.dataset;
  choose({id: entity, label, note});
});
element.addEventListener('change', ({target}) => {
  if (target.matches('[data-part="kind"]')) shape();
});
element.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter') return;
  if (event.target.matches('[data-part="find"]')) part('found').querySelector('button')?.click();
  else if (event.target.matches('[data-part="number"]')) say('should');
});

// Names of the graph: at most one request at a time; the last one wins.
let searches = 0;
element.addEventListener('input', ({target}) => {
  if (!target.matches('[data-part="find"]')) return;
  const mine = ++searches;
  setTimeout(async () => {
    if (mine !== searches) return;
    const found = target.value.trim() ? await server.find_names(target.value) || [] : [];
    if (mine !== searches || !target.isConnected) return;
    part('found').replaceChildren(...found.map((entity) => {
      const button = chip(entity);
      Object.assign(button.dataset, {found: '', label: entity.label, note: entity.note});
      button.textContent = entity.label + (entity.note ? ', ' + entity.note : '');
      button.setAttribute('aria-label', `Add ${button.textContent}`);
      return button;
    }));
    if (target.value.trim() && !found.length) part('found').textContent = 'No such name.';
  }, 250);
});

function draw() { // a reply; the focus goes back to where it was
  element.querySelector('.said-box').innerHTML = props.value || '';
  const fold = element.querySelector('details');
  if (fold && last === 'summary') fold.open = true;
  if (last) element.querySelector(last)?.focus();
  last = '';
}
watch('value', draw);
draw();
