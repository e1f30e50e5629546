"""The temperature of hops that a finished run chooses."""

from __future__ import annotations

import pytest

from kgqa.checkpoint import Checkpoint
from kgqa.evaluation.metrics import score
from kgqa.training import finish
from kgqa.training.config import TEMPERATURES


@pytest.mark.parametrize("best", TEMPERATURES)
def test_the_temperature_is_the_one_with_the_best_answers(toy, tokenizer, new_model, best):
    checkpoint = Checkpoint(new_model(toy), tokenizer, toy)

    def dev():
        right = checkpoint.config.temperature == best
        one = score([1 if right else 2], {1}, chosen=set(), topics=None, mentions=1)
        return type("Evaluation", (), {"scores": [one]})()

    finish.cool(checkpoint, dev)
    assert checkpoint.config.temperature == best


def test_of_equals_the_highest_is_kept(toy, tokenizer, new_model):
    checkpoint = Checkpoint(new_model(toy), tokenizer, toy)
    one = score([1], {1}, chosen=set(), topics=None, mentions=1)
    finish.cool(checkpoint, lambda: type("Evaluation", (), {"scores": [one]})())
    assert checkpoint.config.temperature == max(TEMPERATURES)
