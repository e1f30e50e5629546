r"""The graph as compressed sparse rows, inverses included.

A knowledge graph is a set of triples (head, relation, tail). With R relations in the source, id
r + R is the inverse of r, written "-name", and every triple is stored in both directions, so that a
question can walk either way (relations marked *literal*, whose tails are numbers or dates, are
walked forwards only). Edges are sorted by (head, relation) and form groups:

    entity_group [E + 1] -> group_relation [G], group_edge [G + 1] -> tail [T]

so the relations that leave an entity are read without reading one of its edges: follow (ReifKB,
Cohen et al. 2020) then touches only the groups that the relation distribution selects.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kgqa.errors import GraphError
from kgqa.graph import folder as folders
from kgqa.graph.classes import Classes
from kgqa.graph.degrees import Degrees
from kgqa.graph.description import Description
from kgqa.graph.names import KIND, normalise
from kgqa.graph.numbers import Numbers
from kgqa.graph.strings import Strings
from kgqa.graph.vocabulary import Words
from kgqa.trace import Entity, Fact, Neighbourhood, Neighbours

if TYPE_CHECKING:
    import networkx
    from scipy.sparse import csr_array

EACH = 8  #: neighbours listed for each relation


class Graph:
    """A read-only graph.

    People name entities by id ("film:Sully") and relations by id ("director", and "-director" for
    the inverse). In arrays entities are ints in [0, E) and relations ints in [0, 2R); the inverse
    of r is (r + R) mod 2R.

    >>> graph = Graph.load("checkpoints/films/graph")
    >>> [entity.description for entity in graph["Jaws"]]
    ['1975 film by Steven Spielberg', 'character in Moonraker']
    """

    def __init__(
        self, description: Description, arrays: Mapping[str, np.ndarray], folder: str | Path = ""
    ):
        self.folder = folder
        self.name = description.name
        self.fingerprint = description.fingerprint
        self.relations = description.relations
        self.kinds = description.kinds
        self.sources = description.sources
        self.missing = description.missing
        self.read, self.notes = description.read, description.notes  #: of the files it is made of
        self.stop_words = frozenset(description.stop_words)
        self.num_triples = description.triples  #: of the source; inverses are stored beside them
        self.entity_group = arrays["entity_group"]
        self.group_relation = arrays["group_relation"]
        self.group_edge = arrays["group_edge"]
        self.tail = arrays["tail"]
        self.kind = arrays["entity_kind"]
        self.labels = Strings(arrays["label_text"], arrays["label_offset"])
        self._keys = Strings(arrays["key_text"], arrays["key_offset"])
        self._id_order = arrays["id_order"].data
        self._descriptions = Strings(arrays["description_text"], arrays["description_offset"])
        self._description_of = arrays["entity_description"]
        self.aliases = Strings(arrays["alias_text"], arrays["alias_offset"])
        self.alias_entry = arrays["alias_entry"]
        self.alias_entity = arrays["alias_entity"]
        self.alias_kind = arrays["alias_kind"]
        self.words = Words(arrays)  #: of all aliases
        self.numbers = Numbers(*(arrays[f"number_{k}"] for k in ("entity", "relation", "value")))
        self.classes = Classes(self)
        self._entity = lru_cache(maxsize=20_000)(self._read_entity)

    @classmethod
    def load(cls, folder: str | Path, *, verify: bool = False) -> Graph:
        """Open a graph folder, memory-mapped; ``verify``: check every byte, however large it is.

        Raises :class:`kgqa.errors.GraphError` naming the file at fault.
        """
        return cls(*folders.load(Path(folder), verify=verify), folder)

    @classmethod
    def build(cls, source: object, folder: str | Path | None = None, **options) -> Graph:
        """From files, DataFrames, NetworkX or triples; ``kgqa.graph.sources`` says how."""
        from kgqa.graph.sources import build

        return build(source, folder, **options)

    # -- for people: entities by id and name, facts in words ---------------------------------------

    def __getitem__(self, name: str) -> tuple[Entity, ...]:
        """The entities with this label or other name, best connected first; () if there is none.

        Case, accents and punctuation do not matter.
        """
        alias = self.aliases.find(normalise(name))
        if alias < 0:
            return ()
        exact = [e for e, kind in self.entries(alias) if kind <= KIND["other name"]]
        return tuple(map(self.entity, sorted(exact, key=lambda e: -int(self.degree[e]))))

    def find(self, id: str) -> int | None:
        """The entity with this id, or None; reads O(log E) ids."""
        encoded, order = id.encode("utf-8", "surrogatepass"), self._id_order
        i = bisect_left(order, encoded, key=self._id_bytes)
        return order[i] if i < len(order) and self._id_bytes(order[i]) == encoded else None

    def find_all(self, ids: Iterable[str]) -> set[int]:
        """The entities with these ids; ids that the graph does not have are left out."""
        return {entity for id in ids if (entity := self.find(id)) is not None}

    def facts(self, id: str) -> tuple[Fact, ...]:
        """Every fact about the entity with this id, as head and as tail; () if there is none."""
        entity = self.find(id)
        if entity is None:
            return ()
        return tuple(
            self.fact(entity, relation, tail)
            for relation, tails in self.groups(entity)
            for tail in tails.tolist()
            if relation < len(self.relations) or tail != entity  # a loop is one fact
        )

    def neighbourhood(self, id: str, *, each: int = EACH) -> Neighbourhood | None:
        """The entities around one, relation by relation; None if there is no entity of this id.

        At most ``each`` are listed for a relation, best connected first.
        """
        entity = self.find(id)
        if entity is None:
            return None
        groups = []
        for r, tails in self.groups(entity):
            best = tails[np.argsort(-self.degree[tails], kind="stable")[:each]]
            listed = tuple(map(self.entity, best.tolist()))
            relation, inverse = self.relations[r % len(self.relations)], r >= len(self.relations)
            question = relation.inverse_question if inverse else relation.question
            label = self.relation_label(r)
            groups.append(Neighbours(self.relation_id(r), label, listed, len(tails), question))
        return Neighbourhood(self.entity(entity), tuple(groups))

    def to_networkx(self, ids: Iterable[str]) -> networkx.MultiDiGraph:
        """These entities and the facts among them, for libraries that work on NetworkX graphs.

        Nodes are ids with ``label``, ``kind`` and ``description``; edges have the id of the
        relation as their key, and its ``label`` and the ``sentence``.

        Raises :class:`GraphError` for an id that the graph does not have.
        """
        import networkx

        nodes: dict[int, Entity] = {}
        for id in ids:
            entity = self.find(id)
            if entity is None:
                raise GraphError(
                    f"No entity has the id {id!r}; graph[name] gives entities by name."
                )
            nodes[entity] = self.entity(entity)
        drawn = networkx.MultiDiGraph(name=self.name)
        for node in nodes.values():
            about = {"label": node.label, "kind": node.kind, "description": node.description}
            drawn.add_node(node.id, **about)
        for head in nodes:
            for r, tails in self.groups(head):
                for tail in tails.tolist() if r < len(self.relations) else ():
                    if tail not in nodes:
                        continue
                    fact = self.fact(head, r, tail)
                    about = {"label": fact.relation, "sentence": fact.sentence}
                    drawn.add_edge(fact.head.id, fact.tail.id, key=self.relation_id(r), **about)
        return drawn

    def entity(self, entity: int) -> Entity:
        """An entity in words; those asked for last are kept."""
        return self._entity(entity)

    def _read_entity(self, entity: int) -> Entity:
        description = self._descriptions[int(self._description_of[entity])]
        return Entity(self.key(entity), self.label(entity), description, self.kind_of(entity))

    def fact(self, head: int, relation: int, tail: int) -> Fact:
        """The stored fact behind a step over ``relation``, an inverse turned round."""
        if relation >= len(self.relations):
            head, relation, tail = tail, self.inverse(relation), head
        entry, subject, object_ = self.relations[relation], self.entity(head), self.entity(tail)
        return Fact(subject, entry.label, object_, entry.fact(subject.label, object_.label))

    def label(self, entity: int) -> str:
        return self.labels[entity]

    def kind_of(self, entity: int) -> str:
        return self.kinds[int(self.kind[entity])]

    def key(self, entity: int) -> str:
        """The id of an entity; by default "kind:label"."""
        return self._id_bytes(entity).decode("utf-8")

    def _id_bytes(self, entity: int) -> bytes:
        own = self._keys.bytes_at(entity)
        return own or f"{self.kind_of(entity)}:".encode() + self.labels.bytes_at(entity)

    def entries(self, alias: int) -> list[tuple[int, int]]:
        """[(entity, alias kind), ...] of an alias, by its position in ``aliases``."""
        low, high = int(self.alias_entry[alias]), int(self.alias_entry[alias + 1])
        entities, kinds = self.alias_entity[low:high].tolist(), self.alias_kind[low:high].tolist()
        return list(zip(entities, kinds, strict=True))

    # -- relations ---------------------------------------------------------------------------------

    @property
    def num_relations(self) -> int:
        """Relations with inverses: 2R."""
        return 2 * len(self.relations)

    def inverse(self, relation: int) -> int:
        return (relation + len(self.relations)) % self.num_relations

    def relation_id(self, relation: int) -> str:
        """The id of the relation, with a leading "-" for an inverse."""
        half = len(self.relations)
        return ("-" if relation >= half else "") + self.relations[relation % half].id

    def relation_label(self, relation: int) -> str:
        """The relation in words, read from head to tail of the direction walked."""
        half = len(self.relations)
        entry = self.relations[relation % half]
        return entry.label if relation < half else entry.inverse

    def relation_words(self, relation: int) -> str:
        """What the model reads about a relation: its label, and its context."""
        context = self.relations[relation % len(self.relations)].context
        label = self.relation_label(relation) or self.relation_id(relation)
        return f"{label}: {context}" if context else label

    @cached_property
    def relation_index(self) -> dict[str, int]:
        return {self.relation_id(r): r for r in range(self.num_relations)}

    # -- the arrays of follow ----------------------------------------------------------------------

    @property
    def num_entities(self) -> int:
        return len(self.kind)

    def groups(self, entity: int) -> list[tuple[int, np.ndarray]]:
        """[(relation, entities that it leads to), ...] for the relations that leave an entity."""
        low, high = int(self.entity_group[entity]), int(self.entity_group[entity + 1])
        return [
            (
                int(self.group_relation[g]),
                self.tail[int(self.group_edge[g]) : int(self.group_edge[g + 1])],
            )
            for g in range(low, high)
        ]

    def tails(self, entity: int, relation: int) -> np.ndarray:
        """Entities reached from one over one relation, ascending: int32 [n]."""
        low, high = int(self.entity_group[entity]), int(self.entity_group[entity + 1])
        g = low + int(self.group_relation[low:high].searchsorted(relation))
        if g == high or self.group_relation[g] != relation:
            return self.tail[:0]
        return self.tail[int(self.group_edge[g]) : int(self.group_edge[g + 1])]

    def matrix(self, relation: int) -> csr_array:
        """Adjacency of one relation, [E, E], M[head, tail] = 1, so that follow over it is x @ M."""
        from scipy.sparse import csr_array  # a third of a second to import

        mine = np.flatnonzero(self.group_relation == relation)
        heads = np.searchsorted(self.entity_group, mine, side="right") - 1
        sizes = (self.group_edge[mine + 1] - self.group_edge[mine]).astype(np.int64)
        tails = np.concatenate(
            [self.tail[self.group_edge[g] : self.group_edge[g + 1]] for g in mine]
            or [self.tail[:0]]
        )
        ones, shape = np.ones(len(tails), dtype=np.float32), (self.num_entities, self.num_entities)
        return csr_array((ones, (np.repeat(heads, sizes), tails)), shape=shape)

    @cached_property
    def degree(self) -> Degrees:
        """Edges that leave each entity: ``degree[ids]`` is int64, read where it is asked for."""
        return Degrees(self.entity_group, self.group_edge)

    @cached_property
    def log_degree(self) -> Degrees:
        """log(1 + degree): ``log_degree[ids]`` is float32."""
        return Degrees(self.entity_group, self.group_edge, log=True)
