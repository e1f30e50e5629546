"""Questions answered by a number or by yes and no: how many, whether; and sets within a class."""

from __future__ import annotations

from dataclasses import replace

from kgqa.programs.program import Branch, Chain, Program, crisp
from kgqa.writer.asked import frame
from kgqa.writer.described import Described, Draft
from kgqa.writer.desk import MAX_ANSWERS, Desk
from kgqa.writer.english import forms, plural
from kgqa.writer.joins import intersection
from kgqa.writer.measured import of_class
from kgqa.writer.phrase import PRONOUNS, Phrase, fill, predicate

_ONE = 0.15  #: share of counts of a single entity
RIVALS = 0.8  #: share of the entities for a "no" that another relation leads to, if one does
_COUNT = (
    *("how many {} are there?", "what is the number of {}?", "number of {}", "count the {}"),
    *("how many {} are there in all?", "tell me how many {} there are", "how many {}?"),
    *("I'd like to know how many {} there are.", "what's the number of {}?", "how many {}"),
)
_HAVE = (
    *("how many {} does {} have?", "how many {} of {} are there?", "number of {} of {}"),
    *("what is the number of {} of {}?", "count the {} of {}", "how many {} has {} got?"),
)
_WHETHER = ("is {} {}?", "is it true that {} is {}?", "{} is {}, right?", "would {} be {}?")
_ONE_OF = (
    "is {} one of {}?",
    "does {} belong to {}?",
    "is {} among {}?",
    "{} is one of {}, right?",
)


def count(desk: Desk) -> Draft | None:
    """How many are in a set of one mention, of two, or of a class."""
    roll = desk.rng.random()
    if roll < 0.25:
        found = intersection(desk)
    elif roll < 0.3:
        found = of_class(desk)
    else:
        relation = desk.relation()
        number = desk.graph.numbers.has(relation)
        found = None if number else desk.draw(relation)
    if found is None:
        return None
    if len(found.members) < 2 and desk.rng.random() > _ONE:
        return None
    text = _counted(desk, found.phrase)
    program = replace(found.program, readout="count")
    return Draft(text, "count", program, found.starts, found.topics) if text else None


def _counted(desk: Desk, phrase: Phrase) -> str:
    rng = desk.rng
    if phrase.noun:
        said = predicate(phrase.clause) if phrase.said else ""
        if said and rng.random() < 0.55:
            return f"how many {phrase.noun} {said}?"
        return rng.choice(_COUNT).replace("{}", phrase.text)
    if not phrase.head or not phrase.name:
        return ""
    many, line = plural(phrase.head), rng.choice(_HAVE)
    if phrase.name.startswith("the "):
        line = line.replace("does {} have", "do {} have").replace("has {} got", "have {} got")
    return fill(line, many, phrase.name)


def whether(desk: Desk) -> Draft | None:
    """Whether an entity is in a set; half the time it is not."""
    relation = desk.relation()
    found = desk.draw(relation)
    if found is None:
        return None
    (start,) = found.topics
    member = desk.rng.choice(found.members)
    if desk.rng.random() < 0.5:
        other = _other(desk, relation, found)
        if other is None:
            return None
        member = other
    if not desk.names.label(member) or member == start:
        return None
    name = desk.typed(member)
    checks = desk.checks(relation)
    if checks and desk.rng.random() < 0.7:
        text = fill(desk.rng.choice(checks), desk.typed(start), name)
    else:
        text = _whether(desk, found, name)
    if not text:
        return None
    branches = (*found.program.branches, Branch("b", Chain()))
    program = Program(branches, readout="verify")
    starts = {**found.starts, "b": crisp([member])}
    return Draft(text, "yes or no", program, starts, (start, member))


def _rivals(desk: Desk, relation: int, found: Described) -> list[int]:
    """Entities of the kinds that were found, to which another relation leads, and not this one."""
    (start,), members, graph = found.topics, set(found.members), desk.graph
    kinds = {graph.kind_of(e) for e in members}
    others = [r for r in desk.relations if r != relation]
    reached = {e for r in others for e in desk.tails(start, r)} - members - {start}
    return sorted(e for e in reached if graph.kind_of(e) in kinds)


def _other(desk: Desk, relation: int, found: Described) -> int | None:
    """What the relation leads to from another entity, and not from this one.

    Often what another relation of this entity leads to, if that could be asked about as well: who
    follows any relation between the two says yes, and is wrong.
    """
    if desk.rng.random() < RIVALS and (rivals := _rivals(desk, relation, found)):
        return desk.rng.choice(rivals)
    for _ in range(4):
        other = desk.pick(relation)
        options = [] if other is None else desk.tails(other, relation)
        options = [e for e in options if e not in found.members]
        if options:
            return desk.rng.choice(options)
    return None


def _whether(desk: Desk, found: Described, name: str) -> str:
    """A phrase as a question about a name."""
    phrase = found.phrase
    if phrase.noun:
        asked = question_of(phrase.clause, name) if phrase.said else ""
        if asked and desk.rng.random() < 0.7:
            return asked
        return fill(desk.rng.choice(_ONE_OF), name, phrase.definite)
    if phrase.plural:
        return fill(desk.rng.choice(_ONE_OF), name, phrase.text)
    return fill(desk.rng.choice(_WHETHER), name, phrase.text)


def question_of(clause: str, name: str) -> str:
    """A clause as a question whether it holds for a name; empty if it is no clause of a subject.

    >>> question_of("who work for X", "Ann"), question_of("directed by X", "Jaws")
    ('does Ann work for X?', 'was Jaws directed by X?')
    """
    said = predicate(clause)
    first, _, rest = said.partition(" ")
    verb = forms(first)
    if first in ("are", "were"):
        return f"{'is' if first == 'are' else 'was'} {name} {rest}?"
    if verb is None:
        return ""
    if clause.partition(" ")[0] in PRONOUNS and first == verb.past != verb.base:
        return f"did {name} {verb.base} {rest}?"
    return f"does {name} {verb.base} {rest}?"


def within_class(desk: Desk) -> Draft | None:
    """The members of a class in a set: "which cities are in France?"."""
    relation = desk.graph.classes.relation
    if relation is None or not desk.classes:
        return None
    found = desk.draw(of_class=True)
    if found is None:
        return None
    classes = desk.tails(desk.rng.choice(found.members), desk.graph.inverse(relation))
    classes = [c for c in classes if c in desk.classes]
    if not classes:
        return None
    chosen = desk.rng.choice(classes)
    members = set(desk.classes[chosen]) & set(found.members)
    if len(members) == len(found.members) and desk.rng.random() < 0.5:
        return None
    phrase = found.phrase.of(desk.class_words(chosen)[1])
    (branch,) = found.program.branches
    program = Program((branch, Branch("c", Chain.of(relation))))
    starts, topics = {**found.starts, "c": crisp([chosen])}, (*found.topics, chosen)
    if not 0 < len(members) <= MAX_ANSWERS:
        return None
    if desk.rng.random() < 0.3 and len(members) > 1:
        program, text = replace(program, readout="count"), _counted(desk, phrase)
        return Draft(text, "count", program, starts, topics)
    return Draft(frame(desk, phrase), "class", program, starts, topics)
