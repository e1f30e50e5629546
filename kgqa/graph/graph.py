r"""The graph as compressed sparse rows, inverses included.

A knowledge graph is a set of triples (head, relation, tail). With R relations in the source, id r + R is the inverse
of r, written "-name", and every triple is stored in both directions, so that a question can walk either way
(relations marked *literal*, whose tails are numbers or dates, are walked forwards only). Edges are sorted by (head, relation)
and form groups:

    entity_group [E + 1] -> group_relation [G], group_edge [G + 1] -> tail [T]

so the relations that leave an entity are read without reading one of its edges: follow (ReifKB, Cohen et al. 2020) then
touches only the groups that the relation distribution selects.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array

from kgqa.graph import folder as persist
from kgqa.graph.description import Description
from kgqa.graph.strings import Strings
from kgqa.graph.vocabulary import Words
from kgqa.trace import Entity, Fact, Neighbourhood, Neighbours


class Degrees:
    """A vector over all entities that is computed where it is indexed (int, list or array of entities)."""

    def __init__(self, entity_group: np.ndarray, group_edge: np.ndarray, *, log: bool = False):
        self._entity_group, self._group_edge, self._log = entity_group, group_edge, log

    def __getitem__(self, entities) -> np.ndarray:
        ids = np.asarray(entities, dtype=np.int64)
        last = self._group_edge[self._entity_group[ids + 1]].astype(np.int64)
        degree = last - self._group_edge[self._entity_group[ids]]
        return np.log1p(degree).astype(np.float32) if self._log else degree


class Graph:
    """A read-only graph. Entities are ints in [0, E); relations are ints in [0, 2R), inverse of r is (r + R) mod 2R."""

    def __init__(
        self, description: Description, arrays: dict[str, np.ndarray], folder: str | Path = ""
    ):
        self.folder = folder
        self.name = description.name
        self.fingerprint = description.fingerprint
        self.relations = description.relations
        self.kinds = description.kinds
        self.sources = description.sources
        self.missing = description.missing
        self.stop_words = frozenset(description.stop_words)
        self.num_triples = description.triples  #: of the source; inverses are stored beside them
        self.entity_group = arrays["entity_group"]
        self.group_relation = arrays["group_relation"]
        self.group_edge = arrays["group_edge"]
        self.tail = arrays["tail"]
        self.kind = arrays["entity_kind"]
        self.labels = Strings(arrays["label_text"], arrays["label_offset"])
        self._keys = Strings(arrays["key_text"], arrays["key_offset"])
        self._descriptions = Strings(arrays["description_text"], arrays["description_offset"])
        self._description_of = arrays["entity_description"]
        self.aliases = Strings(arrays["alias_text"], arrays["alias_offset"])
        self.alias_entry = arrays["alias_entry"]
        self.alias_entity = arrays["alias_entity"]
        self.alias_kind = arrays["alias_kind"]
        self.number_entity = arrays["number_entity"]
        self.number_relation = arrays["number_relation"]
        self.number_value = arrays["number_value"]
        self._entity = lru_cache(maxsize=20_000)(self._read_entity)
        #: words of all names, where the graph brings an index of them (large graphs do)
        self.words = Words(arrays) if "word_text" in arrays else None

    @classmethod
    def load(cls, folder: str | Path) -> Graph:
        """Open a graph folder, memory-mapped. Raises :class:`kgqa.errors.GraphError`."""
        return cls(*persist.load(Path(folder)), folder)

    @property
    def num_entities(self) -> int:
        return len(self.kind)

    @property
    def num_relations(self) -> int:
        """Relations with inverses: 2R."""
        return 2 * len(self.relations)

    def inverse(self, relation: int) -> int:
        return (relation + len(self.relations)) % self.num_relations

    def relation_id(self, relation: int) -> str:
        """Name with a leading "-" for an inverse."""
        half = len(self.relations)
        return ("-" if relation >= half else "") + self.relations[relation % half].id

    def relation_label(self, relation: int) -> str:
        """The relation in words, read from head to tail of the direction walked."""
        half = len(self.relations)
        entry = self.relations[relation % half]
        return entry.label if relation < half else entry.inverse

    def relation_words(self, relation: int) -> str:
        """What the model reads about a relation: its label, and words of its identifier that the label leaves out."""
        context = self.relations[relation % len(self.relations)].context
        label = self.relation_label(relation) or self.relation_id(relation)
        return f"{label}: {context}" if context else label

    @cached_property
    def relation_index(self) -> dict[str, int]:
        return {self.relation_id(r): r for r in range(self.num_relations)}

    def groups(self, entity: int) -> list[tuple[int, np.ndarray]]:
        """[(relation, tails), ...] leaving an entity."""
        low, high = int(self.entity_group[entity]), int(self.entity_group[entity + 1])
        return [
            (
                int(self.group_relation[g]),
                self.tail[int(self.group_edge[g]) : int(self.group_edge[g + 1])],
            )
            for g in range(low, high)
        ]

    def tails(self, entity: int, relation: int) -> np.ndarray:
        """Sorted ids reached from an entity over one relation (empty if none)."""
        low, high = int(self.entity_group[entity]), int(self.entity_group[entity + 1])
        g = low + int(self.group_relation[low:high].searchsorted(relation))
        if g == high or self.group_relation[g] != relation:
            return self.tail[:0]
        return self.tail[int(self.group_edge[g]) : int(self.group_edge[g + 1])]

    def matrix(self, relation: int) -> csr_array:
        """Adjacency of one relation, [E, E], M[head, tail] = 1: follow over it is x @ M (for tests and teaching)."""
        mine = np.flatnonzero(self.group_relation == relation)
        heads = np.searchsorted(self.entity_group, mine, side="right") - 1
        sizes = (self.group_edge[mine + 1] - self.group_edge[mine]).astype(np.int64)
        tails = np.concatenate(
            [self.tail[self.group_edge[g] : self.group_edge[g + 1]] for g in mine]
            or [self.tail[:0]]
        )
        shape = (self.num_entities, self.num_entities)
        return csr_array(
            (np.ones(len(tails), dtype=np.float32), (np.repeat(heads, sizes), tails)), shape=shape
        )

    @cached_property
    def degree(self) -> Degrees:
        """Edges that leave each entity: ``degree[ids]`` is int64, read where it is asked for."""
        return Degrees(self.entity_group, self.group_edge)

    @cached_property
    def log_degree(self) -> Degrees:
        """log(1 + degree): ``log_degree[ids]`` is float32."""
        return Degrees(self.entity_group, self.group_edge, log=True)

    def label(self, entity: int) -> str:
        return self.labels[entity]

    def kind_of(self, entity: int) -> str:
        return self.kinds[int(self.kind[entity])]

    def key(self, entity: int) -> str:
        """Stable id; by default "kind:label"."""
        return self._keys[entity] or f"{self.kind_of(entity)}:{self.label(entity)}"

    def entity(self, entity: int) -> Entity:
        """What is known of an entity in words; the entities asked for last are kept."""
        return self._entity(entity)

    def _read_entity(self, entity: int) -> Entity:
        description = self._descriptions[int(self._description_of[entity])]
        return Entity(self.key(entity), self.label(entity), description, self.kind_of(entity))

    def fact(self, head: int, relation: int, tail: int) -> Fact:
        """The stored triple behind a step, turned the right way round."""
        if relation >= len(self.relations):
            head, relation, tail = tail, self.inverse(relation), head
        entry, subject, object_ = self.relations[relation], self.entity(head), self.entity(tail)
        return Fact(subject, entry.label, object_, entry.fact(subject.label, object_.label))

    @cached_property
    def index_of(self) -> dict[str, int]:
        """Entity index by key; built on first use (tests, evaluation), not for serving."""
        return {self.key(e): e for e in range(self.num_entities)}

    def find(self, id_: str) -> int | None:
        """The entity with this id, or None."""
        return self.index_of.get(id_)

    def neighbourhood(self, id_: str, each: int = 8) -> Neighbourhood | None:
        """The facts of an entity, relation by relation; None if the graph has no such entity."""
        index = self.find(id_)
        if index is None:
            return None
        groups = []
        for relation, tails in self.groups(index):
            best = tails[np.argsort(-self.degree[tails], kind="stable")[:each]]
            entities = tuple(self.entity(int(e)) for e in best)
            groups.append(
                Neighbours(
                    self.relation_id(relation), self.relation_label(relation), entities, len(tails)
                )
            )
        return Neighbourhood(self.entity(index), tuple(groups))
