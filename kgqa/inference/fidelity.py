"""How much of an answer can be read off the facts that are drawn.

The walk of the trace is taken again over these facts alone; fidelity is the share of the answers'
membership that survives:

    sum over answers of min(membership drawn, membership) / sum over answers of membership

Numbers of attributes, which operators compare, are no edges and stay as they are.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, cast

import numpy as np

from kgqa.graph import Graph
from kgqa.graph.operators import Operator
from kgqa.inference.replay import program, start_of
from kgqa.trace import Fact, Trace


class _Drawn:
    """A graph in which only some triples can be followed."""

    def __init__(self, graph: Graph, facts: Collection[Fact]):
        self._graph, tails = graph, dict[tuple[int, int], set[int]]()
        self.entities: set[int] = set()
        labels = [relation.label for relation in graph.relations]
        for fact in facts:
            head, tail = graph.find(fact.head.id), graph.find(fact.tail.id)
            if head is None or tail is None:
                continue
            self.entities |= {head, tail}
            for r in (r for r, label in enumerate(labels) if label == fact.relation):
                tails.setdefault((head, r), set()).add(tail)
                tails.setdefault((tail, graph.inverse(r)), set()).add(head)
        self._tails = {key: np.array(sorted(ends)) for key, ends in tails.items()}

    def tails(self, entity: int, relation: int) -> np.ndarray:
        """Where a drawn fact of this relation leads from an entity: int64 [n]."""
        return self._tails.get((entity, relation), np.array([], dtype=np.int64))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._graph, name)


def fidelity(
    trace: Trace, facts: Collection[Fact], *, graph: Graph, min_relation: float
) -> float | None:
    """The share in [0, 1]; None without an answer, or where an operator counts edges.

    ``min_relation``: relations of at most this probability are not followed.
    """
    whole = {answer.entity.id: answer.membership for answer in trace.answers}
    if not trace.branches or not sum(whole.values()) or _counts_edges(trace, graph):
        return None
    drawn = _Drawn(graph, facts)
    starts = {}
    for i, branch in enumerate(trace.branches):
        seeds = {graph.find(seed.entity.id) for seed in branch.seeds}
        start = start_of(graph, branch.seeds)
        starts[i] = {e: v for e, v in start.items() if e in drawn.entities or e in seeds}
    reached = program(trace, min_relation=min_relation).run(cast(Graph, drawn), starts)
    kept = {graph.key(e): v for e, v in reached.items()}
    return sum(min(kept.get(id, 0.0), v) for id, v in whole.items()) / sum(whole.values())


def _counts_edges(trace: Trace, graph: Graph) -> bool:
    """Whether a hop keeps entities by how many edges they have or how often they are reached."""
    hops = [hop for branch in trace.branches for hop in branch.hops]
    hops += trace.intersection.hops if trace.intersection else ()
    entries = [Operator.parse(hop.relations[0].id) for hop in hops if hop.relations]
    return any(
        entry.name == "often"
        or (entry.name != "follow" and not graph.numbers.has(graph.relation_index[entry.relation]))
        for entry in entries
    )
