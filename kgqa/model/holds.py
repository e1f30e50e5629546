"""What the set that a walk holds can lead to, as far as it is known without walking.

"Largest" of states and of cities differ, so the decoder should know what its set is made of. The
graph tells it beforehand: of the edges of a relation r, the share whose tail is left by relation s
is a matrix T[r, s]. If the set can be left by the relations h (float [2R], each in [0, 1]), a hop
over r leads to a set that can be left by T[r], and most or least keeps h as it is. So h is carried
from hop to hop in expectation, with gradients, and says which entries of the next hop have
something to work on.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from kgqa.graph import Graph

MAX_EDGES = 2_000_000  # edges that are looked at; of a larger graph every k-th


def transitions(graph: Graph) -> Tensor:
    """T, float [2R, 2R]: of the edges of r, the share whose tail s leaves; 0 where r has none."""
    from scipy.sparse import csr_array  # a third of a second to import, and seldom wanted

    n, e = graph.num_relations, graph.num_entities
    groups = len(graph.group_relation)
    owner = np.repeat(np.arange(e), np.diff(graph.entity_group).astype(np.int64))
    ones = np.ones(groups, dtype=np.float32)
    leaves = csr_array((ones, (owner, graph.group_relation.astype(np.int64))), shape=(e, n))
    step = max(1, len(graph.tail) // MAX_EDGES)
    sizes = np.diff(graph.group_edge).astype(np.int64)
    relation = np.repeat(graph.group_relation.astype(np.int64), sizes)[::step]
    tail = np.asarray(graph.tail[::step], dtype=np.int64)
    reached = csr_array((np.ones(len(tail), dtype=np.float32), (relation, tail)), shape=(n, e))
    total = np.maximum(reached.sum(1), 1.0)
    return torch.from_numpy((reached @ leaves).toarray() / total[:, None]).float()


def held_after(held: Tensor, choice: Tensor, table: Tensor) -> Tensor:
    """What the set can be left by after a hop: [..., 2R].

    Args:
        held: float [..., 2R], before it.
        choice: float [..., V], the distribution of the hop.
        table: float [2R, 2R], see :func:`transitions`.
    """
    n = table.shape[0]
    if choice.shape[-1] == n:
        return choice @ table
    follow, most, least, often = choice.split(n, -1)
    kept = (most + least).sum(-1, keepdim=True)
    return (follow + often) @ table + kept * held
