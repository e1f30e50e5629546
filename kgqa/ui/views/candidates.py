"""Step 2, entity resolution: what each mention may stand for, with descriptions and scores.

Any candidate can be used instead, and any mention left out: see :mod:`kgqa.ui.views.edits`.
"""

from __future__ import annotations

from dataclasses import replace

from kgqa.trace import Candidate, Mention, Trace
from kgqa.ui.html import marks, operators, palette, parts, words
from kgqa.ui.html.escape import Html, clip, fill, join
from kgqa.ui.views import edits

SHOWN = 6  #: candidates of a mention that takes part
SHOWN_UNUSED = 3  #: of one that does not
MOST_UNUSED = 12  #: mentions that do not take part
_LEAD = (
    "Scores of the entities that carry the name; they add up to 100%. Choose another to see what "
    "follows from it."
)


def render(trace: Trace) -> Html:
    """One card for each mention that takes part; the others folded."""
    if not trace.mentions:
        return Html()
    ranks = marks.ranks(trace)
    used = sorted((rank, i) for i, rank in ranks.items() if 0 <= i < len(trace.mentions))
    chosen = {(c.start, c.end): c.entity for c in trace.edits.use}
    others = [m for i, m in enumerate(trace.mentions) if i not in ranks]
    wholes = {
        branch.mention: operators.stands_for(branch.seeds[0].entity, branch.stands_for)
        for branch in trace.branches
        if branch.stands_for and branch.seeds
    }
    cards = [_card(trace.mentions[i], rank, chosen, wholes.get(i, "")) for rank, i in used]
    body = _grid(cards) if used else Html()
    if others:
        shown = _grid(_card(m, None, chosen) for m in others[:MOST_UNUSED])
        rest = len(others) - MOST_UNUSED
        if rest > 0:
            shown += fill('<p class="quiet">and {n}</p>', n=words.count(rest, "more span"))
        title = words.count(len(others), "span") + " not used"
        body += parts.fold(title, shown, opened=not used)
    return parts.section(2, "What each name may mean", _LEAD, body)


def _grid(cards) -> Html:
    return fill('<div class="kg-grid">{cards}</div>', cards=join(cards))


def _card(
    mention: Mention, rank: int | None, chosen: dict[tuple[int, int], str], whole: str = ""
) -> Html:
    """``whole``: the set that the mention stands for, in words."""
    used = rank is not None
    most, choice = SHOWN if used else SHOWN_UNUSED, chosen.get((mention.start, mention.end))
    rows = [
        _candidate(c, choice, best=used and i == 0) for i, c in enumerate(mention.candidates[:most])
    ]
    if mention.candidates[most:]:
        rest = words.count(len(mention.candidates) - most, "less likely one")
        rows.append(fill('<li class="quiet">and {rest}</li>', rest=rest))
    return fill(
        '<div class="kg-panel {c}" data-start="{start}" data-end="{end}"><h4>{badge}<bdi>{text}'
        '</bdi></h4>{whole}<ul class="rows">{rows}</ul>{controls}</div>',
        whole=fill('<p class="start">Stands for {whole}.</p>', whole=whole) if whole else "",
        c="unused" if rank is None else palette.css_class(rank),
        badge="" if rank is None else parts.badge(rank),
        text=clip(mention.text, 80),
        rows=join(rows),
        start=mention.start,
        end=mention.end,
        controls=edits.mention_controls(mention, used=used),
    )


def _candidate(candidate: Candidate, chosen: str | None, *, best: bool) -> Html:
    entity, extra = candidate.entity, Html()
    literal = entity.kind == "range"
    if candidate.alias not in ("", "label") and not literal:
        alias = clip(candidate.alias, 40)
        extra += fill(' <span class="how">matched as {alias}</span>', alias=alias)
    if chosen == entity.id:
        extra += Html(' <span class="chosen">your choice</span>')
    elif chosen is not None or not best:
        text, note = "Use this one instead", clip(entity.description or entity.kind, 60)
        label = f"{text}: {clip(entity.label, 60)}, {note}"
        extra += " " + parts.button(text, action="use", entity=entity.id, label=label)
    name = parts.label(replace(entity, label=entity.description or entity.label))
    return parts.row(name if literal else parts.named(entity), candidate.score, extra=extra)
