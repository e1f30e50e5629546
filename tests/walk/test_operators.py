"""Operators as hops: what they compare, the soft hop against its dense formula, the read-outs."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from kgqa.graph.numbers import Numbers
from kgqa.walk import operators, ops
from kgqa.walk.frontier import Frontier, Frontiers, join
from tests.walk.frontiers import (
    Arrays,
    batches,
    compress,
    dense,
    dense_follow,
    double,
    frontier,
    frontiers,
)
from tests.walk.test_ranks import brute_force

NONE = Numbers(np.zeros(0, np.int32), np.zeros(0, np.int16), np.zeros(0))


@dataclass(frozen=True, eq=False)
class Graph(Arrays):
    """The arrays of a graph, with numbers."""

    num_relations: int = 0
    numbers: Numbers = field(default=NONE)


def graph_of(entities, triples, relations, numbers=()) -> Graph:
    """``numbers``: (entity, relation, value) of each."""
    columns = tuple(zip(*numbers, strict=True)) or ((), (), ())
    entity, relation, value = (
        np.array(c, t) for c, t in zip(columns, (np.int32, np.int16, float), strict=True)
    )
    held = Numbers(entity, relation, value)
    return Graph(**vars(compress(entities, triples)), num_relations=relations, numbers=held)


@st.composite
def hops(draw):
    """(graph, triples, frontiers, weights [3, 4 * 2R], rank [3, 2]); relation 0 is an attribute.

    Memberships and weights are eighths: sums are the same in any order, ties and clamps too.
    """
    entities, triples, parts, r = draw(batches())
    parts = [x.with_weights((8 * x.weights).round() / 8) for x in parts]
    value = st.integers(1, 4).map(float)
    held = draw(st.dictionaries(st.integers(0, entities - 1), value))
    graph = graph_of(entities, triples, r.shape[1], [(e, 0, v) for e, v in held.items()])
    share = st.sampled_from([0.0, 0.0, 0.0, 0.25, 1.0])
    width = 4 * r.shape[1]
    rows = draw(st.lists(st.lists(share, min_size=width, max_size=width), min_size=3, max_size=3))
    ranks = draw(st.lists(st.sampled_from([0.0, 0.25, 1.0]), min_size=3, max_size=3))
    rank = double([[p, 1 - p] for p in ranks])
    return graph, triples, parts, double(rows), rank


def dense_values(graph: Graph, triples, relation: int) -> list[float]:
    if graph.numbers.has(relation):
        return graph.numbers.of(relation, np.arange(graph.num_entities)).tolist()
    return [
        float(sum((h, r) == (e, relation) for h, r, _ in triples))
        for e in range(graph.num_entities)
    ]


def dense_hop(graph: Graph, triples, x, weights, rank) -> torch.Tensor:
    """clamp1(follow + sum of w_v * op_v(x)), entity by entity: x [E], weights [V], rank [K]."""
    width, first = graph.num_relations, x.new_ones(1)
    result = dense_follow(graph.num_entities, triples, x, weights[:width])
    for r in range(width):
        values = dense_values(graph, triples, r)
        held = graph.numbers.has(r)
        most = [v if held or v > 0 else np.nan for v in values]
        least = [-v for v in values]
        only = torch.eye(width, dtype=x.dtype)[r]
        ways = dense_follow(graph.num_entities, triples, x, only)
        often = brute_force(ways.clamp(max=1), ways.tolist(), first)
        parts = (brute_force(x, most, rank), brute_force(x, least, rank), often)
        for kind, part in enumerate(parts, start=1):
            result = result + weights[kind * width + r] * part
    return result.clamp(max=1)


@given(hops())
def test_a_hop_is_the_dense_formula_for_each_question(hop):
    graph, triples, parts, weights, rank = hop
    step = operators.apply(graph, join(parts), weights, rank)
    assert step.dropped.tolist() == [0.0] * 3
    for x, one, w, p in zip(parts, step.reached.split(), weights, rank, strict=True):
        expected = dense_hop(graph, triples, dense(x, graph.num_entities), w, p)
        torch.testing.assert_close(dense(one, graph.num_entities), expected)
        assert (one.ids[1:] > one.ids[:-1]).all()


@given(hops(), st.integers(0, 2**31))
def test_gradients_of_a_hop_are_those_of_dense_autograd(hop, seed):
    """Every entry is followed, those of weight 0 included, for they have a gradient."""
    graph, triples, parts, weights, rank = hop
    x, random = join(parts), torch.Generator().manual_seed(seed)
    cost = torch.randn(3, graph.num_entities, dtype=torch.float64, generator=random)
    found = []
    for sparse in (True, False):
        w, v = x.weights.clone().requires_grad_(), (weights / 8).requires_grad_()
        p = rank.clone().requires_grad_()
        if sparse:
            out = operators.apply(graph, x.with_weights(w), v, p, min_weight=-1.0).reached
            total = (out.weights * cost[out.owner, out.ids]).sum()
        else:
            rows = torch.zeros(3, graph.num_entities, dtype=torch.float64)
            rows = rows.index_put((x.owner, x.ids), w)
            each = zip(rows, v, p, strict=True)
            total = (torch.stack([dense_hop(graph, triples, *row) for row in each]) * cost).sum()
        leaves = torch.autograd.grad(total, (w, v, p), allow_unused=True, materialize_grads=True)
        found.append(leaves)
    for mine, theirs in zip(*found, strict=True):
        torch.testing.assert_close(mine, theirs)


def same(one: Frontiers, other: Frontiers) -> None:
    assert torch.equal(one.ids, other.ids) and torch.equal(one.owner, other.owner)
    assert torch.equal(one.weights, other.weights)  # bit for bit


@given(batches(), st.integers(0, 12), st.floats(0.0, 0.5), st.booleans())
def test_without_operators_a_hop_is_follow_to_the_bit(batch, budget, floor, vocabulary):
    entities, triples, parts, r = batch
    graph = graph_of(entities, triples, r.shape[1])
    weights = torch.cat([r, torch.full((3, 3 * r.shape[1]), floor).double()], 1)
    step = operators.apply(
        graph,
        join(parts),
        weights if vocabulary else r,
        double([[1.0]] * 3),
        min_weight=floor,
        budget=budget,
    )
    reached, lost = ops.follow_many(graph, join(parts), r, min_relation=floor, budget=budget)
    same(step.reached, ops.membership(reached))
    assert torch.equal(step.dropped, lost)


@given(hops())
def test_operators_of_another_question_change_no_bit(hop):
    graph, _, parts, weights, rank = hop
    weights[0, graph.num_relations :] = 0
    weights[1, -1] = 1
    whole = operators.apply(graph, join(parts), weights, rank).reached.split()[0]
    alone = operators.apply(graph, join(parts[:1]), weights[:1], rank[:1]).reached
    assert torch.equal(whole.ids, alone.ids) and torch.equal(whole.weights, alone.weights)


def test_weights_that_are_neither_relations_nor_the_vocabulary_are_refused():
    graph, x = graph_of(2, {(0, 0, 1)}, 2), join([frontier([0], [1.0])])
    with pytest.raises(ValueError, match="expected weights of 2 or 8 entries, found 4"):
        operators.apply(graph, x, torch.ones(1, 4), torch.ones(1, 1))


#: 0 and 1 and 2 have numbers of relation 0; relation 1 leads from 0 to three, from 3 to one.
SMALL = graph_of(
    5,
    {(0, 1, 1), (0, 1, 2), (0, 1, 4), (3, 1, 1), (3, 2, 0)},
    4,
    [(0, 0, 7.0), (1, 0, -2.0), (2, 0, 7.0)],
)


def only(entry: int) -> torch.Tensor:
    return torch.eye(16, dtype=torch.float64)[entry].unsqueeze(0)


@pytest.mark.parametrize(
    "entry, k, kept",
    [
        (4 + 0, 1, [0, 2]),  # most of the attribute: a tie, entities without a number are out
        (4 + 0, 3, [1]),
        (8 + 0, 1, [1]),  # least
        (4 + 1, 1, [0]),  # most edges
        (4 + 1, 2, [3]),
        (4 + 1, 3, []),  # no edge is no rank
        (8 + 1, 1, [1, 2, 4]),  # least edges: none is the fewest
        (8 + 3, 1, [0, 1, 2, 3, 4]),
        (4 + 3, 1, []),
        (12 + 1, 1, [1]),  # often: 1 is reached from 0 and from 3
    ],
)
@pytest.mark.parametrize("gradients", [False, True])
def test_what_an_operator_keeps_of_all_entities(entry, k, kept, gradients):
    weights = torch.ones(5, dtype=torch.float64, requires_grad=gradients)
    x = join([Frontier(torch.arange(5), weights)])
    rank = torch.eye(3, dtype=torch.float64)[k - 1].unsqueeze(0)
    reached, _ = operators.apply(SMALL, x, only(entry), rank, min_weight=0.02)
    assert reached.ids[reached.weights > 0].tolist() == kept
    assert gradients or len(reached) == len(kept)


def test_the_second_has_a_gradient_that_lowers_the_first():
    weights = double([1.0, 1.0]).requires_grad_()
    x = join([Frontier(torch.arange(2), weights)])
    reached, _ = operators.apply(SMALL, x, only(4), double([[1.0]]), min_weight=0.02)
    (gradient,) = torch.autograd.grad(reached.weights[reached.ids == 1].sum(), weights)
    assert gradient.tolist() == [-1.0, 0.0]


def test_often_has_a_budget_and_its_loss_counts_by_its_weight():
    x = join([frontier([0, 3], [1.0, 0.5])])
    step = operators.apply(SMALL, x, 0.5 * only(12 + 1), double([[1.0]]), budget=3)
    assert step.dropped.tolist() == [0.5 * 0.5]


@given(batches())
def test_values_are_edges_over_the_relation(batch):
    entities, triples, parts, r = batch
    graph = graph_of(entities, triples, r.shape[1])
    for relation in range(r.shape[1]):
        expected = dense_values(graph, triples, relation)
        for ids in (torch.arange(entities), join(parts).ids):
            got = operators.most_values(graph, relation, ids)
            assert got.tolist() == [expected[e] for e in ids.tolist()]
            assert got.dtype == torch.float64


def test_values_read_only_the_groups_of_these_entities():
    class Watched(np.ndarray):
        def __getitem__(self, index):
            assert np.size(index) <= 1, f"read {np.size(index)} places for one entity"
            return np.asarray(super().__getitem__(index))

    names = ("entity_group", "group_relation", "group_edge")
    watched = {name: getattr(SMALL, name).view(Watched) for name in names}
    graph = Graph(**{**vars(SMALL), **watched})
    assert operators.most_values(graph, 1, torch.tensor([3])).tolist() == [1.0]
    assert operators.most_values(graph, 0, torch.tensor([1, 3])).tolist()[:1] == [-2.0]


@given(frontiers(3))
def test_count_and_nonempty_are_their_formulas(parts):
    x = join(parts)
    sums = torch.stack([p.weights.sum() for p in parts])
    torch.testing.assert_close(operators.count(x), sums)
    some = torch.stack([1 - (1 - p.weights).prod() for p in parts])
    torch.testing.assert_close(operators.nonempty(x), some)


@given(frontiers(3))
def test_gradients_of_nonempty_are_right_at_1(parts):
    x = join(parts)
    found = []
    for ours in (True, False):
        w = x.weights.clone().requires_grad_()
        rows = w.split([len(p) for p in parts])
        dense_ones = torch.stack([1 - (1 - row).prod() for row in rows])
        some = operators.nonempty(x.with_weights(w)) if ours else dense_ones
        found.append(torch.autograd.grad((some * double([1, 2, 3])).sum(), w)[0])
    torch.testing.assert_close(*found)


def test_nonempty_of_tiny_memberships_is_their_sum():
    x = join([frontier([0, 1, 2], [1e-20] * 3), frontier([], []), frontier([1], [1.0])])
    assert operators.nonempty(x).tolist() == [pytest.approx(3e-20, rel=1e-9), 0.0, 1.0]


def test_total_adds_the_numbers_by_membership():
    weights = double([1.0, 0.5, 1.0, 0.25]).requires_grad_()
    ids, owner = torch.tensor([0, 1, 3, 2]), torch.tensor([0, 0, 0, 2])
    sums = operators.total(SMALL, Frontiers(ids, weights, owner, 3), 0)
    assert sums.tolist() == [7.0 - 1.0, 0.0, 0.25 * 7]  # 3 has no number
    assert torch.autograd.grad(sums.sum(), weights)[0].tolist() == [7.0, -2.0, 0.0, 7.0]
