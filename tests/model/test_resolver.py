"""Literals among the candidates: what bounds a value is read from the words around."""

from __future__ import annotations

import pytest
import torch

from kgqa.graph import Graph
from kgqa.graph.numbers import COMPARE
from kgqa.linking import Linker
from kgqa.model.batch import Batcher
from kgqa.model.features import CANDIDATE_FEATURES, ENTITY_FEATURES
from tests.programs.graphs import states

QUESTION = "states with more than 2 people"


@pytest.fixture(scope="module")
def graph() -> Graph:
    return states()


@pytest.fixture(scope="module")
def link(graph):
    return Linker(graph)(QUESTION)


@pytest.fixture(scope="module")
def literal(graph, link) -> int:
    """The index of the span that is a literal."""
    (span,) = (i for i, p in enumerate(link.proposals) if max(p.entities) >= graph.num_entities)
    return span


@pytest.fixture
def batch(graph, link, tokenizer):
    return Batcher(graph, tokenizer)([link])


def bounds(graph: Graph, link, span: int) -> list[str]:
    """How each candidate of a literal bounds its values."""
    entities = link.proposals[span].entities
    return [link.range_of(e, graph.num_entities).compare for e in entities]


def logits(model, batch):
    relations = model.relation_vectors().trained[: batch.profiles.shape[-1]]
    return model.resolver(batch, model.encoder(batch), relations).candidate_logits


def test_the_literal_is_the_number_alone(graph, link, literal):
    assert link.text(link.proposals[literal]).startswith("2")
    assert set(bounds(graph, link, literal)) <= set(COMPARE) and "more" in bounds(
        graph, link, literal
    )


@pytest.mark.parametrize("compare", ["in", "more", "at most"])
def test_what_the_words_say_of_bounds_chooses_the_candidate(
    graph, link, literal, batch, new_model, compare
):
    model = new_model(graph, operators=True, holds=True)
    with torch.no_grad():
        model.resolver.compare.weight.zero_()
        model.resolver.compare.bias.zero_()
        model.resolver.compare.bias[COMPARE.index(compare)] = 20.0
        best = int(logits(model, batch)[0, literal].argmax())
    assert bounds(graph, link, literal)[best] == compare


def test_names_have_no_bounds(graph, link, literal, batch, new_model):
    """The head changes no candidate that is an entity."""
    model = new_model(graph, operators=True, holds=True)
    others = [i for i in range(len(link.proposals)) if i != literal]
    with torch.no_grad():
        before = logits(model, batch)[0]
        model.resolver.compare.bias += 5.0
        after = logits(model, batch)[0]
    assert others and torch.equal(before[others], after[others])
    assert not torch.allclose(before[literal], after[literal])


def test_the_head_learns_from_the_words_around(graph, link, literal, batch, new_model):
    model = new_model(graph, operators=True, holds=True)
    logits(model, batch)[0, literal].log_softmax(-1)[0].neg().backward()
    assert model.resolver.compare.weight.grad.norm() > 0


def test_a_model_without_literals_reads_none_of_it(graph, batch, new_model):
    resolver = new_model(graph).resolver
    assert resolver.compare is None
    assert resolver.candidate_prior.in_features == ENTITY_FEATURES < CANDIDATE_FEATURES
    assert logits(new_model(graph), batch).isfinite().all()
