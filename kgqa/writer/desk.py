"""What questions are written from: relations with wordings, and entities to ask about."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kgqa.graph import Graph
from kgqa.graph.names import normalise
from kgqa.programs.program import Branch, Chain, Program, crisp
from kgqa.writer.described import Described
from kgqa.writer.english import plural
from kgqa.writer.names import Names
from kgqa.writer.phrase import SLOT, Phrase, is_phrase, phrase_of
from kgqa.writer.wordings import Wording, Wordings

MAX_ANSWERS = 300
#: Every sixth wording and a fifth of the entities are for dev alone, where there are enough.
HELD_OUT, ENOUGH_LINES, ENOUGH_ENTITIES = 6, 6, 40
GENERIC = ("people", "persons", "things", "ones", "those", "places", "items", "years")
OTHER_WORD = 0.35  #: share of class phrases with another word for the class, if there is one
_TRIES = 12


@dataclass(frozen=True)
class Side:
    """The entities that one directed relation leaves, and how many each leads to."""

    entities: np.ndarray  #: int64 [n], ascending
    sizes: np.ndarray  #: int64 [n]


class Desk:
    """One split of the questions of one graph."""

    def __init__(self, graph: Graph, wordings: Wordings, names: Names, split: str, seed: int):
        self.graph, self.wordings, self.names, self.split = graph, wordings, names, split
        self.rng = random.Random(f"{seed}-{split}")
        self._sides: dict[int, Side] = {}
        self._lines: dict[int, list[str]] = {}
        self._phrases: dict[int, list[Phrase]] = {}
        self._pools: dict[int, tuple[list[int], list[float]]] = {}

    # -- relations ---------------------------------------------------------------------------------

    @cached_property
    def relations(self) -> list[int]:
        """Directed relations that have wordings, are followed by them, and may be asked about."""
        return [r for r in range(self.graph.num_relations) if self._usable(r)]

    def _usable(self, relation: int) -> bool:
        if relation == self.graph.classes.relation or not self.lines(relation):
            return False
        return bool(self.pool(relation)[0])

    @cached_property
    def attributes(self) -> list[int]:
        """The attributes that have wordings."""
        return [a for a in self.graph.numbers.attributes if self.wording(a) is not None]

    def wording(self, relation: int) -> Wording | None:
        """The wording of a directed relation, for both directions."""
        half = len(self.graph.relations)
        return self.wordings.get(self.graph.relations[relation % half].id)

    def is_inverse(self, relation: int) -> bool:
        return relation >= len(self.graph.relations)

    def lines(self, relation: int) -> list[str]:
        """All wordings of a directed relation for this split."""
        if relation not in self._lines:
            wording = self.wording(relation)
            lines = () if wording is None else wording.lines(self.is_inverse(relation))
            self._lines[relation] = self._mine(lines)
        return self._lines[relation]

    @cached_property
    def meanings(self) -> dict[str, tuple[int, ...]]:
        """{wording: the directed relations that have it}, several if they are of other kinds."""
        found: dict[str, list[int]] = {}
        for relation in range(self.graph.num_relations):
            wording = self.wording(relation)
            for line in wording.lines(self.is_inverse(relation)) if wording else ():
                found.setdefault(line, []).append(relation)
        return {line: tuple(relations) for line, relations in found.items()}

    def answers(self, entity: int, line: str) -> bool:
        """Whether what a name stands for, this entity among others, has what a wording asks for.

        Either direction counts: a marriage may be stored from one side alone.
        """
        graph = self.graph
        relations = {r for m in self.meanings[line] for r in (m, graph.inverse(m))}
        named = {entity, *self.names.same(entity)}
        return any(len(graph.tails(e, r)) for e in named for r in relations)

    def questions(self, relation: int) -> list[str]:
        return [x for x in self.lines(relation) if x.endswith("?") and x.count(SLOT) == 1]

    def checks(self, relation: int) -> list[str]:
        return [x for x in self.lines(relation) if x.count(SLOT) == 2]

    def phrases(self, relation: int) -> list[Phrase]:
        """The phrases of a directed relation for this split, taken apart."""
        if relation in self._phrases:
            return self._phrases[relation]
        people = self.people(relation)
        found = [x for x in self.lines(relation) if is_phrase(x)]
        if not found:  # the other split has them all
            wording = self.wording(relation)
            lines = wording.lines(self.is_inverse(relation)) if wording else ()
            found = [x for x in lines if is_phrase(x)]
        self._phrases[relation] = [phrase_of(line, self.nouns, people) for line in found]
        return self._phrases[relation]

    def people(self, relation: int) -> bool:
        """Whether most questions of a directed relation ask for persons."""
        wording = self.wording(relation)
        asked = wording.questions(self.is_inverse(relation)) if wording else []
        who = sum(" who" in f" {line.lower()}" or line.startswith("by whom") for line in asked)
        return 2 * who > len(asked)

    def _mine(self, lines: tuple[str, ...]) -> list[str]:
        if len(lines) < ENOUGH_LINES:
            return list(lines)
        return [x for i, x in enumerate(lines) if (i % HELD_OUT == 4) == (self.split == "dev")]

    @cached_property
    def nouns(self) -> frozenset[str]:
        """Class words, plural."""
        words = {many for pairs in self.wordings.kinds.values() for _, many in pairs}
        return frozenset(words | set(GENERIC))

    # -- entities ----------------------------------------------------------------------------------

    def side(self, relation: int) -> Side:
        """The entities that a directed relation leaves."""
        if relation not in self._sides:
            graph = self.graph
            mine = np.flatnonzero(np.asarray(graph.group_relation) == relation)
            heads = np.searchsorted(np.asarray(graph.entity_group), mine, side="right") - 1
            edges = np.asarray(graph.group_edge).astype(np.int64)
            self._sides[relation] = Side(heads, edges[mine + 1] - edges[mine])
        return self._sides[relation]

    def apart(self, relation: int) -> bool:
        """Whether hardly any entity is both a head and a tail of a relation."""
        mine, yours = (self.side(r).entities for r in (relation, self.graph.inverse(relation)))
        shared = np.intersect1d(mine, yours, assume_unique=True)
        return len(shared) <= 0.02 * min(len(mine), len(yours))

    def pool(self, relation: int) -> tuple[list[int], list[float]]:
        """Entities of this split to ask about, and the roots of their degrees."""
        if relation not in self._pools:
            side = self.side(relation)
            ids = side.entities[side.sizes <= MAX_ANSWERS]
            if len(ids) >= ENOUGH_ENTITIES:
                held = np.array([self._is_held_out(e) for e in ids.tolist()])
                ids = ids[held == (self.split == "dev")]
            weights = np.sqrt(self.graph.degree[ids].astype(float)).tolist() if len(ids) else []
            self._pools[relation] = (ids.tolist(), weights)
        return self._pools[relation]

    def _is_held_out(self, entity: int) -> bool:
        digest = hashlib.blake2b(self.graph.key(entity).encode(), digest_size=2).digest()
        return digest[0] % 5 == 0

    def pick(self, relation: int) -> int | None:
        """An entity that a directed relation leaves and that its name stands for."""
        ids, weights = self.pool(relation)
        for _ in range(_TRIES if ids else 0):
            any_ = self.rng.random() < 0.5
            entity = self.rng.choice(ids) if any_ else self.rng.choices(ids, weights)[0]
            if self.nameable(entity, relation):
                return entity
        return None

    def nameable(self, entity: int, relation: int) -> bool:
        """Whether a question can name an entity, so that the relation is asked of it."""
        return bool(self.names.label(entity)) and self.names.is_best_known(entity, relation)

    def typed(self, entity: int) -> str:
        return self.names.typed(entity, self.rng)

    def tails(self, entity: int, relation: int) -> list[int]:
        return self.graph.tails(entity, relation).tolist()

    def reached(self, entities: tuple[int, ...], relation: int) -> tuple[int, ...]:
        """Where a directed relation leads from some entities; () where that is too much."""
        found: set[int] = set()
        for entity in entities:
            found.update(self.graph.tails(entity, relation).tolist())
            if len(found) > MAX_ANSWERS:
                return ()
        return tuple(sorted(found))

    def leaving(self, entity: int) -> list[int]:
        """The directed relations that leave an entity and have wordings."""
        return [r for r, _ in self.graph.groups(entity) if r in self._known]

    @cached_property
    def _known(self) -> frozenset[int]:
        return frozenset(self.relations)

    # -- sets in words -----------------------------------------------------------------------------

    def one(self, relation: int, entity: int, *, of_class: bool = False) -> Described | None:
        """What a directed relation leads to from an entity, in a phrase.

        ``of_class``: a class phrase, or None if the relation has none.
        """
        phrases = [p for p in self.phrases(relation) if p.noun or not of_class]
        members = tuple(self.tails(entity, relation))
        if not phrases or not 0 < len(members) <= MAX_ANSWERS:
            return None
        phrase = self.varied(self.rng.choice(phrases)).fill(self.typed(entity))
        program = Program((Branch("a", Chain.of(relation)),))
        return Described(phrase, program, {"a": crisp([entity])}, (entity,), members, relation)

    def varied(self, phrase: Phrase) -> Phrase:
        """The phrase with another word for its class, now and then."""
        others = self._synonyms.get(phrase.noun, ())
        if not others or self.rng.random() > OTHER_WORD:
            return phrase
        return phrase.of(self.rng.choice(others))

    @cached_property
    def _synonyms(self) -> dict[str, tuple[str, ...]]:
        """{class word: the others of its kind}, plural."""
        found: dict[str, tuple[str, ...]] = {}
        for pairs in self.wordings.kinds.values():
            words = [many for _, many in pairs]
            found |= {word: tuple(w for w in words if w != word) for word in words}
        return found

    def draw(self, relation: int | None = None, *, of_class: bool = False) -> Described | None:
        """A described set of one relation, drawn."""
        relation = self.relation() if relation is None else relation
        entity = self.pick(relation)
        return None if entity is None else self.one(relation, entity, of_class=of_class)

    def relation(self) -> int:
        return self.rng.choice(self.relations)

    # -- classes -----------------------------------------------------------------------------------

    @cached_property
    def classes(self) -> dict[int, tuple[int, ...]]:
        """{class: its members}, of classes with a name and two members at least."""
        relation = self.graph.classes.relation
        if relation is None:
            return {}
        ids = self.side(relation).entities[self.side(relation).sizes > 1].tolist()
        return {e: tuple(self.tails(e, relation)) for e in ids if self.names.label(e)}

    def class_words(self, entity: int) -> tuple[str, str]:
        """(singular, plural) of a class."""
        label = self.graph.label(entity)
        pairs = self._by_name.get(normalise(label), ())
        return self.rng.choice(pairs) if pairs else (label, plural(label))

    @cached_property
    def _by_name(self) -> dict[str, tuple[tuple[str, str], ...]]:
        return {normalise(kind): pairs for kind, pairs in self.wordings.kinds.items()}
