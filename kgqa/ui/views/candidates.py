"""Step 2, entity resolution: what each mention may stand for, with descriptions and scores.

Any candidate can be used instead, and any mention left out: see :mod:`kgqa.ui.views.edits`.
"""

from __future__ import annotations

from kgqa.trace import Candidate, Mention, Trace
from kgqa.ui.html import marks, palette, parts, words
from kgqa.ui.html.escape import Html, clip, fill, join
from kgqa.ui.views import edits as act

SHOWN = 6  #: candidates of a mention that takes part
SHOWN_UNUSED = 3  #: of one that does not
MOST_UNUSED = 12  #: mentions that do not take part


def render(trace: Trace) -> Html:
    """One card for each mention that takes part; the others folded."""
    if not trace.mentions:
        return Html()
    ranks = marks.ranks(trace)
    used = sorted((rank, i) for i, rank in ranks.items() if 0 <= i < len(trace.mentions))
    chosen = {(c.start, c.end): c.entity for c in trace.edits.use}
    cards = join(_card(trace.mentions[i], rank, chosen) for rank, i in used)
    others = [m for i, m in enumerate(trace.mentions) if i not in ranks]
    body = fill('<div class="kg-grid">{cards}</div>', cards=cards) if used else Html()
    if others:
        shown = join(_card(m, None, chosen) for m in others[:MOST_UNUSED])
        rest = len(others) - MOST_UNUSED
        note = (
            fill('<p class="quiet">and {n}</p>', n=words.count(rest, "more span"))
            if rest > 0
            else ""
        )
        title = words.count(len(others), "span") + " not used"
        body += parts.fold(
            title,
            fill('<div class="kg-grid">{shown}</div>{note}', shown=shown, note=note),
            opened=not used,
        )
    lead = "Scores of the entities that carry the name; they add up to 100%. Choose another to see what follows from it."
    return parts.section(2, "What each name may mean", lead, body)


def _card(mention: Mention, rank: int | None, by_hand: dict[tuple[int, int], str]) -> Html:
    most = SHOWN if rank is not None else SHOWN_UNUSED
    chosen = by_hand.get((mention.start, mention.end))
    best = 0 if rank is not None else -1
    rows = join(
        _candidate(c, chosen, best=i == best) for i, c in enumerate(mention.candidates[:most])
    )
    rest = mention.candidates[most:]
    more = (
        fill('<li class="quiet">and {n}</li>', n=words.count(len(rest), "less likely one"))
        if rest
        else ""
    )
    return fill(
        '<div class="kg-panel {c}" data-start="{start}" data-end="{end}"><h4>{badge}<bdi>{text}</bdi></h4>'
        '<ul class="rows">{rows}{more}</ul>{controls}</div>',
        c=palette.css_class(rank) if rank is not None else "unused",
        badge=parts.badge(rank) if rank is not None else "",
        text=clip(mention.text, 80),
        rows=rows,
        more=more,
        start=mention.start,
        end=mention.end,
        controls=act.mention_controls(mention, used=rank is not None),
    )


def _candidate(candidate: Candidate, chosen: str | None, *, best: bool) -> Html:
    entity = candidate.entity
    exact = candidate.alias in ("", "label")
    how = (
        ""
        if exact
        else fill(' <span class="how">matched as {alias}</span>', alias=clip(candidate.alias, 40))
    )
    if chosen == entity.id:
        use = Html(' <span class="chosen">chosen by hand</span>')
    elif best and chosen is None:
        use = Html()
    else:
        label = f"Use this one instead: {clip(entity.label, 60)}, {clip(entity.description or entity.kind, 60)}"
        use = " " + parts.button("Use this one instead", do="use", id=entity.id, label=label)
    return parts.row(parts.named(entity), candidate.score, extra=join([how, use]))
