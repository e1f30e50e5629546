"""Literals: they bound what they shall, and the linker reads them as they are meant."""

from __future__ import annotations

import random

import numpy as np
import pytest

from kgqa.films.literals import ROUND, YEARS, Bound, decade, write
from kgqa.graph.numbers import COMPARE, ValueRange
from kgqa.linking import literals as reader

VALUES = {
    "release year": (1950, 1989, 1990, 2009),
    "inception": (1503, 1889),
    "run time": (61, 90, 120, 127),
    "Academy Awards won": (3, 4, 7),
    "box office": (1.2e6, 98_304_211, 1e8),
    "population": (327_167, 1e6, 9_984_670),
    "area": (316, 1000, 377_930.5),
}


def inside(bound: Bound, literal, value: float) -> bool:
    within = ValueRange.of(0, literal.low, literal.high, bound.compare)
    return within.low <= value <= within.high


@pytest.mark.parametrize("attribute", VALUES)
@pytest.mark.parametrize("compare", COMPARE)
@pytest.mark.parametrize("holds", [True, False])
def test_the_range_holds_the_number_or_does_not(attribute, compare, holds):
    bound, rng = Bound(compare, attribute), random.Random(0)
    for form in ("", "decade") if attribute in YEARS else ("", "bare"):
        for value in VALUES[attribute]:
            for _ in range(30):
                literal = bound.draw(value, form, rng, holds=holds)
                assert inside(bound, literal, value) is holds, (form, value, literal)


def readings(text: str) -> set[tuple[float, float]]:
    """What the linker takes a whole text for."""
    found = reader.find(text)
    assert len(found) == 1, (text, found)
    return {(reading.low, reading.high) for reading in found[0].readings}


@pytest.mark.parametrize("attribute", ROUND)
@pytest.mark.parametrize("form", ["", "bare"])
def test_the_linker_reads_the_number_that_is_meant(attribute, form):
    rng = random.Random(1)
    for number in ROUND[attribute]:
        for _ in range(8):
            text = write(number, attribute, form, rng)
            assert any(np.isclose(low, number) for low, _ in readings(text)), (number, text)


def test_the_linker_reads_the_years_of_a_decade():
    rng = random.Random(2)
    for first in range(1940, 2011, 10):
        for text in {decade(first, rng) for _ in range(30)}:
            spans = {(low, high) for low, high in readings(f"films of the {text}")}
            assert (first, first + 9) in spans, text


def test_a_start_says_how_it_compares_what():
    assert Bound.parse("at most(Academy Awards won)") == Bound("at most", "Academy Awards won")
    with pytest.raises(ValueError, match="range"):
        Bound.parse("person")


def test_numbers_are_written_in_several_ways():
    rng = random.Random(3)
    assert {"2 hours", "two hours", "120 minutes"} <= {
        write(120, "run time", "", rng) for _ in range(50)
    }
    assert {"$2.5 million", "2.5 million dollars", "$2,500,000"} <= {
        write(2.5e6, "box office", "", rng) for _ in range(200)
    }
    assert {"3", "three"} == {write(3, "Academy Awards won", "bare", rng) for _ in range(20)}
