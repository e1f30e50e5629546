"""Chains whose entries are given: each further hop is predicted as if they had been chosen."""

from __future__ import annotations

import pytest
import torch

from kgqa.linking import Linker
from kgqa.model.batch import Batcher
from kgqa.model.chains import OWN, Chains
from tests.models import tiny_model

QUESTIONS = ("Who directed Forrest Gump?", "Who wrote films starring Tom Hanks?")


@pytest.fixture(scope="module")
def batch(toy, tokenizer):
    return Batcher(toy, tokenizer)(list(map(Linker(toy), QUESTIONS)))


@pytest.fixture(scope="module", params=[False, True], ids=["relations", "holds"])
def model(request, toy):
    return tiny_model(toy, sharp=3.0, commits=True, holds=request.param)


def test_short_chains_are_filled_up():
    chains = Chains.of([(0, 1, (7,)), (1, 0, ())], [(1, (3,))], 3, 2)
    assert chains.question.tolist() == [0, 1] and chains.span.tolist() == [1, 0]
    assert chains.entries.tolist() == [[7, OWN, OWN], [OWN, OWN, OWN]]
    assert chains.after_question.tolist() == [1] and chains.after.tolist() == [[3, OWN]]
    assert Chains.of([], [], 3, 2).entries.shape == (0, 3)


def test_a_chain_that_the_model_chooses_itself_is_what_it_says_anyway(model, batch):
    likeliest = Chains.of([(0, 0, ()), (1, 0, ())], [(0, ()), (1, ())], 3, 2)
    with torch.no_grad():
        output = model(batch, likeliest)
    for row, (b, s) in enumerate(((0, 0), (1, 0))):
        torch.testing.assert_close(output.chains.relations[row], output.relations[b, s])
        torch.testing.assert_close(output.chains.stop[row], output.stop[b, s])
    torch.testing.assert_close(output.chains.after, output.after)
    torch.testing.assert_close(output.chains.after_stop, output.after_stop)


@pytest.mark.parametrize("first", [0, 2, 5])
def test_later_hops_depend_on_a_given_entry_and_its_own_probability_stays(model, batch, first):
    chains = Chains.of([(1, 0, (first,))], [(1, (first,))], 3, 2)
    with torch.no_grad():
        output = model(batch, chains)
        torch.testing.assert_close(output.chains.relations[0, 0], output.relations[1, 0, 0])
        torch.testing.assert_close(output.chains.after[0, 0], output.after[1, 0])
        assert int(output.relations[1, 0, 0].argmax()) != first  # so later hops differ
        assert not torch.allclose(output.chains.relations[0, 1], output.relations[1, 0, 1])


def test_a_person_who_imposes_a_hop_sees_what_its_chain_says(model, batch):
    """Edits and training agree on what follows a hop."""
    from dataclasses import replace

    chains = Chains.of([(1, 0, (4, 1))], [], 3, 2)
    spans = batch.first.shape[1]
    imposed = torch.full((2, spans + 1, 3), -1)
    imposed[1, 0, :2] = torch.tensor([4, 1])
    with torch.no_grad():
        along = model(batch, chains).chains
        edited = model(replace(batch, imposed=imposed))
    torch.testing.assert_close(along.relations[0, 2], edited.relations[1, 0, 2])
    torch.testing.assert_close(along.stop[0], edited.stop[1, 0])


def test_a_model_of_before_depends_on_the_expectation(toy, batch):
    model = tiny_model(toy, sharp=3.0)
    with torch.no_grad():
        output = model(batch, Chains.of([(1, 0, (0,))], [], 3, 2))
    torch.testing.assert_close(output.chains.relations[0], output.relations[1, 0])
