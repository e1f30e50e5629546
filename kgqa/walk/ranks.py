r"""The k-th largest of a frontier by a value, differentiable and exact on crisp sets.

With memberships as independent probabilities, an entity stays if it is in the set and exactly k - 1
better ones are:

    x'[e] = x[e] * sum over k of P(k) * P(exactly k - 1 of {f : value[f] > value[e]} are in x),

which for k = 1 is x[e] * product of (1 - x[f]). Ties do not beat each other.

The counts are Poisson-binomial: prefixes of the product of the polynomials (1 - x[f]) + x[f] z, cut
after z^(K-1), where f runs in the order of values. They are multiplied as a scan of log n steps
(Hillis and Steele 1986), with products and sums of non-negative numbers only, so that gradients are
right where a membership is 0 or 1. The order is computed on the CPU, the rest where the weights
are, in double precision.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from kgqa.walk import ops
from kgqa.walk.frontier import Frontiers

SMALL = 1024  #: frontiers up to this size are sorted whole


@dataclass(frozen=True)
class Order:
    """The entries that can matter, [m], and, of each question best first, those that beat any."""

    index: Tensor  #: int64 [m], into the entries of the frontiers, ascending
    scanned: Tensor  #: int64 [s], into [m]: those that a worse one of their question follows
    better: Tensor  #: int64 [m], the last in [s] that is strictly better; s if there is none
    steps: tuple[Tensor, ...]  #: int64 [s + 1] each: whose prefix to join in a scan; s for none


def extreme(x: Frontiers, values: Tensor, rank: Tensor) -> Tensor:
    """New memberships, float [n]: of each question the entities with the k-th largest value.

    Args:
        x: memberships in [0, 1].
        values: [n], larger is better; NaN for none, and such entities get 0. No gradient.
        rank: float [B, K], P(k) for k = 1 to K.
    """
    order = order_of(x, values, rank.shape[1])
    kept = kept_of(x, rank, order)
    return torch.zeros_like(x.weights, dtype=kept.dtype).index_copy(0, order.index, kept)


def most_often(followed_sums: Frontiers) -> Frontiers:
    """Of sums of follow, not clamped: the entities that are reached in the most ways."""
    x = ops.membership(followed_sums)
    first = x.weights.new_ones(x.count, 1)
    return x.with_weights(extreme(x, followed_sums.weights, first))


def kept_of(x: Frontiers, rank: Tensor, order: Order) -> Tensor:
    """:func:`extreme` of the entries ``order.index``, float [m]; the others get 0."""
    kind = x.weights.dtype if x.weights.dtype == torch.float64 else torch.float32
    mine = x.weights[order.index].double()  # [m]
    counts = _prefixes(mine[order.scanned], order, rank.shape[1])[:, order.better]  # [K, m]
    chosen = rank.double()[x.owner[order.index]].T  # [K, m]
    return (mine * (chosen * counts).sum(0)).to(kind)


def _prefixes(x: Tensor, order: Order, ranks: int) -> Tensor:
    """P(j of the entries up to each are in the set) for j < K, then that of none: [K, s + 1]."""
    first = torch.cat([1 - x, x.new_ones(1)])
    later = torch.cat([x, x.new_zeros(1)])
    sums = [first, later, *[torch.zeros_like(first)] * (ranks - 2)][:ranks]
    for step in order.steps:
        early = [row.index_select(0, step) for row in sums]
        sums = [
            sum((early[i] * sums[k - i] for i in range(1, k + 1)), early[0] * sums[k])
            for k in range(ranks)
        ]
    return torch.stack(sums)


def order_of(x: Frontiers, values: Tensor, ranks: int) -> Order:
    """What decides the ranks: ``values`` [n] as in :func:`extreme`, and K."""
    value = values.detach().double().cpu().numpy()
    weights = x.weights.detach().double().cpu().numpy()
    owner = x.owner.cpu().numpy()
    index = np.flatnonzero(_can_matter(value, weights, owner, x.count, ranks))
    index = index[np.lexsort((-value[index], owner[index]))]
    value, owner = value[index], owner[index]
    count = len(index)
    new_owner, new = np.ones(count + 1, bool), np.ones(count + 1, bool)
    np.not_equal(owner[1:], owner[:-1], out=new_owner[1:-1])
    np.not_equal(value[1:], value[:-1], out=new[1:-1])
    new |= new_owner
    starts, owners = np.flatnonzero(new), np.flatnonzero(new_owner)
    tie = new[:-1].cumsum() - 1  # [m], the group of equal values
    first = owners[new_owner[:-1].cumsum() - 1]  # [m], the first entry of the question
    scanned = ~new_owner[starts[tie + 1]]  # not in the last group of its question
    before = np.append(0, scanned.cumsum())
    better = before[starts[tie]]
    better = np.where(starts[tie] > first, better - 1, before[-1])
    place = (before[:-1] - before[first])[scanned]

    def on(array: np.ndarray) -> Tensor:
        return torch.from_numpy(array).to(x.ids.device)

    ascending = index.argsort()
    at = np.empty_like(ascending)
    at[ascending] = np.arange(count)
    steps = tuple(map(on, _steps(place)))
    return Order(on(index[ascending]), on(at[scanned]), on(better[ascending]), steps)


def _steps(place: np.ndarray) -> Iterator[np.ndarray]:
    """Of entries with these places in their questions [s]: the entry 1, 2, 4, ... places before.

    int64 [s + 1] each; the index s stands for an empty prefix.
    """
    none, step, longest = len(place), 1, int(place.max(initial=0))
    own = np.arange(none + 1)
    place = np.append(place, 0)
    while step <= longest:
        yield np.where(place >= step, own - step, none)
        step *= 2


def _can_matter(
    value: np.ndarray, weights: np.ndarray, owner: np.ndarray, count: int, ranks: int
) -> np.ndarray:
    """Which entries have a value, and not so many better ones that nothing is left: bool [n].

    If the better ones have the sum of memberships m, at most K of them are in the set with a
    probability of at most exp(-m) * (e * m / K)^K (Chernoff). For m = 150 + 4 K this is below
    1e-60, and it bounds the entry's new membership and all gradients of it.
    """
    valued = ~np.isnan(value)
    if len(value) <= SMALL:
        return valued
    bounds = np.searchsorted(owner, np.arange(count + 1))
    enough = 150.0 + 4 * ranks
    for question in np.flatnonzero(np.diff(bounds) > SMALL):
        mine = slice(bounds[question], bounds[question + 1])
        with_value = valued[mine]
        v, w = value[mine][with_value], weights[mine][with_value]
        size = int(1.5 * enough * len(v) / max(w.sum(), enough)) + 1
        while size < len(v):
            least = np.partition(v, len(v) - size)[len(v) - size]
            if w[v >= least].sum() > enough:
                valued[mine] &= value[mine] >= least
                break
            size *= 4
    return valued
