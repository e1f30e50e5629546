// The browser's address is the state of the page: each answer has its own, so that Back, Forward
// and reload bring it again. Also the buttons beside the question. The value: kgqa/ui/bar.py.
const part = (name) => element.querySelector(`[data-part="${name}"]`);
const tell = (detail) => document.dispatchEvent(new CustomEvent('kg-edit', {detail}));
const names = new Set(props.names); // those of the question; other names in the address stay
let now = {query: '', link: ''};

const pairs = (search) => search.replace(/^\?/, '').split('&').filter(Boolean);
const named = (pair) => new URLSearchParams(pair).keys().next().value;
const own = (search) => pairs(search).filter((pair) => names.has(named(pair)));
const same = (one, other) => {
  const [a, b] = [one, other].map((list) => new URLSearchParams(list.join('&')).toString());
  return a === b;
};

function address(query) {
  const rest = pairs(location.search).filter((pair) => !names.has(named(pair)));
  const kept = query ? rest.filter((pair) => named(pair) !== 'tab') : rest; // it is Explore now
  const search = [query, ...kept].filter(Boolean).join('&');
  return location.pathname + (search ? '?' + search : '') + location.hash;
}

function show(state) {
  now = state;
  const known = same(own(location.search), own(state.query));
  const write = state.how === 'push' && !known ? 'pushState' : 'replaceState';
  history[write](history.state, '', address(state.query));
  part('back').disabled = !state.back;
  part('again').disabled = !state.again;
  part('link').disabled = !state.link;
  part('link').dataset.link = state.link;
  if (state.room) sessionStorage.setItem('kg-room', state.room);
  else sessionStorage.removeItem('kg-room');
}

// A page of a visitor's own graph that is loaded again comes back to the graph, then to the answer.
function comeBack() {
  if (new URLSearchParams(location.search).get('graph') !== 'yours') return;
  const query = location.search.slice(1), key = sessionStorage.getItem('kg-room');
  const visit = () => tell({action: 'visit', query});
  document.addEventListener('kg-returned', visit, {once: true});
  const waits = setInterval(() => { // until the page listens
    if (document.body.dataset.ready === undefined) return;
    clearInterval(waits);
    if (key && props.returns) trigger('edit', {room: key});
    else visit();
  }, 50);
}
comeBack();

watch('value', () => { if (props.value) show(JSON.parse(props.value)); });
window.addEventListener('popstate', () => {
  if (!same(own(location.search), own(now.query))) {
    tell({action: 'visit', query: location.search.slice(1)});
  }
});

async function copy() {
  const told = element.querySelector('.copied');
  try {
    await navigator.clipboard.writeText(now.link);
    told.textContent = 'Link copied';
  } catch { // not allowed here: the link stands there to be copied by hand
    const box = Object.assign(document.createElement('input'), {readOnly: true, value: now.link});
    box.setAttribute('aria-label', 'Link to this question');
    told.replaceChildren(box);
    box.select();
    box.addEventListener('blur', () => told.replaceChildren());
    return;
  }
  setTimeout(() => told.replaceChildren(), 2500);
}

element.addEventListener('click', (event) => {
  const pressed = event.target.closest('button[data-part]')?.dataset.part;
  if (pressed === 'link') copy();
  else if (pressed) tell({action: pressed, control: part(pressed)});
});

// Ctrl+Z and Ctrl+Shift+Z (or Ctrl+Y) where no text is written: there they are the browser's own.
const writes = 'textarea, [contenteditable], '
  + 'input:not([type=range], [type=checkbox], [type=radio])';
document.addEventListener('keydown', (event) => {
  const key = event.key.toLowerCase();
  if (!(event.ctrlKey || event.metaKey) || event.altKey || !['z', 'y'].includes(key)) return;
  if (event.target.closest?.(writes)) return;
  const action = key === 'y' || event.shiftKey ? 'again' : 'back';
  event.preventDefault();
  if (now[action]) tell({action});
});
