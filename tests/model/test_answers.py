"""What kind of answer is asked for: scores by hand, the order of answers, and a gradient."""

from __future__ import annotations

import pytest
import torch

from kgqa.model.answers import kind_scores
from kgqa.walk import Frontier
from kgqa.walk.predict import by_kind
from tests.programs.graphs import states


@pytest.fixture(scope="module")
def graph():
    return states()


def speaking(graph, **weights: float) -> torch.Tensor:
    """float [R]: how much relations speak for what they leave."""
    speaks = torch.zeros(graph.num_relations)
    for id, weight in weights.items():
        speaks[graph.relation_index[id]] = weight
    return speaks.requires_grad_()


def test_a_score_is_the_product_with_a_profile_of_unit_length(graph):
    """The Snake is a river (1 fact) and runs (2): it weighs 1 and the root of 2."""
    (score,) = kind_scores(graph, speaking(graph, runs=1.0), [graph.find("river:Snake")])
    assert score.item() == pytest.approx((2**0.5 / (1 + 2**0.5)) ** 0.5)
    assert kind_scores(graph, speaking(graph), []).shape == (0,)


def test_gradients_reach_the_relations_that_leave(graph):
    speaks = speaking(graph)
    kind_scores(graph, speaks, [graph.find("state:Utah")])[0].backward()
    leaving = {r for r, _ in graph.groups(graph.find("state:Utah"))}
    assert set(speaks.grad.nonzero().flatten().tolist()) == leaving


def test_of_what_is_reached_alike_the_asked_for_kind_comes_first_and_nothing_else_changes(graph):
    ids = [graph.find(id) for id in ("city:Provo", "state:Utah", "river:Bear")]
    answers = Frontier(torch.tensor(ids), torch.tensor([0.9, 0.89, 0.3]))
    for id, first in (("borders", "state:Utah"), ("-capital", "city:Provo"), ("runs", None)):
        ordered = by_kind(graph, speaking(graph, **{id: 5.0}).detach(), answers)
        assert set(ordered.ids.tolist()) == set(ids)
        assert graph.key(ordered.ids[2].item()) == "river:Bear"  # reached less
        if first is not None:
            assert graph.key(ordered.ids[0].item()) == first
        for entity, weight in zip(ordered.ids.tolist(), ordered.weights.tolist(), strict=True):
            assert weight == pytest.approx(answers.weights[ids.index(entity)].item())


def test_answers_of_nearly_the_same_kind_keep_their_order(graph):
    ids = [graph.find(id) for id in ("city:Provo", "state:Utah")]
    answers = Frontier(torch.tensor(ids), torch.tensor([0.9, 0.89]))
    speaks = speaking(graph, borders=0.4).detach()
    city, state = kind_scores(graph, speaks, ids).tolist()
    assert city < state
    assert by_kind(graph, speaks, answers).ids.tolist() == ids
