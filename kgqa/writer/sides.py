"""Who and what stands at the two sides of each relation of a graph: a type, and class words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kgqa.graph import Graph
from kgqa.writer.english import plural, singular
from kgqa.writer.shape import Form, Shape, label_words, name_of, shape_of
from kgqa.writer.types import (
    AGENTS,
    NUMBER,
    PERSON,
    PLACE,
    TIME,
    type_of_labels,
    type_of_noun,
    type_of_subject,
)

SAMPLE = 200  #: entities of a side that are looked at
MOST = 0.94  #: share of a side that is of one kind, if the kind is said
#: Kinds that say nothing about an entity.
VAGUE = frozenset(
    ["", "entity", "thing", "node", "value", "resource", "object", "item", "unknown", "other"]
)
_WORDS = {PERSON: ("person", "people"), PLACE: ("place", "places"), TIME: ("year", "years")}
_THING = ("thing", "things")


@dataclass(frozen=True)
class Side:
    """The entities at one side of a relation."""

    type: str  #: as in ``types``, empty if it is not known
    words: tuple[str, str]  #: singular and plural, at least "thing", "things"

    @property
    def vague(self) -> bool:
        """Whether the words say nothing."""
        return self.words == _THING


class Sides:
    """The sides of the relations of one graph; side 2i is the head of relation i, 2i + 1 its tail.

    ``types`` and ``words``: {(relation, is tail): type, or singular and plural}, what is known of
    some from elsewhere.
    """

    def __init__(
        self,
        graph: Graph,
        types: dict[tuple[int, bool], str],
        words: dict[tuple[int, bool], tuple[str, str]],
    ):
        self.graph, self._given, self._words = graph, types, words
        self._whole: dict[tuple[int, bool], np.ndarray] = {}

    @cached_property
    def shapes(self) -> list[Shape]:
        return [shape_of(name_of(r)) for r in self.graph.relations]

    @cached_property
    def all(self) -> list[tuple[Side, Side]]:
        """(head, tail) of each relation."""
        own = {key: self._own(*key) for key in self._members}
        votes: dict[int, Counter[str]] = {}
        for key, (kind, _) in own.items():
            for entity in self._members[key].tolist() if kind else ():
                votes.setdefault(entity, Counter())[kind] += 1
        found = []
        for i in range(len(self.graph.relations)):
            pair = []
            for tail in (False, True):
                kind, words = own[i, tail]
                kind = kind or self._voted(self._members[i, tail], votes)
                words = words or self._borrowed(i, tail, kind) or _WORDS.get(kind, _THING)
                pair.append(Side(kind, words))
            found.append((pair[0], pair[1]))
        return found

    @cached_property
    def _members(self) -> dict[tuple[int, bool], np.ndarray]:
        """A sample of the entities of each side."""
        graph = self.graph
        relation, edge = np.asarray(graph.group_relation), np.asarray(graph.group_edge)
        heads = np.searchsorted(
            np.asarray(graph.entity_group), np.arange(len(relation)), side="right"
        )
        found = {}
        for i in range(len(graph.relations)):
            mine = np.flatnonzero(relation == i)
            mine = mine[:: max(1, len(mine) // SAMPLE)]
            found[i, False] = heads[mine] - 1
            found[i, True] = np.asarray(graph.tail)[edge[mine]] if len(mine) else mine
        return found

    def _own(self, i: int, tail: bool) -> tuple[str, tuple[str, str] | None]:
        """(type, words) of a side by its kind, its labels and the relation's name."""
        entities = self._members[i, tail].tolist()
        label = type_of_labels([self.graph.label(e) for e in entities[:60]])
        if tail and self.graph.numbers.has(i):
            label = TIME if self.graph.relations[i].unit in ("year", "date") else NUMBER
        if tail and self.graph.relations[i].unit == "date":
            return label, ("date", "dates")
        kind = self._kind(entities)
        if kind:
            return label or type_of_noun(kind), (singular(kind), plural(singular(kind)))
        if label:
            noun = self._noun(i, tail)
            return label, (singular(noun), plural(singular(noun))) if noun else None
        noun = self._noun(i, tail)
        words = (singular(noun), plural(singular(noun))) if noun else self._words.get((i, tail))
        kind = self._given.get((i, tail)) or (type_of_noun(noun) if noun else "")
        return kind or self._subject(i, tail), words

    def _subject(self, i: int, tail: bool) -> str:
        """The type of who does what the relation's verb says, if that is this side."""
        shape = self.shapes[i]
        if shape.verb is None or tail != shape.swapped:
            return ""
        return type_of_subject(shape.verb.base)

    def _noun(self, i: int, tail: bool) -> str:
        """What the relation's name calls the entities of a side; empty if it does not."""
        shape = self.shapes[i]
        if tail != shape.swapped:
            return shape.noun if len(shape.noun.split()) < 4 else ""
        return AGENTS.get(shape.verb.base, "") if shape.verb and shape.form == Form.VERB else ""

    def _kind(self, entities: list[int]) -> str:
        """The kind or class of most entities, in words; empty if it says nothing."""
        graph = self.graph
        if not entities:
            return ""
        kinds = Counter(graph.kind_of(e) for e in entities)
        (kind, count), *_ = kinds.most_common(1)
        noun = shape_of(kind).form is Form.NOUN  # a column "shipped via" makes a kind that is none
        if noun and count >= MOST * len(entities) and kind.lower() not in VAGUE:
            return _plain(kind)
        if graph.classes.relation is None:
            return ""
        is_a = graph.inverse(graph.classes.relation)
        classes = Counter(c for e in entities for c in graph.tails(e, is_a).tolist())
        if classes:
            (best, count), *_ = classes.most_common(1)
            if count >= MOST * len(entities):
                return _plain(graph.label(best))
        return ""

    def _voted(self, entities: np.ndarray, votes: dict[int, Counter[str]]) -> str:
        total: Counter[str] = Counter()
        for entity in entities.tolist():
            if entity in votes:
                total[votes[entity].most_common(1)[0][0]] += 1
        if not total:
            return ""
        (best, count), *_ = total.most_common(1)
        return best if count >= 0.5 * sum(total.values()) and count >= 0.2 * len(entities) else ""

    def _borrowed(self, i: int, tail: bool, kind: str) -> tuple[str, str] | None:
        """The words of another side that has most of these entities."""
        mine, half = self._members[i, tail].tolist(), len(self.graph.relations)
        shared: Counter[tuple[int, bool]] = Counter()
        for entity in mine:
            shared.update((r % half, r >= half) for r, _ in self.graph.groups(entity))
        for (other, end), count in shared.most_common(20):
            noun = self._noun(other, end)
            if (other, end) == (i, tail) or count < 0.6 * len(mine):
                continue
            if noun and type_of_noun(noun) in ("", kind):
                return singular(noun), plural(singular(noun))
            if (other, end) in self._words:
                return self._words[other, end]
        return None

    def overlap(self, first: tuple[int, bool], second: tuple[int, bool]) -> bool:
        """Whether two sides, each (relation, is tail), have more than a few entities in common."""
        mine, yours = self._all(*first), self._all(*second)
        shared = np.intersect1d(mine, yours, assume_unique=True)
        return len(shared) > 0.02 * min(len(mine), len(yours))

    def _all(self, i: int, tail: bool) -> np.ndarray:
        """All entities of a side, ascending."""
        if (i, tail) not in self._whole:
            graph = self.graph
            relation = i + len(graph.relations) if tail else i
            mine = np.flatnonzero(np.asarray(graph.group_relation) == relation)
            heads = np.searchsorted(np.asarray(graph.entity_group), mine, side="right") - 1
            self._whole[i, tail] = heads
        return self._whole[i, tail]


def _plain(kind: str) -> str:
    """A kind as a noun in lower case: "RecordCompany" becomes "record company"."""
    return " ".join(label_words(kind)) or kind.lower()
