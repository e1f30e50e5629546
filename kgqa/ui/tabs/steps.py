"""The steps that scroll past the lesson's figure: titles, texts, code and questions, as data.

``static/figure.js`` writes them as text and adds what a reader can move. Words that belong to a
graph come with the checkpoint (:class:`kgqa.ui.service.Lesson`).
"""

from __future__ import annotations

from typing import Any

from kgqa.ui.figure import Figure
from kgqa.ui.html.escape import clip
from kgqa.ui.service import Card, LessonStep
from kgqa.ui.tabs import operators

FACTS = (
    "A fact is a triple: head, relation, tail. Entities are the nodes, relations name the edges."
)
BOTH_WAYS = "An edge can be walked both ways, in other words for each."
DRAWN = (
    "The graph of this figure has {facts} of them. Switch one off here or on its line, and every "
    "number below changes with it."
)
SPANS = (
    "The network scores each run of words that an index knows as a name, with the words around it, "
    "and decides which of them take part. Press a name to leave it out."
)
ENTITIES = (
    "Several entities can carry the same name. The model gives each a vector made of the relations "
    "that leave it, so that it can judge an entity that it never saw in training. What it decides "
    "is a vector x₀ with one number for each entity, almost all of them 0. Move these:"
)
FOLLOW = (
    "For each hop the network predicts a distribution r over relations from the question's words. "
    "The next vector is follow(x, r): for every fact (s, p, o), add x[s] · r[p] to o. Cohen et al. "
    "write it with three sparse matrices of one row for each fact:",
    "Only facts that leave the set are ever read, so it costs the same in a graph of a hundred "
    "million facts. Numbers above 1 are cut to 1: what is reached twice is not more than reached. "
    "Press a number to see how it came about.",
)
FOLLOW_FORMULA = "follow(x, r) = (x Mˢᵘᵇʲᵀ ⊙ r Mʳᵉˡᵀ) Mᵒᵇʲ"
MEET = (
    "Each name leads to a set of entities. Which are in every set? Take the element-wise minimum: "
    "an entity is in the result as far as it is in every set. The maximum unites the sets; min(x, "
    "1 − y) takes one away from the other."
)
MEET_FORMULA = "together[e] = min(A[e], B[e])"
OPERATORS = (
    "A question may ask for the largest of a set, and no relation leads there. So a hop chooses "
    "among operators, too. Read memberships as probabilities: e stays if it is in the set and "
    "nothing better is. For the second, exactly one that is better has to be in the set. Of a set "
    "of 0 and 1 exactly the largest stays."
)
NOT_COMPARED = "The entities of this figure have no numbers to compare; below are some that have."
HOP = (
    "What the sets share is a vector like any other, and the walk goes on from it. At the end the "
    "answer is read off: the set that the model commits to, how many these are, or whether there "
    "is any. The sums of follow count the ways to an entity, so “most often” is no new operation: "
    "they are compared before they are cut."
)
NO_HOP = (
    "At the end the answer is read off: the set that the model commits to, how many these are, or "
    "whether there is any."
)
TRAINING = (
    "Nobody tells the model which words are names, which entity is meant, or which relations to "
    "follow. It is trained on pairs alone: a question and its answers. Several walks can lead to "
    "the right answer by accident, and one question cannot tell them apart; over thousands of "
    "questions only the right one keeps working."
)
BARE = "No walk over this graph is small enough to draw; the steps stand in words."


def steps(card: Card, figure: Figure | None) -> list[dict[str, Any]]:
    """The steps in their order: {id, title, text, formula, code, tries}."""
    lesson, both = card.lesson, figure is None or len(figure.starts) > 1
    facts = [FACTS + _size(card), lesson.facts.text or BOTH_WAYS]
    if figure is None:
        facts.append(BARE)
    else:
        facts.append(DRAWN.format(facts=len(figure.facts)))
    compares = figure is None or figure.compared
    operating = [OPERATORS] if compares else [OPERATORS, NOT_COMPARED]
    operating += [lesson.operators.text] if lesson.operators.text else []
    on = figure is None or figure.after
    made = [
        _step("facts", "A knowledge graph is a set of facts", facts, lesson.facts),
        _step("spans", "Spans: which words are names?", [SPANS], lesson.spans),
        _step("entities", "Entities: which of them is meant?", [ENTITIES], lesson.entities),
        _step(
            "follow",
            "Follow: a hop is a sparse product",
            FOLLOW,
            lesson.follow,
            formula=FOLLOW_FORMULA,
            code=_code(figure, 1),
        ),
        _step(
            "meet",
            "Intersection: the smallest value counts",
            [MEET],
            lesson.intersection,
            formula=MEET_FORMULA,
            code=_code(figure, 2),
        ),
        _step(
            "operators",
            operators.TITLE,
            operating,
            lesson.operators if card.operators else LessonStep(),
            formula=operators.FORMULA,
        ),
        _step(
            "hop",
            "The second hop, and the answer" if on else "The answer",
            [HOP if on else NO_HOP],
            LessonStep(),
            code=_code(figure, 3),
        ),
        _step(
            "training",
            "Weak supervision: only questions and answers",
            [TRAINING],
            lesson.supervision,
        ),
    ]
    return [step for step in made if both or step["id"] != "meet"]


def _size(card: Card) -> str:
    if not card.entities:
        return ""
    return f" The graph of this page has {card.entities:,} entities and {card.triples:,} facts."


def _step(
    id: str, title: str, text: Any, own: LessonStep, *, formula: str = "", code: str = ""
) -> dict[str, Any]:
    tries = [clip(question, 300) for question in own.tries]
    return {
        "id": id,
        "title": title,
        "text": list(text),
        "formula": formula,
        "code": code,
        "tries": tries,
    }


def _code(figure: Figure | None, level: int) -> str:
    """The walk as far as a step, in the verbs of ``kgqa.walk``: 1 first hop, 2 meeting, 3 all."""
    if figure is None:
        return ""
    half = len(figure.relations)

    def relation(r: tuple[float, ...]) -> str:
        p = max(range(2 * half), key=r.__getitem__)
        return repr(("-" if p >= half else "") + figure.relations[p % half][0])

    names = "ab"[: len(figure.starts)]
    seeds = [
        f"{name} = Frontier.of(graph, {figure.entities[start.seeds[0]].id!r})"
        for name, start in zip(names, figure.starts, strict=True)
    ]
    hops = [
        f"{name}.follow(graph, {relation(start.r)})"
        for name, start in zip(names, figure.starts, strict=True)
    ]
    if level == 1:
        return "\n".join([*seeds, hops[0]])
    met = " & ".join(hops)
    if level == 2 or not figure.after:
        return met
    return f"({met}).follow(graph, {relation(figure.after)})"
