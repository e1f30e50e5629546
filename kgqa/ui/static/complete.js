// Completes names below the question box, and offers questions asked before while the box is empty.
// A combobox as ARIA describes it: the caret stays in the box, arrows go through the list, Enter
// takes the entry or, where none is chosen, asks. Runs once.
const list = element.querySelector('.typed'), told = element.querySelector('.unseen');
const root = document.querySelector('.gradio-container') || document.body;
const STORE = 'kg-recent', KEPT = 8, LONGEST = 500;
let entries = [], at = -1, turn = 0, picked = [], quiet = false, last = '';

const box = () => root.querySelector('#kg-question textarea, #kg-question input');
const isBox = (node) => node instanceof Element && node.closest('#kg-question') && node === box();

function recent() { // questions of this browser; whatever else lies there is left alone
  try {
    const kept = JSON.parse(localStorage.getItem(STORE) || '[]');
    return kept.filter((text) => typeof text === 'string' && text.length <= LONGEST).slice(0, KEPT);
  } catch {
    return [];
  }
}

function keep(questions) {
  try {
    if (questions.length) localStorage.setItem(STORE, JSON.stringify(questions.slice(0, KEPT)));
    else localStorage.removeItem(STORE);
  } catch { /* the browser keeps nothing */ }
}

function put(text, caret) { // into the box, as if it were typed
  const field = box(), type = Object.getPrototypeOf(field);
  Object.getOwnPropertyDescriptor(type, 'value').set.call(field, text);
  quiet = true;
  field.dispatchEvent(new Event('input', {bubbles: true}));
  quiet = false;
  field.setSelectionRange(caret, caret);
}

function part(className, textContent) {
  return Object.assign(document.createElement('span'), {className, textContent});
}

function option(entry, index) {
  const item = document.createElement('li');
  item.id = `kg-name-${index}`;
  item.setAttribute('role', 'option');
  item.append(...entry.parts);
  if (entry.css) item.className = entry.css;
  return item;
}

function choose(index) {
  at = index;
  [...list.children].forEach((item, i) => item.setAttribute('aria-selected', String(i === at)));
  const field = box();
  if (at < 0) field.removeAttribute('aria-activedescendant');
  else field.setAttribute('aria-activedescendant', `kg-name-${at}`);
  list.children[at]?.scrollIntoView({block: 'nearest'});
}

function show(found, name, said) {
  const field = box();
  entries = found;
  list.replaceChildren(...entries.map(option));
  list.hidden = !entries.length;
  list.setAttribute('aria-label', name);
  field.setAttribute('role', 'combobox');
  field.setAttribute('aria-autocomplete', 'list');
  field.setAttribute('aria-expanded', String(!list.hidden));
  if (list.hidden) field.removeAttribute('aria-controls');
  else field.setAttribute('aria-controls', list.id);
  told.textContent = said;
  choose(-1);
}

const hide = () => { turn += 1; if (box()) show([], 'Names in the graph', ''); };

function take(name) { // what was typed of a name, up to the caret, becomes the whole name
  const field = box(), head = field.value.slice(0, name.start) + name.label;
  const rest = field.value.slice(Math.max(field.selectionStart, name.start));
  picked = picked.filter((other) => other.end <= name.start);
  if (name.shared) picked.push({...name, end: head.length});
  put(head + rest, head.length);
  hide();
}

function offerNames(names) {
  show(names.map((name) => ({
    parts: [
      part('typed-name', name.label),
      part('typed-note', name.note),
      ...(name.kind ? [part('typed-kind', name.kind)] : []),
    ],
    take: () => take(name),
  })), 'Names in the graph', names.length === 1 ? '1 name' : `${names.length} names`);
}

function offerRecent() {
  const questions = recent();
  const forget = {parts: [part('typed-note', 'Forget these questions')], css: 'typed-forget'};
  const items = questions.map((question) => ({
    parts: [part('typed-question', question)],
    take: () => { hide(); ask({action: 'ask', question}); },
  }));
  forget.take = () => { keep([]); hide(); };
  show(items.length ? [...items, forget] : [], 'Questions asked before',
    items.length ? 'Questions asked before' : '');
}

function ask(detail) {
  picked = [];
  document.dispatchEvent(new CustomEvent('kg-edit', {detail}));
}

async function typed(field) {
  const mine = ++turn, text = field.value.slice(0, field.selectionStart);
  picked = picked.filter((name) => field.value.slice(name.start, name.end) === name.label);
  if (!field.value) return offerRecent();
  await new Promise((done) => setTimeout(done, 60)); // several keys at once are one request
  if (mine !== turn) return;
  const names = await server.complete_name(text.slice(-LONGEST)) || [];
  if (mine !== turn || document.activeElement !== field) return;
  const cut = Math.max(text.length - LONGEST, 0);
  offerNames(names.map((name) => ({...name, start: name.start + cut})));
}

// One name was chosen among namesakes: the question says which is meant.
function chosen() {
  const raw = box().value, question = raw.trim().replace(/\s+/g, ' ');
  for (const name of picked) {
    const start = question.indexOf(name.label);
    if (start >= 0 && raw.slice(name.start, name.end) === name.label) {
      return {action: 'ask_of', question, start, end: start + name.label.length, entity: name.id};
    }
  }
  return null;
}

root.addEventListener('input', (event) => {
  if (isBox(event.target) && !quiet && !event.isComposing) typed(event.target);
});
root.addEventListener('compositionend', (event) => {
  if (isBox(event.target)) typed(event.target);
});
root.addEventListener('pointerdown', (event) => {
  if (isBox(event.target) && !event.target.value && list.hidden) offerRecent();
});
root.addEventListener('focusout', (event) => { if (isBox(event.target)) hide(); });

document.addEventListener('keydown', (event) => { // before the box itself hears of it
  if (!isBox(event.target) || event.isComposing) return;
  const {key} = event, open = !list.hidden, down = key === 'ArrowDown';
  if (down && !open && event.target.selectionStart === event.target.value.length) {
    typed(event.target);
  } else if (open && (down || key === 'ArrowUp')) {
    const count = entries.length + 1; // one more: none of them
    turn += 1; // names that are still on their way would move what is chosen
    choose((at + 1 + (down ? 1 : count - 1)) % count - 1);
  } else if (open && key === 'Escape') {
    hide();
  } else if (open && key === 'Enter' && at >= 0) {
    entries[at].take();
  } else if (key === 'Enter' && !event.shiftKey) {
    hide();
    const pinned = chosen();
    if (!pinned) return;
    ask(pinned);
  } else {
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

root.addEventListener('click', (event) => {
  if (!event.target.closest('#kg-go')) return;
  hide();
  const pinned = chosen();
  if (!pinned) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  ask(pinned);
}, true);

list.addEventListener('pointerdown', (event) => event.preventDefault()); // the box keeps the caret
list.addEventListener('click', (event) => {
  const item = event.target.closest('[role=option]');
  if (item) entries[[...list.children].indexOf(item)].take();
});

// What was asked is kept; offers below an answer stay only as long as the answer.
new MutationObserver(() => {
  const {kept, asked} = document.getElementById('kg-answer')?.dataset || {};
  const offers = document.getElementById('kg-offers');
  if (offers) offers.hidden = offers.dataset.asked !== asked;
  if (!kept || kept === last || kept.length > LONGEST) return;
  last = kept; // once for each answer, so that what was forgotten stays so
  keep([kept, ...recent().filter((question) => question !== kept)]);
}).observe(root, {childList: true, subtree: true});
