// The first answer that a visitor sees comes with four marks, once. Nothing of the page is blocked.
// Follows projector.js in the same function.
const TOUR = [
  ['.question-line', 'The coloured words are names that the graph knows. Each keeps its letter and '
    + 'its colour on the whole page.'],
  ['#kg-answer', 'The answer, the facts that it rests on, and how sure the model is.'],
  ['.canvas-box', 'The same as a picture: from the words on the left to the answer on the right. '
    + 'Point at something to see it everywhere; Play shows it step by step.'],
  ['#kg-steps', 'How it got there, a line a step. Open one for its numbers. Every choice can be '
    + 'changed, and the answer follows.'],
];
const tour = element.querySelector('.tour');
let stage = -1, ended = kept('kg-tour') === 'done';

function mark(n) {
  all('.tour-mark').forEach((part) => part.classList.remove('tour-mark'));
  stage = n;
  const [selector, text] = TOUR[n] || [];
  const place = selector && root.querySelector(selector);
  if (!place) {
    tour.hidden = ended = true;
    return keep('kg-tour', 'done');
  }
  tour.hidden = false;
  tour.querySelector('p').textContent = `${n + 1} of ${TOUR.length}: ${text}`;
  tour.querySelector('[data-tour=next]').textContent = n + 1 < TOUR.length ? 'Next' : 'Done';
  place.classList.add('tour-mark');
  if (n) place.scrollIntoView({block: 'nearest'});
}

tour.addEventListener('click', ({target}) => {
  if (target.dataset.tour) mark(target.dataset.tour === 'next' ? stage + 1 : TOUR.length);
});
document.addEventListener('keydown', ({key}) => {
  if (key === 'Escape' && stage >= 0 && !ended) mark(TOUR.length);
});

function begin() { // as soon as an answer is drawn
  if (ended || stage >= 0 || looks.contains('embed') || looks.contains('projector')) return;
  const answered = root.querySelector('#kg-answer :is(.answer-name, .read-value)');
  if (answered && root.querySelector('.canvas[data-drawn]')) mark(0);
}

new MutationObserver(() => {
  begin();
  const here = stage >= 0 && !ended && root.querySelector(TOUR[stage][0]);
  if (here && !here.classList.contains('tour-mark')) here.classList.add('tour-mark');
}).observe(root, {childList: true, subtree: true, attributeFilter: ['data-drawn']});
