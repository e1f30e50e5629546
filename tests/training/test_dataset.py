"""Batches of training questions have similar lengths."""

from __future__ import annotations

from kgqa.training.dataset import batches


def test_batches_hold_every_question_once_with_similar_lengths():
    order = list(range(100, 0, -1))
    lengths = [i % 37 for i in range(101)]
    made = list(batches(order, 4, lengths))
    assert sorted(i for b in made for i in b) == sorted(order)
    assert max(map(len, made)) == 4
    for window in (made[:16], made[16:]):  # sixteen batches are sorted together
        row = [lengths[i] for b in window for i in b]
        assert row == sorted(row)
