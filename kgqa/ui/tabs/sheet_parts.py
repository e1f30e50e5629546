"""Pieces of the teacher's sheet: steps of a hop, and the tables and blanks that they stand in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kgqa.ui.figure import Figure, Vector
from kgqa.ui.html.escape import Html, clip, fill, join

BLANK = Html('<span class="blank"></span>')
Step = tuple[int, int, int, float, float, float]  #: source, relation, target, product, x, r


def steps(figure: Figure, x: Sequence[float], r: Sequence[float]) -> list[Step]:
    """Each fact that a hop reads, in the direction walked, with its product."""
    half, out = len(figure.relations), list[Step]()
    for head, p, tail in figure.facts:
        ways = [(head, p, tail)]
        if figure.relations[p][2]:
            ways.append((tail, p + half, head))
        for source, relation, target in ways:
            value = x[source] * r[relation]
            if value > 0:
                out.append((source, relation, target, value, x[source], r[relation]))
    return out


def step(figure: Figure, step: Step) -> Html:
    half = len(figure.relations)
    _, label, inverse = figure.relations[step[1] % half]
    return fill(
        "<bdi>{s}</bdi> → <em><bdi>{r}</bdi></em> → <bdi>{t}</bdi>",
        s=figure.label(step[0]),
        r=clip(inverse if step[1] >= half else label, 60),
        t=figure.label(step[2]),
    )


def working(step: Step) -> str:
    return f"{number(step[4])} × {number(step[5])}"


def relations(figure: Figure, r: Vector) -> Iterable[tuple[str, float]]:
    half = len(figure.relations)
    for p, v in enumerate(r):
        if v > 0:
            _, label, inverse = figure.relations[p % half]
            yield f"“{clip(inverse if p >= half else label, 60)}”", v


def listed(symbol: str, items: Iterable[tuple[str, float]]) -> Html:
    """x of Tom Hanks = 0.8, of ..., as text."""
    said = ", ".join(f"{symbol}[{name}] = {number(v)}" for name, v in items)
    return fill("<bdi>{said}</bdi>", said=said)


def named(figure: Figure, entity: int) -> str:
    note = figure.entities[entity].description or figure.entities[entity].kind
    return f"{figure.label(entity)}, {clip(note, 60)}" if note else figure.label(entity)


def entity(figure: Figure, entity: int) -> Html:
    return fill("<bdi>{name}</bdi>", name=figure.label(entity))


def result(figure: Figure, lead: str, x: Vector, solved: bool) -> Html:
    said = "; ".join(f"{figure.label(e)} {number(v)}" for e, v in enumerate(x) if v > 0) or "empty"
    answer = fill("<b><bdi>{said}</bdi></b>", said=said) if solved else BLANK
    return fill("<p>{lead} {answer}</p>", lead=lead, answer=answer)


def column(figure: Figure, column: int) -> list[int]:
    return [e for e, c in enumerate(figure.columns) if c == column]


def blanks(solved: bool, *values: str) -> tuple[object, ...]:
    return values if solved else tuple(BLANK for _ in values)


def table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> Html:
    head = join(fill('<th scope="col">{h}</th>', h=h) for h in heads)
    row = '<tr><th scope="row">{first}</th>{cells}</tr>'
    made = join(
        fill(row, first=first, cells=join(fill("<td>{c}</td>", c=c) for c in rest))
        for first, *rest in rows
    )
    return fill(
        '<div class="sheet-table" tabindex="0"><table><thead><tr>{head}</tr></thead>'
        "<tbody>{rows}</tbody></table></div>",
        head=head,
        rows=made,
    )


def number(value: float) -> str:
    """At most three decimals, as a reader writes them: 0.64, 1.024, 1."""
    return f"{round(value, 3):g}"
