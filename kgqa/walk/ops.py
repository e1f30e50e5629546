r"""Follow and intersect on frontiers: pure functions, batched, differentiable in the weights and in the relations.

A *frontier* is a sparse non-negative vector over entities: ids (int64 [n], sorted, distinct) and weights (float [n]); a
batch of them is ragged, each question's entries one after the other. ReifKB (Cohen et al. 2020, eq. 2) follows a
distribution r over relations from a vector x over entities as

    follow(x, r)[o] = sum over triples (s, p, o) of x[s] * r[p],

with matrices of one row a triple, which touch the whole graph. Here only the edges that leave the frontier over relations
of non-negligible probability are read (``kgqa.walk.select``). The result is the same (tests compare it with the formula
above, gradients included). With ``min_relation`` unlikely relations are not followed at all; what the edge budget leaves out
is returned.

Intersection is the element-wise minimum (Sen et al. 2021, section 3.2). A minimum needs degrees of membership in [0, 1],
so :func:`membership` clamps the sums of follow at 1: an entity that is reached twice is not more than reached.

``follow`` and ``intersect`` are for one question, ``follow_many`` and ``intersect_many`` for a batch: one code, the sums
in double precision. Where the weights are on a GPU, follow runs there (``kgqa.walk.cuda``).
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from kgqa.walk import cuda as device
from kgqa.walk import select as edges
from kgqa.walk.frontier import Frontier, Frontiers, join, keys_of
from kgqa.walk.select import Adjacency

__all__ = [
    "EDGE_BUDGET",
    "MIN_RELATION",
    "Adjacency",
    "Frontier",
    "Frontiers",
    "exclude",
    "membership",
    "value_at",
]
__all__ += [
    "collect",
    "collect_many",
    "follow",
    "follow_many",
    "intersect",
    "intersect_many",
    "mix",
    "mix_many",
]

EDGE_BUDGET = 131_072  # edges a hop; half of it kept the exact top answer in 98% of hard questions over 1e7 triples, this in all
MIN_RELATION = 0.02  # relations of lower probability are not followed in use


class _Carry(torch.autograd.Function):
    """out[o] = sum over the chosen edges s -p-> o of x[s] * r[p], the sums in double precision."""

    @staticmethod
    def forward(
        ctx,
        weights: Tensor,
        relation: Tensor,
        chosen: edges.Selection,
        position: np.ndarray | None,
        count: int,
    ):
        """weights [n], relation [B, 2R], position of each edge's tail [t] -> [count]."""
        ctx.save_for_backward(weights, relation)
        ctx.chosen, ctx.position = chosen, position
        return _carry(weights, relation, chosen, position, count)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, gradient: Tensor):
        weights, relation = ctx.saved_tensors
        chosen, x, r = ctx.chosen, weights.numpy(), relation.numpy().reshape(-1)
        if not len(chosen.size):
            return torch.zeros_like(weights), torch.zeros_like(relation), None, None, None
        edge = gradient.numpy() if ctx.position is None else gradient.numpy()[ctx.position]  # [t]
        group = np.add.reduceat(edge, chosen.size.cumsum() - chosen.size, dtype=np.float64)  # [g]
        d_weights = np.bincount(chosen.source, group * r[chosen.label], len(x))
        d_relation = np.bincount(chosen.label, group * x[chosen.source], len(r))
        shaped = torch.from_numpy(d_relation).view(relation.shape)
        return (
            torch.from_numpy(d_weights).to(weights.dtype),
            shaped.to(relation.dtype),
            None,
            None,
            None,
        )


def _carry(
    weights: Tensor,
    relation: Tensor,
    chosen: edges.Selection,
    position: np.ndarray | None,
    count: int,
) -> Tensor:
    x, r = weights.numpy(), relation.numpy().reshape(-1)
    carried = (x[chosen.source] * r[chosen.label]).repeat(chosen.size)  # [t]
    total = carried if position is None else np.bincount(position, carried, count)
    return torch.from_numpy(total).to(weights.dtype)


