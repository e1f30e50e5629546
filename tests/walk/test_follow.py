"""Follow against its dense formula, on random graphs, gradients included."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from kgqa.walk import ops
from kgqa.walk.ops import Frontier
from tests.walk.frontiers import compress, dense, dense_follow, problems, well_formed


@given(problems())
def test_follow_is_the_dense_formula(problem):
    entities, triples, x, r = problem
    result, dropped = ops.follow(compress(entities, triples), x, r)
    assert well_formed(result) and dropped == 0.0
    torch.testing.assert_close(
        dense(result, entities), dense_follow(entities, triples, dense(x, entities), r)
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
    result, dropped = ops.follow(compress(entities, triples), x, r, min_relation=floor)
    kept = torch.where(r.float() > floor, r, 0.0)
    torch.testing.assert_close(
        dense(result, entities), dense_follow(entities, triples, dense(x, entities), kept)
    )
    assert dropped == 0.0  # it counts what the budget left out; the trace lists pruned relations


@given(problems(), st.integers(0, 30), st.floats(0.0, 0.5))
def test_the_dropped_mass_is_the_difference_from_the_dense_result(problem, budget, floor):
    entities, triples, x, r = problem
    result, dropped = ops.follow(
        compress(entities, triples), x, r, min_relation=floor, budget=budget
    )
    whole = dense_follow(
        entities, triples, dense(x, entities), torch.where(r.float() > floor, r, 0.0)
    )
    assert dropped == pytest.approx(float(whole.sum() - result.weights.sum()), abs=1e-9)
    assert (dense(result, entities) <= whole + 1e-12).all()


@given(problems(positive=True), st.integers(0, 30))
def test_the_budget_bounds_the_edges_that_are_read(problem, budget):
    entities, triples, x, r = problem
    w = x.weights.clone().requires_grad_()
    result, _ = ops.follow(
        compress(entities, triples), Frontier(x.ids, w), torch.ones_like(r), budget=budget
    )
    # With r = 1 every edge that is read adds 1 to the sum of d(result)/dw.
    (gradient,) = torch.autograd.grad(result.weights.sum(), w, allow_unused=True)
    assert (0 if gradient is None else float(gradient.sum())) <= budget + 1e-9


def test_the_budget_goes_to_the_heaviest_groups_first():
    triples = {(0, 0, 1), (0, 0, 2), (0, 1, 3), (0, 1, 4), (0, 2, 5)}
    x, r = Frontier(torch.tensor([0]), torch.tensor([1.0])), torch.tensor([0.2, 0.7, 0.1])
    result, dropped = ops.follow(compress(6, triples), x, r, budget=3)
    # The group of 0.7 takes two reads, that of 0.2 the third. Its other edge and 0.1 stay unread.
    assert dict(result.top(9)) == {
        3: pytest.approx(0.7),
        4: pytest.approx(0.7),
        1: pytest.approx(0.2),
    }
    assert dropped == pytest.approx(0.2 + 0.1)


def test_a_group_larger_than_the_budget_is_read_in_part():
    """A hub with more edges than the budget is not given up; the budget bounds what is read."""
    triples = {(0, 0, t) for t in range(1, 9)} | {(0, 1, 9)}
    x, r = Frontier(torch.tensor([0]), torch.tensor([1.0])), torch.tensor([0.8, 0.2])
    result, dropped = ops.follow(compress(10, triples), x, r, budget=4)
    assert dict(result.top(9)) == {t: pytest.approx(0.8) for t in (1, 2, 3, 4)}
    assert dropped == pytest.approx(4 * 0.8 + 0.2)


def test_follow_from_nowhere_is_nowhere():
    empty = Frontier(torch.zeros(0, dtype=torch.long), torch.zeros(0))
    result, dropped = ops.follow(compress(3, {(0, 0, 1)}), empty, torch.tensor([1.0]))
    assert len(result) == 0 and dropped == 0.0


def test_follow_where_no_relation_leaves_is_nowhere():
    result, _ = ops.follow(
        compress(3, {(0, 0, 1)}),
        Frontier(torch.tensor([2]), torch.tensor([1.0])),
        torch.tensor([1.0]),
    )
    assert len(result) == 0


def one_hot(toy, relation: str) -> torch.Tensor:
    index = torch.tensor(toy.relation_index[relation])
    return torch.nn.functional.one_hot(index, toy.num_relations).float()


def test_paris_is_reached_from_the_mona_lisa_by_two_hops(toy):
    graph = toy
    x = Frontier(torch.tensor([toy.find("artwork:Mona Lisa")]), torch.tensor([1.0]))
    for name in ("exhibited at", "located in"):
        x, _ = ops.follow(graph, x, one_hot(toy, name))
    assert x.top(5) == [(toy.find("city:Paris"), 1.0)]


def test_following_back_and_forth_returns_to_the_start(toy):
    """director and then its inverse reach the film again, among the director's other films."""
    graph, film = toy, toy.find("film:Sully")
    x = Frontier(torch.tensor([film]), torch.tensor([1.0]))
    for name in ("director", "-director"):
        x, _ = ops.follow(graph, x, one_hot(toy, name))
    assert {toy.label(e) for e, _ in x.top(9)} == {"Sully", "J. Edgar"}  # both by Clint Eastwood
