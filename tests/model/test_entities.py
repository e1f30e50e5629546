"""What the graph knows of a mention's entity speaks to its first hop and to the other mentions."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from kgqa.errors import CheckpointError
from kgqa.model.config import ModelConfig

QUESTION = "Is Tom Hanks in Star Wars?"


@pytest.fixture(scope="module")
def link(toy_linker):
    return toy_linker(QUESTION)


@pytest.fixture(scope="module")
def spans(link):
    texts = [link.text(p) for p in link.proposals]
    return texts.index("Tom Hanks"), texts.index("Star Wars")


def only(batch, span: int, candidate: int):
    """The batch with one candidate for a span."""
    mask = batch.entity_mask.clone()
    mask[0, span] = False
    mask[0, span, candidate] = True
    return replace(batch, entity_mask=mask)


def span_vectors(model, batch):
    """What the resolver says before any hop."""
    return model.resolver(batch, model.encoder(batch), model.relation_vectors().trained)


@pytest.mark.parametrize("informed", [False, True])
def test_a_branch_reads_what_another_mention_names_once_training_lets_it(
    toy, toy_batcher, new_model, link, spans, informed
):
    hanks, wars = spans
    model, batch = new_model(toy, sharp=8.0), toy_batcher([link])
    if informed:
        torch.nn.init.normal_(model.inform.weight)
    with torch.inference_mode():  # the actor, the seismologist
        first, second = (model(only(batch, hanks, c)).relations[0, wars] for c in (0, 1))
    assert torch.allclose(first, second, atol=1e-5) == (not informed)


def test_words_outside_every_mention_have_no_entity(toy, toy_batcher, new_model, link):
    model, batch = new_model(toy), toy_batcher([link])
    with torch.inference_mode():
        entities = model.resolver.entity_at_words(batch, span_vectors(model, batch))
    assert entities.shape == (1, len(link.words), 32)
    inside = {w for p in link.proposals for w in range(p.first, p.last + 1)}
    for w in range(len(link.words)):
        assert bool(entities[0, w].any()) == (w in inside), link.words[w]


def test_what_an_entity_is_known_for_speaks_for_a_first_hop(
    toy, toy_linker, toy_batcher, new_model
):
    """Two actors and one director: the cast gains a share of the log of sqrt(2)."""
    director, cast = toy.relation_index["director"], toy.relation_index["cast member"]
    model = new_model(toy)
    batch = only(toy_batcher([toy_linker("Catch Me If You Can")]), 0, 0)
    shares = batch.profiles[0, 0, 0]
    with torch.inference_mode():
        prior = model.resolver.first_hop_prior(
            batch, span_vectors(model, batch), toy.num_relations
        )[0, 0]
    gain = ((shares[cast] + 0.02) / (shares[director] + 0.02)).log()
    expected = float(model.resolver.prominent.detach() * gain)
    assert expected > 0
    assert float(prior[cast] - prior[director]) == pytest.approx(expected, abs=1e-5)


def test_the_prior_speaks_against_relations_that_leave_no_candidate(
    toy, toy_linker, toy_batcher, new_model
):
    model, batch = new_model(toy), toy_batcher([toy_linker("Mona Lisa")])
    with torch.no_grad():
        model.resolver.prominent.zero_()
        prior = model.resolver.first_hop_prior(
            batch, span_vectors(model, batch), toy.num_relations
        )[0, 0]
    leaving = {r for r, _ in toy.groups(toy.find("artwork:Mona Lisa"))}
    assert {r for r, value in enumerate(prior.tolist()) if value > -1} == leaving
    assert prior.max() == pytest.approx(torch.tensor(1.02).log().item(), rel=1e-4)
    assert prior.min() < -3


@pytest.mark.parametrize(("field", "kept"), [("profile", "facts"), ("context", "entities")])
def test_a_checkpoint_of_an_experiment_that_was_given_up_is_refused(field, kept):
    values = {"relations": ["a"], "relation_words": ["a"], "graph_fingerprint": "f"}
    assert ModelConfig.from_dict({**values, field: kept}) == ModelConfig.from_dict(values)
    with pytest.raises(CheckpointError, match=f"{field} 'words'.*train it again"):
        ModelConfig.from_dict({**values, field: "words"})
