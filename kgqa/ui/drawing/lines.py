"""The lines of a picture: stems with words, fans behind them, each with what it stands for."""

from __future__ import annotations

from dataclasses import dataclass

from kgqa.ui.drawing.layout import Layout
from kgqa.ui.drawing.picture import Edge, Picture
from kgqa.ui.html import words


@dataclass(frozen=True)
class Line:
    """A piece of an edge, or of several that share a stem."""

    start: tuple[float, float]  #: pixels
    end: tuple[float, float]
    label: str  #: on a stem; wrapped
    said: tuple[str, ...]  #: the facts, as sentences
    links: list[int]  #: indices of the picture's edges that it is a part of
    rank: int  #: whose colour it has; -1 for several branches
    weight: float  #: membership of what it leads to
    step: int  #: of the walk, from which on it is shown
    arrow: bool
    dashed: bool
    curved: bool


def step(picture: Picture, edge: Edge) -> int:
    """The step from which on an edge is shown: when both of its ends are."""
    return max(picture.nodes[edge.left].step, picture.nodes[edge.right].step)


def lines(picture: Picture, place: Layout) -> list[Line]:
    """All lines, each stem before its fan."""
    order = {key: i for i, key in enumerate(picture.edges)}
    found = []
    for stem in place.stems:
        edges = [picture.edges[key] for key in stem.edges]
        weights = [picture.nodes[edge.right].weight for edge in edges]
        steps = [step(picture, edge) for edge in edges]
        said = [tuple([words.fact(edge.fact)] if edge.fact else []) for edge in edges]
        dashed, links = edges[0].fact is None, [order[key] for key in stem.edges]
        found.append(
            Line(
                stem.start,
                stem.end,
                stem.label,
                said[0] if len(said) == 1 else (),
                links,
                stem.rank,
                max(weights),
                min(steps),
                False,
                dashed,
                False,
            )
        )
        for i, key in enumerate(stem.edges):
            points = place.lines[key]
            for n, (a, b) in enumerate(zip(points, points[1:], strict=False)):
                last = n == len(points) - 2
                rest = stem.rank, weights[i], steps[i], last, dashed, n % 2 == 0
                found.append(Line(a, b, "", said[i], [links[i]], *rest))
    return found
