"""Sets of mentions: which can take part together."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgqa.model.network import MAX_SPANS_IN_SETS, enumerate_sets


def test_no_span_leaves_only_no_answer():
    assert enumerate_sets((), (), 3) == ((),)


def test_two_apart_and_one_around_both():
    spans = ((0, 1), (3, 4), (0, 4))  # the third overlaps the others
    assert set(enumerate_sets(spans, (0, 1, 2), 3)) == {(), (0,), (1,), (2,), (0, 1)}


def test_spans_that_touch_do_not_overlap_and_spans_that_share_a_word_do():
    assert (0, 1) in enumerate_sets(((0, 1), (2, 3)), (0, 1), 2)
    assert (0, 1) not in enumerate_sets(((0, 2), (2, 3)), (0, 1), 2)


def test_no_answer_comes_first_and_every_span_stands_alone():
    spans = ((0, 0), (1, 1), (2, 2))
    sets = enumerate_sets(spans, (0, 2), 3)
    assert sets[:4] == ((), (0,), (1,), (2,))
    assert set(sets[4:]) == {(0, 2)}  # pairs of the best spans alone


@pytest.mark.parametrize(("largest", "count"), [(1, 5), (2, 11), (3, 15), (4, 16)])
def test_sizes_up_to_the_largest(largest, count):
    """Four spans apart: 1 + 4, + 6 pairs, + 4 triples, + 1 of four."""
    sets = enumerate_sets(((0, 0), (1, 1), (2, 2), (3, 3)), (0, 1, 2, 3), largest)
    assert len(sets) == len(set(sets)) == count
    assert max(map(len, sets)) == min(largest, 4)


@pytest.mark.parametrize("size", sorted(MAX_SPANS_IN_SETS))
def test_larger_sets_are_of_fewer_spans_and_those_are_the_best(size):
    """Twelve spans apart, the last of them scored best."""
    spans, best = tuple((i, i) for i in range(12)), tuple(range(11, -1, -1))
    joined = {s for one in enumerate_sets(spans, best, size) if len(one) == size for s in one}
    assert joined == set(best[: MAX_SPANS_IN_SETS[size]])


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), max_size=7, unique=True),
    st.integers(1, 3),
)
def test_exactly_the_sets_without_overlap(drawn, largest):
    spans = tuple((a, a + n) for a, n in drawn)
    everyone = tuple(range(len(spans)))
    covered = [set(range(a, z + 1)) for a, z in spans]
    expected = {
        chosen
        for size in range(largest + 1)
        for chosen in combinations(everyone, size)
        if all(not covered[i] & covered[j] for i, j in combinations(chosen, 2))
    }
    assert set(enumerate_sets(spans, everyone, largest)) == expected
