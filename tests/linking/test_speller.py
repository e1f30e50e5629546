"""Corrections of misspelt words: only words of names, only the near ones."""

from __future__ import annotations

import pytest

from kgqa.linking.speller import MAX_CORRECTIONS, Speller


@pytest.fixture(scope="module")
def speller(toy):
    return Speller(toy)


def test_every_word_of_every_alias_is_known(speller, toy):
    for i in range(len(toy.aliases)):
        assert all(speller.known(w) for w in toy.aliases[i].split())


def test_words_that_no_name_has_are_unknown(speller):
    assert not speller.known("speilberg")
    assert not speller.known("")


@pytest.mark.parametrize(
    ("word", "correction"),
    [
        ("speilberg", "spielberg"),  # two neighbours swapped: one edit
        ("spielbrg", "spielberg"),  # one letter left out
        ("spielbergg", "spielberg"),  # one too many
        ("dicapprio", "dicaprio"),
        ("spielbrrgg", "spielberg"),  # two edits, allowed from eight letters on
        ("portmen", "portman"),
    ],
)
def test_the_nearest_word_comes_first(speller, word, correction):
    assert speller.corrections(word)[0] == correction


@pytest.mark.parametrize("word", ["hkn", "tmo", "19999", "r2d2x", "x" * 31, "prtmen", "zzzzzzzz"])
def test_short_long_numeric_and_far_words_have_no_correction(speller, word):
    """ "prtmen" is two edits from "portman", but has six letters: one is allowed."""
    assert len(speller.corrections(word)) == 0


def test_at_most_four_corrections(default_linker):
    assert all(
        len(default_linker.speller.corrections(w)) <= MAX_CORRECTIONS
        for w in ("marii", "jonh", "smiht", "hause")
    )


def test_asking_twice_gives_the_same(speller):
    assert speller.corrections("speilberg") == speller.corrections("speilberg")


def test_corrections_survive_another_thread_emptying_the_memory(toy):
    """The cache is cleared when it is full, which another thread may do between any two lines."""

    class Emptied(dict):
        def __setitem__(self, word, found):
            super().__setitem__(word, found)
            self.clear()

    shared = Speller(toy)
    shared._seen = Emptied()
    assert shared.corrections("speilberg")[0] == "spielberg"
