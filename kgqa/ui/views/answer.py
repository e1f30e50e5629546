"""The answer, before anything else: labels, probabilities, one sentence, the facts that support it.

A question without an answer gets the same place and the same care: what happened, and what to try.
"""

from __future__ import annotations

from kgqa.trace import STAGES, Answer, Path, Trace
from kgqa.ui.html import compact, marks, parts, words
from kgqa.ui.html.escape import Html, clip, fill, join
from kgqa.ui.service import Card
from kgqa.ui.views import caveats, compared, edits, plan, value

SHOWN = 10  #: answers in the card; an answer set can have many thousands
FEW = 3  #: up to so many all show their facts; of more, each is a line that opens
FACTS = 4  #: sentences of evidence for each of them
#: {part of the pipeline: its name on the page}, in the order in which times are shown
_TIMES = {
    "total": "Time",
    "link": "find names",
    "encode": "read",
    "hops": "follow",
    "trace": "explain",
}
_EYEBROWS = {"number": "Answer, a number", "date": "Answer, a date"}
_LEFT_OUT = " The entities named in the question are left out of the answer."
#: outcomes after which it helps to know what the graph holds
_LOST = ("not_in_graph", "no_mention", "no_path")
_NOT_ASKED = ("empty_question", "too_long")
_MEANING = (
    "It is worked out from how sure the model is of the names that take part, and of how far the "
    "answer belongs to the set that was reached, and then calibrated: of the answers given as "
    "“95% likely right”, about 95 in 100 should be."
)
_MEASURED = " On questions kept apart from training it was off by {error:.1f} points on average."
_ELSEWHERE = " It was calibrated on another graph, so here it is a rough guide."
_UNSEEN = (
    '<p class="quiet unseen-graph">The model was not trained on this graph: it knows the relations '
    "by their words alone.</p>"
)


def render(trace: Trace, card: Card = Card()) -> Html:
    """The answer card; ``card``: of the graph that was asked."""
    if trace.outcome in STAGES:
        return fill(
            '<section class="kg-card answer-card waiting" id="kg-answer"><p class="sentence">'
            "{sentence}</p></section>",
            sentence=trace.message,
        )
    known = trace.outcome == "answered" and trace.value is not None
    body = _answers(trace) if trace.answers or known else _none(trace, card)
    choice = edits.read_out_list(trace) if trace.branches else ""
    kept = "" if card.visitors or trace.outcome in _NOT_ASKED else trace.question
    return fill(
        '<section class="kg-card answer-card" id="kg-answer" data-asked="{asked}" '
        'data-kept="{kept}">{body}{choice}{unseen}{foot}</section>',
        asked=trace.question,
        kept=kept,  # by the browser, among the questions asked before
        body=body,
        unseen=Html(_UNSEEN) if card.unseen else "",
        choice=choice,
        foot=_foot(trace, card),
    )


def _likely(trace: Trace, answer: Answer) -> Html:
    """The one number beside an answer; where all have the same, the first says it for all.

    What is read off the answers has the number instead of them.
    """
    if trace.value is not None:
        return Html()
    percent = words.percent(answer.score)
    if len(trace.answers) > 1 and answer is not trace.answers[0]:
        if percent == words.percent(trace.answers[0].score):
            return Html()
        return fill('<span class="probability">{p}</span>', p=percent)
    return fill('<span class="probability">{p} likely right</span>', p=percent)


def _answers(trace: Trace) -> Html:
    answers = trace.answers
    left_out = _LEFT_OUT if trace.excluded > 0.5 else ""
    sentence = fill('<p class="sentence">{a}{b}</p>', a=plan.render(trace), b=left_out)
    warned = caveats.render(trace)
    if trace.value is not None:
        listed = _list(trace) if answers else Html()
        return value.render(trace, trace.value, listed) + sentence + warned
    if len(answers) == 1:
        return fill(
            '<p class="eyebrow">{eyebrow}</p><div class="single">{item}</div>{sentence}{warned}',
            warned=warned,
            eyebrow=_EYEBROWS.get(answers[0].value.kind if answers[0].value else "", "Answer"),
            item=_item(trace, answers[0]),
            sentence=sentence,
        )
    return fill(
        '<p class="eyebrow">{count}</p>{warned}{listed}{sentence}',
        warned=warned,
        count=words.count(len(answers), "answer"),
        sentence=sentence,
        listed=_list(trace),
    )


def _list(trace: Trace) -> Html:
    """The first answers; the list below the card has them all (:mod:`kgqa.ui.listing`)."""
    answers, rest = trace.answers, len(trace.answers) - SHOWN
    many = len(answers) > FEW
    made = (_line(trace, a) if many else _item(trace, a) for a in answers[:SHOWN])
    first = [fill("<li>{a}</li>", a=item) for item in made]
    more = Html()
    if rest > 0:
        title = f"Show the other {rest:,}"
        more = fill('<p class="more">{b}</p>', b=parts.button(title, listing="", css="action open"))
    css = "answers many" if many else "answers"
    return fill('<ol class="{css}">{first}</ol>{more}', css=css, first=join(first), more=more)


