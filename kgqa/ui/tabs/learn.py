"""The lesson: seven steps, each with a figure that the model makes now, each ending in a question to try.

Nothing here is a picture: the figures come from the same answers as the first page, and the failures of the last step are asked
again every time, so that the lesson cannot claim what the checkpoint no longer does.
"""

from __future__ import annotations

import json
import logging

from kgqa.trace import Trace
from kgqa.ui.drawing.canvas import STATIC
from kgqa.ui.html import parts, words
from kgqa.ui.html.escape import Html, clip, fill, join
from kgqa.ui.service import Service
from kgqa.ui.tabs import figures
from kgqa.ui.views import intersection
from kgqa.ui.views.question import marked

MONA = "What city is the Mona Lisa in?"
TITANIC = "Who directed the 1997 film Titanic?"
HANKS = "Who wrote films starring Tom Hanks?"
PORTMAN = "Who did Natalie Portman play in Star Wars?"

log = logging.getLogger(__name__)


def failures() -> list[dict]:
    """Questions that the committed checkpoint gets wrong, and why; ``failures.json``."""
    return json.loads(
        (STATIC.parents[2] / "checkpoints/films/failures.json").read_text(encoding="utf-8")
    )


def render(service: Service) -> Html:
    """The whole lesson."""
    steps = (_graph, _spans, _entities, _follow, _meet, _weak, _fails)
    return fill(
        '<div class="lesson">{steps}</div>',
        steps=join(_safe(step, service, n) for n, step in enumerate(steps, 1)),
    )


def _safe(step, service: Service, number: int) -> Html:
    """A figure that another graph cannot give leaves the rest of the lesson standing."""
    try:
        return step(service, number)
    except Exception:
        log.exception("A step of the lesson could not be made")
        return Html()


def _step(number: int, title: str, text: str, figure: Html, tries: tuple[str, ...]) -> Html:
    buttons = join((parts.button(q, do="try", question=q) for q in tries), " ")
    return fill(
        '<section class="kg-card lesson-step" aria-labelledby="kg-learn-{n}"><h2 id="kg-learn-{n}"><span class="step-number">{n}'
        '</span>{title}</h2>{text}{figure}<p class="try"><b>Try:</b> {buttons}</p></section>',
        n=number,
        title=title,
        text=join(fill("<p>{p}</p>", p=p) for p in text.split("\n")),
        figure=figure,
        buttons=buttons,
    )


def _graph(service: Service, n: int) -> Html:
    card = service.card
    size = (
        f" This one has {card['entities']:,} entities and {card['triples']:,} facts."
        if card.get("entities")
        else ""
    )
    trace = service.ask(MONA)
    start = trace.branches[0].seeds[0].entity.id
    return _step(
        n,
        "A knowledge graph is a set of facts",
        f"A fact is a triple: head, relation, tail. Entities are the nodes, relations name the edges.{size}\n"
        "An edge can be walked both ways: “created by” one way is “created” the other. These are facts about one entity:",
        figures.about(service.about(start)),
        ("Who painted the Mona Lisa?", "What is the capital of France?"),
    )


def _spans(service: Service, n: int) -> Html:
    trace = service.ask(TITANIC)
    used = words.several([f"“{m.text}”" for m in trace.mentions if m.used], 4)
    return _step(
        n,
        "Spans: which words are names?",
        "An index lists every run of words that names something, and most of them are traps: almost every word is also "
        "the title of "
        "some film. The network scores each run with the words around it, and decides which set of them takes part. "
        f"Here it takes {used or 'none'}; the small number is the probability that the span takes part.",
        marked(trace, "lesson-line"),
        (TITANIC, "Who directed Chicago?"),
    )


def _entities(service: Service, n: int) -> Html:
    trace = service.ask(HANKS)
    mention = next(m for m in trace.mentions if m.used)
    groups = {c.entity.id: service.about(c.entity.id) for c in mention.candidates[:4]}
    return _step(
        n,
        "Entity resolution: why Tom Hanks the actor?",
        "Several entities can carry the same name. The model gives each a vector made of the relations that leave it, "
        "so that it can judge an entity that it never saw in training. Nothing says “actor” in the question; but from "
        "the seismologist no relation leads to films, so the walk that the question asks for cannot start there, and "
        "the score knows it. How many facts go with each relation counts as well: it is why the word “movies” alone "
        "is read as films that Tom Hanks acted in, and as films that Stanley Kubrick directed.",
        figures.candidates(trace, groups),
        (HANKS, "Tom Hanks movies", "Kubrick movies", "What is the field of work of Tom Hanks?"),
    )


