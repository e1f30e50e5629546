"""Step 2, entity resolution: what each mention may stand for, with descriptions and scores."""

from __future__ import annotations

from kgqa.datatypes import Candidate, Mention, Trace
from kgqa.ui import marks, palette, parts, words
from kgqa.ui.escape import Html, clip, fill, join

SHOWN = 6  #: candidates of a mention that takes part
SHOWN_UNUSED = 3  #: of one that does not
MOST_UNUSED = 12  #: mentions that do not take part


def render(trace: Trace) -> Html:
    """One card for each mention that takes part; the others folded."""
    if not trace.mentions:
        return Html()
    ranks = marks.ranks(trace)
    used = sorted((rank, i) for i, rank in ranks.items() if 0 <= i < len(trace.mentions))
    cards = join(_card(trace.mentions[i], rank) for rank, i in used)
    others = [m for i, m in enumerate(trace.mentions) if i not in ranks]
    body = fill('<div class="kg-grid">{cards}</div>', cards=cards) if used else Html()
    if others:
        shown = join(_card(m, None) for m in others[:MOST_UNUSED])
        rest = len(others) - MOST_UNUSED
        note = fill('<p class="quiet">and {n}</p>', n=words.count(rest, "more span")) if rest > 0 else ""
        title = words.count(len(others), "span") + " not used"
        body += parts.fold(title, fill('<div class="kg-grid">{shown}</div>{note}', shown=shown, note=note), opened=not used)
    return parts.section(2, "What each name may mean", "Scores of the entities that carry the name; they add up to 100%.", body)


def _card(mention: Mention, rank: int | None) -> Html:
    most = SHOWN if rank is not None else SHOWN_UNUSED
    rows = join(_candidate(c) for c in mention.candidates[:most])
    rest = mention.candidates[most:]
    more = fill('<li class="quiet">and {n}</li>', n=words.count(len(rest), "less likely one")) if rest else ""
    return fill(
        '<div class="kg-panel {c}"><h4>{badge}<bdi>{text}</bdi></h4><ul class="rows">{rows}{more}</ul></div>',
        c=palette.css_class(rank) if rank is not None else "unused",
        badge=parts.badge(rank) if rank is not None else "",
        text=clip(mention.text, 80),
        rows=rows,
        more=more,
    )


def _candidate(candidate: Candidate) -> Html:
    exact = candidate.alias in ("", "label")
    how = "" if exact else fill(' <span class="how">matched as {alias}</span>', alias=clip(candidate.alias, 40))
    return parts.row(parts.named(candidate.entity), candidate.score, extra=how or Html())
