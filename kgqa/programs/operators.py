"""One hop on a fuzzy set in plain Python: relations followed, and operators applied.

This is the definition that ``kgqa.walk.operators`` computes with tensors, and that a replay of a
trace runs. Sets are {entity: membership in (0, 1]}; with memberships of 1 everything is exact.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kgqa.graph import Graph
from kgqa.graph.operators import Operator, operator_at, position_of

FuzzySet = dict[int, float]  #: {entity: membership in (0, 1]}
NOBODY: Mapping[int, float] = {}
Relation = str | int  #: an id ("-director", "most(run time)"), or a position in the vocabulary


def follow(graph: Graph, x: FuzzySet, relation: int) -> FuzzySet:
    """Sum over triples of x[head], not clamped: in how many ways each tail is reached."""
    reached: FuzzySet = {}
    for entity, membership in x.items():
        for tail in graph.tails(entity, relation).tolist():
            reached[tail] = reached.get(tail, 0.0) + membership
    return reached


def values(graph: Graph, relation: int, entities: list[int]) -> dict[int, float]:
    """What most and least compare: numbers of an attribute, or numbers of edges; no NaN."""
    if graph.numbers.has(relation):
        numbers = graph.numbers.of(relation, np.array(entities, dtype=np.int64)).tolist()
        return {e: v for e, v in zip(entities, numbers, strict=True) if v == v}
    return {e: float(len(graph.tails(e, relation))) for e in entities}


def extreme(x: FuzzySet, value: Mapping[int, float], rank: int) -> FuzzySet:
    """The degree to which an entity is in x and exactly ``rank - 1`` better ones are.

    The others are taken to be in x independently, with their memberships as probabilities.
    """
    better = np.zeros(rank)  # P(0, 1, ... rank - 1 of the entities so far are in x)
    better[0] = 1.0
    result: FuzzySet = {}
    tied_at: dict[float, list[int]] = {}
    for e in x:
        if e in value:
            tied_at.setdefault(value[e], []).append(e)
    for v in sorted(tied_at, reverse=True):
        tied = tied_at[v]
        for e in tied:
            if (membership := x[e] * float(better[-1])) > 0:
                result[e] = membership
        for e in tied:
            shifted = np.concatenate([[0.0], better[:-1]])
            better = better * (1 - x[e]) + shifted * x[e]
        if not better.any():
            break
    return result


def apply(
    graph: Graph, x: FuzzySet, operator: Operator, left_out: Mapping[int, float] = NOBODY
) -> FuzzySet:
    """One entry of the vocabulary, with weight 1; follow is not clamped.

    ``left_out``: how surely entities are not counted by often.
    """
    relation = position_of(graph, Operator("follow", operator.relation))
    if operator.name == "follow":
        return follow(graph, x, relation)
    if operator.name == "often":
        ways = follow(graph, x, relation)
        ways = {e: v * (1 - left_out.get(e, 0.0)) for e, v in ways.items()}
        ways = {e: v for e, v in ways.items() if v > 0}
        return extreme({e: min(v, 1.0) for e, v in ways.items()}, ways, 1)
    compared = values(graph, relation, list(x))
    if operator.name == "least":
        compared = {e: -v for e, v in compared.items()}
    elif not graph.numbers.has(relation):
        compared = {e: v for e, v in compared.items() if v > 0}
    return extreme(x, compared, operator.rank)


def step(
    graph: Graph,
    x: FuzzySet,
    weights: tuple[tuple[Relation, float], ...],
    left_out: Mapping[int, float] = NOBODY,
) -> FuzzySet:
    """A hop by a distribution over the vocabulary: the weighted sum, clamped at 1.

    Relations are followed as Cohen et al. 2020 (eq. 2); operators are weighed beside them.
    """
    total: FuzzySet = {}
    for entry, weight in weights:
        operator = operator_at(graph, entry) if isinstance(entry, int) else Operator.parse(entry)
        for entity, value in apply(graph, x, operator, left_out).items():
            total[entity] = total.get(entity, 0.0) + weight * value
    return {entity: min(value, 1.0) for entity, value in total.items()}
