"""Packed products are products: near in bfloat16, the same in float32, and exact in training."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from kgqa.model import products
from kgqa.model.products import GRUCell, Linear
from kgqa.model.ready import Ready

NARROW = 0.02  #: of the spread of a vector, what bfloat16 may move a value by


@pytest.fixture(params=["float32", "fastest"])
def tolerance(request, monkeypatch) -> float:
    """How far a result may be off, in either precision."""
    if request.param == "float32":
        request.getfixturevalue("float32")
        return 1e-5
    return NARROW if products.precision() is torch.bfloat16 else 1e-5


@pytest.mark.parametrize("shape", [(0,), (1,), (3, 5), (17,), (2, 40), (300,)])
def test_a_product_is_that_of_the_weights(tolerance, shape):
    torch.manual_seed(0)
    layer, x = Linear(24, 40), torch.randn(*shape, 24)
    expected = nn.functional.linear(x, layer.weight, layer.bias)
    with torch.inference_mode():
        for _ in range(2):  # packed, and taken as it was packed
            torch.testing.assert_close(layer(x), expected.detach(), atol=tolerance, rtol=tolerance)


def test_gelu_follows_a_product(tolerance):
    torch.manual_seed(1)
    layer, x = Linear(24, 40, bias=False), torch.randn(7, 24)
    expected = nn.functional.gelu(layer(x)).detach()
    with torch.inference_mode():
        found = layer.product(x, layer.weight, None, gelu=True)
    torch.testing.assert_close(found, expected, atol=tolerance, rtol=tolerance)


def test_a_cell_is_that_of_torch(tolerance):
    torch.manual_seed(2)
    ours, x, state = GRUCell(48, 24), torch.randn(5, 48), torch.randn(5, 24)
    theirs = nn.GRUCell(48, 24)
    theirs.load_state_dict(ours.state_dict())
    with torch.inference_mode():
        expected = theirs(x, state)
        torch.testing.assert_close(ours(x, state), expected, atol=tolerance, rtol=tolerance)


def test_training_is_exact_and_has_gradients():
    torch.manual_seed(3)
    layer, x = Linear(24, 40), torch.randn(5, 24)
    found = layer(x)
    assert torch.equal(found, nn.functional.linear(x, layer.weight, layer.bias))
    found.sum().backward()
    assert layer.weight.grad is not None


def test_changed_weights_are_packed_anew():
    layer, x = Linear(24, 40), torch.ones(1, 24)
    with torch.no_grad():
        layer(x)
        layer.weight.fill_(1.0)
        layer.bias.zero_()
        assert torch.equal(layer(x), torch.full((1, 40), 24.0))
        layer.load_state_dict({"weight": torch.zeros(40, 24), "bias": torch.ones(40)})
        assert torch.equal(layer(x), torch.ones(1, 40))


def test_what_is_ready_is_made_again_only_if_what_it_came_from_changed():
    ready: Ready[float] = Ready()
    weight, other, made = torch.ones(2), torch.ones(2), []

    def make() -> float:
        made.append(1)
        return float(weight.sum())

    with torch.no_grad():
        assert ready([weight], make) == ready([weight], make) == 2.0 and len(made) == 1
        weight += 1
        assert ready([weight], make) == 4.0 and len(made) == 2
        ready([other], make)
        assert len(made) == 3
    ready([weight], make)
    ready([weight], make)
    assert len(made) == 5  # where gradients flow, every time
