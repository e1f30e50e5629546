"""Step 2, entity resolution: what each mention may stand for, with descriptions and scores.

Any candidate can be used instead, and any mention left out: see :mod:`kgqa.ui.views.edits`.
"""

from __future__ import annotations

from dataclasses import replace

from kgqa.trace import Candidate, Mention, Trace
from kgqa.ui.html import marks, operators, palette, parts, ruled, words
from kgqa.ui.html.escape import Html, clip, fill, join
from kgqa.ui.views import edits, formulas

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
    out = ruled.out(trace)
    cards = [
        _card(trace.mentions[i], rank, chosen, wholes.get(i, ""), frozenset(out.get(i, ())))
        for rank, i in used
    ]
    body = _grid(cards) if used else Html()
    if others:
        shown = _grid(_card(m, None, chosen) for m in others[:MOST_UNUSED])
        rest = len(others) - MOST_UNUSED
        if rest > 0:
            shown += fill('<p class="quiet">and {n}</p>', n=words.count(rest, "more span"))
        title = words.count(len(others), "span") + " not used"
        body += parts.fold(title, shown, opened=not used)
    body += formulas.seeds(trace)
    return parts.section(2, "What each name may mean", _LEAD, body, gist=_gist(trace, used, wholes))


def _gist(trace: Trace, used: list[tuple[int, int]], wholes: dict[int, str]) -> Html:
    """The likeliest entity of each name, and how many others there are."""
    lines = []
    for rank, i in used:
        candidates = trace.mentions[i].candidates
        if not candidates:
            continue
        best, rest = candidates[0], len(candidates) - 1
        note = clip(best.entity.description or best.entity.kind, 60)
        lines.append(
            fill(
                '<span class="gist-line">{badge} <bdi>{text}</bdi>{p}{rest}</span>',
                badge=parts.badge(rank),
                text=wholes.get(i) or f"{clip(best.entity.label, 60)}{note and ', ' + note}",
                p="" if i in wholes else f": {words.percent(best.score)}",
                rest=f", and {words.count(rest, 'other')}" if rest else "",
            )
        )
    return join(lines)


def _grid(cards) -> Html:
    return fill('<div class="kg-grid">{cards}</div>', cards=join(cards))


def _card(
    mention: Mention,
    rank: int | None,
    chosen: dict[tuple[int, int], str],
    whole: str = "",
    out: frozenset[str] = frozenset(),
) -> Html:
    """``whole``: the set that the mention stands for; ``out``: what the intersection ruled out."""
    used = rank is not None
    most, choice = SHOWN if used else SHOWN_UNUSED, chosen.get((mention.start, mention.end))
    rows = [
        _candidate(c, choice, best=used and i == 0, out=c.entity.id in out)
        for i, c in enumerate(mention.candidates[:most])
    ]
    if mention.candidates[most:]:
        rest = words.count(len(mention.candidates) - most, "less likely one")
        rows.append(fill('<li class="quiet">and {rest}</li>', rest=rest))
    return fill(
        '<div class="kg-panel {c}" data-start="{start}" data-end="{end}"{show}><h4>{badge}<bdi>'
        '{text}</bdi></h4>{whole}<ul class="rows">{rows}</ul>{controls}</div>',
        whole=fill('<p class="start">Stands for {whole}.</p>', whole=whole) if whole else "",
        c="unused" if rank is None else palette.css_class(rank),
        show="" if rank is None else parts.shows(f"branch {rank}"),
        badge="" if rank is None else parts.badge(rank),
        text=clip(mention.text, 80),
        rows=join(rows),
        start=mention.start,
        end=mention.end,
        controls=edits.mention_controls(mention, used=used),
    )


def _candidate(candidate: Candidate, chosen: str | None, *, best: bool, out: bool) -> Html:
    entity, extra = candidate.entity, Html()
    literal = entity.kind == "range"
    if candidate.alias not in ("", "label") and not literal:
        alias = clip(candidate.alias, 40)
        extra += fill(' <span class="how">matched as {alias}</span>', alias=alias)
    if out:
        extra += Html(' <span class="how out">✕ ruled out by the intersection</span>')
    if chosen == entity.id:
        extra += Html(' <span class="chosen">your choice</span>')
    elif chosen is not None or not best:
        text, note = "Use this one instead", clip(entity.description or entity.kind, 60)
        label = f"{text}: {clip(entity.label, 60)}, {note}"
        extra += " " + parts.button(text, action="use", entity=entity.id, label=label)
    name = parts.label(replace(entity, label=entity.description or entity.label))
    name = name if literal else parts.named(entity)
    return parts.row(name, candidate.score, extra=extra, entity=entity.id)
