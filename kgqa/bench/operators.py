"""What operators cost over the sets that three hops of synthetic questions reach.

A synthetic graph has no numbers, so a random half of its entities gets one of relation 0. ``most``
is a whole hop with all probability on it; ``often`` is what is done with the sums of the last hop,
beyond follow; ``count`` reads the set. One question at a time, the methods in turns, beside the
last follow itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import numpy as np
import torch

from kgqa.bench import synthetic
from kgqa.bench.report import OURS, OperatorRow, Times
from kgqa.graph import Graph
from kgqa.graph.numbers import Numbers
from kgqa.walk import operators, ops
from kgqa.walk.frontier import Frontier, Frontiers, join

ATTRIBUTE = 0
HOPS = 3
Result = TypeVar("Result")


def measure(graph: Graph, triples: int, questions: int, device: str = "cpu") -> OperatorRow:
    """The row of one size; gives the graph numbers of the relation ``ATTRIBUTE``."""
    graph.numbers = numbers(graph.num_entities)
    graph.numbers.bounds(ATTRIBUTE)  # makes the index
    walks = synthetic.walks(graph, questions, seeds=1, concentration=0.9, hops=HOPS)
    turns = [
        _turn(graph, torch.from_numpy(ids).to(device), torch.from_numpy(relation).to(device))
        for ids, relation in zip(walks.seeds, walks.relation, strict=True)
    ]
    sizes = np.percentile([size for size, _ in turns], (10, 50, 90)).tolist()
    names = turns[0][1]
    return OperatorRow(
        triples,
        dict(zip(("p10", "p50", "p90"), map(int, sizes), strict=True)),
        {name: Times.of([spent[name] for _, spent in turns]) for name in names},
    )


def numbers(entities: int) -> Numbers:
    """A number of relation ``ATTRIBUTE`` for half of the entities, always the same ones."""
    rng = np.random.default_rng(entities)
    mine = np.flatnonzero(rng.random(entities) < 0.5)
    relation = np.full(len(mine), ATTRIBUTE, np.int16)
    return Numbers(mine.astype(np.int32), relation, rng.random(len(mine)).round(4))


def _turn(graph: Graph, ids: torch.Tensor, relation: torch.Tensor) -> tuple[int, dict[str, float]]:
    """One question, relation [H, 2R]: entities that it reaches, seconds of each method."""
    spent: dict[str, float] = {}

    def timed(name: str, method: Callable[[], Result]) -> Result:
        _wait(ids)
        started = time.perf_counter()
        result = method()
        _wait(ids)
        spent[name] = time.perf_counter() - started
        return result

    def follow(x: Frontiers, hop: int) -> Frontiers:
        row = relation[hop].unsqueeze(0)
        return ops.follow_many(graph, x, row, min_relation=ops.MIN_RELATION).reached

    x = join([Frontier(ids, torch.ones(len(ids), device=ids.device))])
    for hop in range(HOPS - 1):
        x = ops.membership(follow(x, hop))
    sums = timed(OURS, lambda: follow(x, HOPS - 1))
    reached = ops.membership(sums)
    timed("most (attribute)", lambda: _most(graph, reached, ATTRIBUTE))
    timed("most (edges)", lambda: _most(graph, reached, graph.inverse(ATTRIBUTE)))
    timed("often", lambda: operators.most_often(sums))
    timed("count", lambda: operators.count(reached))
    return len(reached), spent


def _most(graph: Graph, x: Frontiers, relation: int) -> Frontiers:
    width = graph.num_relations
    weights = x.weights.new_zeros(1, len(operators.OPERATORS) * width)
    weights[0, operators.MOST * width + relation] = 1
    rank = x.weights.new_ones(1, 1)
    return operators.apply(graph, x, weights, rank, min_weight=ops.MIN_RELATION).reached


def _wait(tensor: torch.Tensor) -> None:
    if tensor.is_cuda:
        torch.cuda.synchronize()
