"""Misspelt words: the nearest words that occur in names.

Only words that no name contains are corrected, so a correct question costs nothing. Distance is optimal string alignment
(Damerau-Levenshtein without overlaps), by rapidfuzz.
"""

from __future__ import annotations

from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from kgqa.graph import Graph

MAX_CORRECTIONS = 4


class Speller:
    """Nearest name words for a word that no name contains."""

    def __init__(self, graph: Graph):
        self._aliases = graph.aliases
        self._seen: dict[str, tuple[str, ...]] = {}

    @cached_property
    def vocabulary(self) -> dict[str, int]:
        """Every word of every alias with the number of aliases it occurs in."""
        counts: dict[str, int] = {}
        text = self._aliases.text.tobytes()
        offsets = self._aliases.offset.tolist()
        for low, high in zip(offsets, offsets[1:], strict=False):
            for word in text[low:high].split():
                counts[word] = counts.get(word, 0) + 1
        return {word.decode(): n for word, n in counts.items()}

    @cached_property
    def _by_length(self) -> dict[int, list[str]]:
        lengths: dict[int, list[str]] = {}
        for word in self.vocabulary:
            if not word.isdigit():
                lengths.setdefault(len(word), []).append(word)
        return lengths

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
        near = [w for n in range(len(word) - limit, len(word) + limit + 1) for w in self._by_length.get(n, ())]
        found = process.extract(word, near, scorer=OSA.distance, score_cutoff=limit, limit=50)
        found.sort(key=lambda item: (item[1], item[0][0] != word[0], -self.vocabulary[item[0]], item[0]))
        return tuple(w for w, _, _ in found[:MAX_CORRECTIONS])
