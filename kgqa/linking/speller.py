"""Misspelt words: the nearest words that occur in names.

Only words that no name contains are corrected, so a correct question costs nothing. Distance is
optimal string alignment (Damerau-Levenshtein without overlaps), by rapidfuzz. The words of names
are those of the graph's word index (``kgqa.graph.vocabulary``), which stays on disk.
"""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from kgqa.graph import Graph

MAX_CORRECTIONS = 4
LENGTHS = range(4, 31)  # characters of words that are corrected
LONG = 8  # characters from which on two edits are allowed
REMEMBERED = 10_000  # words that are not looked up again


class Speller:
    """Corrects words that no name contains."""

    def __init__(self, graph: Graph):
        self._words = graph.words
        self.known = lru_cache(REMEMBERED)(self._words.__contains__)  #: is it a word of a name?
        #: at most MAX_CORRECTIONS words of names, nearest and commonest first
        self.corrections = lru_cache(REMEMBERED)(self._nearest)

    def _nearest(self, word: str) -> tuple[str, ...]:
        if len(word) not in LENGTHS or any(c.isdigit() for c in word):
            return ()
        edits = 1 if len(word) < LONG else 2
        matches = process.extract(
            word, self._words.near(word, edits), scorer=OSA.distance, score_cutoff=edits, limit=50
        )

        def rank(match: tuple[str, float, int]) -> tuple:
            near, distance, _ = match
            return distance, near[0] != word[0], -self._words.count(near), near

        return tuple(near for near, _, _ in sorted(matches, key=rank)[:MAX_CORRECTIONS])
