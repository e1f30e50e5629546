"""Figures of the lesson: small tables made from a trace, with the model's numbers of now."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kgqa.trace import Fact, Hop, Mention, Neighbourhood
from kgqa.ui.html import parts, words
from kgqa.ui.html.escape import Html, clip, fill, join

FLOOR = 0.02  #: less likely relations are not followed (kgqa.walk.ops.MIN_RELATION)


def table(heads: Iterable[str], rows: Iterable[Iterable[object]], *, name: str) -> Html:
    """A plain table; the first cell of a row is its heading."""
    cell, heading = "<td>{c}</td>", '<tr><th scope="row">{first}</th>{cells}</tr>'
    head = join(fill('<th scope="col">{h}</th>', h=h) for h in heads)
    body = join(
        fill(heading, first=first, cells=join(fill(cell, c=c) for c in rest))
        for first, *rest in rows
    )
    return fill(
        '<div class="table-box" tabindex="0" role="region" aria-label="{name}"><table '
        'class="kg-table plain"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>',
        name=name,
        head=head,
        body=body,
    )


def label(text: str) -> Html:
    """A name in a cell."""
    return fill("<bdi>{text}</bdi>", text=clip(text, 60))


def candidates(mention: Mention, about: Callable[[str], Neighbourhood | None]) -> Html:
    """The candidates of a mention, the relations that leave each, and the scores."""
    rows = []
    for candidate in mention.candidates[:4]:
        known = about(candidate.entity.id)
        groups = sorted(known.groups, key=lambda g: -g.total) if known else ()
        relations = words.several([f"{g.label} ({g.total:,})" for g in groups], 4)
        score = parts.bar(candidate.score)
        rows.append((parts.named(candidate.entity), relations or "none", score))
    heads = ("May mean", "Relations that leave it", "Score")
    return table(heads, rows, name=f"Candidates of {clip(mention.text, 60)}")


def hop(
    number: int,
    before: dict[str, float],
    hop: Hop,
    facts: Iterable[Fact],
    ids: dict[str, str],
    most: int = 12,
) -> Html:
    """follow as a sparse product: every fact that is read, x[head] · r[relation], and the sums.

    Args:
        before: {entity id: membership} of the set that the hop starts from.
        facts: those that the trace lists suffice; a fact is read in both directions.
        ids: {label of a relation as stored: its id}.
    """
    weights = {r.id: r for r in hop.relations if r.weight > FLOOR}
    rows, sums, names = [], dict[str, float](), {}
    for fact in facts:
        id = ids.get(fact.relation, fact.relation)
        for start, end, key in ((fact.head, fact.tail, id), (fact.tail, fact.head, "-" + id)):
            if start.id not in before or key not in weights:
                continue
            x, relation = before[start.id], weights[key]
            product = x * relation.weight
            factors = f"{x:.3f} × {relation.weight:.3f}", f"{product:.3f}"
            cells = (label(start.label), relation.label, label(end.label), *factors)
            rows.append((product, cells))
            sums[end.id] = sums.get(end.id, 0.0) + product
            names[end.id] = end.label
    if not rows:
        none = "No fact of the graph leaves these entities over these relations."
        return fill('<p class="quiet">{none}</p>', none=none)
    rows.sort(key=lambda row: -row[0])
    heads, name = ("From", "Relation", "To", "x · r", "Product"), f"Hop {number}, fact by fact"
    heaviest = sorted(sums.items(), key=lambda item: -item[1])[:6]
    return table(heads, (cells for _, cells in rows[:most]), name=name) + fill(
        '<p class="quiet">Added up for each entity: <bdi>{totals}</bdi>.{rest}</p>',
        totals="; ".join(f"{clip(names[e], 40)}: {min(s, 1):.3f}" for e, s in heaviest),
        rest=f" {len(rows) - most} more products are not shown." if len(rows) > most else "",
    )
