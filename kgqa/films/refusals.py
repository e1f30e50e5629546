"""Questions that must be refused, written from ``refusals.txt``: what people ask in vain.

The graph lacks what is asked for (refusal "graph"): an attribute that it does not hold, a
comparison by one, a name that it does not know. Or it is nothing that the model can do (refusal
"model"): why, compare, recommend, compute; or no question at all.

Splits share no wording, no frame and no entity of an open class, and some attributes of each kind
of entity are held out for dev and test altogether.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from kgqa.errors import DataError
from kgqa.films import phrasings
from kgqa.films.phrasings import SPLITS, Slot, kind_of, of_split
from kgqa.films.refusable import FRAMES, Ask, Refusable, read
from kgqa.films.topics import CHOSEN_BY_FORM, Role
from kgqa.films.unknown import UnknownNames, said
from kgqa.films.writer import Writer
from kgqa.graph import Graph
from kgqa.graph.names import normalise
from kgqa.questions import Question

BEYOND_THE_MODEL = {"not-possible", "not-a-question"}
UNKNOWN = "unknown-name"
OWN = 0.6  # share of questions in an attribute's own wording, not in a frame around its noun
RELATED = 0.6  # share of second names that the graph links to the first, where any is
YEAR_OF = {"year": "-release year"}  # the relation that a slot of a kind needs
_NEAR = 200  # tails of a relation that may be a second name
_TRIES = 12  # draws for one question before it is given up


class Refusals:
    """Writes questions that must be refused; the same seed gives the same questions."""

    def __init__(
        self, graph: Graph, writer: Writer | None = None, refusable: Refusable | None = None
    ):
        self.graph, self.writer = graph, writer or Writer(graph)
        self.refusable = read() if refusable is None else refusable
        self.names = UnknownNames(self.writer.topics, self.refusable.unknown, self.refusable.words)
        self.kinds = (*self.refusable.attributes, *self.refusable.wordings, UNKNOWN)
        self._split_of = {
            _same(text): split
            for kind in self.writer.kinds
            for split in SPLITS
            for text in kind.split(split)
        }

    def write(self, split: str, count: int | Mapping[str, int], seed: int) -> list[Question]:
        """Questions for a split, shuffled: ``count`` of each kind, or as many as it says.

        There are fewer where a kind has no more wordings. Raises :class:`DataError` for a split or
        a kind that there is not.
        """
        if split not in SPLITS:
            raise DataError(f"No split {split!r}: expected one of {', '.join(SPLITS)}.")
        counts = dict.fromkeys(self.kinds, count) if isinstance(count, int) else count
        for kind in counts.keys() - set(self.kinds):
            raise DataError(f"No kind {kind!r}: expected some of {', '.join(self.kinds)}.")
        rng = random.Random(f"refusals-{seed}-{split}")
        questions = [q for k, n in sorted(counts.items()) for q in self._write(k, split, n, rng)]
        rng.shuffle(questions)
        return questions

    def _write(self, kind: str, split: str, count: int, rng: random.Random) -> list[Question]:
        """Up to ``count`` questions of a kind, whose wordings take turns."""
        found: dict[str, Question] = {}
        own = [] if kind == UNKNOWN else self._free(self.refusable.own(kind, split), split)
        rng.shuffle(own)
        for turn in range(count * _TRIES):
            if len(found) == count or (turn >= 30 and turn > _TRIES * len(found)):
                break
            question = self._question(kind, split, own, turn, rng)
            if question is not None:
                found.setdefault(question.question, question)
        return list(found.values())

    def _question(
        self, kind: str, split: str, own: list[Ask], turn: int, rng: random.Random
    ) -> Question | None:
        """The next question of a kind, or None if this draw came to nothing."""
        wording: Ask | None
        if kind == UNKNOWN:
            wording = self._unknown(split, rng)
        elif kind in self.refusable.attributes and (not own or rng.random() > OWN):
            wording = self._frame(kind, split, rng)
        else:
            wording = own[turn % len(own)] if own else None
        if wording is None:
            return None
        text = said(wording.text, self.refusable.words, rng)
        topics = self._draw(replace(wording, text=text), split, rng)
        if topics is None:
            return None
        text = self.writer.text(f"{kind}|{split}|{turn}", text, topics, rng).strip()
        if not text:
            return None
        return Question(
            hashlib.sha256(f"{kind}|{text}".encode()).hexdigest()[:12],
            text,
            (),
            tuple(map(self.graph.key, topics.values())),
            kind,
            refusal="model" if kind in BEYOND_THE_MODEL else "graph",
        )

    # -- wordings ----------------------------------------------------------------------------------

    def _free(self, wordings: list[Ask], split: str) -> list[Ask]:
        """Without those that another split has in ``phrasings.txt``."""
        return [w for w in wordings if self._split_of.get(_same(w.text), split) == split]

    def _frame(self, kind: str, split: str, rng: random.Random) -> Ask | None:
        """A frame around a noun for a missing attribute; None if another split has it."""
        noun, without = rng.choice(self.refusable.framed(kind, split))
        sign = noun[0] if noun[0] in FRAMES else ""
        frame = rng.choice(of_split(self.refusable.frames[FRAMES[sign]], split))
        slot = f"{{{self.refusable.slot[kind]}}}"
        text = frame.replace("{noun}", noun.removeprefix(sign)).replace("{x}", slot)
        return next(iter(self._free([Ask(text, without=without)], split)), None)

    def _unknown(self, split: str, rng: random.Random) -> Ask:
        """What is asked of one entity, asked of a name that the graph does not know."""
        kind = rng.choice(self._one_hop)
        text = rng.choice(kind.split(split))
        (slot,) = phrasings.slots(text)
        if slot.form or slot.plural:
            return self._unknown(split, rng)
        bare = _is_sentence(text) and kind.name != "film-country"
        name = self.names.write(slot.name, split, rng, bare=bare)
        return Ask(text.replace(slot.text, name))

    @cached_property
    def _one_hop(self) -> list[phrasings.Kind]:
        """Kinds that follow one relation from one name of a kind that there are patterns for."""
        relations = self.graph.relation_index
        return [
            kind
            for kind in self.writer.kinds
            if kind.answerable
            and len(kind.program.branches) == kind.program.hops == 1
            and kind.program.branches[0].start in self.refusable.unknown
            and kind.program.relations <= relations.keys()
            and any(
                not (slot.form or slot.plural)
                for p in kind.phrasings
                for slot in phrasings.slots(p)
            )
        ]

    # -- entities ----------------------------------------------------------------------------------

    def _draw(self, wording: Ask, split: str, rng: random.Random) -> dict[str, int] | None:
        """Entities for the slots, or None if this draw came to nothing."""
        topics: dict[str, int] = {}
        for slot in phrasings.slots(wording.text):
            entity = self._second(slot, next(iter(topics.values())), split, rng) if topics else None
            if entity is None:
                role = _role(slot, split, "" if topics else wording.relation)
                entity = self.writer.topics.pick(role, rng)
            if entity is None or entity in topics.values():
                return None
            topics[slot.name] = entity
        first = next(iter(topics.values()), None)
        return None if first is not None and self._has(first, wording.without) else topics

    def _has(self, entity: int, relation: str) -> bool:
        """Whether anything that the label or its last word may name has the relation."""
        number = self.graph.relation_index.get(relation)
        if number is None:
            return False
        label = normalise(self.graph.label(entity))
        names = {e for f in (label, label.split(" ")[-1]) for e in self.writer.wording.first_of(f)}
        return any(len(self.graph.tails(e, number)) for e in names | {entity})

    def _second(self, slot: Slot, first: int, split: str, rng: random.Random) -> int | None:
        """An entity for another slot that is linked to the first one; at times None."""
        if rng.random() > RELATED:
            return None
        near, role = self._near(first), _role(slot, split)
        if role.kind == self.graph.kind_of(first):  # two people have a film in common
            linked = sorted(near)
            near = {e for n in rng.sample(linked, min(5, len(linked))) for e in self._near(n)}
        options = sorted(e for e in near if self.writer.topics.fits(e, role) and e != first)
        return rng.choice(options) if options else None

    def _near(self, entity: int) -> set[int]:
        """Entities that the graph links to this one, at most so many by each relation."""
        return {t for _, tails in self.graph.groups(entity) for t in tails[:_NEAR].tolist()}


def _role(slot: Slot, split: str, relation: str = "") -> Role:
    """The role of a slot; a year is one that films came out in."""
    kind = kind_of(slot.name)
    form = slot.form if slot.form in CHOSEN_BY_FORM else ""
    return Role(kind, split, relation or YEAR_OF.get(kind, ""), form)


def _is_sentence(phrasing: str) -> bool:
    return phrasing.endswith("?") and not phrasing.startswith("{")


def _same(text: str) -> str:
    """The wording without the forms of its slots, to compare it with others."""
    return normalise(re.sub(r":[a-z]+\}", "}", text)) or text  # "???" has no words
