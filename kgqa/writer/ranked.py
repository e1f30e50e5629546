"""Questions about who has most of something: "which state borders the most states?"."""

from __future__ import annotations

import re

from kgqa.graph.operators import Operator, position_of
from kgqa.writer.described import Described, Draft
from kgqa.writer.desk import Desk
from kgqa.writer.english import plural, verb_of
from kgqa.writer.measured import MAX_TIED, of_class
from kgqa.writer.phrase import Phrase, single

_WIDE = 5_000  #: members of a class whose edges are counted
_ASKED = re.compile(
    r"which (?P<noun>[^{}]+?) (?P<aux>does|did) \{\} (?P<verb>\w+)(?P<rest>[^{}]*)\?"
)
_VERB = ("{who} {verb}{rest} the most {noun}?", "the {one} that {verb}{rest} the most {noun}")
_HAS = (
    *(
        "{who} has the most {noun}?",
        "the {one} with the most {noun}",
        "{one} with the most {noun}?",
    ),
    *("which of {all} has the most {noun}?", "name the {one} that has the most {noun}"),
    *(
        "find the {one} with the largest number of {noun}",
        "{who} has the highest number of {noun}?",
    ),
)


def most(desk: Desk) -> Draft | None:
    """Of a class or a set, what leads to the most by a relation."""
    described = of_class(desk) if desk.rng.random() < 0.6 else desk.draw(of_class=True)
    if described is None or not 2 < len(described.members) <= _WIDE:
        return None
    member = desk.rng.choice(described.members)
    options = [r for r in desk.leaving(member) if not desk.graph.numbers.has(r)]
    skipped = {described.last, desk.graph.classes.relation}  # back, or to what kind it is
    options = [r for r in options if desk.graph.inverse(r) not in skipped]
    if not options:
        return None
    relation = desk.rng.choice(options)
    counts = {e: len(desk.graph.tails(e, relation)) for e in described.members}
    largest = max(counts.values())
    kept = tuple(e for e, n in counts.items() if n == largest)
    if largest < 2 or len(kept) > MAX_TIED or len(kept) == len(counts):
        return None
    text = _text(desk, described, relation)
    hop = position_of(desk.graph, Operator("most", desk.graph.relation_id(relation)))
    whole = described.then(hop, described.phrase, kept)
    return Draft(text, "most", whole.program, whole.starts, whole.topics) if text else None


def _text(desk: Desk, described: Described, relation: int) -> str:
    """In the words of a question that asks with a class word, or else of a phrase."""
    rng, phrase = desk.rng, described.phrase
    matches = [m for m in map(_ASKED.fullmatch, desk.questions(relation)) if m is not None]
    if matches and rng.random() < 0.6:
        match = rng.choice(matches)
        verb = verb_of(match["verb"])
        told = verb.past if match["aux"] == "did" else verb.third
        line = rng.choice(_VERB).replace("{verb}", told).replace("{rest}", match["rest"])
        return _filled(line, phrase, plural(match["noun"]))
    nouns = {p.head or p.noun for p in desk.phrases(relation)} - {"", "things", phrase.noun}
    if not nouns:
        return ""
    return _filled(rng.choice(_HAS), phrase, plural(rng.choice(sorted(nouns))))


def _filled(line: str, phrase: Phrase, noun: str) -> str:
    one = " ".join(single(phrase)).strip()
    line = line.replace("{who}", f"which {one}").replace("{one}", one)
    return line.replace("{all}", phrase.definite).replace("{noun}", noun)
