"""Spans: the question with the words that name something, coloured by mention; step 1 scores them.

Spans may overlap ("Paris, Texas" and "Paris"). The line shows a set that does not: spans that take
part first, then the likelier. The others are listed below it.
"""

from __future__ import annotations

import re

from kgqa.trace import Mention, Trace
from kgqa.ui.html import marks, palette, parts, words
from kgqa.ui.html.escape import Html, clip, fill, join
from kgqa.ui.views import caveats

ALSO_SHOWN = 12
_NO_EFFECT = "had no effect on the answer"
MOST_WORDS = 60  #: offered for selection
_WORD = re.compile(r"\w+(?:['’\-]\w+)*")
Indexed = list[tuple[int, Mention]]  #: mentions with their index in the trace


def render(trace: Trace) -> Html:
    """Step 1: how sure each span is, what else was considered, and adding one by hand."""
    if not trace.mentions:
        return Html()
    ranks, line = marks.ranks(trace), caveats.render(trace)
    hidden = _apart(trace.mentions)[1]
    if hidden:
        also = join((_chip(m, ranks.get(i)) for i, m in hidden[:ALSO_SHOWN]), " ")
        rest = f" and {len(hidden) - ALSO_SHOWN} more" if len(hidden) > ALSO_SHOWN else ""
        line += fill('<p class="also">Also considered: {also}{rest}</p>', also=also, rest=rest)
    runs = words.count(len(trace.mentions), "run of words names", "runs of words name")
    used = sum(m.used for m in trace.mentions)
    lead = (
        f"{runs} something in the graph; the model uses {used if used else 'none'}. The number is "
        "the probability that a span takes part."
    )
    body = _shares(trace, ranks) + line + _picker(trace)
    return parts.section(1, "The names in the question", lead, body, gist=_gist(trace, ranks))


def _gist(trace: Trace, ranks: dict[int, int]) -> Html:
    """Which words take part."""
    used = sorted((ranks[i], m) for i, m in enumerate(trace.mentions) if m.used and i in ranks)
    name = "{badge} <bdi>{text}</bdi>"
    names = [fill(name, badge=parts.badge(r), text=clip(m.text, 60)) for r, m in used]
    rest = len(trace.mentions) - len(used)
    left = f"{rest} more {'is' if rest == 1 else 'are'} known and not used" if rest else ""
    return join([*names, *filter(None, [left])], " · ")


def _shares(trace: Trace, ranks: dict[int, int]) -> Html:
    """The spans that take part, with their probabilities as bars."""
    used = sorted((ranks[i], i) for i, m in enumerate(trace.mentions) if m.used and i in ranks)
    rows = [
        fill(
            '<li class="kg-row {c}" data-show="branch {rank}"><span class="name">{badge} '
            "<bdi>{text}</bdi></span>{bar}</li>",
            c=palette.css_class(rank),
            rank=rank,
            badge=parts.badge(rank),
            text=clip(trace.mentions[i].text, 80),
            bar=parts.bar(trace.mentions[i].score),
        )
        for rank, i in used
    ]
    return fill('<ul class="rows">{rows}</ul>', rows=join(rows)) if rows else Html()


def marked(trace: Trace, css: str = "question-line") -> Html:
    """The question with its spans coloured."""
    ranks, pieces, at = marks.ranks(trace), list[object](), 0
    for index, mention in _apart(trace.mentions)[0]:
        lost = index in trace.given_up
        pieces += [_plain(trace, at, mention.start), _span(mention, ranks.get(index), lost)]
        at = mention.end
    line = join([*pieces, _plain(trace, at, len(trace.question))])
    return fill('<p class="{css}" dir="auto">{line}</p>', css=css, line=line)


def _plain(trace: Trace, start: int, end: int) -> Html:
    """A stretch without mentions; words that had no effect are marked."""
    text, pieces, at = trace.question[start:end], list[object](), 0
    silent = "|".join(map(re.escape, trace.unused)) or "(?!)"
    for match in re.finditer(rf"(?<!\w)(?:{silent})(?!\w)", text):
        word = fill('<span class="no-effect" title="{t}">{w}</span>', t=_NO_EFFECT, w=match[0])
        pieces += [text[at : match.start()], word]
        at = match.end()
    return join([*pieces, text[at:]])


def _picker(trace: Trace) -> Html:
    """Add a mention: the question's words as buttons, pressed from the first to the last."""
    pick = (
        '<button type="button" class="pick" aria-pressed="false" data-a="{a}" data-z="{z}">{word}'
        "</button>"
    )
    matches = list(_WORD.finditer(trace.question))[:MOST_WORDS]
    picks = (fill(pick, a=m.start(), z=m.end(), word=clip(m.group(), 40)) for m in matches)
    body = fill(
        '<p class="quiet">Press the first and the last word of the name, or select words in the '
        'line above.</p><p class="picks" dir="auto">{picks}</p>{add}',
        picks=join(picks, " "),
        add=parts.button("Add these words as a mention", css="action add-span", action="add"),
    )
    return parts.fold("Add a mention", body, css="picker")


def _apart(mentions: tuple[Mention, ...]) -> tuple[Indexed, Indexed]:
    """Spans that do not overlap, in the order of the text, and the others, likeliest first."""
    order = sorted(
        enumerate(mentions), key=lambda m: (not m[1].used, -m[1].score, m[1].start - m[1].end, m[0])
    )
    shown: Indexed = []
    hidden: Indexed = []
    for index, mention in order:
        clear = all(mention.end <= other.start or other.end <= mention.start for _, other in shown)
        (shown if clear and mention.start < mention.end else hidden).append((index, mention))
    return sorted(shown, key=lambda m: m[1].start), hidden


def _span(mention: Mention, rank: int | None, lost: bool) -> Html:
    text, p = mention.text, words.percent(mention.score)
    if not mention.used or rank is None:
        return fill(
            '<mark class="span unused{lost}" title="{title}">{text}<sub>{p}</sub></mark>',
            lost=" lost" if lost else "",
            title="given up" if lost else "known, not used",
            text=text,
            p=p,
        )
    return fill(
        '<mark class="span {c}{short}">{badge}{text}<sub>{p}</sub></mark>',
        c=palette.css_class(rank),
        short=" short" if len(text) <= 24 else "",
        badge=parts.badge(rank),
        text=text,
        p=p,
    )


def _chip(mention: Mention, rank: int | None) -> Html:
    return fill(
        '<span class="chip {c}"><bdi>{text}</bdi> {p}</span>',
        c=palette.css_class(rank) if mention.used and rank is not None else "unused",
        text=clip(mention.text, 60),
        p=words.percent(mention.score),
    )
