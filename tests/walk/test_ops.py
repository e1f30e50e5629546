"""Follow, exclude, mix and intersect against their dense formulas, on random graphs, gradients included."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from kgqa.walk import ops
from kgqa.walk.ops import Adjacency, Frontier
from kgqa.walk.predict import adjacency

# -- random graphs and vectors ---------------------------------------------------------------------


def compress(entities: int, triples: set[tuple[int, int, int]]) -> Adjacency:
    """The CSR arrays of a set of triples, by the plainest loop."""
    entity_group, group_relation, group_edge, tail = [0], [], [0], []
    for e in range(entities):
        for r in sorted({r for h, r, _ in triples if h == e}):
            tail += sorted(t for h, p, t in triples if (h, p) == (e, r))
            group_relation.append(r)
            group_edge.append(len(tail))
        entity_group.append(len(group_relation))
    arrays = (
        np.array(a, dtype=d)
        for a, d in (
            (entity_group, np.int32),
            (group_relation, np.int16),
            (group_edge, np.int32),
            (tail, np.int32),
        )
    )
    return Adjacency(*arrays)


@st.composite
def problems(draw, positive: bool = False):
    """(entities, triples, x as a frontier, r): float64, at most ten entities and four relations."""
    entities, relations = draw(st.integers(1, 10)), draw(st.integers(1, 4))
    node, number = st.integers(0, entities - 1), st.floats(0.05 if positive else 0.0, 1.0)
    triples = draw(st.sets(st.tuples(node, st.integers(0, relations - 1), node), max_size=40))
    ids = sorted(draw(st.sets(node, min_size=1)))
    x = Frontier(
        torch.tensor(ids),
        torch.tensor(
            draw(st.lists(number, min_size=len(ids), max_size=len(ids))), dtype=torch.float64
        ),
    )
    r = torch.tensor(
        draw(st.lists(number, min_size=relations, max_size=relations)), dtype=torch.float64
    )
    return entities, triples, x, r


@st.composite
def frontiers(draw, count: int, size: int = 8):
    """``count`` frontiers over ``size`` entities."""
    found = []
    for _ in range(count):
        ids = sorted(draw(st.sets(st.integers(0, size - 1))))
        weights = draw(st.lists(st.floats(0.0, 1.0), min_size=len(ids), max_size=len(ids)))
        found.append(
            Frontier(
                torch.tensor(ids, dtype=torch.long), torch.tensor(weights, dtype=torch.float64)
            )
        )
    return found


def dense(x: Frontier, entities: int) -> torch.Tensor:
    return torch.zeros(entities, dtype=x.weights.dtype).index_add(0, x.ids, x.weights)


def dense_follow(entities: int, triples, x: torch.Tensor, r: torch.Tensor) -> torch.Tensor:
    """follow(x, r)[o] = sum over triples (s, p, o) of x[s] * r[p], ReifKB eq. 2."""
    if not triples:
        return torch.zeros(entities, dtype=x.dtype) * x.sum() * r.sum()
    s, p, o = torch.tensor(sorted(triples)).T
    return torch.zeros(entities, dtype=x.dtype).index_add(0, o, x[s] * r[p])


def well_formed(x: Frontier) -> bool:
    return (
        bool((x.ids[1:] > x.ids[:-1]).all())
        and x.ids.dtype == torch.int64
        and x.ids.shape == x.weights.shape
    )


# -- follow ----------------------------------------------------------------------------------------


@given(problems())
def test_follow_is_the_dense_formula(problem):
    entities, triples, x, r = problem
    found, dropped = ops.follow(compress(entities, triples), x, r)
    assert well_formed(found) and dropped == 0.0
    torch.testing.assert_close(
        dense(found, entities), dense_follow(entities, triples, dense(x, entities), r)
    )


@given(problems(positive=True), st.integers(0, 2**31))
def test_the_gradient_of_follow_is_that_of_dense_autograd(problem, seed):
    entities, triples, x, r = problem
    weight = torch.randn(
        entities, dtype=torch.float64, generator=torch.Generator().manual_seed(seed)
    )
    gradients = []
    for sparse in (True, False):
        w, q = x.weights.clone().requires_grad_(), r.clone().requires_grad_()
        here = Frontier(x.ids, w)
        out = (
            dense(ops.follow(compress(entities, triples), here, q)[0], entities)
            if sparse
            else dense_follow(entities, triples, dense(here, entities), q)
        )
        gradients.append(torch.autograd.grad((out * weight).sum(), (w, q)))
    for mine, theirs in zip(*gradients, strict=True):
        torch.testing.assert_close(mine, theirs)


def test_the_gradient_of_follow_is_the_finite_difference():
    triples = {(0, 0, 1), (0, 0, 2), (0, 1, 3), (1, 0, 3), (1, 1, 3), (2, 1, 0), (3, 0, 3)}
    graph, ids = compress(4, triples), torch.tensor([0, 1, 3])

    def two_hops(w, r1, r2):
        middle = ops.follow(graph, Frontier(ids, w), r1)[0]
        return dense(ops.follow(graph, middle, r2)[0], 4)

    leaves = [
        torch.tensor(v, dtype=torch.float64, requires_grad=True)
        for v in ([0.5, 0.2, 0.9], [0.3, 0.6], [0.7, 0.1])
    ]
    assert torch.autograd.gradcheck(two_hops, leaves)


@given(problems(), st.floats(0.0, 0.9))
def test_pruning_is_the_dense_formula_without_the_light_relations(problem, floor):
    entities, triples, x, r = problem
    found, dropped = ops.follow(compress(entities, triples), x, r, min_relation=floor)
    kept = torch.where(r.float() > floor, r, 0.0)
    torch.testing.assert_close(
        dense(found, entities), dense_follow(entities, triples, dense(x, entities), kept)
    )
    assert (
        dropped == 0.0
    )  # what the budget left out; pruning is counted by the relations that the trace lists


@given(problems(), st.integers(0, 30), st.floats(0.0, 0.5))
def test_the_dropped_mass_is_the_difference_from_the_dense_result(problem, budget, floor):
    entities, triples, x, r = problem
    found, dropped = ops.follow(
        compress(entities, triples), x, r, min_relation=floor, budget=budget
    )
    whole = dense_follow(
        entities, triples, dense(x, entities), torch.where(r.float() > floor, r, 0.0)
    )
    assert dropped == pytest.approx(float(whole.sum() - found.weights.sum()), abs=1e-9)
    assert (dense(found, entities) <= whole + 1e-12).all()


@given(problems(positive=True), st.integers(0, 30))
def test_the_budget_bounds_the_edges_that_are_read(problem, budget):
    entities, triples, x, r = problem
    w = x.weights.clone().requires_grad_()
    found, _ = ops.follow(
        compress(entities, triples), Frontier(x.ids, w), torch.ones_like(r), budget=budget
    )
    # With r = 1 every edge that is read adds 1 to the sum of d(found)/dw.
    (gradient,) = torch.autograd.grad(found.weights.sum(), w, allow_unused=True)
    assert (0 if gradient is None else float(gradient.sum())) <= budget + 1e-9


def test_the_budget_goes_to_the_heaviest_groups_first():
    triples = {(0, 0, 1), (0, 0, 2), (0, 1, 3), (0, 1, 4), (0, 2, 5)}
    x, r = Frontier(torch.tensor([0]), torch.tensor([1.0])), torch.tensor([0.2, 0.7, 0.1])
    found, dropped = ops.follow(compress(6, triples), x, r, budget=3)
    # 0.7 to two edges first; the group of 0.2 gets the one read that is left of three; one of its edges and 0.1 stay unread.
    assert dict(found.top(9)) == {
        3: pytest.approx(0.7),
        4: pytest.approx(0.7),
        1: pytest.approx(0.2),
    }
    assert dropped == pytest.approx(0.2 + 0.1)


def test_a_group_larger_than_the_budget_is_read_in_part():
    """A hub of more edges than the budget is not given up: as many of its edges are read as the budget allows."""
    triples = {(0, 0, t) for t in range(1, 9)} | {(0, 1, 9)}
    x, r = Frontier(torch.tensor([0]), torch.tensor([1.0])), torch.tensor([0.8, 0.2])
    found, dropped = ops.follow(compress(10, triples), x, r, budget=4)
    assert dict(found.top(9)) == {t: pytest.approx(0.8) for t in (1, 2, 3, 4)}
    assert dropped == pytest.approx(4 * 0.8 + 0.2)


def test_follow_from_nowhere_is_nowhere():
    empty = Frontier(torch.zeros(0, dtype=torch.long), torch.zeros(0))
    found, dropped = ops.follow(compress(3, {(0, 0, 1)}), empty, torch.tensor([1.0]))
    assert len(found) == 0 and dropped == 0.0


def test_follow_where_no_relation_leaves_is_nowhere():
    found, _ = ops.follow(
        compress(3, {(0, 0, 1)}),
        Frontier(torch.tensor([2]), torch.tensor([1.0])),
        torch.tensor([1.0]),
    )
    assert len(found) == 0


def test_paris_is_reached_from_the_mona_lisa_by_two_hops(toy):
    graph = adjacency(toy)
    here = Frontier(torch.tensor([toy.index_of["artwork:Mona Lisa"]]), torch.tensor([1.0]))
    for name in ("exhibited at", "located in"):
        here, _ = ops.follow(
            graph,
            here,
            torch.nn.functional.one_hot(
                torch.tensor(toy.relation_index[name]), toy.num_relations
            ).float(),
        )
    assert here.top(5) == [(toy.index_of["city:Paris"], 1.0)]


def test_following_back_and_forth_returns_to_the_start(toy):
    """director and then its inverse reach the film again, among the director's other films."""
    graph, film = adjacency(toy), toy.index_of["film:Sully"]
    here = Frontier(torch.tensor([film]), torch.tensor([1.0]))
    for name in ("director", "-director"):
        here, _ = ops.follow(
            graph,
            here,
            torch.nn.functional.one_hot(
                torch.tensor(toy.relation_index[name]), toy.num_relations
            ).float(),
        )
    assert {toy.label(e) for e, _ in here.top(9)} == {"Sully", "J. Edgar"}  # both by Clint Eastwood


