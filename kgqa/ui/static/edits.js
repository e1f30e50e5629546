// Turns clicks on the views' controls (data-do) into one event for the server, and does what needs no server:
// picking words, filling lists of relations, searching entities, lighting up paths, copying. Runs once.
const relations = props.relations || [];
const root = document.querySelector('.gradio-container') || document.body;

let busy = 0;
function send(wish) {
  document.body.setAttribute('data-busy', '');
  clearTimeout(busy);
  busy = setTimeout(() => document.body.removeAttribute('data-busy'), 15000); // in case nothing ever comes back
  trigger('act', wish);
}

function place(control) {
  const panel = control.closest('[data-start]');
  return panel ? {start: Number(panel.dataset.start), end: Number(panel.dataset.end)} : {};
}

function picked() {
  return [...root.querySelectorAll('.picks .pick[aria-pressed="true"]')];
}

function press(from, to) { // from and to: characters
  root.querySelectorAll('.picks .pick').forEach((word) => {
    const inside = Number(word.dataset.a) >= from && Number(word.dataset.z) <= to;
    word.setAttribute('aria-pressed', String(inside));
  });
}

root.addEventListener('click', async (event) => {
  const control = event.target.closest('button');
  if (!control || !root.contains(control)) return;
  if (control.matches('.pick')) {
    const now = picked(), a = Number(control.dataset.a), z = Number(control.dataset.z);
    if (now.length === 1 && now[0] !== control) {
      press(Math.min(a, Number(now[0].dataset.a)), Math.max(z, Number(now[0].dataset.z)));
    } else if (now.length === 1) {
      press(-1, -1);
    } else {
      press(a, z);
    }
  } else if (control.matches('.add-span')) {
    const now = picked();
    if (now.length) send({do: 'add', start: Number(now[0].dataset.a), end: Number(now[now.length - 1].dataset.z)});
  } else if (control.dataset.light !== undefined) {
    document.dispatchEvent(new CustomEvent('kg-light', {detail: control.dataset.light}));
  } else if (control.dataset.copy !== undefined) {
    const text = control.closest('.snippet').querySelector('code').textContent;
    try {
      await navigator.clipboard.writeText(text);
      control.textContent = 'Copied';
    } catch {
      getSelection().selectAllChildren(control.closest('.snippet').querySelector('code'));
      control.textContent = 'Selected';
    }
    setTimeout(() => { control.textContent = 'Copy'; }, 1500);
  } else if (control.dataset.do) {
    send({...place(control), ...control.dataset});
  }
});

root.addEventListener('change', (event) => {
  const list = event.target.closest('select[data-do="follow"]');
  if (list) send({...place(list), do: 'follow', hop: Number(list.dataset.hop), relation: list.value});
});

// Words selected with the mouse in the coloured question line press the same words below it.
document.addEventListener('selectionchange', () => {
  const line = root.querySelector('.question-line');
  const chosen = getSelection();
  if (!line || chosen.isCollapsed || !line.contains(chosen.anchorNode) || !line.contains(chosen.focusNode)) return;
  const at = (node, offset) => {
    const range = document.createRange();
    range.selectNodeContents(line);
    range.setEnd(node, offset);
    const part = range.cloneContents();
    part.querySelectorAll('.badge, sub').forEach((mark) => mark.remove());
    return part.textContent.length;
  };
  const [from, to] = [at(chosen.anchorNode, chosen.anchorOffset), at(chosen.focusNode, chosen.focusOffset)].sort((a, b) => a - b);
  root.querySelectorAll('.picks .pick').forEach((word) => {
    word.setAttribute('aria-pressed', String(Number(word.dataset.a) < to && Number(word.dataset.z) > from));
  });
  const fold = root.querySelector('.picker');
  if (fold) fold.open = true;
});

// Search of entities: at most one request at a time, the last one wins.
let asking = 0;
root.addEventListener('input', (event) => {
  const box = event.target.closest('.find-box');
  if (!box) return;
  const mine = ++asking;
  setTimeout(async () => {
    if (mine !== asking) return;
    const place = box.parentElement.querySelector('.found');
    const found = box.value.trim() ? await server.named(box.value) : [];
    if (mine !== asking) return;
    place.replaceChildren(...(found || []).map((one) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'do result';
      Object.assign(button.dataset, {do: 'use', id: one.id});
      button.textContent = one.label + (one.note ? ', ' + one.note : '');
      return button;
    }));
    if (box.value.trim() && !(found || []).length) place.textContent = 'No entity with such a name.';
  }, 250);
});

// Every list of relations gets its options when it appears.
function fillLists() {
  root.querySelectorAll('select[data-do="follow"]:not([data-full])').forEach((list) => {
    list.dataset.full = '';
    const now = list.options[0];
    const option = (value, text) => Object.assign(document.createElement('option'), {value, textContent: text});
    const rest = relations.filter((one) => one.id !== now.value).map((one) => option(one.id, one.label));
    if (!now.value) now.textContent = 'choose a relation';
    list.append(...rest);
    if (now.value) list.append(option('', '(end before this hop)'));
  });
}
new MutationObserver(fillLists).observe(root, {childList: true, subtree: true});
fillLists();
document.addEventListener('kg-act', (event) => send(event.detail));
watch('value', () => document.body.removeAttribute('data-busy'));
