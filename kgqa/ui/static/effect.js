// Cause and effect: what an edit did is shown where the hand is, and what the hand was on stays
// where it was on the screen. Follows edits.js in the same function; words: views/effect.py.
const GAP = 6, FAR = 220; // pixels between a control and its bubble, and at most
const FRAMES = 90; // for which the page may still move
let hand = null; // what was used last: where it was, and how to find it again
let holding = 0; // counts the edits, so that the last one alone is held

const bubble = document.createElement('div');
bubble.className = 'effect';
bubble.setAttribute('role', 'status');
root.append(bubble);

const shown = (part) => part && part.isConnected && part.getClientRects().length > 0
  && (!part.checkVisibility || part.checkVisibility()); // what is folded has rectangles, too
const quoted = (name, value) => `[data-${name}="${CSS.escape(value)}"]`;

function grasp(control) { // remember what an edit was made with; by keyboard: what was used before
  if (!control) {
    const there = hand && found(), top = there ? there.part.getBoundingClientRect().top : -1;
    const moved = there ? top - there.at : 0;
    if (top < 0 || top >= innerHeight) {
      hand = {top: innerHeight / 3, left: innerWidth / 3, height: 0, own: ''};
      return;
    }
    hand.top += moved;
    hand.tops = {panel: hand.tops.panel + moved, section: hand.tops.section + moved};
    return;
  }
  const panel = control.closest('[data-start]'), section = control.closest('section, #kg-bar');
  const {action, hop, entity, field, part} = control.dataset;
  const top = (box) => (box ? box.getBoundingClientRect().top : 0);
  const named = section && section.getAttribute('aria-labelledby');
  hand = {top: top(control), left: control.getBoundingClientRect().left,
    height: control.offsetHeight, focused: document.activeElement === control,
    tops: {panel: top(panel), section: top(section)},
    section: section && (section.id ? '#' + CSS.escape(section.id)
      : named ? `section[aria-labelledby="${named}"]`
        : `section.${[...section.classList].join('.')}`),
    panel: panel && quoted('start', panel.dataset.start) + quoted('end', panel.dataset.end),
    own: Object.entries({action, hop, entity, field, part}).filter(([, value]) => value)
      .map(([name, value]) => quoted(name, value)).join('')};
}

// The same control after the page has changed, or what has taken its place; else its panel, else
// its section. With it, where its top was on the screen.
function found() {
  const {section, panel, own, top, tops} = hand;
  const within = [section, panel].filter(Boolean).join(' ');
  const ways = [];
  if (own) ways.push([`${within} ${own}`, top]);
  if (/intersect|unite/.test(own)) {
    ways.push([`${section} :is([data-action=intersect], [data-action=unite])`, top]);
  }
  if (panel) {
    ways.push([`${within} .chosen, ${within} .controls button`, top], [within, tops.panel]);
  }
  if (section) ways.push([section, tops.section]);
  for (const [way, at] of ways) {
    const part = [...root.querySelectorAll(way)].find(shown);
    if (part) return {part, at, exact: at === top};
  }
  return null;
}

function scroller(part) { // what scrolls it
  for (let box = part.parentElement; box; box = box.parentElement) {
    const {overflowY} = getComputedStyle(box);
    if (/auto|scroll/.test(overflowY) && box.scrollHeight > box.clientHeight + 1) return box;
  }
  return document.scrollingElement;
}

// Below what the bubble stands, or above it: the row of the control, else what is nearest to where
// the control was. It makes room, so that the bubble covers nothing.
const ROWS = '.kg-row, .choice, .controls, .switch-line, .what-ifs > li, #kg-ask, .canvas-tools';
const PARTS = `.kg-panel, .fold, p, .table-box, summary, .label-wrap, .foot li, ${ROWS}`;
let host = null;

function hostOf(there, bottom) {
  if (there.exact) return there.part.closest(ROWS) || there.part;
  const near = (part) => {
    const box = part.getBoundingClientRect(), across = box.left - 40 <= hand.left;
    return across && box.right > hand.left ? Math.abs(box.bottom - bottom) : 1e9;
  };
  for (const within of [there.part, root]) { // else what else stands there now
    const parts = [...within.querySelectorAll(PARTS)].filter(shown);
    const nearest = parts.sort((a, b) => near(a) - near(b))[0];
    if (nearest && near(nearest) <= FAR) return nearest;
  }
  return null;
}

