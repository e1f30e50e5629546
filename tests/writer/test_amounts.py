"""Round numbers between two others, and how they are written."""

from __future__ import annotations

import random
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from kgqa.writer.amounts import between, written

values = st.lists(st.integers(0, 10**7), min_size=2, max_size=20, unique=True).map(sorted)


@given(values, st.integers())
def test_a_bound_leaves_some_below_and_some_above(numbers, seed):
    found = between([float(n) for n in numbers], "", random.Random(seed))
    if found is not None:
        low, high = found
        assert low == high == int(low)  # whole, as the numbers are
        assert numbers[0] < low < numbers[-1]


def test_dates_are_bounded_by_years():
    days = [float(date(y, 5, 1).toordinal()) for y in (1990, 2000, 2010)]
    seen = {between(days, "date", random.Random(i)) for i in range(20)}
    whole = (float(date(2000, 1, 1).toordinal()), float(date(2000, 12, 31).toordinal()))
    assert whole in seen


def test_numbers_are_written_in_several_ways():
    texts = {written(2_500_000, "people", random.Random(i)) for i in range(80)}
    assert {"2.5 million people", "2,500,000", "2500000 people"} <= texts
    assert written(1990, "year", random.Random(0)) == "1990"
    assert {written(5, "US dollars", random.Random(i))[-1] for i in range(20)} >= {"s"}
