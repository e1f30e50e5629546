"""Misspelt words: the nearest words that occur in names.

Only words that no name contains are corrected, so a correct question costs nothing. Distance is optimal string alignment
(Damerau-Levenshtein without overlaps), by rapidfuzz. The words of names are those of the graph's word index
(``kgqa.graph.vocabulary``), which stays on disk.
"""

from __future__ import annotations

from rapidfuzz import process
from rapidfuzz.distance import OSA

from kgqa.graph import Graph

MAX_CORRECTIONS = 4


class Speller:
    """Nearest name words for a word that no name contains."""

    def __init__(self, graph: Graph):
        self._words = graph.words
        self._seen: dict[str, tuple[str, ...]] = {}

    def known(self, word: str) -> bool:
        return word in self._words

    def corrections(self, word: str) -> tuple[str, ...]:
        """At most MAX_CORRECTIONS words within one edit (two from eight letters on), nearest and commonest first."""
        found = self._seen.get(word)
        if found is None:
            found = self._nearest(word)
            if len(self._seen) > 10_000:
                self._seen.clear()
            self._seen[word] = found
        return found

    def _nearest(self, word: str) -> tuple[str, ...]:
        if len(word) < 4 or len(word) > 30 or any(c.isdigit() for c in word):
            return ()
        limit = 1 if len(word) < 8 else 2
        found = process.extract(
            word,
            self._words.near(word, limit),
            scorer=OSA.distance,
            score_cutoff=limit,
            limit=50,
        )
        found.sort(
            key=lambda item: (
                item[1],
                item[0][0] != word[0],
                -self._words.count(item[0]),
                item[0],
            )
        )
        return tuple(w for w, _, _ in found[:MAX_CORRECTIONS])
