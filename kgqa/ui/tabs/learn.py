"""The lesson: steps with figures that the model makes now, each ending in questions to try.

Nothing here is a picture: the figures come from the same answers as the first page, and the
failures of the last step are asked again every time, so that the lesson never claims what the
checkpoint no longer does. Which questions it asks comes with the checkpoint
(:class:`kgqa.ui.service.Lesson`); without them the examples are asked instead.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache

from kgqa.trace import Trace
from kgqa.ui.html import parts, words
from kgqa.ui.html.escape import Html, clip, fill, join
from kgqa.ui.service import Failure, LessonStep, Service
from kgqa.ui.tabs import figures, operators
from kgqa.ui.views import intersection
from kgqa.ui.views.question import marked

FACTS = (
    "A fact is a triple: head, relation, tail. Entities are the nodes, relations name the edges."
)
BOTH_WAYS = "An edge can be walked both ways. These are facts about one entity:"
INDEX = "An index lists every run of words that names something."
SPANS = (
    "The network scores each run with the words around it, and decides which set of them takes "
    "part."
)
ENTITIES = (
    "Several entities can carry the same name. The model gives each a vector made of the relations "
    "that leave it, so that it can judge an entity that it never saw in training."
)
FOLLOW = (
    "The set of entities where the walk stands is a vector x, almost all zeros. For each hop the "
    "network predicts a distribution r over relations from the question's words. The next vector "
    "is follow(x, r): for every fact (s, p, o), add x[s] · r[p] to o. Only facts that leave the "
    "set are ever read, so it costs the same in a graph of a hundred million facts."
)
INTERSECTION = (
    "Each mention leads to a set of entities. Which entities are in every set? Take the "
    "element-wise minimum: an entity is in the result as far as it is in every set."
)
SUPERVISION = (
    "Nobody told the model which words are names, which entity is meant, or which relations to "
    "follow. It was trained on pairs alone: a question and its answers. Several walks can lead to "
    "the right answer by accident."
)

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
    makers = (_facts, _spans, _entities, _follow, _meet, _operators, _weak, _failures)
    steps = join(_safe(make, teacher, n) for n, make in enumerate(makers, 1))
    return fill('<div class="lesson">{steps}</div>', steps=steps)


def _safe(make: Callable[[Teacher, int], Html], teacher: Teacher, number: int) -> Html:
    """A figure that another graph cannot give leaves the rest of the lesson standing."""
    try:
        return make(teacher, number)
    except Exception:
        log.exception("A step of the lesson could not be made")
        return Html()


def _step(n: int, title: str, text: str, figure: Html, tries: tuple[str, ...]) -> Html:
    buttons = join((parts.button(q, action="ask", question=q) for q in tries), " ")
    return fill(
        '<section class="kg-card lesson-step" aria-labelledby="kg-learn-{n}"><h2 id="kg-learn-{n}">'
        '<span class="step-number">{n}</span>{title}</h2>{text}{figure}{tries}</section>',
        n=n,
        title=title,
        text=join(fill("<p>{p}</p>", p=p) for p in text.split("\n") if p),
        figure=figure,
        tries=fill('<p class="try"><b>Try:</b> {b}</p>', b=buttons) if tries else "",
    )


def _facts(teacher: Teacher, n: int) -> Html:
    card, step = teacher.card, teacher.lesson.facts
    size = f" This one has {card.entities:,} entities and {card.triples:,} facts."
    trace, figure = teacher.trace(step, lambda t: t.branches and t.branches[0].seeds), Html()
    if trace:
        entity = trace.branches[0].seeds[0].entity.id
        figure = figures.facts(teacher.service.neighbourhood(entity))
    text = (FACTS + size if card.entities else FACTS) + "\n" + (step.text or BOTH_WAYS)
    return _step(n, "A knowledge graph is a set of facts", text, figure, step.tries)


def _spans(teacher: Teacher, n: int) -> Html:
    step, title = teacher.lesson.spans, "Spans: which words are names?"
    trace = teacher.trace(step, lambda t: t.mentions)
    text = f"{step.text or INDEX} {SPANS}"
    if trace is None:
        return _step(n, title, text, Html(), step.tries)
    used = words.several([f"“{m.text}”" for m in trace.mentions if m.used], 4) or "none"
    text += f" Here it takes {used}; the small number is the probability that the span takes part."
    return _step(n, title, text, marked(trace, "lesson-line"), step.tries)


def _entities(teacher: Teacher, n: int) -> Html:
    step, figure = teacher.lesson.entities, Html()
    trace = teacher.trace(step, lambda t: any(m.used and m.candidates[1:] for m in t.mentions))
    if trace:
        mention = max((m for m in trace.mentions if m.used), key=lambda m: len(m.candidates) > 1)
        figure = figures.candidates(mention, teacher.service.neighbourhood)
    title = step.title or "Entity resolution: which of them is meant?"
    return _step(n, title, f"{ENTITIES} {step.text}".rstrip(), figure, step.tries)


def _follow(teacher: Teacher, n: int) -> Html:
    step, title, text = teacher.lesson.follow, "Follow: hops are sparse products", FOLLOW
    toy = teacher.service.toy if step.question else None
    trace = toy.answer(step.question) if toy else None
    trace = trace or teacher.trace(step, lambda t: t.branches and t.branches[0].hops)
    if trace is None:
        return _step(n, title, text, Html(), step.tries)
    branch, figure = trace.branches[0], Html()
    ids = {r.label: r.id for r in teacher.card.relations}
    before = branch.seeds
    for number, hop in enumerate(branch.hops[:2], 1):
        if number > 1:
            figure += fill('<p class="part">Hop {number}</p>', number=number)
        x = {e.entity.id: e.membership for e in before}
        figure += figures.hop(number, x, hop, toy.facts if toy else hop.facts, ids)
        before = hop.entities
    likely = words.count(max(range(len(branch.stop)), key=branch.stop.__getitem__), "hop")
    text += f"\n“{trace.question}” in {'the toy graph below' if toy else 'the graph'}, product by "
    text += f"product. After each hop the network may stop; here it takes {likely}:"
    return _step(n, title, text, figure + figures.stops(trace), step.tries)


def _meet(teacher: Teacher, n: int) -> Html:
    step, figure = teacher.lesson.intersection, Html()
    trace = teacher.trace(step, lambda t: t.intersection)
    if trace and trace.intersection:
        answers = {a.entity.id for a in trace.answers}
        figure = intersection.table(trace, trace.intersection.rows[:5], answers)
    title = "Intersection: the smallest value counts"
    return _step(n, title, step.text or INTERSECTION, figure + _code(step.code), step.tries)


def _operators(teacher: Teacher, n: int) -> Html:
    step, trained = teacher.lesson.operators, teacher.card.operators
    figure = operators.body(teacher.service.worked(step.attribute), trained=trained)
    title = step.title or operators.TITLE
    return _step(n, title, step.text, figure, step.tries if trained else ())


def _code(code: str) -> Html:
    """A step as Python, in a box that the keyboard can scroll."""
    box = '<pre tabindex="0" role="region" aria-label="{name}"><code>{code}</code></pre>'
    return fill(box, name="The same step in Python", code=code) if code else Html()


def _weak(teacher: Teacher, n: int) -> Html:
    step, toy = teacher.lesson.supervision, teacher.service.toy
    title, text = "Weak supervision: only questions and answers", SUPERVISION
    if not toy or not step.question:
        return _step(n, title, text, Html(), step.tries)
    trace = toy.answer(step.question)
    hops = trace.branches[0].hops if trace.branches else ()
    weights = {r.label: r.weight for r in hops[0].relations} if hops else {}
    rows = [
        (figures.label(chain), words.percent(weights.get(chain, 0.0)) if "," not in chain else "")
        for chain in figures.chains(toy.facts, teacher.card, step.start, step.goal)
    ]
    heads = (f"A walk from {step.start} to {step.goal}", "P(first relation) now")
    text += f" In the toy graph these lead from {step.start} to {step.goal}, and one question "
    text += "cannot tell them apart; over thousands of questions only the right one keeps working."
    figure = figures.table(heads, rows, name="Explanations") if rows else Html()
    return _step(n, title, text, figure, step.tries)


def _failures(teacher: Teacher, n: int) -> Html:
    failures = teacher.card.failures
    if not failures:
        return Html()
    items = join(_failure(failure, teacher.ask(failure.question)) for failure in failures)
    return _step(
        n,
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
