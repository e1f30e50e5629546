"""The encoder here is BERT of the library transformers: the same weights give the same vectors."""

from __future__ import annotations

import pytest
import torch

from kgqa.model.bert import Bert, BertConfig, is_known


@pytest.fixture
def both(new_encoder):
    """The library's and ours, with the same weights."""
    theirs = new_encoder(seed=3).eval()
    ours = Bert(BertConfig(**theirs.config.to_dict())).eval()
    ours.load_state_dict(theirs.state_dict())
    return theirs, ours


def tokens(rows: int, length: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Random tokens; every other row has three tokens less."""
    ids = torch.randint(1, 30_000, (rows, length), generator=torch.Generator().manual_seed(rows))
    mask = torch.ones_like(ids)
    mask[1::2, -3:] = 0
    return ids, mask


@pytest.mark.parametrize("rows, length", [(1, 5), (1, 40), (4, 9)])
def test_the_same_weights_give_the_same_vectors(both, float32, rows, length):
    theirs, ours = both
    ids, mask = tokens(rows, length)
    with torch.inference_mode():
        expected = theirs(input_ids=ids, attention_mask=mask).last_hidden_state
        found = ours(ids, mask).last_hidden_state
    torch.testing.assert_close(found[mask.bool()], expected[mask.bool()], atol=1e-5, rtol=1e-5)


def test_a_question_alone_that_is_padded_is_read_without_its_padding(both, float32):
    ids, mask = tokens(2, 9)
    with torch.inference_mode():
        padded = both[1](ids[1:], mask[1:]).last_hidden_state[:, :6]
        short = both[1](ids[1:, :6], mask[1:, :6]).last_hidden_state
    torch.testing.assert_close(padded, short, atol=1e-5, rtol=1e-5)


def test_it_learns_as_the_library_does(both):
    gradients = []
    for model in both:
        ids, mask = tokens(4, 9)
        hidden = model(input_ids=ids, attention_mask=mask).last_hidden_state
        (hidden[mask.bool()] ** 3).sum().backward()
        gradients.append({name: p.grad for name, p in model.named_parameters()})
    assert gradients[0].keys() == gradients[1].keys()
    for name, expected in gradients[0].items():
        torch.testing.assert_close(gradients[1][name], expected, atol=1e-3, rtol=1e-3)


@pytest.mark.parametrize(
    "changes",
    [
        {"hidden_act": "relu"},
        {"model_type": "distilbert"},
        {"is_decoder": True},
        {"hidden_size": 1.0},
    ],
)
def test_another_encoder_is_left_to_the_library(new_encoder, changes):
    values = new_encoder().config.to_dict()
    assert is_known(values)
    assert not is_known(values | changes)
