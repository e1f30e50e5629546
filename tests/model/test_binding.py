"""A model over another graph: its relations by their words, and every other weight as it was."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from kgqa.checkpoint import Checkpoint
from kgqa.inference import Pipeline
from kgqa.model.binding import bind, vocabulary_of, word_vectors
from tests.models import tiny_model
from tests.programs.graphs import states


@pytest.fixture(scope="module")
def graph():
    return states()


@pytest.fixture(scope="module")
def model(toy):
    made = tiny_model(toy, operators=True, holds=True, commits=True, max_mentions=5)
    with torch.no_grad():
        made.relation_table.weight.normal_()
    return made


def test_relations_and_operators_are_those_of_the_graph(model, graph, tokenizer):
    bound = bind(model, tokenizer, graph)
    assert replace(bound.config, refuse=model.config.refuse) == vocabulary_of(graph, model.config)
    assert bound.config.relations == tuple(map(graph.relation_id, range(graph.num_relations)))
    assert bound.config.vocabulary == 4 * graph.num_relations
    assert bound.config.readouts[-1] == "sum(population)"
    assert not bound.relation_table.weight.any()  # nothing is known of single relations
    assert bound.next_relations.shape == (graph.num_relations, graph.num_relations)


def test_the_model_stays_as_it_was_and_shares_its_weights(model, graph, tokenizer, toy):
    before = {name: value.clone() for name, value in model.state_dict().items()}
    config = model.config
    bound = bind(model, tokenizer, graph)
    for name, value in model.state_dict().items():
        assert value.equal(before[name]), name
    assert model.config is config and model.relation_words is not bound.relation_words
    assert bound.decoder is model.decoder and bound.encoder is model.encoder
    assert bound.exclude_query is model.exclude_query
    trained = {id(p) for p in bound.parameters() if p.requires_grad}
    assert trained < {id(p) for p in model.parameters()}


def test_relations_of_like_words_are_near(graph, new_encoder, tokenizer, toy):
    """As the encoder reads them, whatever the graph."""
    model = tiny_model(graph)
    vectors = word_vectors(model.encoder, tokenizer, model.config)
    assert vectors.shape == (graph.num_relations, 32)
    assert vectors.std().item() == pytest.approx(1, abs=1e-4)
    again = word_vectors(model.encoder, tokenizer, model.config)
    torch.testing.assert_close(vectors, again)


def test_a_checkpoint_over_another_graph_answers_about_it(model, graph, tokenizer, toy):
    checkpoint = Checkpoint(model, tokenizer, toy)
    other = checkpoint.over(graph)
    assert other.unseen and not checkpoint.unseen and other.graph is graph
    assert Pipeline(other).answer("What is the capital of Utah?").mentions
    assert Pipeline(checkpoint).answer("Who directed Sully?").mentions


def test_words_of_any_length_are_read(graph, tokenizer):
    """A column of a table may have a name of a thousand words."""
    model = tiny_model(graph)
    long = replace(model.config, relation_words=("a long name " * 500, "short"))
    vectors = word_vectors(model.encoder, tokenizer, long)
    assert vectors.shape == (2, 32) and vectors.isfinite().all()
