"""Questions about numbers: the largest of a set, those above a bound, which of two, and a sum."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kgqa.graph.numbers import ValueRange
from kgqa.graph.operators import Operator, position_of
from kgqa.programs.program import Branch, Chain, Program, crisp
from kgqa.writer.amounts import between
from kgqa.writer.asked import frame
from kgqa.writer.bounds import bounded, clauses_of, is_time, noun_of
from kgqa.writer.described import Described, Draft
from kgqa.writer.desk import MAX_ANSWERS, Desk
from kgqa.writer.english import comparative
from kgqa.writer.phrase import Phrase, single

MAX_TIED = 3  #: entities that share an extreme
_WIDE = 20_000  #: members of a class whose numbers are compared
_SECOND = 0.12  #: share of extremes that ask for the second or third
#: Words of attributes that nobody adds up.
_NOT_SUMMED = frozenset(
    "age altitude average code density elevation height index latitude level longitude percentage "
    "position rank rate rating ratio score speed temperature version year".split()
)
_ORDINALS = ("", "", "second ", "third ")
_WITH = {True: ("highest", "largest", "greatest", "biggest"), False: ("lowest", "smallest")}
_TIMES = {True: ("latest", "most recent"), False: ("earliest",)}
_EXTREME = (
    *("which {one} is the {most}?", "what is the {most} {one}?", "the {most} {one}"),
    *("which of {all} is the {most}?", "out of {all}, which is the {most}?", "{most} {one}"),
    *("the {most} of {all}", "name the {most} {one}", "tell me which {one} is the {most}"),
    *("of {all}, which one is the {most}?", "find the {most} {one}", "{most} {one}?"),
    *("which is the {most} {one}?", "give me the {most} of {all}", "what's the {most} {one}?"),
)
_EXTREME_WITH = (
    *("which {one} has the {most} {label}?", "the {one} with the {most} {label}"),
    *("which of {all} has the {most} {label}?", "of {all}, which has the {most} {label}?"),
    *("what is the {one} with the {most} {label}?", "{one} with the {most} {label}?"),
    *("name the {one} with the {most} {label}", "find the {one} that has the {most} {label}"),
    *("out of {all}, which one has the {most} {label}?", "{all}: which has the {most} {label}?"),
)
_COMPARE = (
    *("which is {more}, {a} or {b}?", "is {a} or {b} {more}?", "{a} or {b}: which is {more}?"),
    *("which of {a} and {b} is {more}?", "what is {more}, {a} or {b}?", "{more}: {a} or {b}?"),
    *("which one is {more}, {a} or {b}?", "between {a} and {b}, which is {more}?"),
)
_COMPARE_WITH = (
    *("which has the {more} {label}, {a} or {b}?", "does {a} or {b} have the {more} {label}?"),
    *("{a} or {b}: which has the {more} {label}?", "which of {a} and {b} has the {more} {label}?"),
    *("between {a} and {b}, which has a {more} {label}?", "{more} {label}, {a} or {b}?"),
)
_SUM = (
    *(
        "what is the total {label} of {all}?",
        "the total {label} of {all}",
        "{label} of {all} added up",
    ),
    *("what is the combined {label} of {all}?", "add up the {label} of {all}"),
    *("what {label} do {all} have altogether?", "sum of the {label} of {all}?"),
    *("how much {label} do {all} have in total?", "taken together, what is the {label} of {all}?"),
)


def extreme(desk: Desk) -> Draft | None:
    """Of a set, what has the largest or smallest number."""
    found = _with_numbers(desk)
    if found is None:
        return None
    described, attribute = found
    values = _values(desk, attribute, described.members)
    most = desk.rng.random() < 0.6
    ordered = sorted(set(values.values()), reverse=most)
    rank = desk.rng.choice((2, 3)) if desk.rng.random() < _SECOND else 1
    if len(ordered) <= rank:
        return None
    kept = [e for e, v in values.items() if v == ordered[rank - 1]]
    above = sum(v in ordered[: rank - 1] for v in values.values())
    if len(kept) > MAX_TIED or above != rank - 1:
        return None
    operator = Operator("most" if most else "least", desk.graph.relation_id(attribute), rank)
    hop = position_of(desk.graph, operator)
    text = _extreme(desk, described.phrase, attribute, most, _ORDINALS[rank])
    if not text:
        return None
    whole = described.then(hop, described.phrase, tuple(sorted(kept)))
    return Draft(text, "extreme", whole.program, whole.starts, whole.topics)


def bound(desk: Desk) -> Draft | None:
    """Of a set, what has a number above or below a bound."""
    found = _with_numbers(desk)
    if found is None:
        return None
    described, attribute = found
    values = _values(desk, attribute, described.members)
    larger = desk.rng.random() < 0.5
    clauses = clauses_of(desk, attribute, larger)
    drawn = between(sorted(set(values.values())), desk.graph.relations[attribute].unit, desk.rng)
    if drawn is None or not clauses:
        return None
    low, high = drawn
    clause, compare = bounded(desk, described.phrase, attribute, larger, low)
    within = ValueRange.of(attribute, low, high, compare)
    kept = set(desk.graph.numbers.holders(within).tolist())
    answers = kept & set(described.members)
    if not 0 < len(answers) <= MAX_ANSWERS or len(answers) == len(described.members):
        return None
    phrase = described.phrase.narrowed(clause)
    (branch,) = described.program.branches
    program = Program((branch, Branch("n", Chain())))
    starts = {**described.starts, "n": crisp(sorted(kept))}
    return Draft(frame(desk, phrase), "bound", program, starts, described.topics)


def compare(desk: Desk) -> Draft | None:
    """Which of two entities has the larger or smaller number."""
    if not desk.attributes:
        return None
    attribute = desk.rng.choice(desk.attributes)
    first, second = desk.pick(attribute), desk.pick(attribute)
    if first is None or second is None or first == second:
        return None
    if desk.graph.kind_of(first) != desk.graph.kind_of(second):
        return None
    values = _values(desk, attribute, (first, second))
    if len(set(values.values())) < 2:
        return None
    most = desk.rng.random() < 0.6
    adjectives = [comparative(x) for x in _adjectives(desk, attribute, most)]
    adjectives = [x for x in adjectives if x]
    if adjectives and desk.rng.random() < 0.75:
        text = desk.rng.choice(_COMPARE).replace("{more}", desk.rng.choice(adjectives))
    else:
        words = _TIMES if is_time(desk, attribute) else _WITH
        text = desk.rng.choice(_COMPARE_WITH)
        label = noun_of(desk, attribute)
        if not label:
            return None
        text = text.replace("{more}", comparative(desk.rng.choice(words[most])) or "later")
        text = text.replace("{label}", label)
    text = text.replace("{a}", desk.typed(first)).replace("{b}", desk.typed(second))
    operator = Operator("most" if most else "least", desk.graph.relation_id(attribute))
    branches = (Branch("a", Chain()), Branch("b", Chain()))
    program = Program(branches, Chain.of(position_of(desk.graph, operator)), "|")
    starts = {"a": crisp([first]), "b": crisp([second])}
    return Draft(text, "compare", program, starts, (first, second))


def total(desk: Desk) -> Draft | None:
    """The sum of the numbers of a set."""
    found = _with_numbers(desk)
    if found is None:
        return None
    described, attribute = found
    values = _values(desk, attribute, described.members)
    label = noun_of(desk, attribute)
    if len(values) < len(described.members) or is_time(desk, attribute) or not label:
        return None
    if _NOT_SUMMED & set(label.split(" ")):
        return None
    text = desk.rng.choice(_SUM).replace("{label}", label)
    text = text.replace("{all}", described.phrase.definite)
    readout = f"sum({desk.graph.relation_id(attribute)})"
    program = replace(described.program, readout=readout)
    return Draft(text, "sum", program, described.starts, described.topics)


# -- parts ----------------------------------------------------------------------------------------


def _with_numbers(desk: Desk) -> tuple[Described, int] | None:
    """A described set of several entities with numbers of an attribute, in a class phrase."""
    if not desk.attributes:
        return None
    attribute = desk.rng.choice(desk.attributes)
    if desk.rng.random() < 0.35:
        described = of_class(desk)
    else:
        entity = desk.pick(attribute)
        options = [] if entity is None else desk.leaving(entity)
        options = [r for r in options if not desk.graph.numbers.has(r)]
        if entity is None or not options:
            return None
        relation = desk.rng.choice(options)
        back, start = desk.graph.inverse(relation), desk.rng.choice(desk.tails(entity, relation))
        if back not in desk.relations or not desk.nameable(start, back):
            return None
        described = desk.one(back, start, of_class=True)
    if described is None or len(described.members) > _WIDE:
        return None
    return (described, attribute) if len(_values(desk, attribute, described.members)) > 1 else None


def of_class(desk: Desk) -> Described | None:
    """All members of a class."""
    relation = desk.graph.classes.relation
    if relation is None or not desk.classes:
        return None
    entity = desk.rng.choice(sorted(desk.classes))
    _, many = desk.class_words(entity)
    phrase = Phrase(many, many, "", plural=True)
    program = Program((Branch("a", Chain.of(relation)),))
    start, members = {"a": crisp([entity])}, desk.classes[entity]
    return Described(phrase, program, start, (entity,), members, relation)


def _values(desk: Desk, attribute: int, entities: tuple[int, ...]) -> dict[int, float]:
    numbers = desk.graph.numbers.of(attribute, np.array(entities, dtype=np.int64)).tolist()
    return {e: v for e, v in zip(entities, numbers, strict=True) if v == v}


def _adjectives(desk: Desk, attribute: int, most: bool) -> tuple[str, ...]:
    wording = desk.wording(attribute)
    relation = desk.graph.relations[attribute]
    own = (wording.most if most else wording.least) if wording else ()
    said = relation.most if most else relation.least
    return own or ((said,) if said else ())


def _extreme(desk: Desk, phrase: Phrase, attribute: int, most: bool, ordinal: str) -> str:
    rng = desk.rng
    adjectives, label = _adjectives(desk, attribute, most), noun_of(desk, attribute)
    if not adjectives and not label:
        return ""
    noun, clause = single(phrase)
    one = f"{noun} {clause}".strip()
    if adjectives and (not label or rng.random() < 0.75):
        line, word = rng.choice(_EXTREME), rng.choice(adjectives)
    else:
        line = rng.choice(_EXTREME_WITH)
        word = rng.choice((_TIMES if is_time(desk, attribute) else _WITH)[most])
    if phrase.people:
        line = line.replace("what is", "who is").replace("what's", "who's")
    line = line.replace("{most}", ordinal + word).replace("{one}", one)
    line = line.replace("{all}", phrase.definite)
    return line.replace("{label}", label)
