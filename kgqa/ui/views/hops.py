"""Step 3, follow: x_t = follow(x_{t-1}, r_t) for each mention, hop by hop.

For each hop: the relations that it follows and how strongly, the words that it attended to, the entities that it
reached. A relation can be changed at any hop (:mod:`kgqa.ui.views.edits`). ``hop_list`` is also used for the hops after the
intersection.
"""

from __future__ import annotations

from kgqa.trace import Branch, EntityWeight, Hop, Trace
from kgqa.ui.html import marks, palette, parts, words
from kgqa.ui.html.escape import Html, clip, fill, join
from kgqa.ui.views import edits as act

RELATIONS = 3
ENTITIES = 6
WORDS = 6


def render(trace: Trace) -> Html:
    """One card for each branch."""
    if not trace.branches:
        return Html()
    ranks = marks.ranks(trace)
    cards = join(_branch(trace, b, ranks[b.mention]) for b in trace.branches)
    lead = "From each name the model follows relations. At every hop it weighs all of them and the question's words."
    lead += " Change one to see where it would have led."
    return parts.section(
        3,
        "Where it leads, hop by hop",
        lead,
        fill('<div class="kg-grid">{cards}</div>', cards=cards),
    )


def _branch(trace: Trace, branch: Branch, rank: int) -> Html:
    start = words.several([clip(s.entity.label, 60) for s in branch.seeds[:3]], 3)
    return fill(
        '<div class="kg-panel {c}" {where}><h4>{badge}<bdi>{text}</bdi></h4><p class="start">Starts at <bdi>{start}</bdi>'
        '{many}; {stay}.</p>{hops}<p class="reached">Reaches {n}.</p></div>',
        c=palette.css_class(rank),
        where=span(trace, branch.mention),
        badge=parts.badge(rank),
        text=clip(marks.mention_text(trace, branch.mention), 80),
        start=start or "nothing",
        many=f" and {len(branch.seeds) - 3:,} more" if len(branch.seeds) > 3 else "",
        stay=f"stays there: {words.percent(branch.stop[0])}" if branch.stop else "then",
        hops=hop_list(branch.hops, branch.stop, most=len(branch.stop) - 1),
        n=words.count(branch.reached, "entity", "entities"),
    )


def span(trace: Trace, mention: int) -> Html:
    """The attributes by which a control knows which mention it changes; out of range, the walk after the intersection."""
    known = trace.mentions[mention] if 0 <= mention < len(trace.mentions) else None
    return fill(
        'data-start="{a}" data-end="{z}"',
        a=known.start if known else -1,
        z=known.end if known else -1,
    )


def hop_list(hops: tuple[Hop, ...], stop: tuple[float, ...], *, most: int) -> Html:
    """The hops in order; those after the likeliest stop are folded, as the walk has most likely ended before."""
    likely = marks.length(stop, hops)
    further = act.relation_list(likely + 1, "Follow one more relation") if likely < most else Html()
    items = [_hop(n, hop, stop[n] if n < len(stop) else None) for n, hop in enumerate(hops, 1)]
    shown = (
        fill('<ol class="hops">{items}</ol>', items=join(items[:likely]))
        if items[:likely]
        else Html()
    )
    if items[likely:]:
        rest = fill(
            '<ol class="hops dim" start="{n}">{items}</ol>',
            n=likely + 1,
            items=join(items[likely:]),
        )
        shown += parts.fold(
            f"Further hops, probability {words.percent(sum(stop[likely + 1 :]))}", rest
        )
    return shown + further


def _hop(number: int, hop: Hop, stop: float | None) -> Html:
    relations = join(
        parts.row(fill("{label}", label=clip(r.label, 80)), r.weight)
        for r in hop.relations[:RELATIONS]
    )
    attended = sorted(hop.words, key=lambda w: -w[1])[:WORDS]
    attended = join((_word(word, weight) for word, weight in attended if weight >= 0.02), " ")
    return fill(
        '<li class="hop"><p class="hop-title">Hop {number}</p><p class="part">Relations</p>'
        '<ul class="rows">{relations}</ul>{change}{attended}<p class="part">Entities</p>{entities}{stop}</li>',
        number=number,
        change=act.relation_list(
            number,
            "Follow instead",
            selected=hop.relations[0].id if hop.relations else "",
            name=clip(hop.relations[0].label, 60) if hop.relations else "",
        ),
        relations=relations or Html('<li class="quiet">none above the threshold</li>'),
        attended=fill('<p class="part">Words</p><p class="words">{w}</p>', w=attended)
        if attended
        else "",
        entities=_entities(hop),
        stop=fill('<p class="stop">Ends here: {p}</p>', p=words.percent(stop))
        if stop is not None
        else "",
    )


def _word(word: str, weight: float) -> Html:
    return fill(
        '<span class="word" style="--w:{w}%"><bdi>{word}</bdi> {p}</span>',
        w=f"{15 + 70 * min(max(weight, 0.0), 1.0):.0f}",
        word=clip(word, 40),
        p=words.percent(weight),
    )


def _entities(hop: Hop) -> Html:
    """The heaviest entities, and how many are not shown; what an edge budget dropped is said."""
    rest = max(len(hop.entities) - ENTITIES, 0) + hop.omitted
    rows = [_entity(e) for e in hop.entities[:ENTITIES]]
    if rest:
        rows.append(
            fill('<li class="quiet">and {n} not shown</li>', n=words.count(rest, "more", "more"))
        )
    if hop.dropped > 0:
        rows.append(
            fill(
                '<li class="quiet">{p} of the weight was left out by the edge budget</li>',
                p=words.percent(hop.dropped),
            )
        )
    return (
        fill('<ul class="rows">{rows}</ul>', rows=join(rows))
        if rows
        else Html('<p class="quiet">none reached</p>')
    )


def _entity(item: EntityWeight) -> Html:
    return parts.row(parts.named(item.entity), item.membership, text=f"{item.membership:.2f}")
