"""What a set can lead to: the table against a count of edges, and how a hop carries it on."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given

from kgqa.graph import Graph
from kgqa.graph.operators import NAMES, Operator, position_of
from kgqa.model import holds
from kgqa.model.holds import held_after, transitions
from tests.programs.graphs import states, valued_graphs


@pytest.fixture(scope="module")
def graph() -> Graph:
    return states()


def counted(graph: Graph) -> np.ndarray:
    """T edge by edge: of the tails of r, the share that s leaves."""
    n = graph.num_relations
    table = np.zeros((n, n))
    for r in range(n):
        tails = [t for e in range(graph.num_entities) for t in graph.tails(e, r).tolist()]
        for tail in tails:
            for s, _ in graph.groups(tail):
                table[r, s] += 1 / len(tails)
    return table


@given(valued_graphs())
def test_transitions_are_shares_of_edges(graph):
    np.testing.assert_allclose(transitions(graph).numpy(), counted(graph), atol=1e-6)


def test_transitions_of_states(graph):
    """A river runs through states alone, and of five states one borders nobody."""
    table, at = transitions(graph), graph.relation_index
    assert float(table[at["runs"], at["-runs"]]) == 1.0
    assert float(table[at["capital"], at["-capital"]]) == 1.0
    assert float(table[at["capital"], at["capital"]]) == 0.0
    assert float(table[at["-capital"], at["borders"]]) == pytest.approx(4 / 5)
    assert not table[at["population"]].any()  # nothing leaves a number


def test_a_large_graph_is_sampled(graph, monkeypatch):
    whole = transitions(graph)
    monkeypatch.setattr(holds, "MAX_EDGES", len(graph.tail) // 3)
    some = transitions(graph)
    assert some.shape == whole.shape and bool(((some >= 0) & (some <= 1)).all())
    assert not (some > 0)[whole == 0].any()


def one_hot(graph: Graph, *weights: tuple[str, float]) -> torch.Tensor:
    choice = torch.zeros(len(NAMES) * graph.num_relations)
    for id, weight in weights:
        choice[position_of(graph, Operator.parse(id))] = weight
    return choice


def test_a_relation_leads_to_its_row_and_an_extreme_keeps_what_is_held(graph):
    table, at = transitions(graph), graph.relation_index
    held = torch.rand(graph.num_relations)
    for relation in ("borders", "-runs"):
        for id in (relation, f"often({relation})"):
            after = held_after(held, one_hot(graph, (id, 1.0)), table)
            torch.testing.assert_close(after, table[at[relation]])
    for id in ("most(population)", "least(-runs)"):
        torch.testing.assert_close(held_after(held, one_hot(graph, (id, 1.0)), table), held)


def test_a_mixed_hop_is_an_expectation(graph):
    table, at = transitions(graph), graph.relation_index
    held = torch.rand(2, 3, graph.num_relations)  # of a batch, and of its spans
    weights = ("capital", 0.5), ("most(population)", 0.2), ("often(runs)", 0.3)
    choice = one_hot(graph, *weights).expand(2, 3, -1)
    expected = 0.5 * table[at["capital"]] + 0.2 * held + 0.3 * table[at["runs"]]
    torch.testing.assert_close(held_after(held, choice, table), expected)


def test_a_vocabulary_of_relations_alone(graph):
    table, n = transitions(graph), graph.num_relations
    choice = torch.rand(4, n).softmax(-1)
    torch.testing.assert_close(held_after(torch.rand(4, n), choice, table), choice @ table)


def test_gradients_reach_the_choice_and_what_was_held(graph):
    n = graph.num_relations
    held, choice = torch.rand(n).requires_grad_(), torch.rand(4 * n).requires_grad_()
    held_after(held, choice, transitions(graph)).sum().backward()
    assert held.grad.any() and choice.grad.any()


def test_what_can_follow_speaks_to_the_second_hop(graph, new_model):
    """A capital can be left by a few relations alone; only a decoder that holds knows it."""
    model = new_model(graph, operators=True, holds=True)
    relations, n = model.relation_vectors(), graph.num_relations
    imposed = torch.full((1, 1, 3), -1)
    imposed[..., 0] = graph.relation_index["capital"]
    start, words = torch.zeros(1, 1, 96), torch.zeros(1, 2, 32)
    mask, held = torch.ones(1, 1, 2, dtype=torch.bool), torch.ones(1, 1, n)
    with torch.no_grad():
        model.decoder.relation[-1].weight.zero_()
        model.decoder.relation[-1].bias.zero_()
        output = model.decoder(start, words, mask, relations, imposed=imposed, held=held)
    second = output.relations[0, 0, 1].view(len(NAMES), n)
    leaving = transitions(graph)[graph.relation_index["capital"]]
    for row in second:  # relations, and operators over each
        assert set(row.topk(int((leaving == 1).sum())).indices.tolist()) == set(
            (leaving == 1).nonzero().flatten().tolist()
        )
    assert output.held.shape == (1, 1, n)
