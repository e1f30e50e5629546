"""Exclude, mix, intersect and their kin against their dense formulas, gradients included."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from kgqa.walk import ops
from kgqa.walk.ops import Frontier
from tests.walk.frontiers import dense, frontiers, well_formed


@given(st.lists(st.tuples(st.integers(0, 5), st.floats(0, 1))))
def test_collect_sums_equal_ids(pairs):
    result = ops.collect(
        torch.tensor([i for i, _ in pairs], dtype=torch.long),
        torch.tensor([w for _, w in pairs], dtype=torch.float64),
    )
    assert well_formed(result)
    assert set(result.ids.tolist()) == {i for i, _ in pairs}
    for i, w in zip(result.ids.tolist(), result.weights.tolist(), strict=True):
        assert w == pytest.approx(sum(v for j, v in pairs if j == i))


def test_membership_clamps_at_one():
    result = ops.membership(Frontier(torch.tensor([0, 1, 2]), torch.tensor([0.3, 1.0, 2.5])))
    assert result.weights.tolist() == pytest.approx([0.3, 1.0, 1.0])


@given(frontiers(2), st.floats(0.0, 1.0))
def test_exclude_is_the_dense_formula(pair, probability):
    x, seeds = pair
    p = torch.tensor(probability, dtype=torch.float64)
    result = ops.exclude(x, seeds, p)
    assert torch.equal(result.ids, x.ids)
    torch.testing.assert_close(
        dense(result, 8), dense(x, 8) * (1 - p * dense(seeds, 8).clamp(max=1))
    )


@given(frontiers(3), st.lists(st.floats(0.0, 1.0), min_size=3, max_size=3))
def test_mix_is_the_dense_formula(parts, weights):
    w = torch.tensor(weights, dtype=torch.float64)
    result = ops.mix(parts, w)
    assert well_formed(result)
    torch.testing.assert_close(
        dense(result, 8), sum(v * dense(p, 8) for v, p in zip(w, parts, strict=True))
    )


@given(frontiers(3))
def test_intersect_is_the_element_wise_minimum(parts):
    result = ops.intersect(parts)
    assert well_formed(result)
    torch.testing.assert_close(dense(result, 8), torch.stack([dense(p, 8) for p in parts]).amin(0))


@given(frontiers(3))
def test_intersect_is_commutative_associative_and_bounded_by_each_part(parts):
    a, b, c = parts
    whole = dense(ops.intersect([a, b, c]), 8)
    for order in ([c, b, a], [b, a, c], [ops.intersect([a, b]), c], [a, ops.intersect([b, c])]):
        torch.testing.assert_close(dense(ops.intersect(order), 8), whole)
    assert all((whole <= dense(p, 8)).all() for p in parts)
    torch.testing.assert_close(dense(ops.intersect([a, a]), 8), dense(a, 8))  # idempotent


def test_an_entity_missing_from_a_part_is_out():
    a = Frontier(torch.tensor([1, 2]), torch.tensor([0.9, 0.4]))
    b = Frontier(torch.tensor([2, 3]), torch.tensor([0.7, 1.0]))
    assert ops.intersect([a, b]).top(9) == [(2, pytest.approx(0.4))]
    assert len(ops.intersect([a, Frontier(a.ids[:0], a.weights[:0])])) == 0


@given(frontiers(1), st.lists(st.integers(0, 7), max_size=6))
def test_values_are_the_dense_values(parts, ids):
    assert (
        parts[0].values(torch.tensor(ids, dtype=torch.long)).tolist()
        == dense(parts[0], 8)[ids].tolist()
    )


@given(frontiers(3), st.floats(0.1, 0.9), st.integers(0, 2**31))
def test_gradients_of_exclude_mix_and_intersect_are_those_of_dense_autograd(
    parts, probability, seed
):
    source = torch.Generator().manual_seed(seed)
    # Distinct weights inside (0, 1): a minimum of equals has no single gradient, 1 is a corner.
    values = (torch.randperm(24, generator=source).double() + 1) / 25.37
    parts = [Frontier(p.ids, values[8 * i : 8 * i + len(p)]) for i, p in enumerate(parts)]
    weight = torch.randn(8, dtype=torch.float64, generator=source)
    gradients = []
    for sparse in (True, False):
        leaves = [p.weights.clone().requires_grad_() for p in parts]
        share = torch.tensor([0.25, 0.75], dtype=torch.float64, requires_grad=True)
        p = torch.tensor(probability, dtype=torch.float64, requires_grad=True)
        a, b, c = (Frontier(part.ids, w) for part, w in zip(parts, leaves, strict=True))
        if sparse:
            out = dense(ops.intersect([ops.exclude(ops.mix([a, b], share), c, p), b]), 8)
        else:
            x, y, z = dense(a, 8), dense(b, 8), dense(c, 8)
            out = torch.minimum((share[0] * x + share[1] * y) * (1 - p * z), y)
        gradients.append(
            torch.autograd.grad((out * weight).sum(), (*leaves, share, p), allow_unused=True)
        )
    for mine, theirs in zip(*gradients, strict=True):
        zero = torch.zeros_like(theirs)
        torch.testing.assert_close(zero if mine is None else mine, theirs)


def test_intersect_and_mix_by_finite_differences():
    ids = torch.tensor([0, 1, 2])

    def joint(u, v, share):
        a, b = Frontier(ids, u), Frontier(ids + 1, v)
        return dense(ops.mix([ops.intersect([a, b]), ops.exclude(a, b, share[0])], share), 5)

    leaves = [
        torch.tensor(v, dtype=torch.float64, requires_grad=True)
        for v in ([0.5, 0.2, 0.9], [0.3, 0.6, 0.8], [0.4, 0.6])
    ]
    assert torch.autograd.gradcheck(joint, leaves)


def test_top_gives_the_heaviest_and_breaks_ties_by_id():
    x = Frontier(torch.tensor([3, 5, 8, 9]), torch.tensor([0.5, 0.9, 0.5, 0.1]))
    assert [e for e, _ in x.top(3)] == [5, 3, 8]
    assert x.top(0) == []
    assert len(x) == 4
