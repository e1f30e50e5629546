r"""Follow and intersect on frontiers: pure functions, batched, differentiable.

A *frontier* is a sparse non-negative vector over entities (``kgqa.walk.frontier``). ReifKB (Cohen
et al. 2020, eq. 2) follows a distribution r over relations from a vector x over entities as

    follow(x, r)[o] = sum over triples (s, p, o) of x[s] * r[p],

with matrices of one row for each triple, which touch the whole graph. Here only the edges that
leave the frontier over likely relations are read (``kgqa.walk.select``). The result is the same:
tests compare it, and its gradients, with the formula. With ``min_relation`` unlikely relations are
not followed at all, and what the edge budget leaves out is returned.

Intersection is the element-wise minimum (Sen et al. 2021, section 3.2). A minimum needs degrees of
membership in [0, 1], so :func:`membership` clamps the sums of follow at 1: an entity that is
reached twice is not more than reached.

``follow``, ``mix`` and ``intersect`` are for one question, the ``_many`` functions for a batch;
both share their code, and sums are in double precision. Where the weights are on a GPU, follow runs
there (``kgqa.walk.cuda``).
"""

from __future__ import annotations

from typing import NamedTuple, TypeVar

import numpy as np
import torch
from torch import Tensor

from kgqa.walk import cuda, select
from kgqa.walk.frontier import FollowedMany, Frontier, Frontiers, join, keys_of, lookup
from kgqa.walk.select import Adjacency, Selection

#: Edges that a hop may read. Half of it kept the exact top answer in 98% of hard questions over 1e7
#: triples, this in all.
EDGE_BUDGET = 131_072
MIN_RELATION = 0.02  #: relations of lower probability are not followed in use

Vector = TypeVar("Vector", Frontier, Frontiers)


class Followed(NamedTuple):
    """Where a hop of one question leads."""

    reached: Frontier
    dropped: float  #: mass that the budget left out: the sum of x[s] * r[p] over unread edges


class _Sums(NamedTuple):
    """What one hop carries, before it is split into ids and questions."""

    keys: np.ndarray  #: int64 [u], owner * E + id, ascending
    weights: Tensor  #: float [u]
    dropped: np.ndarray  #: float64 [B]


class _Carry(torch.autograd.Function):
    """out[o] = sum over the chosen edges s -p-> o of x[s] * r[p], summed in double precision."""

    @staticmethod
    def forward(
        ctx,
        weights: Tensor,
        relation: Tensor,
        chosen: Selection,
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
        edge = gradient.numpy()
        edge = edge if ctx.position is None else edge[ctx.position]  # [t]
        starts = chosen.size.cumsum() - chosen.size
        group = np.add.reduceat(edge, starts, dtype=np.float64)  # [g]
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
    weights: Tensor, relation: Tensor, chosen: Selection, position: np.ndarray | None, count: int
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
) -> _Sums:
    if weights.dtype not in (torch.float32, torch.float64):
        weights = weights.float()  # NumPy has no bfloat16, and half precision cannot hold the sums
    relation = relation.to(weights.dtype)
    question = None if owner is None else owner.numpy()
    x, r = weights.detach(), relation.detach()
    sources = select.Sources(ids.numpy(), question, x.numpy(), r.numpy())
    chosen = select.select(graph, sources, min_relation=min_relation, budget=budget)
    keys = select.tails(graph, chosen)
    if question is not None:
        keys += (question[chosen.source] * graph.num_entities).repeat(chosen.size)
    keys, position = select.merge(keys, len(r) * graph.num_entities)
    if torch.is_grad_enabled() and (weights.requires_grad or relation.requires_grad):
        total = _Carry.apply(weights, relation, chosen, position, len(keys))
    else:
        total = _carry(x, r, chosen, position, len(keys))
    return _Sums(keys, total, chosen.dropped)


def follow(
    graph: Adjacency,
    x: Frontier,
    relation: Tensor,
    *,
    min_relation: float = 0.0,
    budget: int = EDGE_BUDGET,
) -> Followed:
    """follow(x, r), ReifKB eq. 2, reading only the edges of the frontier.

    Args:
        x: where the walk is.
        relation: float [2R], the distribution r over relations with inverses.
        min_relation: relations of at most this probability are skipped without reading their edges.
            A negative value skips none, so that even a probability of exactly 0 has a gradient.
        budget: at most this many edges are read, the heaviest (entity, relation) groups first.
    """
    if x.weights.is_cuda:
        many, rows = join([x]), relation.unsqueeze(0)
        step = follow_many(graph, many, rows, min_relation=min_relation, budget=budget)
        return Followed(Frontier(step.reached.ids, step.reached.weights), float(step.dropped[0]))
    sums = _follow(graph, x.ids, None, x.weights, relation.unsqueeze(0), min_relation, budget)
    return Followed(Frontier(torch.from_numpy(sums.keys), sums.weights), float(sums.dropped[0]))


