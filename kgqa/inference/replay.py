"""Check a trace against the graph with plain arithmetic on sets: no tensor, no model.

The seeds, relation weights and stops of a trace make a program (``kgqa.programs``),
which is run on the graph again. If it gives the same answers, the trace shows what was computed.
"""

from __future__ import annotations

from kgqa.graph import Graph
from kgqa.programs.program import Branch, Chain, FuzzySet, Hop, Program
from kgqa.trace import Hop as TracedHop
from kgqa.trace import Trace


def replay(
    trace: Trace, graph: Graph, *, threshold: float, min_relation: float
) -> dict[str, float]:
    """{entity id: membership} of the answers, computed again from the trace.

    ``threshold``: the share of the best membership that an answer has at least.
    ``min_relation``: relations of at most this probability are not followed.
    """
    starts: list[FuzzySet] = []
    for branch in trace.branches:
        seeds = ((graph.find(seed.entity.id), seed.membership) for seed in branch.seeds)
        starts.append({entity: weight for entity, weight in seeds if entity is not None})
    result = program(trace, min_relation=min_relation).run(graph, dict(enumerate(starts)))
    best = max(result.values(), default=0.0)
    return {graph.key(e): v for e, v in result.items() if best >= 1e-4 and v >= threshold * best}


def program(trace: Trace, *, min_relation: float) -> Program[int]:
    """What a trace says was computed. Starts are named by the position of their branch."""
    after = trace.intersection
    return Program(
        tuple(
            Branch(i, _chain(b.hops, b.stop, min_relation)) for i, b in enumerate(trace.branches)
        ),
        Chain() if after is None else _chain(after.hops, after.stop, min_relation),
        combine="&" if trace.edits.intersect else "|",
        left_out=tuple(range(len(trace.branches))),
        exclude=trace.excluded,
    )


def _chain(hops: tuple[TracedHop, ...], stop: tuple[float, ...], minimum: float) -> Chain:
    followed = (((r.id, r.weight) for r in hop.relations if r.weight > minimum) for hop in hops)
    return Chain(tuple(Hop(tuple(weights)) for weights in followed), stop)
