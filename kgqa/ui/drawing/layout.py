"""Where each node stands: columns from left to right, rows by the barycentre rule, and the lines.

A node stands at the mean row of its neighbours. Positions are computed here, on the server, and
never by physics: the same picture always looks the same, appears at once, and costs the visitor's
machine nothing. Text is wrapped here too, since the height of a node depends on it.

All edges that leave a node over the same relation share a stem, which carries the words, and fan
out behind it. Lines run between columns only, so none is behind a node, and no words overlap.
"""

from __future__ import annotations

import textwrap
import unicodedata
from dataclasses import dataclass, field

from kgqa.ui.drawing.picture import EdgeKey, Node, Picture
from kgqa.ui.html.escape import plain

LINE = 17  #: height of a line of text
GAP = 27  #: height of a node's padding and the free space below it
PADDING = 14  #: of that the padding
WRAP = 20  #: characters in a line of a node
STEM = 17  #: characters in a line of the words on a stem
LINES = 2
LETTER, SMALL = 7.7, 6.5  #: width of a letter in a node, and on a stem
SIDES = 22  #: width of a node's padding
FAN = 58  #: width in which the lines of a stem fan out
ASIDE = 17  #: from one stem of a node to the next
SWEEPS = 4
INDENT, ROW = 34, 44  #: on a narrow screen: pixels from column to column, from row to row
MOST_ROWS = 22
SHELF = 62  #: height of a row of neighbours
BESIDE = 215  #: from one neighbour to the next


@dataclass
class Stem:
    """Words on a short line, from the right side of a node; its fan leads on."""

    left: str  #: key of the node
    label: str  #: wrapped
    rank: int  #: of the branch whose colour it has; -1 for several
    edges: list[EdgeKey]
    start: tuple[float, float] = (0.0, 0.0)
    end: tuple[float, float] = (0.0, 0.0)


@dataclass
class Layout:
    """Places in pixels."""

    at: dict[str, tuple[int, int]]  #: centre of each node, of places to pass too
    width: dict[int, float]  #: of the nodes of a column
    stems: list[Stem] = field(default_factory=list)
    lines: dict[EdgeKey, list[tuple[float, float]]] = field(default_factory=dict)
    """From the end of the stem, over the places where columns are passed, to the node."""


def wrap(text: str, width: int = WRAP) -> str:
    """A label of at most two lines; long words are broken, the rest is cut with an ellipsis."""
    text = plain(text, width * LINES * 2)
    lines = textwrap.wrap(text, width, max_lines=LINES, placeholder=" …", break_long_words=True)
    return "\n".join(lines) or "(no name)"


def broad(text: str) -> int:
    """Letters of the longest line; those of East Asia count twice."""
    wide = [sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in t) for t in text.split("\n")]
    return max(wide)


def rank_of(branches: set[int]) -> int:
    """The branch whose colour is shown; -1 for several."""
    own = branches - {-1}
    return next(iter(own)) if len(own) == 1 else -1


def layout(picture: Picture) -> Layout:
    """Positions, centred on 0, and lines; deterministic."""
    stems = _stems(picture)
    y = _rows(picture)
    width, x = _columns(picture, stems)
    everything = [*picture.nodes.values(), *picture.vias.values()]
    at = {n.key: (round(x[n.column]), round(y[n.key])) for n in everything}
    found = Layout(at, width, stems)
    _join(picture, found)
    return found


def positions(picture: Picture) -> dict[str, tuple[int, int]]:
    """{node key: (x, y)}."""
    at = layout(picture).at
    return {key: at[key] for key in picture.nodes}


def _rows(picture: Picture) -> dict[str, float]:
    everything = [*picture.nodes.values(), *picture.vias.values()]
    known = {n.key: n for n in everything}
    columns = [[n for n in everything if n.column == c] for c in range(picture.columns)]
    near: dict[str, list[str]] = {}
    for edge in picture.edges.values():
        chain = [edge.left, *edge.via, edge.right]
        for left, right in zip(chain, chain[1:], strict=False):
            near.setdefault(left, []).append(right)
            near.setdefault(right, []).append(left)
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
            after = [k for k in near.get(node.key, ()) if known[k].column > node.column]
            ideal[node.key] = _mean([y[k] for k in after], y[node.key])
        y.update(_spread(column, ideal))
    return y


