"""Slips of the finger."""

from __future__ import annotations

import random

from kgqa.writer.slips import misspelt


def test_a_slip_changes_one_long_word_and_no_more():
    rng = random.Random(1)
    for _ in range(100):
        changed = misspelt("Steven Spielberg", rng)
        differing = [
            a != b for a, b in zip(changed.split(" "), ["Steven", "Spielberg"], strict=True)
        ]
        assert sum(differing) <= 1
    assert misspelt("Tom X", rng) == "Tom X"  # no word long enough
