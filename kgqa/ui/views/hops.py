"""Step 3, follow: x_t = follow(x_{t-1}, r_t) for each mention, hop by hop.

For each hop: the relations that it follows and how strongly, the words that it attended to, the
entities that it reached. A relation can be edited at any hop (:mod:`kgqa.ui.views.edits`).
"""

from __future__ import annotations

from kgqa.trace import Branch, EntityWeight, Hop, Trace
from kgqa.ui.html import marks, operators, palette, parts, words
from kgqa.ui.html.escape import Html, clip, fill, join
from kgqa.ui.views import compared, edits, formulas

RELATIONS = 3
ENTITIES = 6
WORDS = 6
KEPT = 0.005  #: membership of what an operator keeps
_LEAD = (
    "From each name the model follows relations. At every hop it weighs all of them and the "
    "question's words. Change one to see where it would have led."
)


def render(trace: Trace) -> Html:
    """One card for each branch."""
    if not trace.branches:
        return Html()
    ranks = marks.ranks(trace)
    cards = join(_branch(trace, b, ranks[b.mention]) for b in trace.branches)
    body = fill('<div class="kg-grid">{cards}</div>', cards=cards) + formulas.hops(trace)
    return parts.section(3, "Where it leads, hop by hop", _LEAD, body, gist=_gist(trace, ranks))


def _gist(trace: Trace, ranks: dict[int, int]) -> Html:
    """ "played the character → 11 entities", for each name."""
    line = '<span class="gist-line">{badge} <bdi>{steps}</bdi>{end}</span>'
    lines = []
    for branch in trace.branches:
        walked = [operators.takes(h.relations[0]) for h in marks.walked(branch) if h.relations]
        reached = _reached(branch)
        lines.append(
            fill(
                line,
                badge=parts.badge(ranks[branch.mention]),
                steps=" → ".join(clip(step, 60) for step in walked) or "itself",
                end=f": {reached[:1].lower()}{reached[1:]}",
            )
        )
    return join(lines)


def _branch(trace: Trace, branch: Branch, rank: int) -> Html:
    start = words.several([clip(s.entity.label, 60) for s in branch.seeds[:3]], 3)
    if branch.stands_for and branch.seeds:
        start = operators.stands_for(branch.seeds[0].entity, branch.stands_for)
    several = len(trace.branches) > 1
    return fill(
        '<div class="kg-panel {c}" {where}{show}><h4>{badge}<bdi>{text}</bdi>{away}</h4><p '
        'class="start">Starts at <bdi>{start}</bdi>{many}; {stay}.</p>{hops}'
        '<p class="reached">{n}{taken}.</p>{control}</div>',
        c=palette.css_class(rank),
        where=span(trace, branch.mention),
        show=parts.shows(f"branch {rank}"),
        badge=parts.badge(rank),
        text=clip(marks.mention_text(trace, branch.mention), 80),
        start=start or "nothing",
        many=f" and {len(branch.seeds) - 3:,} more" if len(branch.seeds) > 3 else "",
        stay=f"stays there: {words.percent(branch.stop[0])}" if branch.stop else "then",
        hops=hop_list(branch.hops, branch.stop, most=len(branch.stop) - 1, rank=rank),
        n=_reached(branch),
        away=Html('<span class="tag">taken away</span>') if branch.negated else "",
        taken=", which are taken away" if branch.negated else "",
        control=edits.branch_controls(trace, branch) if several else "",
    )


def _reached(branch: Branch) -> str:
    """ "Reaches 44 entities", or how many the last operator keeps."""
    walked = marks.walked(branch)
    compared = walked[-1].compared if walked else ()
    if not compared:
        return f"Reaches {words.count(marks.reached(branch), 'entity', 'entities')}"
    kept = sum(item.kept for item in compared)
    more = " or more" if kept == len(compared) and walked[-1].not_compared else ""
    return f"Keeps {words.count(kept, 'entity', 'entities')}{more}"


def span(trace: Trace, mention: int) -> Html:
    """Attributes that tell a control which mention it edits; -1 is the walk after intersection."""
    known = trace.mentions[mention] if 0 <= mention < len(trace.mentions) else None
    a, z = (known.start, known.end) if known else (-1, -1)
    return fill('data-start="{a}" data-end="{z}"', a=a, z=z)


