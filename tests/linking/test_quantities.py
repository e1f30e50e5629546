"""Numbers and amounts with units as people write them."""

from __future__ import annotations

import pytest

from kgqa.graph.names import words
from kgqa.linking.literals import find

#: question -> the span, a unit, and the bounds in that unit (None: one value)
WORDINGS = [
    ("more than 150000", "150000", "", 150_000, 150_000),
    ("more than 150,000", "150,000", "", 150_000, 150_000),
    ("more than 2.5 million", "2.5 million", "", 2_500_000, 2_500_000),
    ("at least 3 billion", "3 billion", "", 3e9, 3e9),
    ("over 50m", "50m", "", 50e6, 50e6),
    ("over 50m", "50m", "minutes", 50, 50),
    ("over 3bn", "3bn", "", 3e9, 3e9),
    ("over 200k", "200k", "", 200e3, 200e3),
    ("five", "five", "", 5, 5),
    ("over two hundred thousand", "two hundred thousand", "", 200_000, 200_000),
    ("one hundred and twenty-five thousand three hundred", None, "", 125_300, 125_300),
    ("a million", "a million", "", 1e6, 1e6),
    ("a million and a half", "a million and a half", "", 1.5e6, 1.5e6),
    ("a dozen", "a dozen", "", 12, 12),
    ("two dozen", "two dozen", "", 24, 24),
    ("half a million", "half a million", "", 500_000, 500_000),
    ("longer than two hours", "two hours", "minutes", 120, 120),
    ("longer than 2h 15m", "2h 15m", "minutes", 135, 135),
    ("longer than 2h15", "2h15", "minutes", 135, 135),
    ("under 90 minutes", "90 minutes", "minutes", 90, 90),
    ("a 90-minute film", "90-minute", "minutes", 90, 90),
    ("2 hours and 15 minutes", "2 hours and 15 minutes", "minutes", 135, 135),
    ("an hour and a half", "an hour and a half", "minutes", 90, 90),
    ("one and a half hours", "one and a half hours", "minutes", 90, 90),
    ("under half an hour", "half an hour", "minutes", 30, 30),
    ("under an hour", "an hour", "minutes", 60, 60),
    ("made over $100 million", "100 million", "US dollars", 100e6, 100e6),
    ("made over 100 million dollars", "100 million dollars", "US dollars", 100e6, 100e6),
    ("made over 200m USD", "200m USD", "US dollars", 200e6, 200e6),
    ("made over US$5 million", "US$5 million", "US dollars", 5e6, 5e6),
    ("larger than 500,000 km²", "500,000 km²", "km²", 500_000, 500_000),
    ("larger than 500,000 square kilometres", None, "km²", 500_000, 500_000),
    ("larger than 1000 square miles", "1000 square miles", "km²", 2589.98811034, 2589.98811034),
    ("more than 50 million people", "50 million people", "people", 50e6, 50e6),
    ("longer than 100 km", "100 km", "km", 100, 100),
    ("longer than 100km", "100km", "km", 100, 100),
    ("longer than 60 miles", "60 miles", "km", 96.56064, 96.56064),
    ("higher than 8000 m", "8000 m", "km", 8, 8),
    ("rivers longer than 750 kilometers", "750 kilometers", "", 750, 750),
]


@pytest.mark.parametrize(
    ("question", "text", "unit", "low", "high"), WORDINGS, ids=[f"{w[0]} {w[2]}" for w in WORDINGS]
)
def test_what_words_stand_for(question, text, unit, low, high):
    (literal,), tokens = find(question), words(question)
    assert text is None or question[tokens[literal.first][0] : tokens[literal.last][1]] == text
    bounds = [(r.low, r.high) for r in literal.readings if r.unit == unit]
    assert (low, low if high is None else high) in bounds
