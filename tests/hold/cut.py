"""Cuts of the default graph: small graphs around some questions, changed and asked again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

import numpy as np

from kgqa.checkpoint import Checkpoint
from kgqa.graph import Graph
from kgqa.graph.builder import GraphBuilder
from kgqa.graph.names import KIND, normalise, variants
from kgqa.inference import Pipeline
from kgqa.trace import Entity, Fact, Trace

NEIGHBOURS = 15  # facts of a mentioned entity that no answer needs
TITLED = {"artwork", "film", "museum"}  # kinds whose label is a title, as in the default graph
Triple = tuple[str, str, str]  #: ids of head, relation and tail


class Source:
    """The default graph, with the names of each entity."""

    def __init__(self, graph: Graph):
        self.graph = graph
        self.relation_ids = {relation.label: relation.id for relation in graph.relations}

    @cached_property
    def _entries(self) -> np.ndarray:
        return np.argsort(self.graph.alias_entity, kind="stable")

    @cached_property
    def _sorted(self) -> np.ndarray:
        return np.asarray(self.graph.alias_entity)[self._entries]

    @lru_cache(maxsize=100_000)  # noqa: B019
    def entity(self, id: str) -> tuple[Entity, tuple[tuple[str, int], ...]]:
        """An entity and its names."""
        number = self.graph.find(id)
        assert number is not None
        return self.graph.entity(number), tuple(self._names(number))

    def _names(self, entity: int) -> list[tuple[str, int]]:
        """(alias in normal form, kind) of an entity."""
        low, high = np.searchsorted(self._sorted, [entity, entity + 1])
        entries = self._entries[low:high]
        aliases = np.searchsorted(self.graph.alias_entry, entries, side="right") - 1
        kinds = np.asarray(self.graph.alias_kind)[entries]
        return [
            (self.graph.aliases[a], k)
            for a, k in zip(aliases.tolist(), kinds.tolist(), strict=True)
        ]

    @cached_property
    def by_shape(self) -> dict[tuple[str, int], list[int]]:
        """Entities of each kind, by the number of words of their labels."""
        pools: dict[tuple[str, int], list[int]] = {}
        for entity in range(self.graph.num_entities):
            label, kind = self.graph.label(entity), self.graph.kind_of(entity)
            pools.setdefault((kind, label.count(" ")), []).append(entity)
        return pools

    def triple(self, fact: Fact) -> Triple:
        return fact.head.id, self.relation_ids[fact.relation], fact.tail.id


@dataclass(frozen=True)
class Cut:
    """Some triples of a source, with changes. Every method leaves it as it is."""

    source: Source
    triples: frozenset[Triple]
    labels: dict[str, str] = field(default_factory=dict)  #: {id: new name}
    strangers: tuple[Entity, ...] = ()  #: entities that only this cut has, each with its triple

    @classmethod
    def around(cls, source: Source, traces: Iterable[Trace]) -> Cut:
        """What the walks of some traces went through, and a little of what is beside it."""
        facts: list[Fact] = []
        for trace in traces:
            hops = [h for b in trace.branches for h in b.hops]
            hops += trace.intersection.hops if trace.intersection else ()
            facts += [fact for hop in hops for fact in hop.facts]
            facts += [f for a in trace.answers for path in a.paths for f in path.facts]
            for mention in trace.mentions:
                facts += source.graph.facts(mention.candidates[0].entity.id)[:NEIGHBOURS]
        return cls(source, frozenset(map(source.triple, facts)))

    def without(self, triples: Iterable[Triple]) -> Cut:
        return replace(self, triples=self.triples - set(triples))

    def renamed(self, labels: dict[str, str]) -> Cut:
        """Entities lose all their names, and get one."""
        return replace(self, labels={**self.labels, **labels})

    def beside(self, strangers: Sequence[Entity]) -> Cut:
        """With facts among entities that are not in the cut: each is the next one's neighbour."""
        return replace(self, strangers=tuple(strangers))

    @property
    def ids(self) -> set[str]:
        return {entity for head, _, tail in self.triples for entity in (head, tail)}

    def build(self) -> Graph:
        builder = GraphBuilder("a cut", self.source.graph.relations)
        index = {id: self._add(builder, id) for id in sorted(self.ids)}
        for head, relation, tail in sorted(self.triples):
            builder.triple(index[head], relation, index[tail])
        added = [
            builder.entity(e.kind, e.label, key=e.id, title=e.kind in TITLED)
            for e in self.strangers
        ]
        for head, tail in zip(added, added[1:], strict=False):
            builder.triple(head, self.source.graph.relations[0].id, tail)
        return builder.build()

    def _add(self, builder: GraphBuilder, id: str) -> int:
        entity, names = self.source.entity(id)
        label = self.labels.get(id, entity.label)
        added = builder.entity(
            entity.kind, label, key=id, description=entity.description, nameable=False
        )
        if id in self.labels:
            own = (normalise(label), KIND["label"])
            names = (own, *variants(label, title=entity.kind in TITLED))
        for form, kind in names:
            builder.alias(added, form, kind)
        return added

    def pipeline(self, trained: Pipeline) -> Pipeline:
        """The trained network over this cut."""
        checkpoint = trained.checkpoint
        return Pipeline(Checkpoint(checkpoint.model, checkpoint.tokenizer, self.build()))