def _follow(service: Service, n: int) -> Html:
    ask = service.toy or service.answer
    trace = ask(MONA)
    branch = trace.branches[0]
    before = {s.entity.id: s.membership for s in branch.seeds}
    relations = {
        r["label"]: r["id"]
        for r in service.card.get("relations", ())
        if not r["id"].startswith("-")
    }
    facts = service.toy_facts or branch.hops[0].facts
    figure = figures.hop(1, before, branch.hops[0], facts, relations)
    second = {e.entity.id: e.membership for e in branch.hops[0].entities}
    if len(branch.hops) > 1:
        figure += Html('<p class="part">Hop 2</p>') + figures.hop(
            2, second, branch.hops[1], facts, relations
        )
    where = "the toy graph below" if service.toy else "the graph"
    return _step(
        n,
        "Follow: hops are sparse products",
        "The set of entities where the walk stands is a vector x, almost all zeros. For each hop the network predicts "
        "a distribution r "
        "over relations from the question's words. The next vector is follow(x, r): for every fact (s, p, o), add x[s] · r[p] to "
        "o. Only facts that leave the set are ever read, so it costs the same in a graph of a hundred million facts.\n"
        f"“{MONA}” in {where}, product by product. After each hop the network may stop; here it takes "
        f"{words.count(max(range(len(branch.stop)), key=branch.stop.__getitem__), 'hop')}:",
        figure + figures.stops(trace),
        (MONA, HANKS),
    )


def _meet(service: Service, n: int) -> Html:
    trace = service.ask(PORTMAN)
    rows = trace.intersection.rows[:5] if trace.intersection else ()
    return _step(
        n,
        "Intersection: the smallest value counts",
        "Natalie Portman leads to every character that she played; Star Wars leads to every character in it. Who is in "
        "both? Take the "
        "element-wise minimum: an entity is in the result as far as it is in every set. One column alone gives too "
        "much, and the sum "
        "(switch the intersection off on the first page) gives everything. It also settles names: “Star Wars” may be "
        "any of seven films "
        "until it meets Natalie Portman.",
        intersection.table(trace, rows, {a.entity.id for a in trace.answers}),
        (PORTMAN, "Which countries border both France and Germany?"),
    )


def _weak(service: Service, n: int) -> Html:
    known = service.card.get("relations", ())
    relations = {r["label"]: r["id"] for r in known if not r["id"].startswith("-")}
    said = {r["id"]: r["label"] for r in known}
    question, start, goal = "What is the capital of France?", "France", "Paris"
    found = (
        figures.chains(service.toy_facts, relations, start, goal, said) if service.toy_facts else []
    )
    trace = (service.toy or service.answer)(question)
    now = {r.label: r.weight for r in trace.branches[0].hops[0].relations} if trace.branches else {}
    rows = [
        (figures.label(chain), words.percent(now.get(chain, 0.0)) if "," not in chain else "")
        for chain in found
    ]
    table = (
        figures.table(
            ("A walk from France to Paris", "P(first relation) now"), rows, name="Explanations"
        )
        if rows
        else Html()
    )
    return _step(
        n,
        "Weak supervision: only questions and answers",
        "Nobody told the model which words are names, which entity is meant, or which relations to follow. It was "
        "trained on pairs "
        "alone: a question and its answers. Several walks can lead to the right answer by accident. In the toy graph "
        "these lead from "
        "France to Paris, and one question cannot tell them apart; over thousands of questions only the right one keeps working.",
        table,
        (question, "What is the capital of Brazil?"),
    )


def _fails(service: Service, n: int) -> Html:
    items = join(_failure(service, one) for one in failures())
    return _step(
        n,
        "Where it fails",
        "These questions go wrong, asked just now. Changing one step by hand on the first page shows where.",
        fill('<ul class="failures">{items}</ul>', items=items),
        tuple(one["question"] for one in failures()),
    )


def _failure(service: Service, one: dict) -> Html:
    trace = service.ask(one["question"])
    got = [clip(a.entity.label, 60) for a in trace.answers]
    said = words.several(got, 3) if got else trace.message
    score = f" ({words.percent(trace.answers[0].score)})" if got else ""
    return fill(
        "<li><p><b>“{q}”</b> It says: <bdi>{said}</bdi>{score}. {verdict}</p><p>{why}</p></li>",
        q=one["question"],
        said=said.rstrip("."),
        score=score,
        verdict="This checkpoint gets it right."
        if right(trace, one)
        else "Right would be: " + one["should"],
        why="" if right(trace, one) else one["why"],
    )


def right(trace: Trace, one: dict) -> bool:
    """Whether a failure has been mended."""
    return {a.entity.label for a in trace.answers} == set(one["right"])
