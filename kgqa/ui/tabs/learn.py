"""The lesson with the model's numbers of now: what it does with questions, asked when asked for.

The figure above it (``kgqa.ui.learning``) waits for no model. Nothing here is a picture, either:
the parts come from the same answers as the first page, and failures are asked again every time, so
that the lesson never claims what the checkpoint no longer does. Which questions it asks comes with
the checkpoint (:class:`kgqa.ui.service.Lesson`); without them the examples are asked instead.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache

from kgqa.trace import Trace
from kgqa.ui.html import parts, words
from kgqa.ui.html.escape import Html, clip, fill, join
from kgqa.ui.service import Failure, LessonStep, Service
from kgqa.ui.tabs import figures
from kgqa.ui.views import intersection
from kgqa.ui.views.question import marked

INDEX = "An index lists every run of words that names something."
ENTITIES = (
    "The candidates of a name, the relations that leave each, which the model judges them by, and "
    "their scores:"
)
INTERSECTION = "What each name leads to, and the minimum, which decides:"

log = logging.getLogger(__name__)


class Teacher:
    """Asks the questions of the lesson, each once."""

    def __init__(self, service: Service):
        self.service, self.card, self.lesson = service, service.card, service.card.lesson
        self.ask: Callable[[str], Trace] = cache(service.ask)

    def trace(self, step: LessonStep, fits: Callable[[Trace], object]) -> Trace | None:
        """The answer to the step's question, or to the first example that fits; None if none."""
        questions = [step.question] if step.question else [e.question for e in self.card.examples]
        return next((t for t in map(self.ask, questions) if fits(t)), None)


def render(service: Service) -> Html:
    """The whole lesson."""
    teacher = Teacher(service)
    makers = (_spans, _entities, _meet, _failures)
    parts = join(_safe(make, teacher) for make in makers)
    return fill('<div class="lesson" id="kg-live">{parts}</div>', parts=parts)


def _safe(make: Callable[[Teacher], Html], teacher: Teacher) -> Html:
    """A figure that another graph cannot give leaves the rest of the lesson standing."""
    try:
        return make(teacher)
    except Exception:
        log.exception("A part of the lesson could not be made")
        return Html()


def _part(title: str, text: str, figure: Html, tries: tuple[str, ...]) -> Html:
    buttons = join((parts.button(q, action="ask", question=q) for q in tries), " ")
    return fill(
        '<section class="kg-card lesson-step"><h2>{title}</h2>{text}{figure}{tries}</section>',
        title=title,
        text=join(fill("<p>{p}</p>", p=p) for p in text.split("\n") if p),
        figure=figure,
        tries=fill('<p class="try"><b>Try:</b> {b}</p>', b=buttons) if tries else "",
    )


def _spans(teacher: Teacher) -> Html:
    step, title = teacher.lesson.spans, "Spans: which words are names?"
    trace = teacher.trace(step, lambda t: t.mentions)
    text = step.text or INDEX
    if trace is None:
        return _part(title, text, Html(), step.tries)
    used = words.several([f"“{m.text}”" for m in trace.mentions if m.used], 4) or "none"
    text += f" Here it takes {used}; the small number is the probability that the span takes part."
    return _part(title, text, marked(trace, "lesson-line"), step.tries)


def _entities(teacher: Teacher) -> Html:
    step, figure = teacher.lesson.entities, Html()
    trace = teacher.trace(step, lambda t: any(m.used and m.candidates[1:] for m in t.mentions))
    if trace:
        mention = max((m for m in trace.mentions if m.used), key=lambda m: len(m.candidates) > 1)
        figure = figures.candidates(mention, teacher.service.neighbourhood)
    title = step.title or "Entity resolution: which of them is meant?"
    return _part(title, f"{ENTITIES} {step.text}".rstrip(), figure, step.tries)


def _meet(teacher: Teacher) -> Html:
    step, figure = teacher.lesson.intersection, Html()
    trace = teacher.trace(step, lambda t: t.intersection)
    if trace and trace.intersection:
        answers = {a.entity.id for a in trace.answers}
        figure = intersection.table(trace, trace.intersection.rows[:5], answers)
    title = "Intersection: the smallest value counts"
    return _part(title, step.text or INTERSECTION, figure + _code(step.code), step.tries)


def _code(code: str) -> Html:
    """A step as Python, in a box that the keyboard can scroll."""
    box = '<pre tabindex="0" role="region" aria-label="{name}"><code>{code}</code></pre>'
    return fill(box, name="The same step in Python", code=code) if code else Html()


def _failures(teacher: Teacher) -> Html:
    failures = teacher.card.failures
    if not failures:
        return Html()
    items = join(_failure(failure, teacher.ask(failure.question)) for failure in failures)
    return _part(
        "Where it fails",
        "These questions go wrong, asked just now. Editing one step on the first page shows where.",
        fill('<ul class="failures">{items}</ul>', items=items),
        tuple(failure.question for failure in failures),
    )


def _failure(failure: Failure, trace: Trace) -> Html:
    labels = [clip(a.entity.label, 60) for a in trace.answers]
    reply = words.several(labels, 3) if labels else trace.message
    mended = right(trace, failure)
    return fill(
        "<li><p><b>“{q}”</b> It says: <bdi>{reply}</bdi>{score}. {verdict}</p><p>{why}</p></li>",
        q=failure.question,
        reply=reply.rstrip("."),
        score=f" ({words.percent(trace.answers[0].score)})" if labels else "",
        verdict="This checkpoint gets it right." if mended else f"Right would be: {failure.should}",
        why="" if mended else failure.why,
    )


def right(trace: Trace, failure: Failure) -> bool:
    """Whether a failure has been mended."""
    return {a.entity.label for a in trace.answers} == set(failure.right)
