r"""The word index: all words that aliases are made of, on disk.

Words are sorted by (length in characters, UTF-8 bytes):

    word_text, word_offset [W + 1]   the words (``kgqa.graph.strings``)
    word_count [W]                   how often a word occurs in aliases
    word_letters [W]                 bit (code point mod 64) is set for each character
    word_block [longest + 2]         words of length L are word_block[L]:word_block[L + 1]

A word is found by binary search in its block. Words near another are found by a filter over
``word_letters`` alone, eight bytes a word: one edit changes at most two of the 64 bits, so words
within d edits differ in at most 2 d of them.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kgqa.graph.arrays import array
from kgqa.graph.strings import Strings, pack

_CHUNK = 2**20


class Words:
    """A read-only multiset of words."""

    def __init__(self, arrays: Mapping[str, np.ndarray]):
        self._words = Strings(arrays["word_text"], arrays["word_offset"])
        self._count, self._letters = arrays["word_count"], arrays["word_letters"]
        self._block = arrays["word_block"]

    def __len__(self) -> int:
        return len(self._count)

    def __contains__(self, word: str) -> bool:
        return self._find(word) >= 0

    def count(self, word: str) -> int:
        """How often the word occurs in aliases; 0 if it does not."""
        i = self._find(word)
        return int(self._count[i]) if i >= 0 else 0

    def near(self, word: str, limit: int) -> list[str]:
        """Every word that may be within ``limit`` edits, and few that are not; no numbers."""
        target, near = np.uint64(letters(word)), []
        low, high = self._bounds(len(word) - limit)[0], self._bounds(len(word) + limit)[1]
        for start in range(low, high, _CHUNK):
            part = self._letters[start : min(start + _CHUNK, high)]
            close = np.flatnonzero(np.bitwise_count(part ^ target) <= 2 * limit)
            near += [self._words[start + i] for i in close.tolist()]
        return [w for w in near if not w.isdigit()]

    def _find(self, word: str) -> int:
        return self._words.find(word, *self._bounds(len(word)))

    def _bounds(self, length: int) -> tuple[int, int]:
        length = max(length, 0)
        if length > len(self._block) - 2:
            return len(self), len(self)
        return int(self._block[length]), int(self._block[length + 1])


def letters(word: str) -> int:
    """The characters of a word as a set of 64 bits."""
    bits = 0
    for character in word:
        bits |= 1 << (ord(character) % 64)
    return bits


def word_index(counts: Mapping[str, int]) -> dict[str, np.ndarray]:
    """The arrays of :class:`Words` from {word: how often it occurs}."""
    words = sorted(counts, key=lambda word: (len(word), word.encode()))
    lengths = np.array([len(word) for word in words], dtype=np.int64)
    return {
        **pack("word", words),
        "word_count": array("word_count", [counts[word] for word in words]),
        "word_letters": array("word_letters", [letters(word) for word in words]),
        "word_block": block(np.bincount(lengths, minlength=1)),
    }


def block(per_length: np.ndarray) -> np.ndarray:
    """``word_block`` from the number of words of each length 0, 1, ..."""
    return array("word_block", np.append(0, np.cumsum(per_length)))