def _stems(picture: Picture) -> list[Stem]:
    """Edges that leave a node over the same relation, in the same colour, together."""
    groups: dict[tuple[str, str, int], Stem] = {}
    for key, edge in picture.edges.items():
        rank = rank_of(edge.branches)
        stem = Stem(edge.left, wrap(edge.label, STEM), rank, [])
        groups.setdefault((edge.left, edge.label, rank), stem).edges.append(key)
    return list(groups.values())


def _columns(picture: Picture, stems: list[Stem]) -> tuple[dict[int, float], dict[int, float]]:
    """Width of the nodes of each column, and x of its middle: room for the words between them."""
    width: dict[int, float] = {}
    room: dict[int, float] = {}
    for node in picture.nodes.values():
        mark = 2 if node.role == "answer" or node.out else 0
        own = (broad(wrap(node.text)) + mark) * LETTER + SIDES
        width[node.column] = max(width.get(node.column, 60.0), own)
    for stem in stems:
        column = picture.nodes[stem.left].column
        room[column] = max(room.get(column, 0.0), broad(stem.label) * SMALL + 16)
    x, left = dict[int, float](), 0.0
    for column in range(picture.columns):
        own = width.get(column, 0.0)
        x[column] = left + own / 2
        left += own + room.get(column, 0.0) + FAN
    middle = (left - FAN) / 2
    return width, {column: value - middle for column, value in x.items()}


def _join(picture: Picture, found: Layout) -> None:
    """Stems and lines between the sides of nodes that stand already."""
    mine: dict[str, list[Stem]] = {}
    for stem in found.stems:
        mine.setdefault(stem.left, []).append(stem)
    for key, stems in mine.items():
        (x, y), column = found.at[key], picture.nodes[key].column
        side = x + found.width[column] / 2
        reach = max(broad(s.label) for s in found.stems if _column(picture, s) == column)
        stems.sort(key=lambda s: _mean([found.at[e[1]][1] for e in s.edges], y))
        for i, stem in enumerate(stems):
            aside = (i - (len(stems) - 1) / 2) * ASIDE
            lines = 1 + stem.label.count("\n")
            aside *= max(lines, 1)
            near = max(min(aside, 9.0), -9.0)
            stem.start = side, y + near
            stem.end = side + reach * SMALL + 16, y + aside
    for stem in found.stems:
        for link in stem.edges:
            edge, points = picture.edges[link], [stem.end]
            for via in edge.via:
                (x, y), half = found.at[via], found.width.get(picture.vias[via].column, 0.0) / 2
                points += [(x - half, y), (x + half, y)]
            x, y = found.at[edge.right]
            half = found.width[picture.nodes[edge.right].column] / 2
            found.lines[link] = [*points, (x - half - 1, y)]


def _column(picture: Picture, stem: Stem) -> int:
    return picture.nodes[stem.left].column


def tree(picture: Picture) -> dict[str, tuple[int, int]]:
    """Positions for a narrow screen: a node a row, below the node that leads to it, indented.

    A bounded number of rows: nodes beyond it are left out. Edges of the answers' paths come first.
    """
    below: dict[str, list[str]] = {}
    for edge in picture.edges.values():
        below.setdefault(edge.left, []).append(edge.right)
    mentions = [n for n in picture.nodes.values() if n.role == "mention"]
    room = max(MOST_ROWS // max(len(mentions), 1), 6)
    at: dict[str, tuple[int, int]] = {}

    def place(key: str, depth: int, left: list[int]) -> None:
        if key in at or left[0] <= 0:
            return
        left[0] -= 1
        at[key] = (depth * INDENT, len(at) * ROW)
        for child in below.get(key, ()):
            place(child, depth + 1, left)

    for node in mentions:
        place(node.key, 0, [room])
    return at


def shelf(count: int, x: float, y: float, *, wide: bool) -> list[tuple[int, int]]:
    """Positions for neighbours that a visitor adds: below the drawing, so that nothing moves."""
    if not wide:
        return [(round(x + INDENT), round(y + ROW * (i + 1))) for i in range(count)]
    across = min(4, max(count, 1))
    left, rows = x - BESIDE * (across - 1) / 2, [divmod(i, across) for i in range(count)]
    return [(round(left + BESIDE * at), round(y + SHELF + SHELF * row)) for row, at in rows]


def height_of(node: Node) -> int:
    """Of the node itself, in pixels."""
    return PADDING + LINE * (wrap(node.text).count("\n") + 1)


def _height(node: Node) -> int:
    """Of its row."""
    return LINE if node.role == "via" else GAP - PADDING + height_of(node)


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
