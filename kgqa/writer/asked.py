"""Questions that ask for a set: of one relation, of two or three in a row."""

from __future__ import annotations

import re
from dataclasses import replace

from kgqa.programs.program import Branch, Chain, Program, crisp
from kgqa.writer.described import Described, Draft
from kgqa.writer.desk import MAX_ANSWERS, Desk
from kgqa.writer.phrase import SLOT, Phrase, fill, is_phrase, phrase_of, predicate

WIDE = 60  #: members of a set from which another relation is followed
_KIND_SHARE = 0.05  #: share of walks that end by asking what kind of thing was reached
_SAME_SHARE = 0.25  #: share of walks back over the relation that they came by

#: A slot that takes a name alone: "players with the number {}".
_NAMED = re.compile(r"\b(?:the|an?|with) [\w-]+ \{\}")

_DEFINITE = (
    *("what is {}?", "what's {}?", "tell me {}", "name {}", "{}?", "{}", "do you know {}?"),
    *(
        "can you tell me what {} is?",
        "I'd like to know {}.",
        "give me {}",
        "find {}",
        "{} is what?",
    ),
    *("what was {}?", "which is {}?", "what would {} be?", "I need {}", "look up {}, please"),
    *("could you find out {}?", "remind me what {} is", "please tell me {}"),
)
_SEVERAL = (
    *("what are {}?", "list {}", "name {}", "tell me {}", "{}", "{}?", "give me {}", "show me {}"),
    *("which are {}?", "find {}", "list all {}", "I'd like to know {}.", "give me a list of {}"),
    *("can you list {}?", "I'm looking for {}", "do you know {}?", "please show {}", "all {}"),
)
_CLASS = (
    *("list all {}", "which are the {}?", "what are the {}?", "{}", "{}?", "show me {}"),
    *("name {}", "name the {}", "find {}", "give me a list of {}", "I'm looking for {}"),
    *("list the {}", "tell me the {}", "can you list the {}?", "I need all {}", "show all the {}"),
    *(
        "what {} are there?",
        "which {} are there?",
        "do you know any {}?",
    ),
)


def frame(desk: Desk, phrase: Phrase) -> str:
    """A question or a request for what a phrase names."""
    rng = desk.rng
    if phrase.noun:
        said = predicate(phrase.clause) if phrase.said else ""
        if said and rng.random() < 0.3:
            asks = ["which", "what"] if phrase.noun not in ("people", "persons") else ["which"]
            if (
                phrase.people
                and phrase.noun in ("people", "persons", "those")
                and said[:3] != "are"
            ):
                asks.append("which")
            return f"{rng.choice(asks)} {phrase.noun} {said}?"
        return rng.choice(_CLASS).replace(SLOT, phrase.text, 1)
    line = rng.choice(_SEVERAL if phrase.plural else _DEFINITE)
    if phrase.people:
        line = line.replace("what's", "who's").replace("what ", "who ").replace("which ", "who ")
    return line.replace(SLOT, phrase.text, 1)


def one_hop(desk: Desk, relation: int | None = None) -> Draft | None:
    """A wording of a relation with a name in it."""
    relation = desk.relation() if relation is None else relation
    lines = [x for x in desk.lines(relation) if x.count(SLOT) == 1]
    entity = desk.pick(relation)
    if entity is None or not lines:
        return None
    line = desk.rng.choice(lines)
    found = desk.one(relation, entity)
    if not is_phrase(line):
        if found is None:  # there is no phrase; the program is the same
            return _bare(relation, entity, fill(line, desk.typed(entity)))
        return _draft(found, fill(line, desk.typed(entity)), "one hop")
    return None if found is None else _draft(found, frame(desk, found.phrase), "one hop")


def both_ways(desk: Desk) -> tuple[Draft, Draft] | None:
    """One relation asked of one entity in either direction; what is not there is refused.

    "Who does Ann report to?" and "who reports to Ann?" differ in little but their answers.
    """
    relation = desk.relation()
    back = desk.graph.inverse(relation)
    lines = [desk.questions(r) for r in (relation, back)]
    apart = desk.apart(relation)
    entity = desk.pick(relation)
    if entity is None or not all(lines):
        return None
    drafts = []
    for r, options in zip((relation, back), lines, strict=True):
        line = desk.rng.choice(options)
        text = fill(line, desk.typed(entity))
        others = (m for m in desk.meanings[line] if m != r)
        if len(desk.graph.tails(entity, r)):
            drafts.append(replace(_bare(r, entity, text), kind="both ways"))
        elif any(len(desk.graph.tails(entity, m)) for m in others):
            return None
        elif apart and desk.rng.random() < 0.3 and desk.names.is_alone(entity):
            drafts.append(Draft(text, "other way", topics=(entity,), refusal="graph"))
        else:
            return None
    return drafts[0], drafts[1]


def _bare(relation: int, entity: int, text: str) -> Draft:
    program = Program((Branch("a", Chain.of(relation)),))
    return Draft(text, "one hop", program, {"a": crisp([entity])}, (entity,))


