"""Check a trace against the graph with plain arithmetic on sets: no tensor, no model.

The seeds of a trace, the weights of relations and operators, the stops, and how branches are
combined and read out make a program (``kgqa.programs``), which is run on the graph again. If it
gives the same answers, the trace shows what was computed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kgqa.graph import Graph
from kgqa.graph.operators import Operator, read_out
from kgqa.linking.ranges import parse_range
from kgqa.programs.program import Branch, Chain, FuzzySet, Hop, Program
from kgqa.trace import EntityWeight, RelationWeight, Trace
from kgqa.trace import Hop as TracedHop
from kgqa.walk.predict import least_membership


def replay(
    trace: Trace, graph: Graph, *, threshold: float, min_relation: float
) -> dict[str, float]:
    """{entity id: membership} of the answers, computed again from the trace.

    ``threshold``: the share of the best membership that an answer has at least.
    ``min_relation``: relations of at most this probability are not followed.
    """
    reached = _answers(trace, graph, threshold=threshold, min_relation=min_relation)
    return {graph.key(e): v for e, v in reached.items()}


def replay_value(
    trace: Trace, graph: Graph, *, threshold: float, min_relation: float
) -> float | bool | None:
    """The number, or yes or no, that is read off the answers again; None for no read-out."""
    reached = _answers(trace, graph, threshold=threshold, min_relation=min_relation)
    return read_out(graph, trace.readout, list(reached)) if trace.branches else None


def _answers(trace: Trace, graph: Graph, *, threshold: float, min_relation: float) -> FuzzySet:
    starts = {i: start_of(graph, branch.seeds) for i, branch in enumerate(trace.branches)}
    result = program(trace, min_relation=min_relation).run(graph, starts)
    best = max(result.values(), default=0.0)
    least = least_membership(trace.readout)
    answers = {e: v for e, v in result.items() if best >= least and v >= threshold * best}
    unknown = trace.readout and read_out(graph, trace.readout, list(answers)) is None
    return {} if unknown else answers  # a sum of what has no numbers is no answer


def start_of(graph: Graph, seeds: tuple[EntityWeight, ...]) -> FuzzySet:
    """What the seeds stand for: a class its members, a range whoever's number lies in it."""
    start: FuzzySet = {}
    for seed in seeds:
        within, entity = parse_range(graph, seed.entity.id), graph.find(seed.entity.id)
        if within is not None:
            members = graph.numbers.holders(within).tolist()
        elif entity is not None:
            members = graph.classes.members(entity).tolist() or [entity]
        else:
            members = []
        for member in members:
            start[member] = start.get(member, 0.0) + seed.membership
    return start


def program(trace: Trace, *, min_relation: float) -> Program[int]:
    """What a trace says was computed. Starts are named by the position of their branch."""
    after = trace.intersection
    return Program(
        tuple(
            Branch(i, _chain(b.hops, b.stop, min_relation), b.negated)
            for i, b in enumerate(trace.branches)
        ),
        Chain() if after is None else _chain(after.hops, after.stop, min_relation),
        combine="|" if trace.united else "&",
        left_out=tuple(range(len(trace.branches))),
        exclude=trace.excluded,
        readout=trace.readout,
    )


def _chain(hops: tuple[TracedHop, ...], stop: tuple[float, ...], minimum: float) -> Chain:
    return Chain(tuple(Hop(tuple(_followed(hop.relations, minimum))) for hop in hops), stop)


def _followed(relations: tuple[RelationWeight, ...], minimum: float) -> Iterator[tuple[str, float]]:
    """The entries that a hop took; the ranks of an operator are taken together or not at all."""
    entries = [replace(Operator.parse(r.id), rank=1) for r in relations]
    total: dict[Operator, float] = {}
    for entry, r in zip(entries, relations, strict=True):
        total[entry] = total.get(entry, 0.0) + r.weight
    for entry, r in zip(entries, relations, strict=True):
        if total[entry] > minimum:
            yield r.id, r.weight
