"""The picture as SVG, with question, answer and legend: for slides and print, in light colours.

It is made of the same places and lines as the drawing on the page, and always whole: nothing that
is dim on the page is dim in it. The page makes its PNG of it.
"""

from __future__ import annotations

from kgqa.trace import Trace
from kgqa.ui.drawing import layout, lines
from kgqa.ui.drawing.caption import Caption, caption
from kgqa.ui.drawing.network import label_of
from kgqa.ui.drawing.picture import Node, Picture
from kgqa.ui.html import palette
from kgqa.ui.html.escape import Html, fill, join

FACE = "Source Sans Pro, Helvetica, Arial, sans-serif"
EDGE = 28  #: pixels around the picture
HEAD = 92  #: height of question, answer and legend
INK, PAPER, QUIET = (palette.NAMED[name][0] for name in ("text", "surface", "quiet"))
LETTER = 8.0  #: width of a letter of the legend
_TEXT = (
    '<text x="{x}" y="{y}" fill="{fill}" font-size="{size}" text-anchor="{anchor}"'
    ' font-weight="{weight}">{text}</text>'
)


def svg(trace: Trace, picture: Picture) -> str:
    """The whole file; empty if nothing was walked."""
    if not picture.nodes:
        return ""
    place, text = layout.layout(picture), caption(trace, picture)
    width, height, left, top = _extent(picture, place, text)
    body = join([_head(text, left, top), *_edges(picture, place), *_nodes(picture, place)])
    return str(
        fill(
            '<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" '
            'viewBox="{x} {y} {w} {h}" font-family="{face}" role="img"><title>{title}</title>'
            '<rect x="{x}" y="{y}" width="{w}" height="{h}" fill="{paper}"/>{body}</svg>',
            w=round(width),
            h=round(height),
            x=round(left),
            y=round(top),
            face=FACE,
            title=f"{text.question} {text.answer}",
            paper=PAPER,
            body=body,
        )
    )


def _extent(
    picture: Picture, place: layout.Layout, text: Caption
) -> tuple[float, float, float, float]:
    """(width, height, left, top) of all that is drawn."""
    keys = picture.nodes.keys()
    xs = [place.at[k][0] for k in keys]
    half = max(place.width.values()) / 2
    ys = [place.at[k][1] for k in keys]
    tall = max(map(layout.height_of, picture.nodes.values())) / 2
    left, right = min(xs) - half - EDGE, max(xs) + half + EDGE
    legend = sum(len(key.text) * LETTER + 46 for key in text.keys) + 2 * EDGE
    words = max(len(text.question) * 10.5, len(text.answer) * 9.5 + 80) + 2 * EDGE
    width = max(right - left, legend, words)
    top = min(ys) - tall - EDGE - HEAD
    return width, max(ys) + tall + EDGE - top, left, top


def _words(text: object, x: float, y: float, size: float, **options: object) -> Html:
    chosen = {"fill": INK, "anchor": "start", "weight": 400, **options}
    return fill(_TEXT, text=text, x=f"{x:.1f}", y=f"{y:.1f}", size=size, **chosen)


def _head(text: Caption, left: float, top: float) -> Html:
    x = left + EDGE
    parts = [
        _words(text.question, x, top + 36, 20, weight=700),
        _words(f"Answer: {text.answer}", x, top + 62, 17),
    ]
    for key in text.keys:
        parts.append(_box(x, top + 76, 20, 18, key.colour, fill_with=key.colour, round_by=4))
        middle = {"fill": PAPER, "anchor": "middle", "weight": 700}
        parts.append(_words(key.sign, x + 10, top + 89.5, 13, **middle))
        parts.append(_words(key.text, x + 27, top + 90, 14))
        x += len(key.text) * LETTER + 46
    return join(parts)


