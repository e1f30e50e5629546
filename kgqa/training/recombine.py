"""More training questions from those there are: one named by another, as people nest them.

"What is the largest city in Texas" and "which state borders Florida" give "what is the largest city
in the state that borders Florida". A small set shows such nesting too rarely to teach it. Where the
likeliest explanation of a question (``kgqa.training.agreement``) starts from a name, the name gives
way to a noun phrase made of another question whose answers are of the same classes, and the program
runs from these answers. Only grammar is known here ("what is X" asks for X); what a question means
is left to the search and to the model, which meet the new question as any other.

Jia and Liang 2016, "Data recombination for neural semantic parsing", without logical forms.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from kgqa.graph import Graph
from kgqa.linking import Link
from kgqa.programs.explanation import Explanation, Seed
from kgqa.programs.program import crisp
from kgqa.questions import Question

MOST = 1_200  #: new questions
SHARE = 2.5  #: of the questions there are, at most
LIKELY = -1.0  #: log-probability of an explanation, at least, for its question to take part
MAX_ANSWERS = 60  #: of a question that becomes a phrase
SAMPLE = 12  #: answers whose classes are compared
TRIES = 30  #: draws for each question wanted
_ASKED = re.compile(
    r"(?:(?:what|which|who)(?:'s| is| are| was| were)|whats|name|list|(?:show|give|tell)(?: me)?)"
    r" (?:all )?(the .+)"
)
_WHICH = re.compile(r"(?:what|which) (.+)")
_VERBS = frozenset("do does did can could would should".split())


@dataclass(frozen=True)
class _Phrase:
    """A question as a noun phrase, with its answers."""

    text: str
    answers: frozenset[int]
    classes: frozenset[int]  #: that all answers share


@dataclass(frozen=True)
class _Slot:
    """A name in a question that a phrase may replace."""

    question: Question
    link: Link
    explanation: Explanation
    seed: Seed
    classes: frozenset[int]


def recombine(
    graph: Graph,
    questions: Sequence[Question],
    links: Sequence[Link],
    explanations: Sequence[Sequence[Explanation]],
    priors: Sequence[Sequence[float]],
    *,
    seed: int = 0,
) -> list[Question]:
    """New questions with answers; deterministic.

    Args:
        links, explanations, priors: of each question; the likeliest explanation first.
    """
    phrases: list[_Phrase] = []
    slots: list[_Slot] = []
    for question, link, own, weights in zip(questions, links, explanations, priors, strict=True):
        if not own or weights[0] < LIKELY:
            continue
        phrases += _phrases(graph, question, link)
        slots += _slots(graph, question, link, own[0])
    wanted = min(MOST, round(SHARE * len(questions)))
    rng, found = random.Random(seed), {q.question.lower(): q for q in questions}
    before = len(found)
    for _ in range(TRIES * wanted):
        if not phrases or not slots or len(found) >= before + wanted:
            break
        slot, phrase = rng.choice(slots), rng.choice(phrases)
        if slot.classes & phrase.classes and slot.seed.entity(slot.link) not in phrase.answers:
            new = _joined(graph, slot, phrase)
            if new is not None:
                found.setdefault(new.question.lower(), new)
    return list(found.values())[before:]


def noun_phrase(question: str, link: Link, is_class: Sequence[tuple[int, int]]) -> str:
    """What a question asks for, as a phrase; empty if its grammar is not known.

    Args:
        is_class: first and last word of each mention of a class.

    >>> noun_phrase("What is the capital of Peru?", Link("", (), ()), [])
    'the capital of peru'
    """
    text = " ".join(question.lower().rstrip("?!. ").split())
    if (asked := _ASKED.fullmatch(text)) is not None:
        return asked[1]
    which = _WHICH.fullmatch(text)
    spans = [last for first, last in is_class if first == 1]
    if which is None or not spans:
        return ""
    noun = " ".join(word for _, _, word in link.words[1 : max(spans) + 1])
    rest = which[1].removeprefix(noun).strip()
    if not which[1].startswith(noun) or not rest or rest.split()[0] in _VERBS:
        return ""
    return f"the {noun} {rest}" if rest.startswith("that ") else f"the {noun} that {rest}"


def _phrases(graph: Graph, question: Question, link: Link) -> list[_Phrase]:
    answers = graph.find_all(question.answers)
    if not 0 < len(answers) <= MAX_ANSWERS:
        return []
    classes = [
        (p.first, p.last)
        for p in link.proposals
        if any(_is_class(graph, entity) for entity in p.entities)
    ]
    text = noun_phrase(question.question, link, classes)
    shared = frozenset.intersection(
        *(_classes(graph, entity) for entity in sorted(answers)[:SAMPLE])
    )
    return [_Phrase(text, frozenset(answers), shared)] if text and shared else []


def _slots(graph: Graph, question: Question, link: Link, e: Explanation) -> list[_Slot]:
    """Each name of an entity that a hop leaves."""
    found: list[_Slot] = []
    if e.program.readout.startswith("sum"):
        return found  # of one thing it is the value itself, and so seldom what is meant
    for branch in e.program.branches:
        entity = branch.start.entity(link)
        named = entity < graph.num_entities and not _is_class(graph, entity)
        if named and branch.chain.hops and not branch.negated:
            found.append(_Slot(question, link, e, branch.start, _classes(graph, entity)))
    return found


def _joined(graph: Graph, slot: _Slot, phrase: _Phrase) -> Question | None:
    """The question of a slot about what a phrase names; None if that leads to nothing."""
    program, link = slot.explanation.program, slot.link
    starts = slot.explanation.starts(graph, link) | {slot.seed: crisp(phrase.answers)}
    reached = set(program.run(graph, starts))
    value = program.read(graph, reached)
    if not reached or value is not None and not value:
        return None
    if slot.question.value is not None and value is None and len(reached) > 1:
        return None  # a number was asked for, and there are several
    proposal, text = link.proposals[slot.seed.span], slot.question.question
    low, high = link.words[proposal.first][0], link.words[proposal.last][1]
    before = text[:low].removesuffix("the ").removesuffix("The ")
    answers = () if value is not None else tuple(sorted(map(graph.key, reached)))
    new = f"{before}{phrase.text}{text[high:]}"
    return Question(f"{slot.question.id}+", new, answers, kind=slot.question.kind, value=value)


def _is_class(graph: Graph, entity: int) -> bool:
    return entity < graph.num_entities and len(graph.classes.members(entity)) > 0


def _classes(graph: Graph, entity: int) -> frozenset[int]:
    """The classes of an entity; where it has none, its kind, as a negative number."""
    relation = graph.classes.relation
    if relation is not None:
        classes = graph.tails(entity, relation - len(graph.relations))
        if len(classes):
            return frozenset(classes.tolist())
    return frozenset([-1 - int(graph.kind[entity])])
