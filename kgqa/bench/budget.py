"""What the edge budget and the skipping of unlikely relations cost, against the exact result."""

from __future__ import annotations

import numpy as np
import torch

from kgqa.bench import synthetic
from kgqa.bench.peers import Follow
from kgqa.graph import Graph
from kgqa.walk import ops
from kgqa.walk.frontier import Frontier

CONCENTRATION = 0.99
UNLIMITED = 2**62
ANSWERS = (
    0.5  # answers have at least this share of the largest weight, as in the model's configuration
)
NEARLY = 1e-6


def quality(graph: Graph, dense: Follow, count: int) -> dict:
    """Three hops from one seed at 99% relation concentration, ``count`` questions.

    ``kept_by_budget``: mass after three hops with the budget over mass without it, the same relations followed.
    ``kept_in_all``: over the mass of the exact result, where every relation is followed.
    ``top_kept``: share of questions where the heaviest entity of the exact result is among the answers, which are those of at
    least half of the largest weight; ``top_first``: where it is the heaviest of them (of several equal ones, one).
    """
    asked = synthetic.walks(graph, count, seeds=1, concentration=CONCENTRATION, seed=2)
    by_budget, in_all, top, first = [], [], [], []
    for seeds, relation in zip(asked.seeds, torch.from_numpy(asked.relation), strict=True):
        found, whole = (
            _walk(graph, seeds, relation, budget) for budget in (ops.EDGE_BUDGET, UNLIMITED)
        )
        by_budget.append(float(found.weights.sum() / whole.weights.sum()))
        exact = torch.zeros(1, graph.num_entities, dtype=torch.float64)
        exact[0, seeds] = 1.0
        for r in relation:
            exact = dense(exact, r.double().unsqueeze(0))
        in_all.append(float(found.weights.sum() / exact.sum()))
        largest = float(found.weights.max())
        top.append(float(found.values(exact.argmax(1))) >= ANSWERS * largest)
        equal = found.ids[found.weights >= (1 - NEARLY) * largest]
        first.append(float(exact[0, equal].max()) >= (1 - NEARLY) * float(exact.max()))
    return {
        "questions": count,
        "concentration": CONCENTRATION,
        "kept_by_budget": _percentiles(by_budget),
        "kept_in_all": _percentiles(in_all),
        "top_kept": round(float(np.mean(top)), 4),
        "top_first": round(float(np.mean(first)), 4),
    }


def _walk(graph: ops.Adjacency, seeds: np.ndarray, relation: torch.Tensor, budget: int) -> Frontier:
    x = Frontier(torch.from_numpy(seeds), torch.ones(len(seeds), dtype=torch.float64))
    for r in relation.double():
        x, _ = ops.follow(graph, x, r, min_relation=ops.MIN_RELATION, budget=budget)
    return x


def _percentiles(values: list[float]) -> dict:
    return {f"p{p}": round(float(np.percentile(values, p)), 4) for p in (1, 5, 10, 50)}