def follow_many(
    graph: Adjacency,
    x: Frontiers,
    relation: Tensor,
    *,
    min_relation: float = 0.0,
    budget: int = EDGE_BUDGET,
) -> FollowedMany:
    """:func:`follow` for a batch: relation float [B, 2R]; the budget holds for each question."""
    if x.weights.is_cuda:
        return cuda.follow_many(graph, x, relation, min_relation=min_relation, budget=budget)
    sums = _follow(graph, x.ids, x.owner, x.weights, relation, min_relation, budget)
    owner = sums.keys // graph.num_entities if x.count > 1 else np.zeros_like(sums.keys)
    ids = torch.from_numpy(sums.keys - owner * graph.num_entities)
    reached = Frontiers(ids, sums.weights, torch.from_numpy(owner), x.count)
    return FollowedMany(reached, torch.from_numpy(sums.dropped))


def collect(ids: Tensor, weights: Tensor) -> Frontier:
    """Sum the weights of equal ids: int64 [n], float [n] -> the frontier of the distinct ids."""
    return Frontier(*_sum_by(ids, weights))


def collect_many(ids: Tensor, weights: Tensor, owner: Tensor, count: int) -> Frontiers:
    """:func:`collect` for ``count`` questions; owner int64 [n]: the question of each entry."""
    stride = 1 + int(ids.max()) if len(ids) else 1
    keys, sums = _sum_by(owner * stride + ids, weights)
    question = keys // stride
    return Frontiers(keys - question * stride, sums, question, count)


def _sum_by(keys: Tensor, weights: Tensor) -> tuple[Tensor, Tensor]:
    """The distinct keys, ascending [u], and their sums [u]."""
    if keys.is_cuda:
        unique, position = torch.unique(keys, return_inverse=True)
        return unique, weights.new_zeros(len(unique)).index_add(0, position, weights)
    plain = keys.numpy()
    distinct, place = select.merge(plain, int(plain.max()) + 1 if len(plain) else 1)
    if place is None:
        return keys, weights
    sums = weights.new_zeros(len(distinct)).index_add(0, torch.from_numpy(place), weights)
    return torch.from_numpy(distinct), sums


def membership(x: Vector) -> Vector:
    """Sums of follow as degrees of membership: min(x, 1)."""
    return x.with_weights(x.weights.clamp(max=1.0))


def _at(x: Vector, other: Vector) -> Tensor:
    """``other`` at the entries of x, question by question: float [len(x)], 0 where absent."""
    keys, others = keys_of([x, other])
    return lookup(others, other.weights, keys)


def exclude(x: Vector, seeds: Vector, probability: Tensor) -> Vector:
    """x * (1 - probability * seeds): with this probability the walk may not return to its seeds.

    probability: a scalar, or float [B] for a batch.
    """
    share = probability if isinstance(x, Frontier) else probability[x.owner]
    return x.with_weights(x.weights * (1 - share * _at(x, seeds).clamp(max=1.0)))


def difference(x: Vector, y: Vector) -> Vector:
    """min(x, 1 - y) of memberships: what is in x and not in y. Entities left at 0 are dropped."""
    weights = torch.minimum(x.weights, 1 - _at(x, y).clamp(max=1.0))
    return x.at((weights > 0).nonzero().squeeze(1)).with_weights(weights[weights > 0])


def mix(parts: list[Frontier], weights: Tensor) -> Frontier:
    """Sum of weights[i] * parts[i]: the learned stop over hops. weights: float [len(parts)]."""
    ids = torch.cat([p.ids for p in parts])
    return collect(ids, torch.cat([p.weights * w for p, w in zip(parts, weights, strict=True)]))


def mix_many(parts: list[Frontiers], weights: Tensor) -> Frontiers:
    """:func:`mix` for a batch: weights float [B, len(parts)]."""
    shares = torch.cat([p.weights * weights[p.owner, i] for i, p in enumerate(parts)])
    ids, owner = torch.cat([p.ids for p in parts]), torch.cat([p.owner for p in parts])
    return collect_many(ids, shares, owner, parts[0].count)


def intersect(parts: list[Frontier]) -> Frontier:
    """Element-wise minimum of memberships; entities that a part lacks are out (minimum 0)."""
    return _intersect(parts)


def intersect_many(parts: list[Frontiers]) -> Frontiers:
    """:func:`intersect` question by question: the parts are batches of the same B questions."""
    if len({p.count for p in parts}) != 1:
        sizes = [p.count for p in parts]
        raise ValueError(f"expected batches of the same questions, found sizes {sizes}")
    return _intersect(parts)


def _intersect(parts: list[Vector]) -> Vector:
    result, keys = parts[0], keys_of(parts)
    mine = keys[0]
    for other, theirs in zip(parts[1:], keys[1:], strict=True):
        if not len(theirs):
            return result.at(theirs)
        position = torch.searchsorted(theirs, mine).clamp(max=len(theirs) - 1)
        both = (theirs[position] == mine).nonzero().squeeze(1)
        least = torch.minimum(result.weights[both], other.weights[position[both]])
        mine, result = mine[both], result.at(both).with_weights(least)
    return result


def union(parts: list[Frontier]) -> Frontier:
    """Element-wise maximum of memberships, the dual of :func:`intersect`."""
    ids, position = torch.unique(torch.cat([p.ids for p in parts]), return_inverse=True)
    weights = torch.cat([p.weights for p in parts])
    largest = weights.new_zeros(ids.numel()).scatter_reduce(0, position, weights, "amax")
    return Frontier(ids, largest)