function makeRoom(box, under, pixels) {
  const side = under ? 'marginBottom' : 'marginTop', size = box ? `${pixels}px` : '';
  if (host && (host.box !== box || host.side !== side)) host.box.style[host.side] = '';
  host = box ? {box, side} : null;
  if (box && box.style[side] !== size) box.style[side] = size;
}

function place(there) {
  const box = there ? there.part.getBoundingClientRect() : null;
  const top = box ? box.top + hand.top - there.at : hand.top;
  const row = there ? hostOf(there, top + hand.height) : null;
  const around = row ? row.closest('.kg-panel, section, .column') || row : root;
  const edges = around.getBoundingClientRect();
  const most = Math.max(240, edges.right - Math.max(8, edges.left) - 8);
  bubble.style.maxWidth = `${Math.min(400, innerWidth - 16, most)}px`;
  const {offsetWidth, offsetHeight} = bubble, need = offsetHeight + GAP;
  const [high, low] = row ? [row.getBoundingClientRect().top, row.getBoundingClientRect().bottom]
    : [top, top + hand.height];
  const under = low + need <= innerHeight || high < need;
  makeRoom(row, under, need + GAP);
  const left = box && there.exact ? box.left : hand.left;
  const right = Math.min(innerWidth - 8, Math.max(edges.right, edges.left + offsetWidth));
  const now = row ? row.getBoundingClientRect() : {top: high, bottom: low};
  bubble.style.top = `${under ? now.bottom + GAP : now.top - need}px`;
  bubble.style.left = `${Math.max(8, Math.min(left, right - offsetWidth))}px`;
}

function hold() { // until nothing moves any more, or the visitor does
  const mine = ++holding;
  let frames = 0, last = {};
  const frame = () => {
    if (mine !== holding || !hand) return;
    const there = found();
    if (there) {
      const {part, at, exact} = there, box = scroller(part), from = box.scrollTop;
      const {top} = part.getBoundingClientRect();
      const still = last.part === part && Math.abs(last.at - top - from) < 1;
      if (still && Math.abs(last.from - from) >= 1) return place(there); // somebody else scrolls
      if (Math.abs(top - at) >= 1) box.scrollBy({top: top - at, behavior: 'instant'});
      last = {part, from: box.scrollTop, at: part.getBoundingClientRect().top + box.scrollTop};
      const lost = hand.focused && exact && document.activeElement === document.body;
      if (lost && part.matches('button, select')) part.focus({preventScroll: true});
    }
    place(there);
    if (++frames < FRAMES) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}
const release = () => { holding += 1; };
['wheel', 'touchstart', 'pointerdown', 'keydown'].forEach((moved) =>
  window.addEventListener(moved, release, {passive: true, capture: true}));

function hide() {
  bubble.replaceChildren();
  bubble.classList.remove('on');
  makeRoom(null);
}

function tell({before, after, why}) { // everything is text
  const line = (name, text) =>
    Object.assign(document.createElement(name), {textContent: text});
  const same = before === after, undo = line('button', 'Undo'), close = line('button', '×');
  const said = document.createElement('p');
  const was = line('bdi', before), is = line('bdi', after);
  if (same) said.append(is, ', as before');
  else said.append(was, ' → ', is);
  is.className = 'now';
  if (why) said.append(same ? ': ' : ', because ', line('bdi', why));
  said.append('.');
  Object.assign(undo, {type: 'button', className: 'action'}).dataset.part = 'undo-effect';
  Object.assign(close, {type: 'button', className: 'light'}).setAttribute('aria-label', 'Close');
  undo.addEventListener('click', () => { hide(); send({action: 'back'}); });
  close.addEventListener('click', hide);
  bubble.replaceChildren(said, undo, close);
  bubble.classList.add('on');
}

function replied(effect) { // the server's reply to an edit
  if (!effect || !hand) return hide();
  tell(effect);
  place(found());
  hold();
}

document.addEventListener('keydown', (event) => { if (event.key === 'Escape') hide(); });
new MutationObserver(() => { // what made room is gone
  if (host && !host.box.isConnected && bubble.classList.contains('on')) place(found());
}).observe(root, {childList: true, subtree: true});
['scroll', 'resize'].forEach((moved) => window.addEventListener(moved, () => {
  if (bubble.classList.contains('on')) place(found());
}, {passive: true, capture: true}));