def _follow(
    graph: Adjacency,
    ids: Tensor,
    owner: Tensor | None,
    weights: Tensor,
    relation: Tensor,
    min_relation: float,
    budget: int,
) -> tuple[np.ndarray, Tensor, np.ndarray]:
    """(keys owner * E + id, ascending int64 [u]; weights [u]; dropped float64 [B])."""
    if weights.dtype not in (torch.float32, torch.float64):
        weights = weights.float()  # NumPy has no bfloat16; half precision would not hold the sums
    relation = relation.to(weights.dtype)
    mine = None if owner is None else owner.numpy()
    x, r = weights.detach(), relation.detach()
    chosen = edges.select(
        graph, ids.numpy(), mine, x.numpy(), r.numpy(), min_relation=min_relation, budget=budget
    )
    keys = edges.tails(graph, chosen)
    if mine is not None:
        keys += (mine[chosen.source] * graph.num_entities).repeat(chosen.size)
    keys, position = edges.merge(keys, len(r) * graph.num_entities)
    if torch.is_grad_enabled() and (weights.requires_grad or relation.requires_grad):
        total = _Carry.apply(weights, relation, chosen, position, len(keys))
    else:
        total = _carry(x, r, chosen, position, len(keys))
    return keys, total, chosen.dropped


def follow(
    graph: Adjacency,
    x: Frontier,
    relation: Tensor,
    *,
    min_relation: float = 0.0,
    budget: int = EDGE_BUDGET,
) -> tuple[Frontier, float]:
    """follow(x, r), ReifKB eq. 2, reading only the edges of the frontier.

    Args:
        x: where the walk is.
        relation: float [2R], the distribution r over relations with inverses.
        min_relation: relations of at most this probability are skipped without reading their edges (below 0: none is, so that
            even a probability of exactly 0 has its gradient).
        budget: at most this many edges are read; the heaviest (entity, relation) groups first.

    Returns:
        The next frontier, and the mass that the budget left out (sum of x[s] * r[p] over unread edges).
    """
    if x.weights.is_cuda:
        found, lost = follow_many(
            graph, join([x]), relation.unsqueeze(0), min_relation=min_relation, budget=budget
        )
        return Frontier(found.ids, found.weights), float(lost[0])
    keys, weights, dropped = _follow(
        graph, x.ids, None, x.weights, relation.unsqueeze(0), min_relation, budget
    )
    return Frontier(torch.from_numpy(keys), weights), float(dropped[0])


def follow_many(
    graph: Adjacency,
    x: Frontiers,
    relation: Tensor,
    *,
    min_relation: float = 0.0,
    budget: int = EDGE_BUDGET,
) -> tuple[Frontiers, Tensor]:
    """:func:`follow` for a batch: relation float [B, 2R]; the budget holds for each question; returns dropped float64 [B]."""
    if x.weights.is_cuda:
        return device.follow_many(graph, x, relation, min_relation=min_relation, budget=budget)
    keys, weights, dropped = _follow(
        graph, x.ids, x.owner, x.weights, relation, min_relation, budget
    )
    owner = keys // graph.num_entities if x.count > 1 else np.zeros_like(keys)
    ids = keys - owner * graph.num_entities
    return Frontiers(
        torch.from_numpy(ids), weights, torch.from_numpy(owner), x.count
    ), torch.from_numpy(dropped)


def collect(ids: Tensor, weights: Tensor) -> Frontier:
    """Sum the weights of equal ids: (int64 [n], float [n]) -> frontier of the distinct ids."""
    return Frontier(*_sum_by(ids, weights))


def collect_many(ids: Tensor, weights: Tensor, owner: Tensor, count: int) -> Frontiers:
    """:func:`collect` for ``count`` questions: owner int64 [n] says whose each entry is, in any order."""
    stride = 1 + int(ids.max()) if len(ids) else 1
    keys, summed = _sum_by(owner * stride + ids, weights)
    whose = keys // stride
    return Frontiers(keys - whose * stride, summed, whose, count)