def two_hops(desk: Desk) -> Draft | None:
    """A phrase in the slot of another relation's wording."""
    inner = desk.draw()
    if inner is None or len(inner.members) > WIDE:
        return None
    return _asked(desk, inner, "two hops")


def three_hops(desk: Desk) -> Draft | None:
    """A phrase in a phrase in a wording."""
    inner = desk.draw()
    if inner is None or len(inner.members) > WIDE:
        return None
    middle = nested(desk, inner)
    if middle is None or len(middle.members) > WIDE:
        return None
    return _asked(desk, middle, "three hops")


def onward(desk: Desk, inner: Described, *, kind: str) -> Draft | None:
    """A question about what a described set leads to."""
    return _asked(desk, inner, kind) if len(inner.members) <= WIDE else None


def _asked(desk: Desk, inner: Described, kind: str) -> Draft | None:
    """One hop more than a described set, as a question."""
    relation = _next(desk, inner)
    if relation is None:
        return None
    reached = _reached(desk, inner, relation)
    if not _tells(desk, inner, relation, reached):
        return None
    lines = [x for x in desk.questions(relation) if _takes(x, inner.phrase)]
    if lines and desk.rng.random() < 0.6:
        text = fill(desk.rng.choice(lines), inner.phrase.definite, plural=inner.phrase.plural)
        return _draft(_then(desk, inner, relation, inner.phrase, reached), text, kind)
    outer = nested(desk, inner, relation, reached)
    return None if outer is None else _draft(outer, frame(desk, outer.phrase), kind)


def nested(
    desk: Desk, inner: Described, relation: int | None = None, reached: tuple[int, ...] = ()
) -> Described | None:
    """A described set one hop further: "the children of the mayor of Rome"."""
    if relation is None:
        relation = _next(desk, inner)
        reached = () if relation is None else _reached(desk, inner, relation)
        if relation is None or not _tells(desk, inner, relation, reached):
            return None
    phrases = [p for p in desk.phrases(relation) if _takes(p.text, inner.phrase)]
    if not phrases:
        return None
    phrase = desk.rng.choice(phrases)
    text = fill(phrase.text, inner.phrase.definite, plural=inner.phrase.plural)
    whole = phrase_of(text, desk.nouns, phrase.people)
    if phrase.noun:
        whole = phrase.fill(inner.phrase.definite)
    if whole.noun and relation == desk.graph.inverse(inner.last):
        whole = whole.of(f"other {whole.noun}")
    return _then(desk, inner, relation, whole, reached)


def _then(
    desk: Desk, inner: Described, relation: int, phrase: Phrase, reached: tuple[int, ...]
) -> Described:
    """One hop further; on the way back the starts are left out."""
    found = inner.then(relation, phrase, reached)
    if relation != desk.graph.inverse(inner.last):
        return found
    starts = tuple(branch.start for branch in found.program.branches)
    return replace(found, program=replace(found.program, left_out=starts))


def _reached(desk: Desk, inner: Described, relation: int) -> tuple[int, ...]:
    """Where a relation leads from a described set; on the way back its start is left out."""
    reached = desk.reached(inner.members, relation)
    if relation != desk.graph.inverse(inner.last):
        return reached
    return tuple(e for e in reached if e not in inner.topics)


def _takes(line: str, inner: Phrase) -> bool:
    """Whether a phrase may stand in the slot: behind a possessive only a short one does."""
    after, long = line.partition(SLOT)[2].strip(" ?"), len(inner.text.split(" ")) > 7
    if ": " in line or (after and long):
        return False
    if "{}'s" not in line and "{}’s" not in line and "{} as " not in line:
        return _NAMED.search(line) is None
    return not inner.noun and not inner.plural and len(inner.text.split(" ")) <= 5


def _next(desk: Desk, inner: Described) -> int | None:
    """A relation that leaves a member, seldom the one that leads back."""
    member = desk.rng.choice(inner.members)
    is_a = desk.graph.classes.relation
    backs = {desk.graph.inverse(r) for r in inner.lasts}
    options = desk.leaving(member)
    if len(backs) > 1 or desk.rng.random() > _SAME_SHARE:
        options = [r for r in options if r not in backs]
    if is_a is not None and desk.rng.random() > _KIND_SHARE:
        options = [r for r in options if r != desk.graph.inverse(is_a)]
    return desk.rng.choice(options) if options else None


def _tells(desk: Desk, inner: Described, relation: int, reached: tuple[int, ...]) -> bool:
    """Whether there is an answer, and one that no shorter question has."""
    if not 0 < len(reached) <= MAX_ANSWERS or reached == inner.members:
        return False
    if set(reached) == set(inner.topics):
        return desk.rng.random() < 0.1
    if len(inner.topics) == 1 and desk.rng.random() < 0.9:
        start = inner.topics[0]
        return all(reached != tuple(desk.tails(start, r)) for r in desk.leaving(start))
    return True


def _draft(found: Described, text: str, kind: str) -> Draft:
    return Draft(text, kind, found.program, found.starts, found.topics)
