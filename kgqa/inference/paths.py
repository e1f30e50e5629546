"""Why is this an answer? The chain of facts from each mention to it, read backwards along the walk.

A path is traced hop by hop from the answer back to the mention. Each step goes to the entity of the
hop before that carried the most into it over a relation that was followed. Paths say in words what
follow did in numbers. An operator that keeps some of a set (most, least) adds no fact. A walk from
a class or a literal begins with the fact that puts its entity there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from torch import Tensor

from kgqa.graph import Graph
from kgqa.graph.numbers import ValueRange
from kgqa.trace import Fact, Path
from kgqa.walk import Frontier
from kgqa.walk.operators import LEAST, MOST
from kgqa.walk.walk import Chain, Walk

FEW = 48  # up to this many lookups in a dictionary are faster than one search in arrays
MAX_SOURCES = 2_000  # entities of the hop before that a listed fact may start from

#: The candidates of a mention: entities, and the ranges of a literal.
Origins = tuple["int | ValueRange", ...]
Relations = list[tuple[int, float]]  # relations with their probabilities, heaviest first
STAY = -1  # stands among them for the operators that keep some of the entities that are there


@dataclass(frozen=True)
class Step:
    """The edge that carried the most into an entity."""

    entity: int
    relation: int  #: or STAY


def followed(graph: Graph, relation: Tensor, min_relation: float) -> Relations:
    """The relations that a hop followed, heaviest first; relation float [V].

    Most often is a way to follow, too; all operators that keep entities are one :data:`STAY`.
    """
    half = graph.num_relations
    chosen, stay = [], 0.0
    for v, p in enumerate(relation.tolist()):
        if p > min_relation:
            operator, r = divmod(v, half)
            if operator in (MOST, LEAST):
                stay += p
            else:
                chosen.append((r, p))
    if stay:
        chosen.append((STAY, stay))
    return sorted(chosen, key=lambda item: -item[1])


class Weights:
    """A frontier to look entities up in: as a dictionary and as arrays."""

    def __init__(self, ids: list[int], weights: list[float]):
        self.of = dict(zip(ids, weights, strict=True))
        self._ids, self._weights = ids, weights
        self._sources: dict[int, dict[int, int]] = {}

    @cached_property
    def arrays(self) -> tuple[np.ndarray, np.ndarray]:
        """Ids, ascending int64 [n], and weights, float64 [n]."""
        ids = np.array(self._ids, dtype=np.int64)
        weights = np.array(self._weights, dtype=np.float64)
        order = ids.argsort()
        return ids[order], weights[order]

    def heaviest(self, among: np.ndarray) -> tuple[float, int] | None:
        """Weight and entity of the heaviest in ``among`` (ascending), the first of equal ones."""
        if len(among) <= FEW:
            options = [(w, -e) for e in among.tolist() if (w := self.of.get(e, 0.0)) > 0]
            return (max(options)[0], -max(options)[1]) if options else None
        ids, weights = self.arrays
        if not len(ids):
            return None
        if len(ids) < len(among):
            position = among.searchsorted(ids).clip(max=len(among) - 1)
            common = (among[position] == ids).nonzero()[0]
        else:
            position = ids.searchsorted(among).clip(max=len(ids) - 1)
            common = position[ids[position] == among]
        if not len(common):
            return None
        best = common[weights[common].argmax()]
        return (float(weights[best]), int(ids[best])) if weights[best] > 0 else None

    def source(self, graph: Graph, relation: int, target: int) -> int | None:
        """The heaviest entity that a literal leads from to ``target``: it has no inverse edges."""
        if relation not in self._sources:
            sources = self._sources[relation] = {}
            for entity in sorted(self.of, key=lambda e: -self.of[e]):
                for tail in graph.tails(entity, relation).tolist():
                    sources.setdefault(tail, entity)
        return self._sources[relation].get(target)


def predecessor(graph: Graph, before: Weights, target: int, relations: Relations) -> Step | None:
    """The step that carried the most into ``target``; None if nothing of ``before`` leads there."""
    best, most = None, 0.0
    for relation, weight in relations:
        if relation == STAY:
            if (carried := before.of.get(target, 0.0) * weight) > most:
                best, most = Step(target, STAY), carried
            continue
        source = before.heaviest(graph.tails(target, graph.inverse(relation)))
        if source is not None:
            carried, nearest = source[0] * weight, source[1]
            if carried > most or (best and carried == most > 0 and nearest < best.entity):
                best, most = Step(nearest, relation), carried
        literal = relation < len(graph.relations) and graph.relations[relation].literal
        entity = before.source(graph, relation, target) if literal else None
        if entity is not None and (carried := before.of[entity] * weight) > most:
            best, most = Step(entity, relation), carried
    return best


@dataclass(frozen=True)
class _Trail:
    """A chain, ready to be read backwards."""

    stop: list[float]  # P(0, 1, ... hops)
    frontiers: list[Weights]  # the start and what each hop reached
    relations: list[Relations]  # of each hop


class Paths:
    """The paths of one walk; its frontiers are turned into dictionaries once."""

    def __init__(self, graph: Graph, walk: Walk, min_relation: float, origins: Sequence[Origins]):
        """``origins``: for each branch the candidates that it starts from, heaviest first."""
        self.graph, self.walk, self._origins = graph, walk, origins
        self._branches = [_trail(graph, chain, min_relation) for chain in walk.branches]
        self._after = _trail(graph, walk.after, min_relation) if walk.after else None

    def to(self, answer: int) -> tuple[Path, ...]:
        """One path from each mention that leads to the answer.

        A trace lists its mentions in the order of the spans, so a span is an index of a mention.
        """
        end = answer
        tail: tuple[Fact, ...] = ()
        if self._after is not None:
            after = self._back(self._after, answer)
            if after is None:
                return ()
            end, tail = after
        paths = []
        walk = self.walk
        trails = zip(walk.spans, self._branches, walk.negated, self._origins, strict=True)
        for span, trail, negated, origins in trails:
            # What is taken away leads to no answer.
            branch = None if negated else self._back(trail, end)
            if branch is not None:
                start, facts = branch
                paths.append(Path(span, self._origin(start, origins) + facts + tail))
        return tuple(paths)

    def _origin(self, entity: int, origins: Origins) -> tuple[Fact, ...]:
        """Why a walk may start from an entity: it is of the class, or has a number, that is said.

        No fact if the entity itself is mentioned.
        """
        graph, kind = self.graph, self.graph.classes.relation
        if entity in origins:
            return ()
        for origin in origins:
            if isinstance(origin, ValueRange):
                number = graph.numbers.of(origin.relation, np.array([entity]))[0]
                tails = graph.tails(entity, origin.relation)
                if origin.low <= number <= origin.high and len(tails):
                    return (graph.fact(entity, origin.relation, int(tails[0])),)
            elif kind is not None and entity in graph.classes.members(origin):
                return (graph.fact(origin, kind, entity),)
        return ()

    def _back(self, trail: _Trail, target: int) -> tuple[int, tuple[Fact, ...]] | None:
        """Where the chain starts, and the facts to ``target``: the likeliest length that works."""
        share = [
            p * x.of.get(target, 0.0) for p, x in zip(trail.stop, trail.frontiers, strict=False)
        ]
        for n in sorted(range(len(share)), key=lambda n: -share[n]):
            if trail.frontiers[n].of.get(target, 0.0) <= 0:
                continue
            facts: list[Fact] = []
            entity = target
            for t in range(n, 0, -1):
                step = predecessor(
                    self.graph, trail.frontiers[t - 1], entity, trail.relations[t - 1]
                )
                if step is None:
                    break
                if step.relation != STAY:
                    facts.insert(0, self.graph.fact(step.entity, step.relation, entity))
                entity = step.entity
            else:
                return entity, tuple(facts)
        return None


def _trail(graph: Graph, chain: Chain, min_relation: float) -> _Trail:
    frontiers = [chain.start, *(hop.reached for hop in chain.hops)]
    return _Trail(
        chain.stop.tolist(),
        [Weights(x.ids.tolist(), x.weights.tolist()) for x in frontiers],
        [followed(graph, hop.relation, min_relation) for hop in chain.hops],
    )


def facts_between(
    graph: Graph,
    before: Frontier,
    after: Frontier,
    relations: Relations,
    *,
    first: set[int],
    limit: int,
) -> tuple[Fact, ...]:
    """Some of the edges that one hop followed: into ``first``, then into the heaviest entities."""
    sources = before.top(MAX_SOURCES)
    weights = Weights([e for e, _ in sources], [w for _, w in sources])
    targets = [e for e, _ in after.top(limit)]
    facts: list[Fact] = []
    for target in sorted(targets, key=lambda e: e not in first):
        step = predecessor(graph, weights, target, relations)
        if step is not None and step.relation != STAY:
            facts.append(graph.fact(step.entity, step.relation, target))
    return tuple(facts)
