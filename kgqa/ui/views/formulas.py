"""The last zoom level of each step: its formula with the numbers of this question in it.

The symbols are those of the lesson: x is a set with memberships, r the weight of a relation. Only
what the trace holds is written; where it lists a part of a sum, the rest of the sum is said.
"""

from __future__ import annotations

from collections.abc import Iterator

from kgqa.trace import Branch, EntityWeight, Hop, Trace
from kgqa.ui.html import marks, operators, parts, words
from kgqa.ui.html.escape import Html, clip, fill

LINES = 3  #: entities that a formula is written for
CLOSE = 0.006  #: what two roundings to two decimals may differ by


def seeds(trace: Trace) -> Html:
    """x₀ of each branch: the scores of its candidates."""
    ranks = marks.ranks(trace)
    lines = (
        fill(
            "{badge} <em>x</em><sub>0</sub> = {{ <bdi>{pairs}</bdi> }}",
            badge=parts.badge(ranks[branch.mention]),
            pairs="; ".join(_pairs(branch.seeds)),
        )
        for branch in trace.branches
        if branch.seeds
    )
    return parts.formula(lines)


def hops(trace: Trace) -> Html:
    """What each hop carried into the first entities that it reached."""
    ranks = marks.ranks(trace)
    return parts.formula(
        line for branch in trace.branches for line in _hops(branch, ranks[branch.mention])
    )


def meeting(trace: Trace) -> Html:
    """The minimum (or maximum) of the first rows of the intersection."""
    both = trace.intersection
    if both is None:
        return Html()
    united = trace.united or not trace.edits.intersect
    if any(branch.negated for branch in trace.branches) and united:
        return Html()  # the table says it in words
    name = "max" if united else "min"
    lines = []
    for row in both.rows[:LINES]:
        terms = [
            f"1 − {value:.2f}" if branch.negated else f"{value:.2f}"
            for branch, value in zip(trace.branches, row.memberships, strict=False)
        ]
        text = f"{name}({', '.join(terms)}) = {row.minimum:.2f}"
        lines.append(_line(row.entity.label, "", text))
    return parts.formula(lines)


def _pairs(weights: tuple[EntityWeight, ...]) -> Iterator[str]:
    for item in weights[: 2 * LINES]:
        yield f"{clip(item.entity.label, 40)}: {item.membership:.2f}"
    if len(weights) > 2 * LINES:
        yield words.count(len(weights) - 2 * LINES, "more", "more")


def _hops(branch: Branch, rank: int) -> Iterator[Html]:
    before = {item.entity.id: item.membership for item in branch.seeds}
    for number, hop in enumerate(marks.walked(branch), 1):
        if not hop.relations or operators.parse(hop.relations[0].id)[0] != "follow":
            return  # an operator compares values, which the table shows
        for item in hop.entities[:LINES]:
            carried = None if branch.stands_for and number == 1 else _carried(item, hop, before)
            if carried:
                yield parts.badge(rank) + Html(" ") + _line(item.entity.label, str(number), carried)
        before = {item.entity.id: item.membership for item in hop.entities}


def _carried(item: EntityWeight, hop: Hop, before: dict[str, float]) -> str:
    """ "1.00 × 0.98 (from Tom Hanks) = 0.98", or that other facts add to it."""
    ends = ((f, a, b) for f in hop.facts for a, b in ((f.head, f.tail), (f.tail, f.head)))
    for _, start, end in ends:
        if end.id == item.entity.id and start.id in before:
            weight, start_weight = hop.relations[0].weight, before[start.id]
            product, name = weight * start_weight, clip(start.label, 40)
            text = f"{start_weight:.2f} × {weight:.2f} (from {name})"
            if product > item.membership + CLOSE:
                return ""
            if item.membership - product > CLOSE:
                text += f" + {item.membership - product:.2f} over other facts"
            return f"{text} = {item.membership:.2f}"
    return ""


def _line(label: str, hop: str, text: str) -> Html:
    return fill(
        "<em>x</em>{sub}[<bdi>{label}</bdi>] = <bdi>{text}</bdi>",
        sub=fill("<sub>{hop}</sub>", hop=hop) if hop else "",
        label=clip(label, 40),
        text=text,
    )
