// Turns clicks on the views' controls (data-action) into events for the server, and does what needs
// no server: picking words, filling lists of relations, lighting up paths, copying. Runs once.
let {relations = [], operators = [], readouts = []} = props;
const root = document.querySelector('.gradio-container') || document.body;

let busy = 0;
const rest = () => document.body.removeAttribute('data-busy');
function send(event, control) { // control: what the visitor used
  hide();
  grasp(control);
  document.body.setAttribute('data-busy', '');
  clearTimeout(busy);
  busy = setTimeout(rest, 15000); // if no reply ever comes
  trigger('edit', event);
}

function span(control) { // the mention that a control stands with
  const panel = control.closest('[data-start]');
  return panel ? {start: Number(panel.dataset.start), end: Number(panel.dataset.end)} : {};
}

const words = () => [...root.querySelectorAll('.picks .pick')];
const pressed = () => words().filter((word) => word.getAttribute('aria-pressed') === 'true');
const ends = (word) => [Number(word.dataset.a), Number(word.dataset.z)]; // first, one past last

function press(inside) {
  words().forEach((word) => word.setAttribute('aria-pressed', String(inside(...ends(word)))));
}

function pick(word) { // the first word, then the last; the same word again: none
  const now = pressed(), [a, z] = ends(word);
  if (now.length === 1 && now[0] === word) return press(() => false);
  const [low, high] = now.length === 1 ? ends(now[0]) : [a, z];
  press((from, to) => from >= Math.min(a, low) && to <= Math.max(z, high));
}

async function copy(button) {
  const code = button.closest('.snippet').querySelector('code');
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = 'Copied';
  } catch {
    getSelection().selectAllChildren(code);
    button.textContent = 'Selected';
  }
  setTimeout(() => { button.textContent = 'Copy'; }, 1500);
}

root.addEventListener('click', (event) => {
  const control = event.target.closest('button');
  if (!control || !root.contains(control)) return;
  if (control.matches('.pick')) {
    pick(control);
  } else if (control.matches('.add-span')) {
    const [first, last] = [pressed()[0], pressed().pop()];
    if (first) send({action: 'add', start: ends(first)[0], end: ends(last)[1]}, control);
  } else if (control.dataset.light !== undefined) {
    document.dispatchEvent(new CustomEvent('kg-light', {detail: control.dataset.light}));
  } else if (control.dataset.copy !== undefined) {
    copy(control);
  } else if (control.dataset.action) {
    send({...span(control), ...control.dataset}, control);
  }
});

root.addEventListener('change', (event) => {
  const list = event.target.closest('select[data-action]');
  if (!list) return;
  const {action} = list.dataset, hop = Number(list.dataset.hop);
  if (action === 'follow') send({...span(list), action, hop, relation: list.value}, list);
  if (action === 'readout') send({action, readout: list.value}, list);
  if (action === 'rank') { // of what the list before this one has
    const at = list.closest('.rank').previousElementSibling.querySelector('select').value;
    const rank = list.value === '1' ? ')' : `, ${list.value})`;
    const relation = at.replace(/(, \d+)?\)$/, rank);
    send({...span(list), action: 'follow', hop, relation}, list);
  }
});

// Words selected with the mouse in the coloured question line press the same words below it.
document.addEventListener('selectionchange', () => {
  const line = root.querySelector('.question-line');
  const {isCollapsed, anchorNode, anchorOffset, focusNode, focusOffset} = getSelection();
  if (!line || isCollapsed || !line.contains(anchorNode) || !line.contains(focusNode)) return;
  const at = (node, offset) => {
    const range = document.createRange();
    range.selectNodeContents(line);
    range.setEnd(node, offset);
    const part = range.cloneContents();
    part.querySelectorAll('.badge, sub').forEach((mark) => mark.remove());
    return part.textContent.length;
  };
  const one = at(anchorNode, anchorOffset), other = at(focusNode, focusOffset);
  const from = Math.min(one, other), to = Math.max(one, other);
  press((a, z) => a < to && z > from);
  const fold = root.querySelector('.picker');
  if (fold) fold.open = true;
});

// Search of entities: at most one request at a time; the last one wins.
let searches = 0;
root.addEventListener('input', (event) => {
  const box = event.target.closest('.search-box');
  if (!box) return;
  const mine = ++searches;
  setTimeout(async () => {
    if (mine !== searches) return;
    const place = box.parentElement.querySelector('.results');
    const entities = box.value.trim() ? await server.search_entities(box.value) || [] : [];
    if (mine !== searches) return;
    place.replaceChildren(...entities.map((entity) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'action result';
      Object.assign(button.dataset, {action: 'use', entity: entity.id});
      button.textContent = entity.label + (entity.note ? ', ' + entity.note : '');
      return button;
    }));
    if (box.value.trim() && !entities.length) place.textContent = 'No entity with such a name.';
  }, 250);
});

// Every list gets its options when it appears; what the model cannot do stays hidden.
const option = (value, textContent) =>
  Object.assign(document.createElement('option'), {value, textContent});

function group(label, options) {
  const made = Object.assign(document.createElement('optgroup'), {label});
  made.append(...options);
  return made;
}

function fillSteps() { // there are many of them, mostly folded
  root.querySelectorAll('select[data-action="follow"]:not([data-full])').forEach((list) => {
    list.dataset.full = '';
    const now = list.options[0];
    const others = (all) =>
      all.filter((r) => r.id !== now.value).map((r) => option(r.id, r.label));
    if (operators.length) list.append(group('Follow a relation', others(relations)));
    else list.append(...others(relations));
    list.append(...operators.map((kind) => group(kind.name, others(kind.options))));
    if (now.value) list.append(option('', '(end before this hop)'));
    else now.textContent = operators.length ? 'choose a step' : 'choose a relation';
  });
}

let filling = 0;
function fillLists() {
  filling ||= setTimeout(() => { filling = 0; fillSteps(); }, 50); // the answer is painted first
  root.querySelectorAll('select[data-action="readout"]:not([data-full])').forEach((list) => {
    list.dataset.full = '';
    const now = list.options[0].value;
    list.append(...readouts.filter((r) => r.id !== now).map((r) => option(r.id, r.label)));
  });
  root.querySelectorAll('[data-needs][hidden]').forEach((part) => {
    part.hidden = !({operators, readouts}[part.dataset.needs] || []).length;
  });
}
new MutationObserver(fillLists).observe(root, {childList: true, subtree: true});
fillLists();
document.addEventListener('kg-edit', ({detail: {control, ...event}}) => send(event, control));
watch('value', () => { // the server has replied, for the first time when the page has loaded
  rest();
  document.body.dataset.ready = '';
  const reply = JSON.parse(props.value || '{}');
  if (reply.relations) ({relations = [], operators = [], readouts = []} = reply); // another graph
  replied(reply.effect);
});
