// The drawing on a narrow screen: a node a row, indented below the one that leads to it; lines
// run to the left of the rows, and at the right margin to a node that stands elsewhere already.
const ROW_TEXT = 15, ROW_HEIGHT = 30, ROW_PITCH = 44;

function rowWidth() { // the drawing is as wide as the canvas, at a scale of 1
  return canvas.clientWidth - 2 * MARGIN;
}

function cut(pen, text, room) {
  let short = text;
  while (short.length > 3 && pen.measureText(short).width > room) {
    short = short.slice(0, -2).trimEnd();
  }
  return short === text ? text : short + '…';
}

function rowText(pen, node, x) { // what is written in a row, and how wide its box is
  pen.font = `${ROW_TEXT}px ${face()}`;
  const words = cut(pen, node.label.replaceAll('\n', ' '), rowWidth() - x - 52);
  return {words, wide: pen.measureText(words).width + 14};
}

function leads(id) { // the words of the first link that leads to a node
  const at = links().find((link) => link.right === id && !link.tie);
  return at ? at.label : '';
}

// A row: a dot that lines join, and the text to the right of it. Anchored at the dot.
function row({ctx: pen, id, x, y, state}) {
  const node = nodes.get(id), bright = node.bright;
  const pale = (name, share) => bright ? name : faded(name, share);
  const line = pale(lineOf(node), 35), mention = node.role === 'mention';
  const drawNode = () => {
    pen.save();
    pen.fillStyle = line;
    pen.beginPath();
    pen.arc(x, y, node.role === 'answer' ? 6 : 4.5, 0, 7);
    pen.fill();
    const {words, wide} = rowText(pen, node, x);
    pen.textBaseline = 'middle';
    pen.beginPath();
    pen.roundRect(x + 11, y - ROW_HEIGHT / 2, wide, ROW_HEIGHT, 7);
    pen.fillStyle = mention ? line : colour('surface');
    pen.fill();
    pen.lineWidth = (node.role === 'answer' || node.meets ? 2.5 : 1.5) + (state.selected ? 1.5 : 0);
    pen.setLineDash(node.out ? [4, 3] : []);
    pen.strokeStyle = line;
    pen.stroke();
    pen.fillStyle = mention ? colour('surface') : pale(colour(node.out ? 'quiet' : 'text'), 45);
    pen.fillText(words, x + 18, y + 1);
    const number = shown.numbers && shown.pointed && bright && node.weight;
    pen.font = `12.5px ${face()}`;
    const left = rowWidth() - x - wide - 40;
    const how = number ? node.weight.toFixed(2) : left > 36 ? cut(pen, leads(id), left) : '';
    const space = pen.measureText(how).width;
    if (how) {
      pen.fillStyle = colour('surface');
      pen.fillRect(x + wide + 16, y - 9, space + 6, 18);
      pen.fillStyle = pale(colour('quiet'), 45);
      pen.fillText(how, x + wide + 19, y + 1);
    }
    pen.restore();
  };
  return {drawNode, nodeDimensions: {width: 12, height: 12}};
}

function drawElbows(pen) {
  const at = new Map(places().filter((n) => !n.hidden).map((n) => [n.id, n]));
  const now = light(), onPath = new Set(Object.values(data.paths).flat()), joined = new Set();
  let aside = 0;
  links().forEach((link, i) => {
    const a = at.get(link.left), b = at.get(link.right);
    if (!a || !b) return;
    const line = branchColour(link.rank ?? -1), bright = !now || now.links.has(i);
    pen.strokeStyle = pen.fillStyle = bright ? line : faded(line, 25);
    pen.lineWidth = 1.8;
    pen.setLineDash(link.tie ? [5, 4] : []);
    const below = b.x > a.x && b.y > a.y && !joined.has(b.id);
    if (below) {
      joined.add(b.id);
      path(pen, [[a.x, a.y + 5], [a.x, b.y], [b.x - 6, b.y]], 1);
    } else if (onPath.has(i)) { // it stands elsewhere: around, at the right margin
      const edge = rowWidth() - 2 - 5 * (aside++ % 3);
      const from = a.x + rowText(pen, a, a.x).wide + 13, to = b.x + rowText(pen, b, b.x).wide + 13;
      path(pen, [[from, a.y], [edge, a.y], [edge, b.y], [to, b.y]], -1);
    }
  });
  pen.setLineDash([]);
}

function path(pen, points, direction) { // with an arrow's head at the end
  pen.beginPath();
  points.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.stroke();
  const [x, y] = points.at(-1);
  pen.setLineDash([]);
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(x - 7 * direction, y - 4);
  pen.lineTo(x - 7 * direction, y + 4);
  pen.fill();
}

function fitRows() {
  const ys = places().map((n) => n.y);
  const tall = Math.max(...ys) - Math.min(...ys) + 2 * MARGIN + ROW_HEIGHT;
  canvas.style.height = tall + 'px';
  const view = canvas.parentElement, scrolls = view.scrollHeight > view.clientHeight + 1;
  if (scrolls) view.setAttribute('tabindex', '0'); // the keyboard scrolls it, too
  else view.removeAttribute('tabindex');
  network.redraw();
  const x = canvas.clientWidth / 2 - MARGIN, y = (Math.max(...ys) + Math.min(...ys)) / 2;
  network.moveTo({scale: 1, position: {x, y}, animation: false});
}
