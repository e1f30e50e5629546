"""An answer that is read off a set: how many, a total, yes or no, and the set it was read off."""

from __future__ import annotations

from kgqa.trace import Branch, Trace, Value
from kgqa.ui.html import marks, operators, parts, words
from kgqa.ui.html.escape import Html, clip, fill, join

NEAR = 5  #: entities that are named beside a "no"
SEEN = 0.005  #: membership below which an entity is not named
_EYEBROWS = {"count": "How many", "verify": "Yes or no"}
_NO = (
    "No fact of the graph shows it. What the graph does not hold it cannot show, so the true "
    "answer may still be yes."
)


def render(trace: Trace, value: Value, listed: Html) -> Html:
    """The value, large, beside ``listed``, the answers that it was read off."""
    return fill(
        '<p class="eyebrow">{eyebrow}</p><div class="read-out"><p class="read-value {css}">'
        '<bdi>{text}</bdi> <span class="probability" title="{title}">{p} likely right</span></p>'
        '<div class="read-from">{beside}</div></div>',
        eyebrow=_EYEBROWS.get(trace.readout, "The total"),
        css="long" if len(value.text) > 12 else "",
        text=clip(value.text, 80),
        title="how sure the model is of this reading and of what is read off",
        p=words.percent(value.score),
        beside=_beside(trace, value, listed),
    )


def _beside(trace: Trace, value: Value, listed: Html) -> Html:
    number = len(trace.answers)
    if value.kind == "yes_no":
        return _shown(listed) if number else _nearest(trace)
    if not number:
        return fill(
            '<p class="sentence">{text}</p>', text="Nothing was reached, so none is counted."
        )
    what = "Counted" if trace.readout == "count" else "Added up over"
    title = f"{what}: {words.count(number, 'entity', 'entities')}"
    note = "" if trace.readout == "count" else "What has no such number is left out of the total."
    return fill(
        '<p class="part">{title}</p>{listed}{note}',
        title=title,
        listed=listed,
        note=fill('<p class="quiet">{note}</p>', note=note) if note else "",
    )


def _shown(listed: Html) -> Html:
    return fill('<p class="part">What shows it</p>{listed}', listed=listed)


def _nearest(trace: Trace) -> Html:
    """For "no": what each mention leads to instead."""
    ranks = marks.ranks(trace)
    lines = join(_instead(trace, branch, ranks[branch.mention]) for branch in trace.branches)
    return fill(
        '<p class="sentence">{no}</p><p class="part">What was reached instead</p><ul '
        'class="facts near">{lines}</ul>',
        no=_NO,
        lines=lines,
    )


def _instead(trace: Trace, branch: Branch, rank: int) -> Html:
    """ "“Tom Hanks”, directed: Larry Crowne and That Thing You Do!"."""
    hops = marks.walked(branch)
    ends = hops[-1].entities if hops else branch.seeds
    near = [item for item in ends if item.membership >= SEEN]
    names = [clip(item.entity.label, 60) for item in near[:NEAR]]
    if not hops:
        names = [clip(f"{item.entity}", 90) for item in near[:NEAR]]
    rest = len(near) - len(names) + (hops[-1].omitted if hops else 0)
    if rest > 0:
        names.append(f"{rest:,} more")
    reached = words.several(names, NEAR + 1) if names else "nothing"
    if branch.stands_for and not hops:
        reached = operators.stands_for(branch.seeds[0].entity, branch.stands_for)
    how = [operators.takes(hop.relations[0]) for hop in hops if hop.relations]
    return fill(
        "<li>{badge}<span><bdi>“{text}”{how}</bdi>: <bdi>{reached}</bdi>{away}</span></li>",
        badge=parts.badge(rank),
        text=clip(marks.mention_text(trace, branch.mention), 60),
        how="".join(f", {step}" for step in how),
        reached=reached,
        away=" (taken away)" if branch.negated else "",
    )