def _sum_by(keys: Tensor, weights: Tensor) -> tuple[Tensor, Tensor]:
    """(distinct keys ascending [u], sums [u])."""
    if keys.is_cuda:
        unique, place = torch.unique(keys, return_inverse=True)
        return unique, weights.new_zeros(len(unique)).index_add(0, place, weights)
    plain = keys.numpy()
    unique, position = edges.merge(plain, int(plain.max()) + 1 if len(plain) else 1)
    if position is None:
        return keys, weights
    return torch.from_numpy(unique), weights.new_zeros(len(unique)).index_add(
        0, torch.from_numpy(position), weights
    )


def membership(x: Frontier | Frontiers) -> Frontier | Frontiers:
    """Sums of follow as degrees of membership: min(x, 1)."""
    return x.weighing(x.weights.clamp(max=1.0))


def _at(keys: Tensor, weights: Tensor, wanted: Tensor) -> Tensor:
    """The vector (keys, weights) at ``wanted``: float [len(wanted)], 0 where absent."""
    if not len(keys):
        return weights.new_zeros(wanted.numel())
    position = torch.searchsorted(keys, wanted).clamp(max=len(keys) - 1)
    return torch.where(keys[position] == wanted, weights[position], weights.new_zeros(()))


def exclude(x: Frontier, seeds: Frontier, probability: Tensor) -> Frontier:
    """x * (1 - probability * seeds): with this probability the walk may not return to its seeds.

    For batches (``Frontiers``), probability is float [B].
    """
    mine, theirs = keys_of([x, seeds])
    share = probability if isinstance(x, Frontier) else probability[x.owner]
    return x.weighing(x.weights * (1 - share * _at(theirs, seeds.weights, mine).clamp(max=1.0)))


def mix(parts: list[Frontier], weights: Tensor) -> Frontier:
    """Sum of weights[i] * parts[i]: the learned stop over hops. weights: float [len(parts)]."""
    ids = torch.cat([p.ids for p in parts])
    return collect(ids, torch.cat([p.weights * w for p, w in zip(parts, weights, strict=True)]))


def mix_many(parts: list[Frontiers], weights: Tensor) -> Frontiers:
    """:func:`mix` for a batch: weights float [B, len(parts)]."""
    share = torch.cat([p.weights * weights[p.owner, i] for i, p in enumerate(parts)])
    return collect_many(
        torch.cat([p.ids for p in parts]),
        share,
        torch.cat([p.owner for p in parts]),
        parts[0].count,
    )


def intersect(parts: list[Frontier]) -> Frontier:
    """Element-wise minimum of memberships; entities missing from any part are out (their minimum is 0)."""
    return _intersect(parts)


def intersect_many(parts: list[Frontiers]) -> Frontiers:
    """:func:`intersect` question by question: the parts are batches of the same B questions."""
    if len({p.count for p in parts}) != 1:
        raise ValueError(
            f"expected batches of the same questions, found sizes {[p.count for p in parts]}"
        )
    return _intersect(parts)


def _intersect(parts):
    result, keys = parts[0], keys_of(parts)
    mine = keys[0]
    for other, theirs in zip(parts[1:], keys[1:], strict=True):
        position = torch.searchsorted(theirs, mine).clamp(max=max(len(theirs) - 1, 0))
        both = (
            (theirs[position] == mine if len(theirs) else torch.zeros_like(mine, dtype=torch.bool))
            .nonzero()
            .squeeze(1)
        )
        mine = mine[both]
        result = result.at(both).weighing(
            torch.minimum(result.weights[both], other.weights[position[both]])
        )
    return result


def union(parts: list[Frontier]) -> Frontier:
    """Element-wise maximum of memberships, the dual of :func:`intersect`: what is reached at all."""
    ids, position = torch.unique(torch.cat([p.ids for p in parts]), return_inverse=True)
    weights = torch.cat([p.weights for p in parts])
    return Frontier(
        ids, weights.new_zeros(ids.numel()).scatter_reduce(0, position, weights, "amax")
    )


def value_at(x: Frontier, ids: Tensor) -> Tensor:
    """x at the given ids: float [len(ids)], 0 where absent."""
    return _at(x.ids, x.weights, ids)
