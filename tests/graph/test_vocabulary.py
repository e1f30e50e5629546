"""The word index on disk says what the words in memory say."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from kgqa.graph.vocabulary import Words, letters, word_index
from kgqa.linking.speller import Speller, Vocabulary


def indexed(counts: dict[str, int]) -> Words:
    ordered = sorted(counts, key=lambda w: (len(w), w.encode()))
    return Words(word_index(ordered, [counts[w] for w in ordered]))


@given(
    st.dictionaries(st.text(min_size=1, max_size=6), st.integers(1, 9), max_size=20),
    st.text(max_size=7),
)
def test_words_are_known_with_their_counts(counts, other):
    words = indexed(counts)
    assert len(words) == len(counts) and all(
        w in words and words.count(w) == n for w, n in counts.items()
    )
    assert (other in words) == (other in counts) and words.count(other) == counts.get(other, 0)


@given(
    st.sets(st.text("abcdé", min_size=1, max_size=8), max_size=30),
    st.text("abcdé", min_size=1, max_size=8),
)
def test_no_near_word_is_missed(words, wanted):
    for limit in (1, 2):
        near = {w for w in words if OSA.distance(w, wanted) <= limit}
        assert near <= set(indexed(dict.fromkeys(words, 1)).near(wanted, limit))


@given(st.text(max_size=8), st.text(max_size=8))
def test_an_edit_changes_at_most_two_letters_of_the_set(a, b):
    assert np.bitwise_count(np.uint64(letters(a) ^ letters(b))) <= 2 * OSA.distance(a, b)


@pytest.mark.parametrize(
    "word",
    ["speilberg", "spielbrg", "dicapprio", "spielbrrgg", "portmen", "hkn", "19999", "zzzzzzzz"],
)
def test_corrections_from_disk_are_those_from_memory(toy, word):
    on_disk = Speller(SimpleNamespace(words=indexed(Vocabulary(toy.aliases).counts)))
    assert on_disk.corrections(word) == Speller(toy).corrections(word)
    assert on_disk.known("spielberg") and not on_disk.known(word)


def test_numbers_are_no_corrections():
    assert indexed({"1984": 1, "1985a": 1}).near("1985", 1) == ["1985a"]
