"""Why is this an answer? The chain of facts from each mention to it, read backwards along the walk.

For an answer, a branch's path is found hop by hop from the end: among the entities of the hop before that have an edge to it
over a followed relation, the one that carried the most. The paths say in words what follow did in numbers.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from kgqa.graph import Graph
from kgqa.trace import Fact, Path
from kgqa.walk import ops
from kgqa.walk.walk import Chain, Walk

FEW = 48  # so many lookups in a dictionary are faster than one in arrays


class Weights:
    """A frontier to look entities up in: {entity: weight}, and the same as arrays."""

    def __init__(self, ids: list[int], weights: list[float]):
        self.of = dict(zip(ids, weights, strict=True))
        self._pair = ids, weights

    @cached_property
    def arrays(self) -> tuple[np.ndarray, np.ndarray]:
        """(ids ascending int64 [n], weights float64 [n])."""
        ids, weights = (
            np.array(self._pair[0], dtype=np.int64),
            np.array(self._pair[1], dtype=np.float64),
        )
        order = ids.argsort()
        return ids[order], weights[order]

    def heaviest(self, among: np.ndarray) -> tuple[float, int] | None:
        """(weight, entity) of the heaviest entity in ``among`` (ascending), the first of equal ones; None if there is none."""
        if len(among) <= FEW:
            found = [
                (weight, -entity)
                for entity in among.tolist()
                if (weight := self.of.get(entity, 0.0)) > 0
            ]
            return (max(found)[0], -max(found)[1]) if found else None
        ids, weights = self.arrays
        if not len(ids):
            return None
        if len(ids) < len(among):
            place = among.searchsorted(ids).clip(max=len(among) - 1)
            common = (among[place] == ids).nonzero()[0]
        else:
            place = ids.searchsorted(among).clip(max=len(ids) - 1)
            common = place[ids[place] == among]
        if not len(common):
            return None
        best = common[weights[common].argmax()]
        return (float(weights[best]), int(ids[best])) if weights[best] > 0 else None


def predecessor(
    graph: Graph, before: Weights, target: int, relations: list[tuple[int, float]]
) -> tuple[int, int] | None:
    """(entity, relation) of the step that carried the most into ``target``; None if nothing of ``before`` leads there."""
    best: tuple[float, int, int] | None = None
    for relation, weight in relations:
        found = before.heaviest(graph.tails(target, graph.inverse(relation)))
        if found is not None:
            carried, entity = found[0] * weight, found[1]
            if carried > 0 and (best is None or (carried, -entity) > (best[0], -best[1])):
                best = (carried, entity, relation)
        # A literal has no inverse edges: look from the other side.
        if relation < len(graph.relations) and graph.relations[relation].literal:
            for entity, membership in before.of.items():
                if membership * weight > (best[0] if best else 0.0) and target in graph.tails(
                    entity, relation
                ):
                    best = (membership * weight, entity, relation)
    return None if best is None else (best[1], best[2])


class PathFinder:
    """Paths of one walk; the dictionaries of its frontiers are made once."""

    def __init__(self, graph: Graph, walk: Walk, min_relation: float):
        self.graph, self.walk = graph, walk
        self._chains = {}
        for chain in (*walk.branches, *((walk.after,) if walk.after else ())):
            frontiers = [chain.start, *(hop.reached for hop in chain.hops)]
            weights = [Weights(x.ids.tolist(), x.weights.tolist()) for x in frontiers]
            relations = [
                sorted(
                    ((r, p) for r, p in enumerate(hop.relation.tolist()) if p > min_relation),
                    key=lambda item: -item[1],
                )
                for hop in chain.hops
            ]
            self._chains[id(chain)] = (weights, relations)

    def back(self, chain: Chain, target: int) -> tuple[int, tuple[Fact, ...]] | None:
        """(entity that the chain starts from, facts from it to ``target``), by the likeliest number of hops that works."""
        weights, relations = self._chains[id(chain)]
        order = sorted(
            range(len(weights)),
            key=lambda n: -float(chain.stop[n]) * weights[n].of.get(target, 0.0),
        )
        for n in order:
            if weights[n].of.get(target, 0.0) <= 0:
                continue
            facts, here = [], target
            for t in range(n, 0, -1):
                step = predecessor(self.graph, weights[t - 1], here, relations[t - 1])
                if step is None:
                    break
                facts.append(self.graph.fact(step[0], step[1], here))
                here = step[0]
            else:
                return here, tuple(reversed(facts))
        return None

    def paths(self, answer: int) -> tuple[Path, ...]:
        """One path from each mention that leads to the answer; a trace lists its mentions in the order of the spans."""
        tail: tuple[Fact, ...] = ()
        meeting = answer
        if self.walk.after is not None:
            found = self.back(self.walk.after, answer)
            if found is None:
                return ()
            meeting, tail = found
        result = []
        for span, branch in zip(self.walk.spans, self.walk.branches, strict=True):
            found = self.back(branch, meeting)
            if found is not None:
                result.append(Path(span, found[1] + tail))
        return tuple(result)


def facts_between(
    graph: Graph,
    before: ops.Frontier,
    after: ops.Frontier,
    relations: list[tuple[int, float]],
    *,
    first: set[int],
    limit: int,
) -> tuple[Fact, ...]:
    """Some of the edges that one hop followed: into ``first``, then into the heaviest entities. For the drawing."""
    listed = before.top(2_000)
    weights = Weights([e for e, _ in listed], [w for _, w in listed])
    targets = [e for e, _ in after.top(limit)]
    order = [e for e in targets if e in first] + [e for e in targets if e not in first]
    facts: list[Fact] = []
    for target in order:
        if len(facts) >= limit:
            break
        step = predecessor(graph, weights, target, relations)
        if step is not None:
            facts.append(graph.fact(step[0], step[1], target))
    return tuple(facts)
