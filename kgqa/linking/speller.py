"""Misspelt words: the nearest words that occur in names.

Only words that no name contains are corrected, so a correct question costs nothing. Distance is optimal string alignment
(Damerau-Levenshtein without overlaps), by rapidfuzz. The words of names are those of the graph's word index
(``kgqa.graph.vocabulary``), which stays on disk; a graph without one is small enough to have its names read once.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from kgqa.graph import Graph
from kgqa.graph.strings import Strings
from kgqa.graph.vocabulary import Words, letters

MAX_CORRECTIONS = 4


class Vocabulary:
    """The words of names in memory: same methods as :class:`kgqa.graph.vocabulary.Words`."""

    def __init__(self, aliases: Strings):
        counts: dict[str, int] = {}
        text, offsets = aliases.text.tobytes(), aliases.offset.tolist()
        for low, high in zip(offsets, offsets[1:], strict=False):
            for word in text[low:high].split():
                counts[word] = counts.get(word, 0) + 1
        #: every word of every alias with the number of aliases it occurs in
        self.counts = {word.decode(): n for word, n in counts.items()}

    def __contains__(self, word: str) -> bool:
        return word in self.counts

    @cached_property
    def _by_length(self) -> dict[int, tuple[list[str], np.ndarray]]:
        """{length: (words but numbers, their letters)}"""
        lengths: dict[int, list[str]] = {}
        for word in self.counts:
            if not word.isdigit():
                lengths.setdefault(len(word), []).append(word)
        return {
            n: (found, np.array([letters(w) for w in found], dtype=np.uint64))
            for n, found in lengths.items()
        }

    def near(self, word: str, limit: int) -> list[str]:
        """Every word but numbers that may be within ``limit`` edits, and few that are not."""
        wanted, found = np.uint64(letters(word)), []
        for n in range(len(word) - limit, len(word) + limit + 1):
            if n in self._by_length:
                words, sets = self._by_length[n]
                found += [
                    words[i]
                    for i in np.flatnonzero(np.bitwise_count(sets ^ wanted) <= 2 * limit).tolist()
                ]
        return found

    def count(self, word: str) -> int:
        return self.counts.get(word, 0)


class Speller:
    """Nearest name words for a word that no name contains."""

    def __init__(self, graph: Graph):
        self._graph = graph
        self._seen: dict[str, tuple[str, ...]] = {}

    @cached_property
    def vocabulary(self) -> Vocabulary | Words:
        return Vocabulary(self._graph.aliases) if self._graph.words is None else self._graph.words

    def known(self, word: str) -> bool:
        return word in self.vocabulary

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
            self.vocabulary.near(word, limit),
            scorer=OSA.distance,
            score_cutoff=limit,
            limit=50,
        )
        found.sort(
            key=lambda item: (
                item[1],
                item[0][0] != word[0],
                -self.vocabulary.count(item[0]),
                item[0],
            )
        )
        return tuple(w for w, _, _ in found[:MAX_CORRECTIONS])
