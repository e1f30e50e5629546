"""What the edge budget and the skipping of unlikely relations cost, against the exact result."""

from __future__ import annotations

import numpy as np
import torch

from kgqa.bench import synthetic
from kgqa.bench.peers import Follow
from kgqa.bench.report import BudgetRow, Percentiles
from kgqa.graph import Graph
from kgqa.walk import Frontier, ops

CONCENTRATION = 0.99  # of the relation mass on one relation
UNLIMITED = 2**62
ANSWERS = 0.5  # share of the largest weight that makes an answer, as in the model's configuration
NEARLY = 1e-6


def quality(graph: Graph, dense: Follow, count: int, *, triples: int) -> BudgetRow:
    """Three hops from one seed, ``count`` questions; ``dense`` gives the exact result.

    The mass with the budget is compared with the mass without it, the same relations followed, and
    with the exact result. Of several heaviest entities one is enough.
    """
    asked = synthetic.walks(graph, count, seeds=1, concentration=CONCENTRATION, seed=2)
    by_budget, in_all, top, first = [], [], [], []
    for seeds, relation in zip(asked.seeds, torch.from_numpy(asked.relation), strict=True):
        reached = _walk(graph, seeds, relation, ops.EDGE_BUDGET)
        whole = _walk(graph, seeds, relation, UNLIMITED)
        by_budget.append(float(reached.weights.sum() / whole.weights.sum()))
        exact = torch.zeros(1, graph.num_entities, dtype=torch.float64)
        exact[0, seeds] = 1.0
        for r in relation:
            exact = dense(exact, r.double().unsqueeze(0))
        in_all.append(float(reached.weights.sum() / exact.sum()))
        largest = float(reached.weights.max())
        top.append(float(reached.values(exact.argmax(1))) >= ANSWERS * largest)
        heaviest = reached.ids[reached.weights >= (1 - NEARLY) * largest]
        first.append(float(exact[0, heaviest].max()) >= (1 - NEARLY) * float(exact.max()))
    return BudgetRow(
        triples,
        questions=count,
        concentration=CONCENTRATION,
        kept_by_budget=_percentiles(by_budget),
        kept_in_all=_percentiles(in_all),
        top_kept=round(float(np.mean(top)), 4),
        top_first=round(float(np.mean(first)), 4),
    )


def _walk(graph: Graph, seeds: np.ndarray, relation: torch.Tensor, budget: int) -> Frontier:
    x = Frontier(torch.from_numpy(seeds), torch.ones(len(seeds), dtype=torch.float64))
    for r in relation.double():
        x = ops.follow(graph, x, r, min_relation=ops.MIN_RELATION, budget=budget).reached
    return x


def _percentiles(values: list[float]) -> Percentiles:
    return {f"p{p}": round(float(np.percentile(values, p)), 4) for p in (1, 5, 10, 50)}
