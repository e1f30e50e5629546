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
from kgqa.ui.tabs import figures
from kgqa.ui.views import intersection
from kgqa.ui.views.question import marked

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
    makers = (_facts, _spans, _entities, _follow, _meet, _weak, _failures)
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
    text = "A fact is a triple: head, relation, tail. Entities are the nodes, relations name the "
    text += f"edges.{size if card.entities else ''}\n"
    text += step.text or "An edge can be walked both ways. These are facts about one entity:"
    trace, figure = teacher.trace(step, lambda t: t.branches and t.branches[0].seeds), Html()
    if trace:
        entity = trace.branches[0].seeds[0].entity.id
        figure = figures.facts(teacher.service.neighbourhood(entity))
    return _step(n, "A knowledge graph is a set of facts", text, figure, step.tries)


def _spans(teacher: Teacher, n: int) -> Html:
    step = teacher.lesson.spans
    trace = teacher.trace(step, lambda t: t.mentions)
    text = step.text or "An index lists every run of words that names something."
    text += " The network scores each run with the words around it, and decides which set of them "
    text += "takes part."
    if trace:
        used = words.several([f"“{m.text}”" for m in trace.mentions if m.used], 4)
        text += f" Here it takes {used or 'none'}; the small number is the probability that the "
        text += "span takes part."
    figure = marked(trace, "lesson-line") if trace else Html()
    return _step(n, "Spans: which words are names?", text, figure, step.tries)


def _entities(teacher: Teacher, n: int) -> Html:
    step = teacher.lesson.entities
    trace = teacher.trace(step, lambda t: any(m.used and m.candidates[1:] for m in t.mentions))
    text = "Several entities can carry the same name. The model gives each a vector made of the "
    text += "relations that leave it, so that it can judge an entity that it never saw in training."
    figure = Html()
    if trace:
        used = [m for m in trace.mentions if m.used]
        mention = next((m for m in used if m.candidates[1:]), used[0])
        figure = figures.candidates(mention, teacher.service.neighbourhood)
    title = step.title or "Entity resolution: which of them is meant?"
    return _step(n, title, f"{text} {step.text}".rstrip(), figure, step.tries)


def _follow(teacher: Teacher, n: int) -> Html:
    step, toy = teacher.lesson.follow, teacher.service.toy
    text = "The set of entities where the walk stands is a vector x, almost all zeros. For each "
    text += "hop the network predicts a distribution r over relations from the question's words. "
    text += "The next vector is follow(x, r): for every fact (s, p, o), add x[s] · r[p] to o. Only "
    text += "facts that leave the set are ever read, so it costs the same in a graph of a hundred "
    text += "million facts."
    trace = teacher.trace(step, lambda t: t.branches and t.branches[0].hops)
    if trace and toy and step.question:
        trace = toy.answer(step.question)
    figure = Html()
    if trace:
        branch = trace.branches[0]
        on_toy = toy is not None and bool(step.question)
        ids = {r.label: r.id for r in teacher.card.relations}
        before = {s.entity.id: s.membership for s in branch.seeds}
        for number, hop in enumerate(branch.hops[:2], 1):
            if number > 1:
                figure += fill('<p class="part">Hop {n}</p>', n=number)
            facts = toy.facts if toy and on_toy else hop.facts
            figure += figures.hop(number, before, hop, facts, ids)
            before = {e.entity.id: e.membership for e in hop.entities}
        figure += figures.stops(trace)
        where = "the toy graph below" if on_toy else "the graph"
        likely = max(range(len(branch.stop)), key=branch.stop.__getitem__)
        text += f"\n“{trace.question}” in {where}, product by product. After each hop the network "
        text += f"may stop; here it takes {words.count(likely, 'hop')}:"
    return _step(n, "Follow: hops are sparse products", text, figure, step.tries)


def _meet(teacher: Teacher, n: int) -> Html:
    step = teacher.lesson.intersection
    text = step.text or (
        "Each mention leads to a set of entities. Which of them are in every set? Take the "
        "element-wise minimum: an entity is in the result as far as it is in every set."
    )
    trace, figure = teacher.trace(step, lambda t: t.intersection), Html()
    if trace:
        rows = trace.intersection.rows[:5] if trace.intersection else ()
        figure = intersection.table(trace, rows, {a.entity.id for a in trace.answers})
    return _step(n, "Intersection: the smallest value counts", text, figure, step.tries)


def _weak(teacher: Teacher, n: int) -> Html:
    step, toy = teacher.lesson.supervision, teacher.service.toy
    text = "Nobody told the model which words are names, which entity is meant, or which relations "
    text += "to follow. It was trained on pairs alone: a question and its answers. Several walks "
    text += "can lead to the right answer by accident."
    figure = Html()
    if toy and step.question:
        text += f" In the toy graph these lead from {step.start} to {step.goal}, and one question "
        text += "cannot tell them apart; over thousands of questions only the right one keeps "
        text += "working."
        trace = toy.answer(step.question)
        hops = trace.branches[0].hops if trace.branches else ()
        weights = {r.label: r.weight for r in hops[0].relations} if hops else {}
        chains = figures.chains(toy.facts, teacher.card, step.start, step.goal)
        rows = [
            (figures.label(c), words.percent(weights.get(c, 0.0))) for c in chains if "," not in c
        ]
        rows += [(figures.label(c), "") for c in chains if "," in c]
        heads = (f"A walk from {step.start} to {step.goal}", "P(first relation) now")
        figure = figures.table(heads, rows, name="Explanations") if rows else Html()
    return _step(n, "Weak supervision: only questions and answers", text, figure, step.tries)


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
