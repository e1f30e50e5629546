"""The k-th largest against sums over subsets, with gradients, and against sorting on crisp sets."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from kgqa.walk import ranks
from kgqa.walk.frontier import Frontier, Frontiers, join
from tests.walk.frontiers import double


def brute_force(x: torch.Tensor, values: list[float], rank: torch.Tensor) -> torch.Tensor:
    """x[e] * sum of P(k) * P(exactly k - 1 better ones are in the set), subset by subset: [n]."""
    result = []
    for e, value in enumerate(values):
        better = [f for f, other in enumerate(values) if other > value]
        chance = x.new_zeros(())
        for k, p in enumerate(rank):
            for inside in combinations(better, k):
                both = p
                for f in better:  # not prod(), whose gradient divides by what may underflow
                    both = both * (x[f] if f in inside else 1 - x[f])
                chance = chance + both
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


def test_the_kth_by_finite_differences():
    weights = double([1.0, 1.0, 0.4, 0.0, 0.7, 0.2, 1.0]).requires_grad_()
    ids, owner = torch.tensor([0, 1, 2, 3, 4, 0, 1]), torch.tensor([0, 0, 0, 0, 0, 1, 1])
    values = double([3.0, 2.0, 2.0, 5.0, 1.0, 1.0, 2.0])
    rank = double([[0.5, 0.2, 0.3], [0.0, 1.0, 0.0]]).requires_grad_()

    def kth(w, p):
        return ranks.extreme(Frontiers(ids, w, owner, 2), values, p)

    assert torch.autograd.gradcheck(kth, (weights, rank))
    assert torch.autograd.gradgradcheck(kth, (weights, rank))


@given(ranked(weight=st.sampled_from([0.0, 1.0])), st.integers(1, 5))
def test_on_crisp_sets_it_is_what_sorting_gives(problem, k):
    parts, values, _ = problem
    rank = torch.eye(5, dtype=torch.float64)[k - 1].expand(3, 5)
    got = ranks.extreme(join(parts), double(sum(values, [])), rank).tolist()
    expected = []
    for x, own in zip(parts, values, strict=True):
        held = [v for v, w in zip(own, x.weights.tolist(), strict=True) if w and v == v]
        ordered = sorted(held, reverse=True)
        for v, w in zip(own, x.weights.tolist(), strict=True):
            expected.append(float(bool(w) and v in ordered and ordered.index(v) == k - 1))
    assert got == expected


def test_after_a_tie_of_two_for_first_there_is_no_second_but_a_third():
    x = join([Frontier(torch.arange(4), torch.ones(4))])
    values = torch.tensor([8.0, 8.0, 5.0, 1.0])
    kept = [ranks.extreme(x, values, row.unsqueeze(0)).tolist() for row in torch.eye(3)]
    assert kept == [[1, 1, 0, 0], [0, 0, 0, 0], [0, 0, 1, 0]]


def large(count: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Memberships and values with many ties, float64 [count]."""
    random = np.random.default_rng(seed)
    values = random.integers(0, count // 2, count).astype(float)
    values[random.random(count) < 0.1] = np.nan
    return torch.from_numpy(random.random(count) * random.choice([0.2, 1.0])), double(values)


@pytest.mark.parametrize("seed", range(6))
def test_cutting_what_cannot_matter_changes_no_value_and_no_gradient(seed, monkeypatch):
    (a, b), (small, few) = (large(n, seed + i) for i, n in enumerate((5_000, 40)))
    values, rank = torch.cat([b, few]), torch.full((2, 3), 1 / 3, dtype=torch.float64)
    x = join([Frontier(torch.arange(len(w)), w) for w in (a, small)])
    found, considered = [], []
    for limit in (1024, 10**9):
        monkeypatch.setattr(ranks, "SMALL", limit)
        w, p = x.weights.clone().requires_grad_(), rank.clone().requires_grad_()
        out = ranks.extreme(x.with_weights(w), values, p)
        cost = torch.arange(len(out)).double()
        found.append((out, *torch.autograd.grad((out * cost).sum(), (w, p))))
        considered.append(len(ranks.order_of(x, values, 3).index))
    assert considered[0] < considered[1]
    for mine, theirs in zip(*found, strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-12, atol=1e-50)


def test_nothing_is_cut_by_better_ones_that_are_hardly_in_the_set():
    """The mass that decides is that of the better ones, not of all."""
    values = torch.arange(4_000).double()
    weights = torch.where(values < 2_000, 1.0, 1e-4).double()
    x = join([Frontier(torch.arange(4_000), weights)])
    kept = ranks.extreme(x, values, torch.ones(1, 1))
    none_better = (1 - 1e-4) ** 2_000
    assert kept[1_999].item() == pytest.approx(none_better) and kept[1_998] == 0
    assert kept.sum().item() == pytest.approx(1)


def test_a_large_crisp_set_is_not_sorted():
    x = join([Frontier(torch.arange(100_000), torch.ones(100_000))])
    values = torch.arange(100_000).double()
    assert len(ranks.order_of(x, values, 1).index) < 1_000
    kept = ranks.extreme(x, values, torch.tensor([[0.0, 1.0]]))
    assert kept.nonzero().tolist() == [[99_998]] and kept.dtype == torch.float32


def test_most_often_counts_the_ways_before_they_are_clamped():
    sums = join([Frontier(torch.tensor([3, 5, 9]), torch.tensor([2.0, 3.0, 3.0]))])
    assert ranks.most_often(sums).weights.tolist() == [0, 1, 1]
    soft = join([Frontier(torch.tensor([3, 5]), torch.tensor([0.5, 0.75]))])
    assert ranks.most_often(soft).weights.tolist() == [0.5 * 0.25, 0.75]


def test_no_entries_and_no_questions():
    none = Frontier(torch.zeros(0, dtype=torch.long), torch.zeros(0))
    for parts in ([none, none], []):
        x = join(parts)
        assert ranks.extreme(x, torch.zeros(0), torch.ones(len(parts), 2)).shape == (0,)


def test_bfloat16_is_computed_in_more():
    x = join([Frontier(torch.arange(3), torch.tensor([0.5, 1.0, 0.25], dtype=torch.bfloat16))])
    kept = ranks.extreme(x, torch.tensor([3.0, 2.0, 1.0]), torch.ones(1, 1))
    assert kept.dtype == torch.float32 and kept.tolist() == [0.5, 0.5, 0.0]


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU")
@given(ranked())
def test_on_a_gpu_it_is_the_same(problem):
    parts, values, rank = problem
    x, value = join(parts), double(sum(values, []))
    there = Frontiers(x.ids.cuda(), x.weights.cuda(), x.owner.cuda(), x.count)
    got = ranks.extreme(there, value.cuda(), rank.cuda()).cpu()
    torch.testing.assert_close(got, ranks.extreme(x, value, rank))
