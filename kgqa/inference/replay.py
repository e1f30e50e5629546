"""Check a trace against the graph with plain set arithmetic: no tensor, no model.

Seeds, relation weights, stops and the threshold are the trace's own numbers; follow, minimum and mixing are done again with
dictionaries. If the answers come out the same, the trace shows what was computed and not a story about it.
"""

from __future__ import annotations

from kgqa.graph import Graph
from kgqa.trace import Hop, Trace

Vector = dict[int, float]


def follow(graph: Graph, x: Vector, relations: list[tuple[int, float]]) -> Vector:
    """Sum over triples of x[head] * r[relation], clamped at 1."""
    out: Vector = {}
    weights = dict(relations)
    for entity, value in x.items():
        for relation, tails in graph.groups(entity):
            if relation in weights:
                for tail in tails.tolist():
                    out[tail] = out.get(tail, 0.0) + value * weights[relation]
    return {e: min(v, 1.0) for e, v in out.items()}


def _chain(
    graph: Graph,
    start: Vector,
    seeds: Vector,
    hops: tuple[Hop, ...],
    stop: tuple[float, ...],
    excluded: float,
    floor: float,
) -> Vector:
    parts, here = [start], start
    for hop in hops:
        relations = [
            (graph.relation_index[r.id], r.weight) for r in hop.relations if r.weight > floor
        ]
        here = follow(graph, here, relations)
        here = {e: v * (1 - excluded * min(seeds.get(e, 0.0), 1.0)) for e, v in here.items()}
        parts.append(here)
    out: Vector = {}
    for part, weight in zip(parts, stop, strict=False):
        for e, v in part.items():
            out[e] = out.get(e, 0.0) + weight * v
    return {e: min(v, 1.0) for e, v in out.items()}


def replay(trace: Trace, graph: Graph, *, threshold: float, floor: float) -> dict[str, float]:
    """{entity id: membership} of the answer set, computed again from the trace. ``floor``: the pruning of relations in use."""
    if not trace.branches:
        return {}
    index = graph.index_of
    results, all_seeds = [], {}
    for branch in trace.branches:
        seeds = {index[s.entity.id]: s.membership for s in branch.seeds}
        results.append(_chain(graph, seeds, seeds, branch.hops, branch.stop, trace.excluded, floor))
        for e, v in seeds.items():
            all_seeds[e] = all_seeds.get(e, 0.0) + v
    if trace.edits.intersect:
        result = {e: min(r.get(e, 0.0) for r in results) for e in results[0]}
    else:
        result = {e: max(r.get(e, 0.0) for r in results) for one in results for e in one}
    result = {e: v for e, v in result.items() if v > 0}
    if trace.intersection is not None:
        after = trace.intersection
        result = _chain(graph, result, all_seeds, after.hops, after.stop, trace.excluded, floor)
    best = max(result.values(), default=0.0)
    return {graph.key(e): v for e, v in result.items() if best >= 1e-4 and v >= threshold * best}
