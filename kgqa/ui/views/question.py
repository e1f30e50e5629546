"""Step 1, spans: the question with the words that name something, coloured by mention, each with its score.

Spans may overlap ("Paris, Texas" and "Paris"). The line shows a set that does not: spans that take part first, then
the likelier. The others are listed below it.
"""

from __future__ import annotations

import re

from kgqa.trace import Mention, Trace
from kgqa.ui.html import marks, palette, parts, words
from kgqa.ui.html.escape import Html, clip, fill, join

ALSO_SHOWN = 12
MOST_WORDS = 60  #: offered for selection
_WORD = re.compile(r"\w+(?:['’\-]\w+)*")


def render(trace: Trace) -> Html:
    """The question line; nothing without mentions."""
    if not trace.mentions:
        return Html()
    ranks = marks.ranks(trace)
    _, hidden = _apart(trace.mentions)
    line = marked(trace)
    also = join((_chip(m, ranks.get(i)) for i, m in hidden[:ALSO_SHOWN]), " ")
    rest = f" and {len(hidden) - ALSO_SHOWN} more" if len(hidden) > ALSO_SHOWN else ""
    if hidden:
        line += fill('<p class="also">Also considered: {also}{rest}</p>', also=also, rest=rest)
    line += _picker(trace)
    used = sum(m.used for m in trace.mentions)
    lead = (
        f"{words.count(len(trace.mentions), 'run of words names', 'runs of words name')} something in the graph; "
        f"the model uses {used if used else 'none'}. The number is the probability that a span takes part."
    )
    return parts.section(1, "The names in the question", lead, line)


def marked(trace: Trace, css: str = "question-line") -> Html:
    """The question with its spans coloured."""
    ranks, pieces, at = marks.ranks(trace), [], 0
    for index, mention in _apart(trace.mentions)[0]:
        pieces += [
            fill("{text}", text=trace.question[at : mention.start]),
            _span(mention, ranks.get(index)),
        ]
        at = mention.end
    pieces.append(fill("{text}", text=trace.question[at:]))
    return fill('<p class="{css}" dir="auto">{line}</p>', css=css, line=join(pieces))


def _picker(trace: Trace) -> Html:
    """Add a mention: the question's words as buttons, selected by ``edits.js`` from the first to the last pressed."""
    found = list(_WORD.finditer(trace.question))[:MOST_WORDS]
    picks = join(
        (fill('<button type="button" class="pick" aria-pressed="false" data-a="{a}" data-z="{z}">{word}</button>',
              a=w.start(), z=w.end(), word=clip(w.group(), 40)) for w in found), " ")  # fmt: skip
    body = fill(
        '<p class="quiet">Press the first and the last word of the name, or select words in the line above.</p>'
        '<p class="picks" dir="auto">{picks}</p>{add}',
        picks=picks,
        add=parts.button("Add these words as a mention", css="do add-span", do="add"),
    )
    return parts.fold("Add a mention", body, css="picker")


def _apart(
    mentions: tuple[Mention, ...],
) -> tuple[list[tuple[int, Mention]], list[tuple[int, Mention]]]:
    """(spans that do not overlap, in order of the text; the others, likeliest first)."""
    order = sorted(
        enumerate(mentions), key=lambda m: (not m[1].used, -m[1].score, m[1].start - m[1].end, m[0])
    )
    shown, hidden = [], []
    for index, mention in order:
        clear = all(mention.end <= other.start or other.end <= mention.start for _, other in shown)
        (shown if clear and mention.start < mention.end else hidden).append((index, mention))
    return sorted(shown, key=lambda m: m[1].start), hidden


def _span(mention: Mention, rank: int | None) -> Html:
    if not mention.used or rank is None:
        return fill(
            '<mark class="span unused" title="known, not used">{text}<sub>{p}</sub></mark>',
            text=mention.text,
            p=words.percent(mention.score),
        )
    return fill(
        '<mark class="span {c}{short}">{badge}{text}<sub>{p}</sub></mark>',
        c=palette.css_class(rank),
        short=" short" if len(mention.text) <= 24 else "",
        badge=parts.badge(rank),
        text=mention.text,
        p=words.percent(mention.score),
    )


def _chip(mention: Mention, rank: int | None) -> Html:
    used = mention.used and rank is not None
    return fill(
        '<span class="chip {c}"><bdi>{text}</bdi> {p}</span>',
        c=palette.css_class(rank) if used else "unused",
        text=clip(mention.text, 60),
        p=words.percent(mention.score),
    )