# -- the other operations --------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(0, 5), st.floats(0, 1))))
def test_collect_sums_equal_ids(pairs):
    found = ops.collect(
        torch.tensor([i for i, _ in pairs], dtype=torch.long),
        torch.tensor([w for _, w in pairs], dtype=torch.float64),
    )
    assert well_formed(found)
    assert set(found.ids.tolist()) == {i for i, _ in pairs}
    for i, w in zip(found.ids.tolist(), found.weights.tolist(), strict=True):
        assert w == pytest.approx(sum(v for j, v in pairs if j == i))


def test_membership_clamps_at_one():
    found = ops.membership(Frontier(torch.tensor([0, 1, 2]), torch.tensor([0.3, 1.0, 2.5])))
    assert found.weights.tolist() == pytest.approx([0.3, 1.0, 1.0])


@given(frontiers(2), st.floats(0.0, 1.0))
def test_exclude_is_the_dense_formula(pair, probability):
    x, seeds = pair
    p = torch.tensor(probability, dtype=torch.float64)
    found = ops.exclude(x, seeds, p)
    assert torch.equal(found.ids, x.ids)
    torch.testing.assert_close(
        dense(found, 8), dense(x, 8) * (1 - p * dense(seeds, 8).clamp(max=1))
    )


@given(frontiers(3), st.lists(st.floats(0.0, 1.0), min_size=3, max_size=3))
def test_mix_is_the_dense_formula(parts, weights):
    w = torch.tensor(weights, dtype=torch.float64)
    found = ops.mix(parts, w)
    assert well_formed(found)
    torch.testing.assert_close(
        dense(found, 8), sum(v * dense(p, 8) for v, p in zip(w, parts, strict=True))
    )


@given(frontiers(3))
def test_intersect_is_the_element_wise_minimum(parts):
    found = ops.intersect(parts)
    assert well_formed(found)
    torch.testing.assert_close(dense(found, 8), torch.stack([dense(p, 8) for p in parts]).amin(0))


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
def test_value_at_is_the_dense_value(parts, ids):
    assert (
        ops.value_at(parts[0], torch.tensor(ids, dtype=torch.long)).tolist()
        == dense(parts[0], 8)[ids].tolist()
    )


@given(frontiers(3), st.floats(0.1, 0.9), st.integers(0, 2**31))
def test_gradients_of_exclude_mix_and_intersect_are_those_of_dense_autograd(
    parts, probability, seed
):
    source = torch.Generator().manual_seed(seed)
    # Distinct weights inside (0, 1): where two tie, a minimum has no single gradient, and 1 is a corner of the clamp.
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
