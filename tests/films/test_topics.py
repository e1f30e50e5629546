"""Splits of entities."""

from __future__ import annotations

from collections import defaultdict

import pytest

from kgqa.films.topics import split_of


def test_split_of_is_a_fair_and_fixed_draw():
    shares = defaultdict(int)
    for i in range(10_000):
        shares[split_of(f"film:{i}")] += 1
    assert shares["train"] == pytest.approx(7_000, abs=200)
    assert shares["dev"] == pytest.approx(1_500, abs=150)
    assert split_of("person:Tom Hanks") == split_of("person:Tom Hanks")
