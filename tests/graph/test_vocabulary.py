"""The word index holds every word of every alias, and finds those that are near another."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from kgqa.graph.vocabulary import Words, letters, word_index
from kgqa.linking.speller import MAX_CORRECTIONS, Speller


def indexed(counts: dict[str, int]) -> Words:
    return Words(word_index(counts))


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
def test_no_near_word_is_missed(words, word):
    for limit in (1, 2):
        near = {w for w in words if OSA.distance(w, word) <= limit}
        assert near <= set(indexed(dict.fromkeys(words, 1)).near(word, limit))


@given(st.text(max_size=8), st.text(max_size=8))
def test_an_edit_changes_at_most_two_letters_of_the_set(a, b):
    assert np.bitwise_count(np.uint64(letters(a) ^ letters(b))) <= 2 * OSA.distance(a, b)


@pytest.mark.parametrize(
    "word",
    ["speilberg", "spielbrg", "dicapprio", "spielbrrgg", "portmen", "hkn", "19999", "zzzzzzzz"],
)
def test_corrections_are_the_nearest_of_all_words(toy, word):
    words = {w for i in range(len(toy.aliases)) for w in toy.aliases[i].split()}
    limit = 0 if len(word) < 4 or word.isdigit() else 1 if len(word) < 8 else 2
    near = {w for w in words if not w.isdigit() and OSA.distance(w, word) <= limit}
    assert set(Speller(toy).corrections(word)) == near and len(near) <= MAX_CORRECTIONS
    assert Speller(toy).known("spielberg") and not Speller(toy).known(word)


def test_numbers_are_no_corrections():
    assert indexed({"1984": 1, "1985a": 1}).near("1985", 1) == ["1985a"]
