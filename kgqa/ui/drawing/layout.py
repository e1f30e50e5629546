"""Where each node stands: columns from left to right, rows by the barycentre rule.

A node stands at the mean row of its neighbours. Positions are computed here, on the server, and
never by physics: the same picture always looks the same, appears at once, and costs the visitor's
machine nothing. Text is wrapped here too, since the height of a node depends on it.
"""

from __future__ import annotations

import textwrap

from kgqa.ui.drawing.picture import EdgeKey, Node, Picture
from kgqa.ui.html.escape import plain

COLUMN = 280  #: pixels from column to column
FIRST = 215  #: from mentions to what they mean, where no label stands
LINE = 17  #: height of a line of text
GAP = 30  #: height of a node's padding and the free space below it
LABEL_WIDTH, LABEL_HEIGHT = 110, 15  #: room that the name of a relation needs
WRAP = 22  #: characters in a line
LINES = 2
SWEEPS = 4
INDENT, ROW = 34, 38  #: on a narrow screen: pixels from column to column, from row to row
MOST_ROWS = 30
SHELF = 62  #: height of a row of neighbours


def wrap(text: str, width: int = WRAP) -> str:
    """A label of at most two lines; long words are broken, the rest is cut with an ellipsis."""
    text = plain(text, width * LINES * 2)
    lines = textwrap.wrap(text, width, max_lines=LINES, placeholder=" …", break_long_words=True)
    return "\n".join(lines) or "(no name)"


def positions(picture: Picture) -> dict[str, tuple[int, int]]:
    """{node key: (x, y)}, centred on 0; deterministic."""
    columns = [[n for n in picture.nodes.values() if n.column == c] for c in range(picture.columns)]
    near: dict[str, list[str]] = {}
    for edge in picture.edges.values():
        near.setdefault(edge.left, []).append(edge.right)
        near.setdefault(edge.right, []).append(edge.left)
    y: dict[str, float] = {}
    for column in columns:
        y.update(_stack(column))
    for sweep in range(SWEEPS):
        for column in columns if sweep % 2 == 0 else reversed(columns):
            rank = {n.key: i for i, n in enumerate(column)}
            mean = {n.key: _mean([y[k] for k in near.get(n.key, ())], y[n.key]) for n in column}
            column.sort(key=lambda n: (mean[n.key], rank[n.key]))
            y.update(_stack(column))
    for column in reversed(columns):  # a lone node, or a few, stand level with what they lead to
        ideal = {}
        for node in column:
            after = [k for k in near.get(node.key, ()) if picture.nodes[k].column > node.column]
            ideal[node.key] = _mean([y[k] for k in after], y[node.key])
        y.update(_spread(column, ideal))
    return {
        n.key: (max(n.column - 1, 0) * COLUMN + min(n.column, 1) * FIRST, round(y[n.key]))
        for n in picture.nodes.values()
    }


def tree(picture: Picture) -> dict[str, tuple[int, int]]:
    """Positions for a narrow screen: a node a row, below the node that leads to it, indented.

    A bounded number of rows: nodes beyond it are left out. Edges of the answers' paths come first.
    """
    below: dict[str, list[str]] = {}
    for edge in picture.edges.values():
        below.setdefault(edge.left, []).append(edge.right)
    room = max(MOST_ROWS // max(sum(n.role == "mention" for n in picture.nodes.values()), 1), 6)
    at: dict[str, tuple[int, int]] = {}

    def place(key: str, left: list[int]) -> None:
        if key in at or left[0] <= 0:
            return
        left[0] -= 1
        at[key] = (picture.nodes[key].column * INDENT, len(at) * ROW)
        for child in below.get(key, ()):
            place(child, left)

    for node in picture.nodes.values():
        if node.role == "mention":
            place(node.key, [room])
    return at


def shelf(count: int, x: float, y: float, *, wide: bool) -> list[tuple[int, int]]:
    """Positions for neighbours that a visitor adds: below the drawing, so that nothing moves."""
    if not wide:
        return [(round(x + INDENT), round(y + ROW * (i + 1))) for i in range(count)]
    across = min(4, max(count, 1))
    left, rows = x - FIRST * (across - 1) / 2, [divmod(i, across) for i in range(count)]
    return [(round(left + FIRST * at), round(y + SHELF + SHELF * row)) for row, at in rows]


def labelled(picture: Picture, at: dict[str, tuple[int, int]]) -> set[EdgeKey]:
    """Keys of the edges whose relation is written on them: all, unless labels would overlap.

    Labels stand at the middle of an edge. Going down the middles, an edge is passed over if the
    last label is too near. Tooltips and the graph in words name every relation.
    """
    middles = []
    for order, (key, edge) in enumerate(picture.edges.items()):
        if edge.left in at and edge.right in at:
            (x1, y1), (x2, y2) = at[edge.left], at[edge.right]
            middles.append(((x1 + x2) / 2, (y1 + y2) / 2, order, key, edge))
    chosen: dict[EdgeKey, tuple[float, float]] = {}
    for x, y, _, key, edge in sorted(middles, key=lambda m: m[:3]):
        near = (abs(x - a) <= LABEL_WIDTH and abs(y - b) < LABEL_HEIGHT for a, b in chosen.values())
        if edge.fact is not None and not any(near):
            chosen[key] = (x, y)
    return set(chosen)


def _height(node: Node) -> int:
    return GAP + LINE * (wrap(node.text).count("\n") + 1)


def _mean(values: list[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _stack(column: list[Node]) -> dict[str, float]:
    """One under the other, the whole centred on 0."""
    top, y = -sum(_height(n) for n in column) / 2, {}
    for node in column:
        y[node.key] = top + _height(node) / 2
        top += _height(node)
    return y


def _spread(column: list[Node], ideal: dict[str, float]) -> dict[str, float]:
    """As near to the ideal rows as heights allow, in the given order, around the same centre."""
    y, floor = dict[str, float](), float("-inf")
    for node in column:
        half = _height(node) / 2
        y[node.key] = max(ideal[node.key], floor + half)
        floor = y[node.key] + half
    shift = _mean(list(ideal.values()), 0.0) - _mean(list(y.values()), 0.0)
    return {key: value + shift for key, value in y.items()}