def hop_list(hops: tuple[Hop, ...], stop: tuple[float, ...], *, most: int, rank: int = -1) -> Html:
    """The hops in order; those after the likeliest stop are folded: the walk has ended by then.

    ``rank``: of the branch; -1 after the intersection.
    """
    likely = marks.length(stop, hops)
    items = [
        _hop(n, hop, stop[n] if n < len(stop) else None, rank) for n, hop in enumerate(hops, 1)
    ]
    shown = Html()
    if items[:likely]:
        shown += fill('<ol class="hops">{items}</ol>', items=join(items[:likely]))
    if items[likely:]:
        further = '<ol class="hops dim" start="{n}">{items}</ol>'
        rest = fill(further, n=likely + 1, items=join(items[likely:]))
        title = f"Further hops, probability {words.percent(sum(stop[likely + 1 :]))}"
        shown += parts.fold(title, rest)
    if likely < most:
        shown += edits.relation_list(likely + 1, "Follow one more relation")
    return shown


def _hop(number: int, hop: Hop, stop: float | None, rank: int) -> Html:
    relations = join(
        parts.row(fill("{label}", label=operators.takes(r)), r.weight)
        for r in hop.relations[:RELATIONS]
    )
    heaviest = sorted(hop.words, key=lambda w: -w[1])[:WORDS]
    attended = join((_word(word, p) for word, p in heaviest if p >= 0.02), " ")
    words_part = '<p class="part">Words</p><p class="words">{w}</p>'
    ends = "" if stop is None else fill('<p class="stop">Ends here: {p}</p>', p=words.percent(stop))
    selected, name = "", ""
    if hop.relations:
        selected, label = hop.relations[0].id, hop.relations[0].label
        name = clip(operators.object_of(selected, label), 80)
    operator = any(operators.parse(r.id)[0] != "follow" for r in hop.relations[:RELATIONS])
    return fill(
        '<li class="hop"{show}><p class="hop-title">Hop {number}</p><p class="part">{kind}</p><ul '
        'class="rows">{relations}</ul>{choice}{values}{attended}<p class="part">{ends_at}</p>'
        "{entities}{ends}</li>",
        show=parts.shows(f"hop {rank} {number}"),
        kind="Relations and operators" if operator else "Relations",
        values=compared.render(hop),
        ends_at="Kept" if operators.stays(hop) else "Entities",
        number=number,
        choice=edits.relation_list(number, "Follow instead", selected=selected, name=name),
        relations=relations or Html('<li class="quiet">none above the threshold</li>'),
        attended=fill(words_part, w=attended) if attended else "",
        entities=_entities(hop),
        ends=ends,
    )


def _word(word: str, weight: float) -> Html:
    return fill(
        '<span class="word" style="--w:{w}%"><bdi>{word}</bdi> {p}</span>',
        w=f"{15 + 70 * min(max(weight, 0.0), 1.0):.0f}",
        word=clip(word, 40),
        p=words.percent(weight),
    )


def _entities(hop: Hop) -> Html:
    """The heaviest entities, how many are not shown, and what an edge budget left out."""
    entities = hop.entities
    if operators.stays(hop):  # those that it dropped have a trace of membership left
        entities = tuple(e for e in entities if e.membership >= KEPT)
    rest = max(len(entities) - ENTITIES, 0) + hop.omitted
    quiet = '<li class="quiet">{text}</li>'
    rows = [_entity(e) for e in entities[:ENTITIES]]
    if rest:
        rows.append(fill(quiet, text=f"and {rest:,} more not shown"))
    if hop.dropped > 0:
        lost = words.percent(hop.dropped)
        rows.append(fill(quiet, text=f"{lost} of the weight was left out by the edge budget"))
    if not rows:
        return Html('<p class="quiet">none reached</p>')
    return fill('<ul class="rows">{rows}</ul>', rows=join(rows))


def _entity(item: EntityWeight) -> Html:
    name, value = parts.named(item.entity), item.membership
    return parts.row(name, value, text=f"{value:.2f}", entity=item.entity.id)
