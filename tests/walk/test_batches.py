"""Each question of a batch of frontiers gets what it gets alone: the dense formula."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from kgqa.walk import cuda as device
from kgqa.walk import ops
from kgqa.walk import select as edges
from kgqa.walk.frontier import join
from kgqa.walk.ops import Frontier, Frontiers
from tests.walk.frontiers import batches, compress, dense, dense_follow, frontiers, well_formed


def same(one: Frontier, other: Frontier) -> None:
    assert torch.equal(one.ids, other.ids)
    torch.testing.assert_close(one.weights, other.weights)


@given(batches())
def test_follow_many_is_the_dense_formula_for_each_question(batch):
    entities, triples, parts, r = batch
    result, dropped = ops.follow_many(compress(entities, triples), join(parts), r)
    assert dropped.tolist() == [0.0] * len(parts)
    for x, one, row in zip(parts, result.split(), r, strict=True):
        assert well_formed(one)
        torch.testing.assert_close(
            dense(one, entities), dense_follow(entities, triples, dense(x, entities), row)
        )


@given(batches(), st.integers(0, 12), st.floats(0.0, 0.5))
def test_each_question_has_its_own_budget_and_its_own_dropped_mass(batch, budget, floor):
    entities, triples, parts, r = batch
    graph, limits = compress(entities, triples), {"budget": budget, "min_relation": floor}
    result, dropped = ops.follow_many(graph, join(parts), r, **limits)
    for x, one, row, lost in zip(parts, result.split(), r, dropped.tolist(), strict=True):
        alone, lost_alone = ops.follow(graph, x, row, **limits)
        same(one, alone)
        assert lost == pytest.approx(lost_alone, abs=1e-12)
        kept = torch.where(row.float() > floor, row, 0.0)
        whole = dense_follow(entities, triples, dense(x, entities), kept)
        assert lost == pytest.approx(float(whole.sum() - one.weights.sum()), abs=1e-9)


@given(batches(), st.integers(0, 2**31))
def test_gradients_of_a_batch_are_those_of_dense_autograd(batch, seed):
    entities, triples, parts, r = batch
    weight = torch.randn(
        len(parts), entities, dtype=torch.float64, generator=torch.Generator().manual_seed(seed)
    )
    x = join(parts)
    gradients = []
    for sparse in (True, False):
        w, q = x.weights.clone().requires_grad_(), r.clone().requires_grad_()
        if sparse:
            # Below zero: relations of probability zero are followed, too, for they have a gradient.
            out = ops.follow_many(
                compress(entities, triples), x.with_weights(w), q, min_relation=-1.0
            )[0]
            total = (out.weights * weight[out.owner, out.ids]).sum()
        else:
            rows = torch.zeros(len(parts), entities, dtype=torch.float64).index_put(
                (x.owner, x.ids), w
            )
            out = torch.stack(
                [dense_follow(entities, triples, a, b) for a, b in zip(rows, q, strict=True)]
            )
            total = (out * weight).sum()
        gradients.append(torch.autograd.grad(total, (w, q)))
    for mine, theirs in zip(*gradients, strict=True):
        torch.testing.assert_close(mine, theirs)


def test_two_hops_of_a_batch_by_finite_differences():
    triples = {(0, 0, 1), (0, 0, 2), (0, 1, 3), (1, 0, 3), (1, 1, 3), (2, 1, 0), (3, 0, 3)}
    graph, x = (
        compress(4, triples),
        join([Frontier(torch.tensor(ids), torch.ones(len(ids))) for ids in ([0, 3], [1])]),
    )

    def two_hops(w, first, second):
        middle, _ = ops.follow_many(graph, x.with_weights(w), first)
        out, _ = ops.follow_many(graph, middle, second)
        return torch.zeros(2, 4, dtype=w.dtype).index_put((out.owner, out.ids), out.weights)

    rows = [[[0.3, 0.6], [0.2, 0.8]], [[0.7, 0.1], [0.5, 0.4]]]
    leaves = [
        torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in ([0.5, 0.2, 0.9], *rows)
    ]
    assert torch.autograd.gradcheck(two_hops, leaves)


def test_with_a_budget_the_gradient_is_that_of_the_edges_that_are_read():
    triples = {(0, 0, 1), (0, 0, 2), (0, 1, 3), (0, 1, 4)}
    w, r = torch.tensor([1.0], requires_grad=True), torch.tensor([[0.2, 0.7]], requires_grad=True)
    result, _ = ops.follow_many(
        compress(5, triples), join([Frontier(torch.tensor([0]), w)]), r, budget=3
    )
    d_w, d_r = torch.autograd.grad(result.weights.sum(), (w, r))
    assert d_w.tolist() == pytest.approx([2 * 0.7 + 0.2]) and d_r.tolist() == [[1.0, 2.0]]


@given(batches(), st.integers(0, 12))
def test_many_groups_are_looked_at_in_pieces(batch, budget):
    entities, triples, parts, r = batch
    graph, kept = compress(entities, triples), edges.GROUPS_AT_ONCE
    whole, lost = ops.follow_many(graph, join(parts), r, budget=budget)
    try:
        edges.GROUPS_AT_ONCE = 2
        pieces, lost_in_pieces = ops.follow_many(graph, join(parts), r, budget=budget)
    finally:
        edges.GROUPS_AT_ONCE = kept
    same(pieces, whole)
    assert torch.equal(pieces.owner, whole.owner) and torch.equal(lost, lost_in_pieces)


@given(batches(), st.integers(0, 12), st.floats(0.0, 0.5))
def test_the_path_for_gpus_gives_the_same_on_a_cpu(batch, budget, floor):
    entities, triples, parts, r = batch
    graph = compress(entities, triples)
    r = (
        r + torch.rand(r.shape, dtype=r.dtype, generator=torch.Generator().manual_seed(0)) * 1e-3
    )  # no two groups tie
    result, dropped = device.follow_many(graph, join(parts), r, min_relation=floor, budget=budget)
    expected, lost = ops.follow_many(graph, join(parts), r, min_relation=floor, budget=budget)
    torch.testing.assert_close(dropped, lost)
    for mine, theirs in zip(result.split(), expected.split(), strict=True):
        # The order of groups of weight zero may differ, and what they reach carries nothing.
        torch.testing.assert_close(dense(mine, entities), dense(theirs, entities))


@given(st.lists(st.integers(0, 30), max_size=40), st.sampled_from([31, 10**6, 2**62]))
def test_merge_gives_each_key_its_place(keys, space):
    """Whether by a table, by sorting with the place in the low bits, or by argsort."""
    keys = np.array(keys, dtype=np.int64)
    unique, position = edges.merge(keys, space)
    assert unique.tolist() == sorted(set(keys.tolist()))
    assert (unique if position is None else unique[position]).tolist() == keys.tolist()


@given(frontiers(4), frontiers(4), frontiers(4))
def test_intersect_many_is_intersect_of_each(a, b, c):
    result = ops.intersect_many([join(a), join(b), join(c)])
    for one, parts in zip(result.split(), zip(a, b, c, strict=True), strict=True):
        same(one, ops.intersect(list(parts)))


def test_intersect_many_refuses_batches_of_different_sizes():
    x = Frontier(torch.tensor([1]), torch.tensor([1.0]))
    with pytest.raises(ValueError, match=r"sizes \[1, 2\]"):
        ops.intersect_many([join([x]), join([x, x])])


@given(frontiers(3), frontiers(3), st.lists(st.floats(0.0, 1.0), min_size=3, max_size=3))
def test_exclude_and_mix_of_a_batch_are_those_of_each(xs, seeds, values):
    p = torch.tensor(values, dtype=torch.float64)
    shares = torch.stack([p, 1 - p], 1)
    excluded, mixed = (
        ops.exclude(join(xs), join(seeds), p),
        ops.mix_many([join(xs), join(seeds)], shares),
    )
    for i, (x, y) in enumerate(zip(xs, seeds, strict=True)):
        same(excluded.split()[i], ops.exclude(x, y, p[i]))
        same(mixed.split()[i], ops.mix([x, y], shares[i]))


@given(frontiers(3))
def test_joining_and_splitting_gives_the_same(parts):
    whole = join(parts)
    assert isinstance(whole, Frontiers) and whole.count == 3 and len(whole) == sum(map(len, parts))
    for mine, theirs in zip(whole.split(), parts, strict=True):
        same(mine, theirs)


def test_bfloat16_is_computed_in_float32():
    graph, x = (
        compress(3, {(0, 0, 1), (0, 0, 2)}),
        Frontier(torch.tensor([0]), torch.tensor([0.5], dtype=torch.bfloat16)),
    )
    result, _ = ops.follow(graph, x, torch.tensor([1.0], dtype=torch.bfloat16))
    assert result.weights.dtype == torch.float32 and result.weights.tolist() == [0.5, 0.5]
