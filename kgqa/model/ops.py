r"""Follow and intersect on frontiers: pure functions, differentiable in the weights.

A *frontier* is a sparse non-negative vector over entities: ids (int64 [n], sorted, distinct) and weights (float [n]).
ReifKB (Cohen et al. 2020, eq. 2) follows a distribution r over relations from a vector x over entities as

    follow(x, r)[o] = sum over triples (s, p, o) of x[s] * r[p],

with matrices of one row a triple, which touch the whole graph. Here only the edges that leave the frontier over relations
of non-negligible probability are read. The result is the same (a test compares it with the formula above, gradients
included). With ``min_relation`` unlikely relations are not followed at all; what the edge budget leaves out is returned.

Intersection is the element-wise minimum (Sen et al. 2021, section 3.2). A minimum needs degrees of membership in [0, 1],
so :func:`membership` clamps the sums of follow at 1: an entity that is reached twice is not more than reached.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

EDGE_BUDGET = 65_536
MIN_RELATION = 0.02  # relations of lower probability are not followed in use


@dataclass(frozen=True)
class Frontier:
    """A sparse vector over entities."""

    ids: Tensor  #: int64 [n], ascending, distinct
    weights: Tensor  #: float [n], non-negative

    def __len__(self) -> int:
        return self.ids.numel()

    def top(self, k: int) -> list[tuple[int, float]]:
        """The k heaviest (entity, weight), ties by id."""
        order = torch.argsort(self.weights.detach(), descending=True, stable=True)[:k]
        return list(zip(self.ids[order].tolist(), self.weights[order].tolist(), strict=True))


@dataclass(frozen=True)
class Adjacency:
    """The arrays of ``kgqa.graph.store``: entity -> groups (relation) -> tails. Kept in NumPy, shared and read-only."""

    entity_group: np.ndarray  #: int [E + 1]
    group_relation: np.ndarray  #: int [G]
    group_edge: np.ndarray  #: int [G + 1]
    tail: np.ndarray  #: int [T]


def _ranges(starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Concatenated ranges [start, start + length): int64 [sum(lengths)]."""
    ends = np.cumsum(lengths)
    return np.arange(ends[-1] if len(ends) else 0, dtype=np.int64) + np.repeat(starts - ends + lengths, lengths)


def collect(ids: Tensor, weights: Tensor) -> Frontier:
    """Sum the weights of equal ids: (int64 [n], float [n]) -> frontier of the distinct ids."""
    unique, position = torch.unique(ids, return_inverse=True)
    return Frontier(unique, weights.new_zeros(unique.numel()).index_add(0, position, weights))


def follow(
    graph: Adjacency, x: Frontier, relation: Tensor, *, min_relation: float = 0.0, budget: int = EDGE_BUDGET
) -> tuple[Frontier, float]:
    """follow(x, r), ReifKB eq. 2, reading only the edges of the frontier.

    Args:
        x: where the walk is.
        relation: float [2R], the distribution r over relations with inverses.
        min_relation: relations below this probability are skipped without reading their edges.
        budget: at most this many edges are read; the heaviest (entity, relation) groups first.

    Returns:
        The next frontier, and the mass that the budget left out (sum of x[s] * r[p] over unread edges).
    """
    heads = x.ids.cpu().numpy()
    first = graph.entity_group[heads].astype(np.int64)
    count = graph.entity_group[heads + 1].astype(np.int64) - first
    groups = _ranges(first, count)  # [g] group ids that leave the frontier
    source = np.repeat(np.arange(len(heads)), count)  # [g] position in x
    label = graph.group_relation[groups].astype(np.int64)  # [g]
    chosen = relation.detach().float().cpu().numpy()[label] > min_relation
    groups, source, label = groups[chosen], source[chosen], label[chosen]
    edge = graph.group_edge[groups].astype(np.int64)
    size = graph.group_edge[groups + 1].astype(np.int64) - edge
    dropped = 0.0
    if size.sum() > budget:
        mass = x.weights.detach().cpu().double().numpy()[source] * relation.detach().cpu().double().numpy()[label]
        order = np.argsort(-mass, kind="stable")
        before = np.cumsum(size[order]) - size[order]
        taken = np.zeros_like(size)
        taken[order] = np.clip(budget - before, 0, size[order])  # the group that overflows is read in part
        dropped = float((mass * (size - taken)).sum())
        size = taken
    tails = torch.from_numpy(graph.tail[_ranges(edge, size)].astype(np.int64)).to(x.ids.device)  # [t]
    place = x.weights.device
    source_t, label_t = torch.from_numpy(source).to(place), torch.from_numpy(label).to(place)
    carried = x.weights[source_t] * relation[label_t]  # [g]
    weights = torch.repeat_interleave(carried, torch.from_numpy(size).to(place))  # [t]
    return collect(tails, weights), dropped


def membership(x: Frontier) -> Frontier:
    """Sums of follow as degrees of membership: min(x, 1)."""
    return Frontier(x.ids, x.weights.clamp(max=1.0))


def exclude(x: Frontier, seeds: Frontier, probability: Tensor) -> Frontier:
    """x * (1 - probability * seeds): with this probability the walk may not return to its seeds."""
    position = torch.searchsorted(seeds.ids, x.ids)
    found = position < len(seeds)
    found &= seeds.ids[position.clamp(max=max(len(seeds) - 1, 0))] == x.ids if len(seeds) else found
    seed = torch.zeros_like(x.weights)
    if found.any():
        seed = seed.masked_scatter(found, seeds.weights[position[found]])
    return Frontier(x.ids, x.weights * (1 - probability * seed.clamp(max=1.0)))


def mix(parts: list[Frontier], weights: Tensor) -> Frontier:
    """Sum of weights[i] * parts[i]: the learned stop over hops. weights: float [len(parts)]."""
    ids = torch.cat([p.ids for p in parts])
    return collect(ids, torch.cat([p.weights * w for p, w in zip(parts, weights, strict=True)]))


def intersect(parts: list[Frontier]) -> Frontier:
    """Element-wise minimum of memberships; entities missing from any part are out (their minimum is 0)."""
    result = parts[0]
    for other in parts[1:]:
        position = torch.searchsorted(other.ids, result.ids).clamp(max=max(len(other) - 1, 0))
        if len(other) == 0:
            return Frontier(result.ids[:0], result.weights[:0])
        both = other.ids[position] == result.ids
        ids, mine, theirs = result.ids[both], result.weights[both], other.weights[position[both]]
        result = Frontier(ids, torch.minimum(mine, theirs))
    return result


def union(parts: list[Frontier]) -> Frontier:
    """Element-wise maximum of memberships, the dual of :func:`intersect`: what is reached at all."""
    ids, position = torch.unique(torch.cat([p.ids for p in parts]), return_inverse=True)
    weights = torch.cat([p.weights for p in parts])
    return Frontier(ids, weights.new_zeros(ids.numel()).scatter_reduce(0, position, weights, "amax"))


def value_at(x: Frontier, ids: Tensor) -> Tensor:
    """x at the given ids: float [len(ids)], 0 where absent."""
    if len(x) == 0:
        return x.weights.new_zeros(ids.numel())
    position = torch.searchsorted(x.ids, ids).clamp(max=len(x) - 1)
    return torch.where(x.ids[position] == ids, x.weights[position], x.weights.new_zeros(()))
