"""Heads of a model with operators: distributions over read-outs, ranks, negation and union."""

from __future__ import annotations

import math

import pytest
import torch

from kgqa.graph import Graph
from kgqa.graph.operators import NAMES, RANKS
from kgqa.linking import Linker
from kgqa.model.batch import Batcher
from kgqa.model.network import KGQAModel
from tests.programs.graphs import states

QUESTIONS = [
    "How many states does Utah border?",
    "the second largest of the states",
    "states with more than 2 people that border Idaho but not Utah",
    "hello there",
]


@pytest.fixture(scope="module")
def graph() -> Graph:
    return states()


@pytest.fixture(scope="module")
def batcher(graph, tokenizer) -> Batcher:
    return Batcher(graph, tokenizer)


@pytest.fixture(scope="module")
def links(graph):
    linker = Linker(graph)
    return [linker(question) for question in QUESTIONS]


@pytest.fixture(scope="module")
def output(graph, batcher, links, new_model):
    with torch.inference_mode():
        return new_model(graph, operators=True, holds=True)(batcher(links))


def test_shapes(output, links, graph):
    b, s, r = len(links), max(len(link.proposals) for link in links), graph.num_relations
    assert output.relations.shape == (b, s, 3, len(NAMES) * r)
    assert output.after.shape == (b, 2, len(NAMES) * r)
    assert output.rank.shape == (b, s, 3, RANKS) and output.after_rank.shape == (b, 2, RANKS)
    assert output.negate.shape == (b, s)
    assert output.either.shape == output.beyond.shape == (b,)
    assert output.readouts == ("", "count", "verify", "sum(population)")
    assert output.readout.shape == (b, len(output.readouts))


@pytest.mark.parametrize(
    "name", ["relations", "after", "stop", "after_stop", "rank", "after_rank", "readout"]
)
def test_log_probabilities_sum_to_one(output, name):
    values = getattr(output, name)
    assert not torch.isnan(values).any()
    torch.testing.assert_close(values.exp().sum(-1), torch.ones(values.shape[:-1]))


def test_a_span_that_is_not_there_is_not_subtracted(output, links):
    for b, link in enumerate(links):
        assert not output.negate[b, len(link.proposals) :].sigmoid().any()


def test_before_training_nothing_rare_is_likely(graph, batcher, links, new_model, new_encoder):
    """Branches intersect, sets are not summed, and of an extreme the first is meant."""
    config = new_model(graph, operators=True, holds=True).config
    with torch.inference_mode():
        output = KGQAModel(config, new_encoder()).eval()(batcher(links))
    there = torch.cat([output.negate[b, : len(x.proposals)] for b, x in enumerate(links)])
    assert float(there.sigmoid().max()) < 0.2 and float(output.either.sigmoid().max()) < 0.2
    assert float(output.readout[:, 3:].exp().max()) < 0.1
    assert (output.rank.argmax(-1) == 0).all() and (output.after_rank.argmax(-1) == 0).all()


def test_a_model_without_operators_says_nothing_of_them(graph, batcher, links, new_model):
    with torch.inference_mode():
        plain = new_model(graph)(batcher(links))
    extra = "rank after_rank negate either readout beyond".split()
    assert all(getattr(plain, name) is None for name in extra) and plain.readouts == ("",)
    assert plain.relations.shape[-1] == graph.num_relations


def test_an_operator_is_its_own_words_its_name_and_its_relation(graph, new_model):
    model, n = new_model(graph, operators=True, holds=True), graph.num_relations
    heads = model.operators
    with torch.no_grad():
        heads.name.weight.normal_()
        trained = torch.randn(len(NAMES) * n, 32)
        entries = heads.entries(trained, n)
    torch.testing.assert_close(entries[:n], trained[:n])
    for k in range(1, len(NAMES)):
        for r in range(n):
            expected = trained[k * n + r] + heads.about(trained[r]) + heads.name.weight[k - 1]
            torch.testing.assert_close(entries[k * n + r], expected)


def test_a_sum_is_likelier_of_what_the_question_is_about(graph, batcher, links, new_model):
    """The vector of an attribute is compared with the question's."""
    model = new_model(graph, operators=True, holds=True)
    heads, attributes = model.operators, torch.randn(2, 32)
    with torch.no_grad():
        heads.summed.weight.zero_()
        heads.summed.bias.copy_(attributes[1])
        batch = batcher(links[:1])
        encoding = model.encoder(batch)
        trained = model.relation_vectors().trained[: graph.num_relations]
        vectors = model.resolver(batch, encoding, trained)
        readout = heads(batch, encoding, vectors, attributes).readout[0]
    assert readout.shape == (5,) and readout[4] > readout[3]


def test_a_question_is_judged_alone_as_in_a_batch(graph, batcher, links, output, new_model):
    with torch.inference_mode():
        alone = new_model(graph, operators=True, holds=True)(batcher(links[1:2]))
    n = len(links[1].proposals)
    close = {"atol": 1e-5, "rtol": 1e-4}
    torch.testing.assert_close(alone.relations[0, :n], output.relations[1, :n], **close)
    torch.testing.assert_close(alone.negate[0, :n], output.negate[1, :n], **close)
    torch.testing.assert_close(alone.rank[0, :n], output.rank[1, :n], **close)
    for name in ("after", "after_rank", "readout", "either", "beyond"):
        torch.testing.assert_close(getattr(alone, name)[0], getattr(output, name)[1], **close)


def test_every_head_learns(graph, batcher, links, new_model):
    model = new_model(graph, operators=True, holds=True)
    output = model(batcher(links))
    names = "candidates relations stop after after_stop rank after_rank readout set_scores".split()
    parts = [getattr(output, name) for name in names]
    weighted = [(p.exp() * torch.linspace(0, 1, p.shape[-1])).sum() for p in parts]
    logits = [output.exclude, output.either, output.beyond, output.negate.sigmoid()]
    sum([*weighted, *(values.sum() for values in logits)]).backward()
    silent = [
        name
        for name, p in model.named_parameters()
        if p.grad is None or not 0 < p.grad.norm() < math.inf
    ]
    assert silent == []
