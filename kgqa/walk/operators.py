r"""Most, least, k-th and most often on frontiers, and the numbers read off a set.

A hop chooses from one vocabulary of V = 4 * 2R entries, or of the V = 2R relations alone. Entry v
is the operator ``OPERATORS[v // 2R]`` with the relation v mod 2R:

    follow r   the sums of follow (``kgqa.walk.ops``)
    most r     of the set x the entities of the largest value; with ranks, of the k-th largest
    least r    those of the smallest value
    often r    those that following r from x reaches in the most ways

The value is the number of an attribute, else the number of edges over r. ``kgqa.walk.ranks`` has
the mathematics of ranks. A hop is

    x' = clamp1(follow(x, r) + sum over operators v of w_v * op_v(x)).

Values are looked up on the CPU; the rest runs where the weights are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from kgqa.graph.numbers import Numbers
from kgqa.walk import ops
from kgqa.walk.frontier import FollowedMany, Frontiers
from kgqa.walk.ranks import extreme, kept_of, most_often, order_of
from kgqa.walk.select import Adjacency

OPERATORS = ("follow", "most", "least", "often")  #: of an entry v: v // 2R
MOST, LEAST, OFTEN = 1, 2, 3

__all__ = [
    "LEAST",
    "MOST",
    "OFTEN",
    "OPERATORS",
    "Valued",
    "apply",
    "compared",
    "count",
    "extreme",
    "most_often",
    "most_values",
    "nonempty",
    "total",
]


class Valued(Adjacency, Protocol):
    """A graph whose entities have numbers."""

    numbers: Numbers

    @property
    def num_relations(self) -> int: ...


# -- values ------------------------------------------------------------------------------------


def most_values(graph: Valued, relation: int, ids: Tensor) -> Tensor:
    """What ``most`` compares of some entities: float64 [n].

    Their numbers if the relation is an attribute (NaN for none), else their edges over it.
    """
    entities = ids.cpu().numpy()
    if graph.numbers.has(relation):
        values = _numbers(graph, relation, entities)
    else:
        values = _edges(graph, relation, entities).astype(np.float64)
    return torch.from_numpy(values).to(ids.device)


def compared(graph: Valued, entry: int, ids: Tensor) -> Tensor:
    """What the ``most`` or ``least`` of a vocabulary entry sorts by, largest first: float64 [n].

    NaN for entities that are left out: those without a number, and for ``most`` without an edge.
    """
    operator, relation = divmod(entry, graph.num_relations)
    values = most_values(graph, relation, ids)
    if operator == LEAST:
        return -values
    if graph.numbers.has(relation):
        return values
    return torch.where(values > 0, values, torch.nan)


def _numbers(graph: Valued, relation: int, entities: np.ndarray) -> np.ndarray:
    # A search with another type of integers would copy the whole index.
    return graph.numbers.of(relation, entities.astype(graph.numbers.entity.dtype, copy=False))


def _edges(graph: Adjacency, relation: int, entities: np.ndarray) -> np.ndarray:
    """Edges of each entity over a relation, by binary search among its groups: int64 [n]."""
    if not len(entities) or not len(graph.group_relation):
        return np.zeros(len(entities), np.int64)
    low = graph.entity_group[entities].astype(np.int64)
    end = graph.entity_group[entities + 1].astype(np.int64)
    last, group = len(graph.group_relation) - 1, low
    for power in range(int((end - low).max()).bit_length() - 1, -1, -1):
        probe = group + (1 << power)
        before = graph.group_relation[probe.clip(max=last)] <= relation
        group = np.where(before & (probe < end), probe, group)
    group = group.clip(max=last)
    found = (low < end) & (graph.group_relation[group] == relation)
    size = graph.group_edge[group + 1].astype(np.int64) - graph.group_edge[group]
    return np.where(found, size, 0)


# -- a hop -------------------------------------------------------------------------------------


def apply(
    graph: Valued,
    x: Frontiers,
    weights: Tensor,
    rank: Tensor,
    *,
    min_weight: float = 0.0,
    budget: int = ops.EDGE_BUDGET,
    left_out: tuple[Frontiers, Tensor] | None = None,
) -> FollowedMany:
    """One soft hop over relations and operators; ``reached`` holds memberships.

    Entries of at most ``min_weight`` are skipped. Without an operator above it this is
    :func:`kgqa.walk.ops.follow_many` and :func:`kgqa.walk.ops.membership`. An entity whose
    membership becomes 0 stays if it may have a gradient.

    Args:
        weights: float [B, V], the distribution over the vocabulary; V is 2R or 4 * 2R.
        rank: float [B, K], P(k) of ``most`` and ``least``.
        budget: edges that follow may read for each question, and as many for each ``often``.
        left_out: entities of each question that ``often`` does not count, and how surely they are
            left out, float [B]; whoever calls leaves them out of what is reached.

    Raises:
        ValueError: for another V.
    """
    relations, width = graph.num_relations, weights.shape[1]
    if width not in (relations, len(OPERATORS) * relations):
        expected = f"{relations} or {len(OPERATORS) * relations}"
        raise ValueError(f"expected weights of {expected} entries, found {width}")
    followed, above = weights[:, :relations], weights.detach().float() > min_weight
    if not above[:, relations:].any():
        step = ops.follow_many(graph, x, followed, min_relation=min_weight, budget=budget)
        return FollowedMany(ops.membership(step.reached), step.dropped)
    steps = [
        *_relations(graph, x, followed, min_weight, budget),
        *_most_and_least(graph, x, weights, above, rank),
        *_often(graph, x, weights, above, budget, left_out),
    ]
    ids, owner, sums = (
        torch.cat([getattr(step.reached, name) for step in steps])
        for name in ("ids", "owner", "weights")
    )
    reached = ops.membership(ops.collect_many(ids, sums, owner, x.count))
    return FollowedMany(reached, torch.stack([step.dropped for step in steps]).sum(0))


def _relations(
    graph: Valued, x: Frontiers, weights: Tensor, min_weight: float, budget: int
) -> Iterator[FollowedMany]:
    """What relations add to a hop, if any is taken: weights [B, 2R]."""
    follows = (weights.detach().float() > min_weight).any(1)
    if follows.any():  # the other questions need not read a group
        sources = x if follows.all() else x.at(follows[x.owner].nonzero().squeeze(1))
        yield ops.follow_many(graph, sources, weights, min_relation=min_weight, budget=budget)


def _most_and_least(
    graph: Valued, x: Frontiers, weights: Tensor, above: Tensor, rank: Tensor
) -> Iterator[FollowedMany]:
    """What ``most`` and ``least`` add: weights float and above bool [B, V], rank [B, K]."""
    first, last = MOST * graph.num_relations, OFTEN * graph.num_relations
    q, v = above[:, first:last].nonzero().T
    if len(q):
        kept = _extremes(graph, _copies(x, q), v + first, rank[q])
        reached = _weighted(kept, q, weights[q, v + first], x.count)
        yield FollowedMany(reached, weights.new_zeros(x.count, dtype=torch.float64))


def _often(
    graph: Valued,
    x: Frontiers,
    weights: Tensor,
    above: Tensor,
    budget: int,
    left_out: tuple[Frontiers, Tensor] | None,
) -> Iterator[FollowedMany]:
    """What ``often`` adds: weights float and above bool [B, V]."""
    first = OFTEN * graph.num_relations
    q, v = above[:, first:].nonzero().T
    if not len(q):
        return
    share = weights[q, v + first]
    only = x.weights.new_zeros(len(q), graph.num_relations)
    only[torch.arange(len(q), device=q.device), v] = 1
    ways = ops.follow_many(graph, _copies(x, q), only, min_relation=0.5, budget=budget)
    reached = ways.reached
    if left_out is not None:
        own = Frontiers(reached.ids, reached.weights, q[reached.owner], x.count)
        reached = reached.with_weights(ops.exclude(own, *left_out).weights)
    reached = _weighted(_without_zeros(most_often(reached)), q, share, x.count)
    dropped = weights.new_zeros(x.count, dtype=torch.float64)
    yield FollowedMany(reached, dropped.index_add(0, q, ways.dropped * share.detach().double()))


def _copies(x: Frontiers, question: Tensor) -> Frontiers:
    """A batch of the frontiers of these questions, int64 [m]; a question may occur again."""
    if len(question) == x.count and bool((question.diff() == 1).all()):
        return x
    bounds = torch.searchsorted(x.owner, torch.arange(x.count + 1, device=x.owner.device))
    sizes = bounds.diff()[question]
    ends = sizes.cumsum(0)
    owner = torch.repeat_interleave(torch.arange(len(question), device=x.owner.device), sizes)
    index = torch.arange(len(owner), device=owner.device) + (bounds[question] - ends + sizes)[owner]
    return Frontiers(x.ids[index], x.weights[index], owner, len(question))


def _extremes(graph: Valued, x: Frontiers, entry: Tensor, rank: Tensor) -> Frontiers:
    """``most`` or ``least`` of each frontier: its vocabulary entry int64 [B], rank [B, K]."""
    entries, own = sorted(set(entry.tolist())), entry[x.owner]
    if len(entries) == 1:
        values = compared(graph, entries[0], x.ids)
    else:
        values = x.weights.new_zeros(len(x), dtype=torch.float64)
    for v in entries if len(entries) > 1 else ():
        mine = (own == v).nonzero().squeeze(1)
        values[mine] = compared(graph, v, x.ids[mine])
    order = order_of(x, values, rank.shape[1])
    kept, index = kept_of(x, rank, order), order.index
    return _without_zeros(Frontiers(x.ids[index], kept, x.owner[index], x.count))


def _without_zeros(x: Frontiers) -> Frontiers:
    """Without the entities of membership 0, unless there are gradients."""
    if x.weights.requires_grad:
        return x
    return x.at((x.weights > 0).nonzero().squeeze(1))


def _weighted(x: Frontiers, question: Tensor, share: Tensor, count: int) -> Frontiers:
    """The frontiers of m operators times their shares [m], as entries of their questions [m]."""
    return Frontiers(
        x.ids, x.weights * share.to(x.weights.dtype)[x.owner], question[x.owner], count
    )


# -- read-outs ---------------------------------------------------------------------------------


def count(x: Frontiers) -> Tensor:
    """The sum of memberships, the expected size: float [B]."""
    sums = torch.zeros(x.count, dtype=torch.float64, device=x.weights.device)
    return sums.index_add(0, x.owner, x.weights.double()).to(x.weights.dtype)


def total(graph: Valued, x: Frontiers, relation: int) -> Tensor:
    """The sum of x * a of an attribute, entities without a number left out: float64 [B]."""
    numbers = torch.from_numpy(_numbers(graph, relation, x.ids.cpu().numpy())).nan_to_num(0.0)
    sums = torch.zeros(x.count, dtype=torch.float64, device=x.weights.device)
    return sums.index_add(0, x.owner, x.weights.double() * numbers.to(x.weights.device))


def nonempty(x: Frontiers) -> Tensor:
    """P(the set is not empty) = 1 - product of (1 - x): float [B].

    Pairs are joined by a + b * (1 - a), which loses nothing of small memberships and has the right
    gradient at 1.
    """
    p, owner = x.weights.double(), x.owner
    none = p.new_zeros(1)
    place = torch.arange(len(p), device=owner.device) - torch.searchsorted(owner, owner)
    while len(p) and int(place.max()):
        left = (place % 2 == 0).nonzero().squeeze(1)
        right = left + 1
        paired = right < len(p)
        paired[paired.clone()] = place[right[paired]] > 0
        b = torch.cat([p, none])[torch.where(paired, right, len(p))]
        p, owner, place = p[left] + b * (1 - p[left]), owner[left], place[left] // 2
    result = torch.zeros(x.count, dtype=torch.float64, device=owner.device)
    return result.index_copy(0, owner, p).to(x.weights.dtype)
