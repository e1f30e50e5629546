"""The answer, before anything else: labels, probabilities, one sentence, and the facts that support it.

A question without an answer gets the same place and the same care: what happened, and what to try.
"""

from __future__ import annotations

from kgqa.trace import STAGES, Answer, Trace
from kgqa.ui.html import marks, parts, words
from kgqa.ui.html.escape import Html, clip, fill, join
from kgqa.ui.views import plan

SHOWN = 10  #: answers that are shown before the fold
FOLDED = 90  #: answers in the fold; an answer set can have many thousands
FACTS_SHOWN = 4  #: sentences of evidence for each answer


def render(trace: Trace) -> Html:
    """The answer card."""
    if trace.outcome in STAGES:
        waiting = '<section class="kg-card answer-card waiting" id="kg-answer"><p class="sentence">{sentence}</p></section>'
        return fill(waiting, sentence=trace.message)
    body = _answers(trace) if trace.answers else _none(trace)
    return fill(
        '<section class="kg-card answer-card" id="kg-answer">{body}{foot}</section>',
        body=body,
        foot=_foot(trace),
    )


def _answers(trace: Trace) -> Html:
    answers = trace.answers
    sentence = fill('<p class="sentence">{a} {b}</p>', a=trace.message, b=plan.render(trace))
    if trace.excluded > 0.5:
        sentence += Html(
            '<p class="sentence">The entities named in the question are left out of the answer.</p>'
        )
    if len(answers) == 1:
        return fill(
            '<p class="eyebrow">Answer</p><div class="single">{item}</div>{sentence}',
            item=_item(trace, answers[0], drawn=True),
            sentence=sentence,
        )
    first = join(fill("<li>{item}</li>", item=_item(trace, a, drawn=True)) for a in answers[:SHOWN])
    folded = join(
        fill("<li>{item}</li>", item=_item(trace, a)) for a in answers[SHOWN : SHOWN + FOLDED]
    )
    more = fill('<ol class="answers" start="{start}">{folded}</ol>', start=SHOWN + 1, folded=folded)
    left, title = len(answers) - SHOWN - FOLDED, f"Show the other {len(answers) - SHOWN:,}"
    if left > 0:
        more += fill(
            '<p class="quiet">and {left}; the file below has them all.</p>',
            left=words.count(left, "more answer"),
        )
        title = f"Show {FOLDED} more of the other {len(answers) - SHOWN:,}"
    return fill(
        '<p class="eyebrow">{count}</p>{sentence}<ol class="answers">{first}</ol>{more}',
        count=words.count(len(answers), "answer"),
        sentence=sentence,
        first=first,
        more=parts.fold(title, more) if folded else "",
    )


def _light(answer: Answer) -> Html:
    """Lights up the answer's path in the graph."""
    name = f"Show path to {clip(answer.entity.label, 60)} in the graph"
    return parts.button("Show path", css="light", light=answer.entity.id, label=name)


def _item(trace: Trace, answer: Answer, *, drawn: bool = False) -> Html:
    note = answer.entity.description or answer.entity.kind
    return fill(
        '<div class="answer"><span class="answer-name">{label}</span> {light}'
        '<span class="probability" title="calibrated probability that this is a right answer">{p}</span> '
        "{note}{facts}</div>",
        label=parts.label(answer.entity),
        light=_light(answer) if drawn else "",
        note=fill('<bdi class="note">{note}</bdi>', note=note[:160]) if note else "",
        p=words.percent(answer.score),
        facts=_evidence(trace, answer),
    )


def _evidence(trace: Trace, answer: Answer) -> Html:
    """The answer's paths as sentences, one path of each mention before the second of any."""
    ranks = marks.ranks(trace)
    turn: dict[int, int] = {}
    order = []
    for path in answer.paths:
        if path.facts:
            turn[path.mention] = turn.get(path.mention, 0) + 1
            order.append((turn[path.mention], ranks.get(path.mention, -1), path))
    order.sort(key=lambda entry: entry[:2])
    lines = [
        fill(
            "<li>{badge}<bdi>{sentence}</bdi></li>",
            badge=parts.badge(rank) if len(trace.branches) > 1 and rank >= 0 else "",
            sentence=words.path(path),
        )
        for _, rank, path in order[:FACTS_SHOWN]
    ]
    if len(order) > FACTS_SHOWN:
        lines.append(
            fill(
                '<li class="quiet">and {n} in the graph</li>',
                n=words.count(len(order) - FACTS_SHOWN, "more path"),
            )
        )
    return fill('<ul class="facts">{lines}</ul>', lines=join(lines)) if lines else Html()


def _none(trace: Trace) -> Html:
    heading, sentence, advice = words.outcome(trace)
    return fill(
        '<p class="eyebrow none"><span aria-hidden="true">○</span> {heading}</p>'
        '<p class="no-answer">{sentence}</p><p class="sentence">{advice}</p>',
        heading=heading,
        sentence=sentence,
        advice=advice,
    )


def _foot(trace: Trace) -> Html:
    """Confidence and timings, small."""
    known = [("Sure of this reading", words.percent(trace.confidence))] if trace.branches else []
    names = {
        "total": "Time",
        "link": "find names",
        "encode": "read",
        "hops": "follow",
        "trace": "explain",
    }
    order = sorted(
        trace.timings,
        key=lambda name: (name != "total", list(names).index(name) if name in names else 9),
    )
    known += [(names.get(name, name), f"{trace.timings[name]:.0f} ms") for name in order]
    items = join(
        fill("<div><dt>{name}</dt><dd>{value}</dd></div>", name=name, value=value)
        for name, value in known
    )
    return fill('<dl class="meta">{items}</dl>', items=items) if known else Html()
