"""The facts of the lesson's figure drawn for paper: an SVG in black and white."""

from __future__ import annotations

from kgqa.ui.figure import Figure
from kgqa.ui.html.escape import Html, clip, fill, join

WIDTH, ROW, BOX, HEIGHT = 720, 46, 180, 30  #: of the drawing, a row, and a box, in pixels
FITS = 25  #: characters of a name in a box
Place = tuple[float, float]

_BOX = (
    '<g><rect x="{x}" y="{y}" width="{w}" height="{h}" rx="6"/><text x="{tx}" y="{ty}" '
    'text-anchor="middle">{label}</text></g>'
)
_LINE = '<path d="M{x},{y} L{z},{v}" marker-{end}="url(#kg-arrow)"/>'
_WORD = '<text class="word" x="{x}" y="{y}" text-anchor="{anchor}">{text}</text>'
_DRAWING = (
    '<svg class="sheet-graph" viewBox="0 0 {width} {height}" role="img" aria-label="{name}">'
    '<defs><marker id="kg-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
    'markerHeight="7" orient="auto-start-reverse"><path d="M0,0 L8,4 L0,8 z"/></marker></defs>'
    "{lines}{boxes}{words}</svg>"
)


def drawing(figure: Figure) -> Html:
    """Entities in columns, an arrow from head to tail for each fact, relations in words."""
    places = _places(figure)
    rows = max(figure.columns.count(c) for c in set(figure.columns))
    boxes = join(
        fill(
            _BOX,
            x=f"{x - BOX / 2:g}",
            y=f"{y - HEIGHT / 2:g}",
            w=BOX,
            h=HEIGHT,
            tx=f"{x:g}",
            ty=f"{y + 4:g}",
            label=clip(figure.label(e), FITS),
        )
        for e, (x, y) in enumerate(places)
    )
    return fill(
        _DRAWING,
        width=WIDTH,
        height=rows * ROW,
        name=f"The {len(figure.facts)} facts, as listed below",
        lines=join(_line(places, head, tail) for head, _, tail in figure.facts),
        boxes=boxes,
        words=_words(figure, places),
    )


def _places(figure: Figure) -> list[Place]:
    columns = sorted(set(figure.columns))
    height = ROW * max(figure.columns.count(c) for c in columns)
    seen, out = dict.fromkeys(columns, 0), list[Place]()
    for column in figure.columns:
        share = columns.index(column) / max(len(columns) - 1, 1)
        x = BOX / 2 + 1 + share * (WIDTH - BOX - 2)
        out.append((x, (seen[column] + 0.5) * height / figure.columns.count(column)))
        seen[column] += 1
    return out


def _line(places: list[Place], head: int, tail: int) -> Html:
    """From the left one to the right one; the arrow is at the tail."""
    left, right = sorted((head, tail), key=lambda e: places[e][0])
    (x, y), (z, v) = places[left], places[right]
    inside = 0 if x == z else BOX / 2
    return fill(
        _LINE,
        x=f"{x + inside:g}",
        y=f"{y:g}",
        z=f"{z - inside:g}",
        v=f"{v:g}",
        end="end" if right == tail else "start",
    )


def _words(figure: Figure, places: list[Place]) -> Html:
    """Each relation once at each start and each end, as stored."""
    seen, out, lines = set[tuple[int, int]](), list[Html](), dict[int, int]()
    for head, p, tail in figure.facts:
        left, right = sorted((head, tail), key=lambda e: places[e][0])
        at = left if figure.columns[left] == 0 else right
        if (at, p) in seen:
            continue
        seen.add((at, p))
        x, y = places[at]
        side = 1 if at == left else -1
        out.append(
            fill(
                _WORD,
                x=f"{x + side * (BOX / 2 + 5):g}",
                y=f"{y - 6 + 18 * lines.get(at, 0):g}",
                anchor="start" if side > 0 else "end",
                text=clip(figure.relations[p][1], 22),
            )
        )
        lines[at] = lines.get(at, 0) + 1
    return join(out)
