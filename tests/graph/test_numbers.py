"""Numbers of entities: values, and the sets that a range of values holds."""

import numpy as np
import pytest

from kgqa.graph.numbers import COMPARE, Numbers, ValueRange

INF = float("inf")


@pytest.fixture
def numbers():
    """Ages of entities 7, 3 and 5 (attribute 1), and a height of 3 (attribute 4)."""
    return Numbers(
        np.array([7, 3, 3, 5], dtype=np.int32),
        np.array([1, 1, 4, 1], dtype=np.int16),
        np.array([30.0, 10.0, 180.0, 20.0]),
    )


def test_attributes_are_the_relations_with_numbers(numbers):
    assert numbers.attributes == (1, 4) and numbers.has(4) and not numbers.has(2)


def test_values_of_entities_are_nan_where_there_is_none(numbers):
    assert numbers.of(1, np.array([5, 3, 9])).tolist()[:2] == [20.0, 10.0]
    assert np.isnan(numbers.of(1, np.array([9]))).all() and np.isnan(numbers.of(2, [3])).all()


def test_the_first_of_several_numbers_counts():
    several = Numbers(np.array([1, 1]), np.array([0, 0]), np.array([5.0, 4.0]))
    assert several.of(0, np.array([1])).tolist() == [5.0]


@pytest.mark.parametrize(
    ("compare", "expected"),
    [("in", [5]), ("less", [3]), ("more", [7]), ("at least", [5, 7]), ("at most", [3, 5])],
)
def test_a_range_holds_the_entities_that_its_comparison_says(numbers, compare, expected):
    assert numbers.holders(ValueRange.of(1, 20, 20, compare)).tolist() == expected


def test_a_decade_bounds_both_sides(numbers):
    held = {c: numbers.holders(ValueRange.of(1, 15, 25, c)).tolist() for c in COMPARE}
    assert held == {
        "in": [5],
        "less": [3],
        "more": [7],
        "at least": [5, 7],
        "at most": [3, 5],
    }


def test_an_attribute_without_numbers_holds_nobody(numbers):
    assert numbers.holders(ValueRange(9, -INF, INF, "in")).tolist() == []
    assert numbers.bounds(9) == (INF, -INF) and numbers.bounds(1) == (10.0, 30.0)
