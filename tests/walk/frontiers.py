"""Random graphs and frontiers for Hypothesis, and the dense formulas of what is done with them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from hypothesis import strategies as st

from kgqa.walk import Frontier


def double(values) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float64)


def frontier(ids, weights) -> Frontier:
    return Frontier(torch.tensor(ids, dtype=torch.long), double(weights))


@dataclass(frozen=True, eq=False)
class Arrays:
    """The arrays of a graph that follow reads."""

    entity_group: np.ndarray
    group_relation: np.ndarray
    group_edge: np.ndarray
    tail: np.ndarray

    @property
    def num_entities(self) -> int:
        return len(self.entity_group) - 1


def compress(entities: int, triples: set[tuple[int, int, int]]) -> Arrays:
    """The CSR arrays of a set of triples, by the plainest loop."""
    entity_group, group_relation, group_edge, tail = [0], [], [0], []
    for e in range(entities):
        for r in sorted({r for h, r, _ in triples if h == e}):
            tail += sorted(t for h, p, t in triples if (h, p) == (e, r))
            group_relation.append(r)
            group_edge.append(len(tail))
        entity_group.append(len(group_relation))
    return Arrays(
        np.array(entity_group, np.int32),
        np.array(group_relation, np.int16),
        np.array(group_edge, np.int32),
        np.array(tail, np.int32),
    )


def many(values, size: int):
    """A strategy: lists of ``size`` values."""
    return st.lists(values, min_size=size, max_size=size)


@st.composite
def problems(draw, positive: bool = False):
    """(entities, triples, x as a frontier, r): float64, at most ten entities and four relations."""
    entities, relations = draw(st.integers(1, 10)), draw(st.integers(1, 4))
    node, number = st.integers(0, entities - 1), st.floats(0.05 if positive else 0.0, 1.0)
    triples = draw(st.sets(st.tuples(node, st.integers(0, relations - 1), node), max_size=40))
    ids = sorted(draw(st.sets(node, min_size=1)))
    x = frontier(ids, draw(many(number, len(ids))))
    return entities, triples, x, double(draw(many(number, relations)))


@st.composite
def frontiers(draw, count: int, size: int = 8):
    """``count`` frontiers over ``size`` entities, empty ones included."""
    sets = [sorted(draw(st.sets(st.integers(0, size - 1)))) for _ in range(count)]
    return [frontier(ids, draw(many(st.floats(0.0, 1.0), len(ids)))) for ids in sets]


@st.composite
def batches(draw, questions: int = 3):
    """(entities, triples, frontiers, r [B, R]): float64, empty frontiers included."""
    entities, relations = draw(st.integers(1, 9)), draw(st.integers(1, 4))
    node, number = st.integers(0, entities - 1), st.floats(0.0, 1.0)
    triples = draw(st.sets(st.tuples(node, st.integers(0, relations - 1), node), max_size=40))
    rows = draw(many(many(number, relations), questions))
    return entities, triples, draw(frontiers(questions, entities)), double(rows)


def dense(x: Frontier, entities: int) -> torch.Tensor:
    return torch.zeros(entities, dtype=x.weights.dtype).index_add(0, x.ids, x.weights)


def dense_follow(entities: int, triples, x: torch.Tensor, r: torch.Tensor) -> torch.Tensor:
    """follow(x, r)[o] = sum over triples (s, p, o) of x[s] * r[p], ReifKB eq. 2."""
    if not triples:
        return torch.zeros(entities, dtype=x.dtype) * x.sum() * r.sum()
    s, p, o = torch.tensor(sorted(triples)).T
    return torch.zeros(entities, dtype=x.dtype).index_add(0, o, x[s] * r[p])


def well_formed(x: Frontier) -> bool:
    rising = bool((x.ids[1:] > x.ids[:-1]).all())
    return rising and x.ids.dtype == torch.int64 and x.ids.shape == x.weights.shape
