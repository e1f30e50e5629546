"""Batches for the steps of a run, padded here or in other processes."""

from __future__ import annotations

import threading
from dataclasses import fields

import pytest
import torch

from kgqa.training.feed import AHEAD, feed
from tests.training.preparing import OPTIONS

INDICES = [[3, 1], [0], [2, 4, 5], [7, 6]]


@pytest.fixture
def trainer(train):
    return train(options=OPTIONS)


def same(a, b) -> bool:
    """Whether two batches are the same."""
    pairs = [(getattr(a, f.name), getattr(b, f.name)) for f in fields(a)]
    return all(
        torch.equal(x, y) and x.dtype == y.dtype if isinstance(x, torch.Tensor) else x == y
        for x, y in pairs
    )


@pytest.mark.parametrize("workers", [0, 2])
def test_examples_come_with_their_batch_in_the_order_of_the_stream(trainer, workers):
    fed = list(feed(trainer.checkpoint, trainer.training, iter(INDICES), workers=workers))
    assert len(fed) == len(INDICES)
    for indices, (examples, batch) in zip(INDICES, fed, strict=True):
        assert examples == [trainer.training.examples[i] for i in indices]
        assert same(batch, trainer.checkpoint.batcher.collate([e.item for e in examples]))


def test_other_processes_pad_no_more_than_a_few_batches_ahead(trainer):
    taken = []

    def stream():
        for indices in INDICES * 20:
            taken.append(indices)
            yield indices

    fed = feed(trainer.checkpoint, trainer.training, stream(), workers=1)
    for done in range(1, 6):
        next(fed)
        assert len(taken) <= done + AHEAD + 1
    fed.close()


def test_a_run_that_fails_does_not_wait_for_batches(trainer):
    """The pool ends although the thread that feeds it waits for room."""
    fed = feed(trainer.checkpoint, trainer.training, iter(INDICES * 20), workers=1)
    next(fed)
    closing = threading.Thread(target=fed.close, daemon=True)
    closing.start()
    closing.join(timeout=30)
    assert not closing.is_alive()
