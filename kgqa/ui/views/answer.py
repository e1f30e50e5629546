"""The answer, before anything else: labels, probabilities, one sentence, the facts that support it.

A question without an answer gets the same place and the same care: what happened, and what to try.
"""

from __future__ import annotations

from kgqa.trace import STAGES, Answer, Path, Trace
from kgqa.ui.html import marks, parts, words
from kgqa.ui.html.escape import Html, clip, fill, join
from kgqa.ui.views import compared, edits, plan, value

SHOWN = 10  #: answers that are shown before the fold
FOLDED = 90  #: answers in the fold; an answer set can have many thousands
FACTS_SHOWN = 4  #: sentences of evidence for each answer
#: {part of the pipeline: its name on the page}, in the order in which times are shown
_TIMES = {
    "total": "Time",
    "link": "find names",
    "encode": "read",
    "hops": "follow",
    "trace": "explain",
}
_EYEBROWS = {"number": "Answer, a number", "date": "Answer, a date"}
_LEFT_OUT = '<p class="sentence">The entities named in the question are left out of the answer.</p>'


def render(trace: Trace) -> Html:
    """The answer card."""
    if trace.outcome in STAGES:
        return fill(
            '<section class="kg-card answer-card waiting" id="kg-answer"><p class="sentence">'
            "{sentence}</p></section>",
            sentence=trace.message,
        )
    known = trace.outcome == "answered" and trace.value is not None
    body = _answers(trace) if trace.answers or known else _none(trace)
    choice = edits.read_out_list(trace) if trace.branches else ""
    return fill(
        '<section class="kg-card answer-card" id="kg-answer">{body}{choice}{foot}</section>',
        body=body,
        choice=choice,
        foot=_foot(trace),
    )


def _answers(trace: Trace) -> Html:
    answers = trace.answers
    message = trace.message if trace.value is None else ""
    sentence = fill('<p class="sentence">{a} {b}</p>', a=message, b=plan.render(trace))
    if trace.excluded > 0.5:
        sentence += Html(_LEFT_OUT)
    if trace.value is not None:
        return value.render(trace, trace.value, _list(trace) if answers else Html()) + sentence
    if len(answers) == 1:
        return fill(
            '<p class="eyebrow">{eyebrow}</p><div class="single">{item}</div>{sentence}',
            eyebrow=_EYEBROWS.get(answers[0].value.kind if answers[0].value else "", "Answer"),
            item=_item(trace, answers[0], drawn=True),
            sentence=sentence,
        )
    return fill(
        '<p class="eyebrow">{count}</p>{sentence}{listed}',
        count=words.count(len(answers), "answer"),
        sentence=sentence,
        listed=_list(trace),
    )


def _list(trace: Trace) -> Html:
    """The first answers, and the others in a fold."""
    answers = trace.answers
    first = [fill("<li>{a}</li>", a=_item(trace, a, drawn=True)) for a in answers[:SHOWN]]
    return fill(
        '<ol class="answers">{first}</ol>{more}',
        first=join(first),
        more=_more(trace) if len(answers) > SHOWN else "",
    )


def _more(trace: Trace) -> Html:
    """The answers in the fold."""
    rest = len(trace.answers) - SHOWN
    folded = (
        fill("<li>{a}</li>", a=_item(trace, a)) for a in trace.answers[SHOWN : SHOWN + FOLDED]
    )
    body = fill('<ol class="answers" start="{n}">{a}</ol>', n=SHOWN + 1, a=join(folded))
    if rest <= FOLDED:
        return parts.fold(f"Show the other {rest:,}", body)
    left = words.count(rest - FOLDED, "more answer")
    body += fill('<p class="quiet">and {left}; the file below has them all.</p>', left=left)
    return parts.fold(f"Show {FOLDED} more of the other {rest:,}", body)


def _item(trace: Trace, answer: Answer, *, drawn: bool = False) -> Html:
    """One answer; if it is ``drawn``, a button lights up its path in the graph."""
    entity = answer.entity
    note, light = entity.description or entity.kind, Html()
    if answer.value is not None:  # its kind is "value"
        note = entity.description
    if drawn:
        name = f"Show path to {clip(entity.label, 60)} in the graph"
        light = parts.button("Show path", css="light", light=entity.id, label=name)
    return fill(
        '<div class="answer"><span class="answer-name">{label}</span> {light}<span '
        'class="probability" title="calibrated probability that this is a right answer">{p}</span> '
        "{note}{facts}</div>",
        label=parts.label(entity)
        if answer.value is None
        else fill('<bdi class="kg-label">{text}</bdi>', text=clip(answer.value.text)),
        light=light,
        note=fill('<bdi class="note">{note}</bdi>', note=note[:160]) if note else "",
        p=words.percent(answer.score),
        facts=_evidence(trace, answer),
    )


def _evidence(trace: Trace, answer: Answer) -> Html:
    """The answer's paths as sentences, one path of each mention before the second of any."""
    ranks, several = marks.ranks(trace), len(trace.branches) > 1
    turn: dict[int, int] = {}
    order: list[tuple[int, int, Path]] = []
    for path in answer.paths:
        if path.facts:
            turn[path.mention] = turn.get(path.mention, 0) + 1
            order.append((turn[path.mention], ranks.get(path.mention, -1), path))
    order.sort(key=lambda entry: entry[:2])
    lines = [
        fill(
            "<li>{badge}<bdi>{sentence}</bdi></li>",
            badge=parts.badge(rank) if several and rank >= 0 else "",
            sentence=words.path(path),
        )
        for _, rank, path in order[:FACTS_SHOWN]
    ]
    measured = compared.measured(trace, answer.entity)
    if measured:
        lines.insert(0, fill("<li><bdi>{sentence}</bdi></li>", sentence=measured))
    if len(order) > FACTS_SHOWN:
        more = words.count(len(order) - FACTS_SHOWN, "more path")
        lines.append(fill('<li class="quiet">and {more} in the graph</li>', more=more))
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
    values = {"Sure of this reading": words.percent(trace.confidence)} if trace.branches else {}
    names = [n for n in _TIMES if n in trace.timings]
    names += [n for n in trace.timings if n not in _TIMES]
    values |= {_TIMES.get(n, n): f"{trace.timings[n]:.0f} ms" for n in names}
    item = "<div><dt>{name}</dt><dd>{value}</dd></div>"
    items = join(fill(item, name=name, value=value) for name, value in values.items())
    return fill('<dl class="meta">{items}</dl>', items=items) if values else Html()
