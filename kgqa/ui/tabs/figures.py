"""Figures of the lesson: small tables made from a trace, with the numbers of the model at this moment."""

from __future__ import annotations

from collections.abc import Iterable

from kgqa.trace import Fact, Hop, Neighbourhood, Trace
from kgqa.ui.html import marks, parts, words
from kgqa.ui.html.escape import Html, clip, fill, join

FLOOR = (
    0.02  #: relations below this probability are not followed in use (kgqa.walk.ops.MIN_RELATION)
)


def table(heads: Iterable[str], rows: Iterable[Iterable[object]], *, name: str) -> Html:
    """A plain table; the first cell of a row is its heading."""
    head = join(fill('<th scope="col">{h}</th>', h=h) for h in heads)
    body = join(
        fill(
            '<tr><th scope="row">{first}</th>{cells}</tr>',
            first=cells[0],
            cells=join(fill("<td>{c}</td>", c=c) for c in cells[1:]),
        )
        for cells in (list(row) for row in rows)
    )
    return fill(
        '<div class="table-box" tabindex="0" role="region" aria-label="{name}"><table class="meet plain">'
        "<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>",
        name=name,
        head=head,
        body=body,
    )


def label(text: str) -> Html:
    return fill("<bdi>{text}</bdi>", text=clip(text, 60))


def about(found: Neighbourhood | None, most: int = 6) -> Html:
    """Facts of one entity as triples."""
    if found is None:
        return Html()
    rows = [
        (label(found.entity.label), fill("<em>{r}</em>", r=group.label), label(entity.label))
        for group in found.groups
        for entity in group.entities[:2]
    ]
    return table(
        ("Head", "Relation", "Tail"), rows[:most], name=f"Facts of {clip(found.entity.label, 60)}"
    )


def candidates(trace: Trace, groups: dict[str, Neighbourhood | None]) -> Html:
    """The candidates of the first mention, the relations that leave each, and the scores."""
    mention = next((m for m in trace.mentions if m.used), None)
    if mention is None:
        return Html()
    rows = []
    for candidate in mention.candidates[:4]:
        found = groups.get(candidate.entity.id)
        relations = (
            [f"{g.label} ({g.total:,})" for g in sorted(found.groups, key=lambda g: -g.total)]
            if found
            else []
        )
        rows.append(
            (
                parts.named(candidate.entity),
                words.several(relations, 4) or "none",
                parts.bar(candidate.score),
            )
        )
    return table(
        ("May mean", "Relations that leave it", "Score"),
        rows,
        name=f"Candidates of {clip(mention.text, 60)}",
    )


def hop(
    number: int,
    before: dict[str, float],
    hop_: Hop,
    facts: tuple[Fact, ...],
    relations: dict[str, str],
    most: int = 12,
) -> Html:
    """follow as a sparse product: every fact that is read, x[head] · r[relation], and the sums.

    ``before``: memberships by entity id; ``relations``: {label of a relation as stored: id}. Facts that the trace lists suffice:
    a fact is read in its own direction or against it.
    """
    weights = {r.id: (r.label, r.weight) for r in hop_.relations}
    rows, sums, names = [], {}, {}
    for fact in facts:
        stored = relations.get(fact.relation, fact.relation)
        for start, end, key in (
            (fact.head, fact.tail, stored),
            (fact.tail, fact.head, "-" + stored),
        ):
            if start.id in before and key in weights and weights[key][1] > FLOOR:
                said, weight = weights[key]
                product = before[start.id] * weight
                rows.append(
                    (
                        product,
                        label(start.label),
                        said,
                        label(end.label),
                        f"{before[start.id]:.3f} × {weight:.3f}",
                        f"{product:.3f}",
                    )
                )
                sums[end.id] = sums.get(end.id, 0.0) + product
                names[end.id] = end.label
    if not rows:
        return Html(
            '<p class="quiet">No fact of the graph leaves these entities over these relations.</p>'
        )
    rows.sort(key=lambda row: -row[0])
    shown = table(
        ("From", "Relation", "To", "x · r", "Product"),
        (r[1:] for r in rows[:most]),
        name=f"Hop {number}, fact by fact",
    )
    total = "; ".join(
        f"{clip(names[e], 40)}: {min(s, 1):.3f}"
        for e, s in sorted(sums.items(), key=lambda i: -i[1])[:6]
    )
    rest = f" {len(rows) - most} more products are not shown." if len(rows) > most else ""
    return shown + fill(
        '<p class="quiet">Added up for each entity: <bdi>{t}</bdi>.{rest}</p>', t=total, rest=rest
    )


def stops(trace: Trace) -> Html:
    """How long each branch is, as the model says."""
    rows = []
    for branch in trace.branches:
        text = marks.mention_text(trace, branch.mention)
        rows += [
            (label(f"{text}: {words.count(n, 'hop')}"), parts.bar(p))
            for n, p in enumerate(branch.stop)
        ]
    return table(("Walk", "Probability"), rows, name="How many hops")


def steps(trace: Trace) -> Html:
    """The heaviest relations of every hop."""
    rows = []
    for branch in trace.branches:
        for number, one in enumerate(marks.walked(branch), 1):
            heaviest = [
                fill("<em>{l}</em> {p}", l=r.label, p=words.percent(r.weight))
                for r in one.relations[:3]
            ]
            reached = words.count(len(one.entities) + one.omitted, "entity", "entities")
            rows.append(
                (
                    label(f"{marks.mention_text(trace, branch.mention)}, hop {number}"),
                    join(heaviest, ", "),
                    reached,
                )
            )
    return table(("Branch", "Relations", "Reached"), rows, name="Relations hop by hop")


def chains(
    facts: tuple[Fact, ...],
    relations: dict[str, str],
    start: str,
    goal: str,
    words_of: dict[str, str],
) -> list[str]:
    """Every chain of one or two relations from one entity to another, by label: what could explain an answer."""
    steps_: dict[str, list[tuple[str, str]]] = {}
    for fact in facts:
        stored = relations.get(fact.relation, fact.relation)
        steps_.setdefault(fact.head.label, []).append((fact.relation, fact.tail.label))
        steps_.setdefault(fact.tail.label, []).append(
            (words_of.get("-" + stored, f"{fact.relation}, backwards"), fact.head.label)
        )
    found = [r for r, e in steps_.get(start, ()) if e == goal]
    for first, middle in steps_.get(start, ()):
        found += [
            f"{first}, then {second}"
            for second, e in steps_.get(middle, ())
            if e == goal and middle != goal
        ]
    return list(dict.fromkeys(found))
