// Ways to show the page: on a wall (the button, or ?projector=1), and inside other pages (?embed=1,
// with &hide=ask,steps and the like). Follows screen.js in the same function.
const asked = new URLSearchParams(location.search);
const PARTS = 'ask answer graph steps legend tools files programs'.split(' '); // what can be hidden
const looks = document.body.classList;
if (asked.get('embed') === '1') looks.add('embed');
for (const part of (asked.get('hide') || '').split(',')) {
  if (PARTS.includes(part.trim())) looks.add('hide-' + part.trim());
}

const buttons = () => all('[data-act="projector"]');
function project(on) {
  looks.toggle('projector', on);
  pressed = pressed && on;
  buttons().forEach((button) => {
    button.setAttribute('aria-pressed', String(on));
    button.textContent = on ? 'Leave' : 'Projector';
  });
  if (!on) all('.step.current').forEach((step) => step.classList.remove('current'));
  dispatchEvent(new Event('resize')); // the drawing fits anew
}

root.addEventListener('click', ({target}) => {
  if (!target.closest?.('[data-act="projector"]')) return;
  const on = !looks.contains('projector');
  project(on);
  if (on) document.documentElement.requestFullscreen?.().catch(() => {}); // else in the window
  else if (document.fullscreenElement) document.exitFullscreen();
});
document.addEventListener('fullscreenchange', () => {
  if (!document.fullscreenElement) project(false);
});

let pressed = false; // a key, in this projection
// Arrow keys, and the keys of a presenter, step through the computation.
const KEYS = {ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1, Home: -99, End: 99};
document.addEventListener('keydown', (event) => {
  if (!looks.contains('projector') || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.('input, textarea, select, summary')) return;
  if (event.key === 'Escape') return project(false);
  if (!(event.key in KEYS)) return;
  event.preventDefault();
  pressed = true;
  document.dispatchEvent(new CustomEvent('kg-step', {detail: KEYS[event.key]}));
});

document.addEventListener('kg-stepped', ({detail: {step, last}}) => { // the step of the drawing
  if (!looks.contains('projector')) return;
  const steps = all('#kg-steps details.step'), meets = step === last && steps.length > 3;
  const number = String(step < 2 ? step + 1 : meets ? 4 : 3);
  for (const one of steps) {
    const now = pressed && one.dataset.step === number;
    one.classList.toggle('current', now);
    if (now) one.scrollIntoView({block: 'nearest'});
  }
});
if (asked.get('projector') === '1') {
  project(true);
  new MutationObserver(() => {
    const told = buttons().some((button) => button.textContent === 'Leave');
    if (looks.contains('projector') && !told) project(true);
  }).observe(root, {childList: true, subtree: true});
}
