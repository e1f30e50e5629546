r"""The words that names are made of, on disk: for graphs whose names are too many to be read into memory.

Words are sorted by (length in characters, UTF-8 bytes):

    word_text, word_offset [n + 1]   the words (``kgqa.graph.strings``)
    word_count [n]                   aliases that a word occurs in
    word_letters [n]                 uint64, bit (code point mod 64) set for each character
    word_block [longest + 2]         words of length L are word_block[L]:word_block[L + 1]

A word is found by binary search in its block. Nearest words are found by a filter over ``word_letters`` alone, eight bytes a
word, read from the page cache: one edit changes at most two of the 64 bits, so a word within d edits differs in at most 2 d.
"""

from __future__ import annotations

import numpy as np

from kgqa.graph.strings import Strings, pack

NAMES = ("word_text", "word_offset", "word_count", "word_letters", "word_block")
_CHUNK = 2**20


class Words:
    """A read-only multiset of words over the arrays ``NAMES``."""

    def __init__(self, arrays: dict[str, np.ndarray]):
        self._words = Strings(arrays["word_text"], arrays["word_offset"])
        self._count, self._letters, self._block = (
            arrays["word_count"],
            arrays["word_letters"],
            arrays["word_block"],
        )

    def __len__(self) -> int:
        return len(self._count)

    def __contains__(self, word: str) -> bool:
        return self._find(word) >= 0

    def count(self, word: str) -> int:
        """Aliases that the word occurs in; 0 if it is in none."""
        i = self._find(word)
        return int(self._count[i]) if i >= 0 else 0

    def near(self, word: str, limit: int) -> list[str]:
        """Every word but numbers that may be within ``limit`` edits, and few that are not."""
        wanted, found = np.uint64(letters(word)), []
        low, high = self._bounds(len(word) - limit)[0], self._bounds(len(word) + limit)[1]
        for start in range(low, high, _CHUNK):
            part = self._letters[start : min(start + _CHUNK, high)]
            found += [
                self._words[start + i]
                for i in np.flatnonzero(np.bitwise_count(part ^ wanted) <= 2 * limit).tolist()
            ]
        return [w for w in found if not w.isdigit()]

    def _find(self, word: str) -> int:
        return self._words.find(word, *self._bounds(len(word)))

    def _bounds(self, length: int) -> tuple[int, int]:
        length = max(length, 0)
        if length > len(self._block) - 2:
            return len(self), len(self)
        return int(self._block[length]), int(self._block[length + 1])


def letters(word: str) -> int:
    """The characters of a word as a set of 64 bits."""
    found = 0
    for character in word:
        found |= 1 << (ord(character) % 64)
    return found


def word_index(words: list[str], counts: list[int]) -> dict[str, np.ndarray]:
    """The arrays of :class:`Words` for distinct words sorted by (length in characters, UTF-8 bytes)."""
    text, offset = pack(words)
    lengths = np.array([len(w) for w in words], dtype=np.int64)
    return {
        "word_text": text,
        "word_offset": offset,
        "word_count": np.array(counts, dtype=np.int32),
        "word_letters": np.array([letters(w) for w in words], dtype=np.uint64),
        "word_block": block(np.bincount(lengths)),
    }


def block(per_length: np.ndarray) -> np.ndarray:
    """``word_block`` from the number of words of each length 0, 1, ..."""
    return np.concatenate([[0], np.cumsum(per_length)]).astype(np.int64)
