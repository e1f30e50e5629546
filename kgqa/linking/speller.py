"""Misspelt words: the nearest words that occur in names.

Only words that no name contains are corrected, so a correct question costs nothing. Distance is
optimal string alignment (Damerau-Levenshtein without overlaps), by rapidfuzz. The words of names
are those of the graph's word index (``kgqa.graph.vocabulary``), which stays on disk.
"""

from __future__ import annotations

from rapidfuzz import process
from rapidfuzz.distance import OSA

from kgqa.graph import Graph

MAX_CORRECTIONS = 4
LENGTHS = range(4, 31)  # characters of words that are corrected
LONG = 8  # characters from which on two edits are allowed
REMEMBERED = 10_000  # words whose corrections are kept


class Speller:
    """Corrects words that no name contains."""

    def __init__(self, graph: Graph):
        self._words = graph.words
        self._corrections: dict[str, tuple[str, ...]] = {}

    def known(self, word: str) -> bool:
        """Whether some name contains the word."""
        return word in self._words

    def corrections(self, word: str) -> tuple[str, ...]:
        """At most MAX_CORRECTIONS words of names, nearest and commonest first."""
        if word not in self._corrections:
            if len(self._corrections) > REMEMBERED:
                self._corrections.clear()
            self._corrections[word] = self._nearest(word)
        return self._corrections[word]

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
