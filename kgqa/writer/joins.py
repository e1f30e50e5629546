"""Questions about two sets: what is in both, in either, or in one and not in the other."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from kgqa.programs.program import Branch, Chain, Program, crisp
from kgqa.writer.asked import frame, onward
from kgqa.writer.described import Described, Draft
from kgqa.writer.desk import MAX_ANSWERS, Desk
from kgqa.writer.english import forms, is_plural
from kgqa.writer.phrase import SLOT, Phrase, fill, is_phrase, joined, phrase_of

_LARGE = 20_000  #: members of a set that is intersected
_ONWARD = 0.25  #: share of intersections that are followed by one more hop
_LOOSE = 0.15  #: share of intersections in which one set may make no difference
_AUXILIARY = ("do", "does", "did", "is", "are", "was", "were", "has", "have", "had", "can")
_BOTH = ("who is both {} and {}?", "who is {} and also {}?", "name the person who is {} and {}")
_BOTH_THINGS = (
    *("what is both {} and {}?", "which is {} and also {}?", "find what is both {} and {}"),
    *("what is {} and {} at once?", "what is {} as well as {}?"),
)


def both(desk: Desk) -> Draft | None:
    """What is in two sets, of the same relation or of two, perhaps gone on from."""
    pair = _pair(desk)
    if pair is None:
        return None
    program = _program(pair[2], pair[3], "&")
    described = _meeting(desk, pair)
    if described is not None and desk.rng.random() < _ONWARD:
        return onward(desk, described, kind="and, then a hop")
    text = "" if described is None else frame(desk, described.phrase)
    if not text or desk.rng.random() < 0.5:
        text = _asked(desk, pair) or text
    return _draft(text, "and", program, pair) if text else None


def intersection(desk: Desk) -> Described | None:
    """A described set of two mentions, in a class phrase."""
    pair = _pair(desk)
    return None if pair is None else _meeting(desk, pair)


def _meeting(desk: Desk, pair: Pair) -> Described | None:
    """What two walks have in common, in a class phrase."""
    first, second, relation, other = pair
    members = tuple(sorted(set(desk.tails(first, relation)) & set(desk.tails(second, other))))
    return _described(desk, pair, _program(relation, other, "&"), members)


def either(desk: Desk) -> Draft | None:
    """What is in one of two sets of the same relation."""
    pair = _siblings(desk)
    if pair is None:
        return None
    first, second, relation, _ = pair
    a, b = set(desk.tails(first, relation)), set(desk.tails(second, relation))
    if not a - b or not b - a or len(a | b) > MAX_ANSWERS:
        return None
    word = desk.rng.choice(["{} or {}", "{} or {}", "either {} or {}"])
    text = _same(desk, relation, fill(word, *_typed(desk, pair)), plural=False)
    return _draft(text, "or", _program(relation, relation, "|"), pair) if text else None


def without(desk: Desk) -> Draft | None:
    """What is in one set and not in another."""
    pair = _pair(desk, loose=True)
    if pair is None:
        return None
    first, second, relation, other = pair
    a, b = set(desk.tails(first, relation)), set(desk.tails(second, other))
    if not a - b or not a & b or len(a - b) > MAX_ANSWERS:
        return None
    program = _program(relation, other, "&", negated=True)
    if relation == other:
        word = desk.rng.choice(["{} but not {}", "{} but not {}", "{} and not {}"])
        text = _same(desk, relation, fill(word, *_typed(desk, pair)), plural=False)
        return _draft(text, "but not", program, pair) if text else None
    mine = [p for p in desk.phrases(relation) if p.noun]
    others = [p for p in desk.phrases(other) if p.said]
    if not mine or not others:
        return None
    name, second_name = _typed(desk, pair)
    phrase = desk.rng.choice(mine).fill(name)
    whole = joined(phrase, desk.rng.choice(others).fill(second_name).clause, "but")
    return _draft(frame(desk, whole), "but not", program, pair) if whole != phrase else None


Pair = tuple[int, int, int, int]  #: two entities, and the relation that is followed from each


def _pair(desk: Desk, *, loose: bool = False) -> Pair | None:
    """Two entities whose sets meet, so that both make a difference, mostly."""
    rng, graph = desk.rng, desk.graph
    relation = desk.relation()
    first = desk.pick(relation)
    if first is None:
        return None
    mine = set(desk.tails(first, relation))
    for _ in range(4):
        target = rng.choice(sorted(mine))
        backs = [(graph.inverse(r), r) for r in desk.leaving(target)]
        backs = [(other, r) for other, r in backs if desk.lines(other)]
        if not backs:
            continue
        other, back = rng.choice(backs)
        options = desk.tails(target, back)
        second = rng.choice(options)
        if second == first or len(desk.graph.tails(second, other)) > _LARGE:
            continue
        if not desk.nameable(second, other):
            continue
        yours = set(desk.tails(second, other))
        meet = mine & yours
        if meet != mine and (loose or meet != yours or rng.random() < _LOOSE):
            return first, second, relation, other
    return None


def _siblings(desk: Desk) -> Pair | None:
    """Two entities that the same relation leaves, which have something in common, mostly."""
    relation = desk.relation()
    first, second = desk.pick(relation), desk.pick(relation)
    if first is not None and desk.rng.random() < 0.7:
        some = desk.rng.choice(desk.tails(first, relation))
        groups = [tails for _, tails in desk.graph.groups(some)]
        near = [int(e) for e in desk.rng.choice(groups)[:50]] if groups else []
        near = [e for e in near if len(desk.tails(e, relation)) and desk.nameable(e, relation)]
        second = desk.rng.choice(near) if near else second
    if first is None or second is None or first == second:
        return None
    return first, second, relation, relation


def _program(relation: int, other: int, sign: str, *, negated: bool = False) -> Program[str]:
    second = Branch("b", Chain.of(other), negated)
    return Program((Branch("a", Chain.of(relation)), second), combine=sign)


def _typed(desk: Desk, pair: Pair) -> tuple[str, str]:
    return desk.typed(pair[0]), desk.typed(pair[1])


def _described(
    desk: Desk, pair: Pair, program: Program[str], members: tuple[int, ...]
) -> Described | None:
    """The intersection in a class phrase; None if neither relation has one."""
    first, second, relation, other = pair
    name, second_name = _typed(desk, pair)
    mine = [p for p in desk.phrases(relation) if p.noun]
    if not mine or not 0 < len(members) <= MAX_ANSWERS:
        return None
    phrase = desk.rng.choice(mine)
    if relation == other and desk.rng.random() < 0.7:
        word = desk.rng.choice(["{} and {}", "both {} and {}", "{} as well as {}"])
        whole = phrase.fill(fill(word, name, second_name))
    else:
        clauses = [p.clause for p in desk.phrases(other) if p.said or _alike(phrase, p)]
        if not clauses:
            return None
        clause = desk.rng.choice(clauses).replace(SLOT, second_name, 1)
        whole = joined(phrase.fill(name), clause)
    starts = {"a": crisp([first]), "b": crisp([second])}
    return Described(whole, program, starts, (first, second), members, relation)


def _alike(first: Phrase, second: Phrase) -> bool:
    """Whether both clauses start with the same word: "whose capital is X and whose ..."."""
    start = first.clause.partition(" ")[0]
    return bool(start) and start == second.clause.partition(" ")[0] == "whose"


def _asked(desk: Desk, pair: Pair) -> str:
    """The question in words that ask; empty if there are none that go together."""
    _, _, relation, other = pair
    name, second_name = _typed(desk, pair)
    if relation == other:
        word = desk.rng.choice(["{} and {}", "{} and {}", "both {} and {}", "{} and also {}"])
        return _same(desk, relation, fill(word, name, second_name), plural=True)
    openings = {_opening(line) for line in desk.questions(relation)} - {""}
    seconds = [line for line in desk.questions(other) if _opening(line) in openings]
    start = _opening(desk.rng.choice(seconds)) if seconds else ""
    pairs = [
        (first, second)
        for first in desk.questions(relation)
        for second in seconds
        if _opening(first) == _opening(second) == start
    ]
    if pairs:
        first, second = desk.rng.choice(pairs)
        rest = second[len(_opening(second)) :]
        return fill(first, name)[:-1] + " and" + fill(rest, second_name)
    mine = [p for p in desk.phrases(relation) if not p.noun and not p.plural]
    yours = [p for p in desk.phrases(other) if not p.noun and not p.plural]
    if not mine or not yours:
        return ""
    phrases = [desk.rng.choice(mine).fill(name), desk.rng.choice(yours).fill(second_name)]
    line = desk.rng.choice(_BOTH if phrases[0].people else _BOTH_THINGS)
    return fill(line, *(p.text for p in phrases))


@lru_cache(20_000)
def _opening(line: str) -> str:
    """What a question about its subject starts with: "who" of "who works for {}?".

    Empty if its subject is the slot ("who did {} meet?").
    """
    words = line.split(" ")
    if words[0] == "who":
        end = 1
    elif words[0] in ("which", "what") and len(words) > 3 and is_plural(words[1]):
        end = 2
    elif words[0] == "what" and words[1] not in ("is", "are", "was", "were"):
        end = 1
    else:
        return ""
    inverted = words[end] in _AUXILIARY and words[end + 1].startswith((SLOT, "the", "it"))
    inverted = inverted or words[end + 1] in _AUXILIARY
    verb = forms(words[end])
    return "" if inverted or verb is None or words[end] == verb.ing else " ".join(words[:end])


def _same(desk: Desk, relation: int, names: str, *, plural: bool) -> str:
    """A question of one relation with two names in its slot; empty if no wording takes them."""
    lines = [x for x in desk.lines(relation) if x.count(SLOT) == 1 and "{}'s" not in x]
    if not lines:
        return ""
    line = desk.rng.choice(lines)
    if not is_phrase(line):
        return fill(line, names, plural=plural)
    phrase: Phrase = phrase_of(line, desk.nouns, desk.people(relation)).fill(names)
    return frame(desk, replace(phrase, plural=phrase.plural or plural))


def _draft(text: str, kind: str, program: Program[str], pair: Pair) -> Draft:
    starts = {"a": crisp(pair[:1]), "b": crisp(pair[1:2])}
    return Draft(text, kind, program, starts, pair[:2])