def _box(
    x: float,
    y: float,
    width: float,
    height: float,
    colour: str,
    *,
    fill_with: str = PAPER,
    line: float = 1.5,
    round_by: float = 7,
    dash: str = "none",
) -> Html:
    numbers = {"x": x, "y": y, "w": width, "h": height}
    return fill(
        '<rect x="{x}" y="{y}" width="{w}" height="{h}" rx="{round_by}" fill="{fill_with}" '
        'stroke="{colour}" stroke-width="{line}" stroke-dasharray="{dash}"/>',
        **{name: f"{value:.1f}" for name, value in numbers.items()},
        round_by=round_by,
        fill_with=fill_with,
        colour=colour,
        line=line,
        dash=dash,
    )


def _edges(picture: Picture, place: layout.Layout) -> list[Html]:
    drawn = []
    for line in lines.lines(picture, place):
        (x1, y1), (x2, y2) = line.start, line.end
        middle, colour = (x1 + x2) / 2, palette.branch(line.rank)
        bend = f"C {middle:.1f} {y1:.1f} {middle:.1f} {y2:.1f}" if line.curved else "L"
        drawn.append(
            fill(
                '<path d="M {x1} {y1} {bend} {x2} {y2}" fill="none" stroke="{colour}" '
                'stroke-width="{w}" stroke-dasharray="{dash}" stroke-opacity="0.8"/>',
                x1=f"{x1:.1f}",
                y1=f"{y1:.1f}",
                x2=f"{x2 - 6 * line.arrow:.1f}",
                y2=f"{y2:.1f}",
                bend=bend,
                colour=colour,
                w=f"{1 + 3 * min(max(line.weight, 0.0), 1.0):.2f}",
                dash="5 4" if line.dashed else "none",
            )
        )
        if line.arrow:
            head = f"{x2:.1f},{y2:.1f} {x2 - 10:.1f},{y2 - 5:.1f} {x2 - 10:.1f},{y2 + 5:.1f}"
            drawn.append(fill('<polygon points="{p}" fill="{c}"/>', p=head, c=colour))
        if line.label:
            drawn.append(_label(line.label.split("\n"), middle, (y1 + y2) / 2))
    return drawn


def _label(rows: list[str], x: float, y: float) -> Html:
    """Words in the middle of a stem, on paper."""
    wide, tall = max(map(len, rows)) * layout.SMALL + 4, 15 * len(rows)
    paper = _box(x - wide / 2, y - tall / 2, wide, tall, PAPER, line=0, round_by=0)
    first = y - (len(rows) - 1) * 7.5 + 4.5
    return paper + join(
        _words(row, x, first + 15 * i, 13, fill=QUIET, anchor="middle")
        for i, row in enumerate(rows)
    )


def _nodes(picture: Picture, place: layout.Layout) -> list[Html]:
    return [_node(node, place) for node in picture.nodes.values()]


def _node(node: Node, place: layout.Layout) -> Html:
    (x, y), width, height = (
        place.at[node.key],
        place.width[node.column],
        layout.height_of(node),
    )
    answer, filled = node.role == "answer", node.role == "mention"
    rank = -1 if answer else layout.rank_of(node.branches)
    colour = palette.NAMED["answer"][0] if answer else palette.branch(rank)
    colour = QUIET if node.out else colour
    parts = []
    if node.meets:
        glow = x - width / 2 - 5, y - height / 2 - 5, width + 10, height + 10
        parts.append(_box(*glow, colour, line=1, round_by=11))
    parts.append(
        _box(
            x - width / 2,
            y - height / 2,
            width,
            height,
            colour,
            fill_with=colour if filled else PAPER,
            line=3 if answer or node.meets else 1.5,
            dash="4 3" if node.out else "none",
        )
    )
    rows = label_of(node).split("\n")
    ink = PAPER if filled else QUIET if node.out else INK
    first = y - (len(rows) - 1) * layout.LINE / 2 + 5
    parts += [
        _words(row, x, first + layout.LINE * i, 15, fill=ink, anchor="middle")
        for i, row in enumerate(rows)
    ]
    return join(parts)
