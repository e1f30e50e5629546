// Ties the parts of the Explore tab together, without the server: which steps are open, the line
// that stays in view, and what lights up in the graph when its words are pointed at, and the other
// way round. Runs once. Texts are copied as text.
const root = document.querySelector('.gradio-container') || document.body;
const pinned = element.querySelector('.pinned');
const all = (selector, within = root) => [...within.querySelectorAll(selector)];

function kept(key) { // storage may be forbidden
  try { return localStorage.getItem(key) || ''; } catch { return ''; }
}
function keep(key, value) {
  try { localStorage.setItem(key, value); } catch { /* then it is forgotten */ }
}

// Steps that were opened are open in the next answer, too.
const opened = new Set(kept('kg-steps').split(' ').filter(Boolean));
let read = ''; // what is being read, as in data-show
root.addEventListener('toggle', ({target}) => {
  if (!target.matches('details.step[data-kept]')) return;
  const {step, show} = target.dataset;
  if (opened.has(step) === target.open) return;
  if (target.open) opened.add(step); else opened.delete(step);
  keep('kg-steps', [...opened].join(' '));
  read = target.open ? show : '';
  tell();
}, true); // it does not bubble

function restore() {
  for (const step of all('details.step:not([data-kept])')) {
    step.open = opened.has(step.dataset.step);
    step.dataset.kept = '';
  }
}

// The line with question, answer and edits, as soon as the question has left the window.
const words = (selector) => all(selector).map((part) => part.textContent.trim());
function said() {
  const value = words('#kg-answer .read-value bdi');
  const names = value.length ? value : words('#kg-answer .answer-name');
  const rest = names.length > 3 ? [`and ${names.length - 3} more`] : [];
  return names.length ? [...names.slice(0, 3), ...rest].join(', ') : words('.no-answer')[0] || '';
}

function chip(text, css) {
  return Object.assign(document.createElement('span'), {textContent: text, className: css});
}

let pinnedText = '';
function pin() {
  const spans = root.querySelector('#kg-spans'), line = spans?.querySelector('.question-line');
  const away = line && line.offsetParent && spans.getBoundingClientRect().bottom < 0;
  if (!away) return void (pinned.hidden = true);
  const copy = line.cloneNode(true);
  copy.querySelectorAll('.badge, sub').forEach((mark) => mark.remove());
  const parts = [[copy.textContent.trim(), 'pinned-question'], [said(), 'pinned-answer']];
  parts.push(...words('.your-edits .edits li > bdi').map((text) => [text, 'pinned-edit']));
  const text = JSON.stringify(parts);
  if (text !== pinnedText) {
    pinnedText = text;
    pinned.replaceChildren(...parts.filter(([now]) => now).map((part) => chip(...part)));
  }
  pinned.hidden = false;
}

// What is pointed at, or else read, is what the graph shows.
let pointed = '', told = '';
function shows(target) {
  const part = target instanceof Element && root.contains(target)
    ? target.closest('[data-show], #kg-answer .answer') : null;
  if (!part || target.closest('.light')) return ''; // its press lights the path for good
  return part.dataset.show || 'path ' + (part.querySelector('[data-light]')?.dataset.light ?? '');
}

function tell() {
  const now = pointed || read;
  if (now === told) return;
  told = now;
  document.dispatchEvent(new CustomEvent('kg-show', {detail: now}));
}

for (const kind of ['mouseover', 'focusin']) {
  document.addEventListener(kind, ({target}) => {
    pointed = shows(target);
    tell();
  });
}

function reading() { // the innermost part at the height at which one reads, once scrolled
  if (pinned.hidden) return read;
  const height = innerHeight * 0.42;
  const there = all('#kg-steps [data-show]').filter((part) => {
    const {top, bottom, width} = part.getBoundingClientRect();
    return width && top <= height && bottom >= height && !part.matches('.kg-row, tr');
  });
  return there.pop()?.dataset.show || '';
}

let due = false;
function scrolled() {
  if (due) return;
  due = true;
  requestAnimationFrame(() => {
    due = false;
    const before = pinned.hidden;
    pin();
    if (!pinned.hidden || !before) read = pinned.hidden ? '' : reading();
    tell();
  });
}
addEventListener('scroll', scrolled, {passive: true});
addEventListener('resize', scrolled, {passive: true});

// A node or an edge that is pointed at lights its rows and its hop.
document.addEventListener('kg-point', ({detail}) => {
  const lit = new Set(detail);
  all('[data-show]').forEach((part) => part.classList.toggle('lit', lit.has(part.dataset.show)));
});

// While an answer is worked out its card is as high as the one before: what is below it moves once,
// by what the two differ in, and not up and down again.
let last = null, high = 0;
const sizes = new ResizeObserver(([{target}]) => {
  high = Math.min(target.offsetHeight, innerHeight * 0.6);
});
function steady() {
  const card = root.querySelector('#kg-answer');
  if (!card || card === last) return;
  last = card;
  sizes.disconnect();
  if (card.matches('.waiting')) {
    if (high) card.style.minHeight = `${high}px`;
    return;
  }
  sizes.observe(card);
}

// A page that comes with a question keeps its place free, instead of greeting first: the server has
// marked it (guard/policy.py). It does until the last of what belongs to the answer is there.
const unmark = () => document.documentElement.classList.remove('linked');
setTimeout(unmark, 15000); // if none ever comes

new MutationObserver(() => {
  restore();
  steady();
  if (last && !last.matches('.waiting') && !root.querySelector('.why.waiting')) unmark();
  scrolled();
}).observe(root, {childList: true, subtree: true});
restore();
