"""The graph for those who do not see it: a sentence, a legend, and every edge as a clause."""

from __future__ import annotations

from collections.abc import Iterable

from kgqa.trace import Trace
from kgqa.ui.drawing.picture import Edge, Picture
from kgqa.ui.html import marks, palette, parts, words
from kgqa.ui.html.escape import Html, clip, fill, join

_MARKS = {"count": "✓ counted", "verify": "✓ shows it"}


def summary(picture: Picture) -> str:
    """One sentence on what is drawn and what is not."""
    entities = sum(n.role != "mention" for n in picture.nodes.values())
    facts = sum(e.fact is not None for e in picture.edges.values())
    text = words.count(entities, "entity", "entities")
    text += f" and {words.count(facts, 'fact')} are drawn"
    left = []
    if picture.omitted_answers:
        left.append(words.count(picture.omitted_answers, "more answer"))
    if picture.omitted_others:
        others = words.count(picture.omitted_others, "other entity", "other entities")
        left.append(f"{others} that the walk reached")
    if not left:
        return f"{text}; nothing that the walk reached is left out."
    return f"{text}; left out: {' and '.join(left)}."


def legend(trace: Trace, picture: Picture) -> Html:
    """Which colour is which, above the canvas."""
    if not picture.nodes:
        return Html()
    ranks = marks.ranks(trace)
    keys = [
        fill(
            '<li class="{c}">{badge}<bdi>{text}</bdi>{away}</li>',
            c=palette.css_class(ranks[b.mention]),
            badge=parts.badge(ranks[b.mention]),
            text=clip(marks.mention_text(trace, b.mention), 40),
            away=Html(' <span class="tag">taken away</span>') if b.negated else "",
        )
        for b in trace.branches
    ]
    if any(node.meets for node in picture.nodes.values()):
        keys.append(Html('<li class="bs"><span class="swatch"></span>where the paths meet</li>'))
    if trace.answers:
        mark = "✓ answer" if trace.value is None else _MARKS.get(trace.readout, "✓ added up")
        keys.append(
            fill('<li class="key-answer"><span class="swatch"></span>{mark}</li>', mark=mark)
        )
    if any(node.out for node in picture.nodes.values()):
        keys.append(Html('<li class="key-out"><span class="swatch"></span>✕ ruled out</li>'))
    return fill('<ul class="legend" aria-label="Legend">{keys}</ul>', keys=join(keys))


def in_words(trace: Trace, picture: Picture) -> Html:
    """The picture as a list, mention by mention."""
    if not picture.nodes:
        return Html()
    ranks, edges, items = marks.ranks(trace), picture.edges.values(), []
    negated = {branch.mention for branch in trace.branches if branch.negated}
    for mention in (branch.mention for branch in trace.branches):
        rank, text = ranks[mention], clip(marks.mention_text(trace, mention), 60)
        away = ", taken away" if mention in negated else ""
        title = fill(
            "{badge}<bdi>{text}</bdi>{away}", badge=parts.badge(rank), text=text, away=away
        )
        items.append(_group(title, (e for e in edges if rank in e.branches)))
    after = [e for e in edges if e.fact and e.branches == {-1}]
    if after:
        items.append(_group(Html("After the intersection"), after))
    left = fill('<p class="quiet">{summary}</p>', summary=summary(picture))
    return left + parts.fold("The same graph in words", join(items), css="outline")


def _group(title: Html, edges: Iterable[Edge]) -> Html:
    facts = dict.fromkeys(words.fact(e.fact) for e in edges if e.fact)
    items = join(fill("<li><bdi>{fact}</bdi></li>", fact=fact) for fact in facts)
    template = "<h4>{title}</h4><ul>{items}</ul>"
    return fill(template, title=title, items=items or Html("<li>no fact</li>"))
