"""What the graph knows of a mention's entity, told to its own first hop and to the branches of the other mentions."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from kgqa.errors import CheckpointError
from kgqa.model.batch import Batcher
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


@pytest.mark.parametrize("context", ["words", "entities"])
def test_a_branch_reads_what_another_mention_names_if_it_is_told(
    toy, toy_batcher, new_model, link, spans, context
):
    hanks, wars = spans
    model = new_model(toy, sharp=8.0, context=context)
    if context == "entities":
        torch.nn.init.normal_(model.inform.weight)
    batch = toy_batcher.collate([toy_batcher.encode(link)])
    with torch.inference_mode():
        first, second = (
            model(only(batch, hanks, c)).relations[0, wars] for c in (0, 1)
        )  # the actor, the seismologist
    assert torch.allclose(first, second, atol=1e-5) == (context == "words")


def test_before_training_a_branch_that_is_told_says_what_one_says_that_is_not(
    toy, toy_batcher, new_model, link
):
    batch = toy_batcher.collate([toy_batcher.encode(link)])
    told, plain = new_model(toy, context="entities"), new_model(toy)
    assert not told.inform.weight.any() and plain.inform is None
    told.load_state_dict(plain.state_dict(), strict=False)
    with torch.inference_mode():
        torch.testing.assert_close(told(batch).relations, plain(batch).relations)


def test_words_outside_every_mention_are_told_nothing(toy, toy_batcher, new_model, link, spans):
    model = new_model(toy, context="entities")
    batch = toy_batcher.collate([toy_batcher.encode(link)])
    with torch.inference_mode():
        words, question = model.encoder(batch)
        found = model.resolver(batch, words, question, model.relation_vectors())
        named = model.resolver.named(batch, found)
    assert named.shape == words.shape
    inside = {w for p in link.proposals for w in range(p.first, p.last + 1)}
    for w in range(len(link.words)):
        assert bool(named[0, w].any()) == (w in inside), link.words[w]


def test_what_an_entity_is_known_for_speaks_for_a_first_hop(
    toy, toy_linker, toy_batcher, new_model
):
    """Two actors and one director: where facts count, the cast gains a share of the log of sqrt(2)."""
    link = toy_linker("Catch Me If You Can")
    director, cast = toy.relation_index["director"], toy.relation_index["cast member"]

    def support(profile):
        model, batcher = (
            new_model(toy, profile=profile),
            Batcher(toy, toy_batcher.tokenizer, profile),
        )
        batch = only(batcher.collate([batcher.encode(link)]), 0, 0)
        with torch.inference_mode():
            words, question = model.encoder(batch)
            found = model.resolver(batch, words, question, model.relation_vectors())
            return model, batch.profiles[0, 0, 0], model.resolver.support(batch, found)[0, 0]

    _, _, plain = support("relations")
    assert plain[cast] == pytest.approx(float(plain[director]), abs=1e-5)
    model, shares, facts = support("facts")
    expected = (
        model.resolver.prominent.detach()
        * ((shares[cast] + 0.02) / (shares[director] + 0.02)).log()
    )
    assert (
        float(facts[cast] - facts[director]) == pytest.approx(float(expected), abs=1e-5)
        and expected > 0
    )


@pytest.mark.parametrize("field", ["profile", "context"])
def test_another_word_in_the_config_is_named(field):
    with pytest.raises(CheckpointError, match=f"{field}.*elves"):
        ModelConfig.from_dict(
            {"relations": ["a"], "relation_words": ["a"], "graph_fingerprint": "f", field: "elves"}
        )
