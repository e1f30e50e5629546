"""Operators as hops: what they compare, the soft hop against its dense formula, the read-outs."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from kgqa.graph.numbers import Numbers
from kgqa.walk import operators, ops
from kgqa.walk.frontier import Frontiers, join
from tests.walk.frontiers import Arrays, batches, compress, dense, dense_follow, double
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
    """(graph, triples, frontiers, weights [3, 4 * 2R], rank [3, 2]); relation 0 is an attribute."""
    entities, triples, parts, r = draw(batches())
    value = st.integers(1, 4).map(float)
    held = draw(st.dictionaries(st.integers(0, entities - 1), value))
    graph = graph_of(entities, triples, r.shape[1], [(e, 0, v) for e, v in held.items()])
    share = st.sampled_from([0.0, 0.0, 0.0, 0.3, 1.0])
    width = 4 * r.shape[1]
    rows = draw(st.lists(st.lists(share, min_size=width, max_size=width), min_size=3, max_size=3))
    ranks = draw(st.lists(st.sampled_from([0.0, 0.25, 1.0]), min_size=3, max_size=3))
    rank = double([[p, 1 - p] for p in ranks])
    return graph, triples, parts, double(rows), rank


def dense_values(graph: Graph, triples, relation: int) -> list[float]:
    if graph.numbers.has(relation):
        return graph.numbers.of(relation, np.arange(graph.num_entities)).tolist()
    return [float(sum((h, r) == (e, relation) for h, r, _ in triples)) for e in range(len_(graph))]


def len_(graph: Graph) -> int:
    return graph.num_entities


def dense_hop(graph: Graph, triples, x, weights, rank) -> torch.Tensor:
    """clamp1(follow + sum of w_v * op_v(x)), entity by entity: x [E], weights [V], rank [K]."""
    width, first = graph.num_relations, x.new_ones(1)
    result = dense_follow(len_(graph), triples, x, weights[:width])
    for r in range(width):
        values = dense_values(graph, triples, r)
        held = graph.numbers.has(r)
        most = [v if held or v > 0 else np.nan for v in values]
        least = [-v for v in values]
        only = torch.eye(width, dtype=x.dtype)[r]
        ways = dense_follow(len_(graph), triples, x, only)
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
        expected = dense_hop(graph, triples, dense(x, len_(graph)), w, p)
        torch.testing.assert_close(dense(one, len_(graph)), expected)
        assert (one.ids[1:] > one.ids[:-1]).all()


@given(hops(), st.integers(0, 2**31))
def test_gradients_of_a_hop_are_those_of_dense_autograd(hop, seed):
    """Every entry is followed, those of weight 0 included, for they have a gradient."""
    graph, triples, parts, weights, rank = hop
    x, random = join(parts), torch.Generator().manual_seed(seed)
    cost = torch.randn(3, len_(graph), dtype=torch.float64, generator=random)
    found = []
    for sparse in (True, False):
        w, v = x.weights.clone().requires_grad_(), (0.2 * weights).requires_grad_()
        p = rank.clone().requires_grad_()
        if sparse:
            out = operators.apply(graph, x.with_weights(w), v, p, min_weight=-1.0).reached
            total = (out.weights * cost[out.owner, out.ids]).sum()
        else:
            rows = torch.zeros(3, len_(graph), dtype=torch.float64)
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