def _item(trace: Trace, answer: Answer) -> Html:
    """One answer; a button lights up its path in the graph."""
    return fill(
        '<div class="answer">{name} {light}{sure} {note}{facts}</div>',
        light=_light(answer),
        facts=_evidence(trace, answer),
        **_called(trace, answer),
    )


def _line(trace: Trace, answer: Answer) -> Html:
    """One of many answers, as a line; opened, its facts. The first is open."""
    return fill(
        '<details class="answer"{open}><summary>{name}{sure} {note}</summary>{facts}{light}'
        "</details>",
        open=Html(" open") if answer is trace.answers[0] else "",
        facts=_evidence(trace, answer),
        light=_light(answer),
        **_called(trace, answer),
    )


def _called(trace: Trace, answer: Answer) -> dict[str, Html | str]:
    """The name of an answer, how likely it is, and what tells it from others."""
    name, note = compact.named(answer)
    named = '<span class="answer-name"><bdi class="kg-label">{name}</bdi></span>'
    return {
        "name": fill(named, name=clip(name)),
        "sure": _likely(trace, answer),
        "note": fill('<bdi class="note">{note}</bdi>', note=note[:160]) if note else "",
    }


def _light(answer: Answer) -> Html:
    label = f"Show path to {clip(compact.named(answer)[0], 60)} in the graph"
    return parts.button("Show path", css="light", light=answer.entity.id, label=label)


def _evidence(trace: Trace, answer: Answer) -> Html:
    """The answer's paths as sentences, one path of each mention before the second of any.

    That the film on the way is a film is left out where a path from a name tells the rest.
    """
    ranks, several = marks.ranks(trace), len(trace.branches) > 1
    classes = {branch.mention for branch in trace.branches if branch.stands_for > 1}
    named = any(path.facts and path.mention not in classes for path in answer.paths)
    turn: dict[int, int] = {}
    order: list[tuple[int, int, Path]] = []
    for path in answer.paths:
        if path.facts and not (named and len(path.facts) > 1 and path.mention in classes):
            turn[path.mention] = turn.get(path.mention, 0) + 1
            order.append((turn[path.mention], ranks.get(path.mention, -1), path))
    order.sort(key=lambda entry: entry[:2])
    lines = [
        fill(
            "<li>{badge}<bdi>{sentence}</bdi></li>",
            badge=parts.badge(rank) if several and rank >= 0 else "",
            sentence=words.path(path),
        )
        for _, rank, path in order[:FACTS]
    ]
    measured = compared.measured(trace, answer.entity)
    if measured:
        lines.insert(0, fill("<li><bdi>{sentence}</bdi></li>", sentence=measured))
    if len(order) > FACTS:
        more = words.count(len(order) - FACTS, "more path")
        lines.append(fill('<li class="quiet">and {more} in the graph</li>', more=more))
    if differs := caveats.elsewhere(trace, answer):
        lines.append(fill('<li class="quiet"><bdi>{differs}</bdi></li>', differs=differs))
    return fill('<ul class="facts">{lines}</ul>', lines=join(lines)) if lines else Html()


def _none(trace: Trace, card: Card) -> Html:
    heading, sentence, advice = words.outcome(trace)
    return fill(
        '<p class="eyebrow none"><span aria-hidden="true">○</span> {heading}</p>'
        '<p class="no-answer">{sentence}</p><p class="sentence">{advice} <bdi>{holds}</bdi></p>'
        "{caveats}",
        caveats=caveats.render(trace),
        holds=words.holds(card) if trace.outcome in _LOST else "",
        heading=heading,
        sentence=sentence,
        advice=advice,
    )


def _meaning(card: Card) -> str:
    """What the percentage says, and how well it was kept."""
    if card.unseen:
        return _MEANING + _ELSEWHERE
    error = card.metrics.calibration_error
    return _MEANING + (_MEASURED.format(error=error) if error is not None else "")


def _foot(trace: Trace, card: Card) -> Html:
    """What the number means, and the other numbers, on demand."""
    values = {"Sure of which names take part": words.percent(trace.confidence)}
    values = values if trace.branches else {}
    names = [n for n in _TIMES if n in trace.timings]
    names += [n for n in trace.timings if n not in _TIMES]
    values |= {_TIMES.get(n, n): f"{trace.timings[n]:.0f} ms" for n in names}
    if not values:
        return Html()
    item = "<div><dt>{name}</dt><dd>{value}</dd></div>"
    items = join(fill(item, name=name, value=value) for name, value in values.items())
    told = trace.answers or trace.value
    body = fill(
        '{what}<dl class="meta">{items}</dl>',
        what=fill('<p class="quiet">{text}</p>', text=_meaning(card)) if told else "",
        items=items,
    )
    title = "What the percentage means, and other numbers" if told else "Numbers"
    return parts.fold(title, body, css="numbers")
