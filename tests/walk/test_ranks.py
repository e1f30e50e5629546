"""The k-th largest against sums over subsets, with gradients, and against sorting on crisp sets."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from kgqa.walk import ranks
from kgqa.walk.frontier import Frontier, join
from tests.walk.frontiers import double


def brute_force(x: torch.Tensor, values: list[float], rank: torch.Tensor) -> torch.Tensor:
    """x[e] * sum of P(k) * P(exactly k - 1 better ones are in the set), subset by subset: [n]."""
    result = []
    for e, value in enumerate(values):
        better = [f for f, other in enumerate(values) if other > value]
        chance = x.new_zeros(())
        for k, p in enumerate(rank):
            for inside in combinations(better, k):
                both = [x[f] if f in inside else 1 - x[f] for f in better]
                chance = chance + p * torch.stack([x.new_ones(()), *both]).prod()
        result.append(x[e] * chance if value == value else x[e] * 0)
    return torch.stack(result) if result else x


WEIGHTS = st.one_of(st.sampled_from([0.0, 1.0, 1.0]), st.floats(0.0, 1.0))
VALUES = st.sampled_from([1.0, 2.0, 3.0, -np.inf, np.nan])


@st.composite
def ranked(draw, weight=WEIGHTS, questions: int = 3):
    """(frontiers, values of each, rank [B, K])."""
    sizes = draw(st.lists(st.integers(0, 6), min_size=questions, max_size=questions))
    parts, values = [], []
    for size in sizes:
        weights = draw(st.lists(weight, min_size=size, max_size=size))
        parts.append(Frontier(torch.arange(size), double(weights)))
        values.append(draw(st.lists(VALUES, min_size=size, max_size=size)))
    width = draw(st.integers(1, 5))
    row = st.lists(st.sampled_from([0.0, 0.2, 1.0]), min_size=width, max_size=width)
    return parts, values, double(draw(st.lists(row, min_size=questions, max_size=questions)))


@given(ranked())
def test_the_kth_is_the_sum_over_subsets_for_each_question(problem):
    parts, values, rank = problem
    got = ranks.extreme(join(parts), double(sum(values, [])), rank)
    each = zip(parts, values, rank, strict=True)
    expected = torch.cat([brute_force(x.weights, v, p) for x, v, p in each])
    torch.testing.assert_close(got, expected)


@given(ranked(), st.integers(0, 2**31))
def test_gradients_are_right_where_memberships_are_0_and_1(problem, seed):
    parts, values, rank = problem
    random = torch.Generator().manual_seed(seed)
    x = join(parts)
    cost = torch.randn(len(x), dtype=torch.float64, generator=random)
    found = []
    for ours in (True, False):
        w, p = x.weights.clone().requires_grad_(), rank.clone().requires_grad_()
        if ours:
            out = ranks.extreme(x.with_weights(w), double(sum(values, [])), p)
        else:
            rows = zip(w.split([len(f) for f in parts]), values, p, strict=True)
            out = torch.cat([brute_force(*row) for row in rows])
        leaves = torch.autograd.grad(
            (out * cost).sum(), (w, p), allow_unused=True, materialize_grads=True
        )
        found.append(leaves)
    for mine, theirs in zip(*found, strict=True):
        torch.testing.assert_close(mine, theirs)
