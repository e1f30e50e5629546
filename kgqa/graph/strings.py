"""Strings as two flat arrays, so that a million of them open without a Python object each.

``text`` is one uint8 array of UTF-8, ``offset[i]:offset[i + 1]`` is the i-th string.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np


class Strings:
    """A read-only sequence of strings over (text uint8 [N], offset uint32/uint64 [n + 1])."""

    def __init__(self, text: np.ndarray, offset: np.ndarray):
        self.text, self.offset = text, offset
        self._text, self._offset = (
            memoryview(text),
            memoryview(offset),
        )  # read item by item, these are several times faster

    def __len__(self) -> int:
        return len(self.offset) - 1

    def bytes_at(self, i: int) -> bytes:
        return bytes(self._text[self._offset[i] : self._offset[i + 1]])

    def __getitem__(self, i: int) -> str:
        return self.bytes_at(i).decode("utf-8")

    def find(self, key: str, low: int = 0, high: int | None = None) -> int:
        """Index of ``key`` in strings [low, high) that are sorted by their UTF-8 bytes, or -1. Binary search: O(log n) reads."""
        end, want = len(self) if high is None else high, key.encode("utf-8")
        i = self._first(want, low, end)
        return i if i < end and self.bytes_at(i) == want else -1

    def any_starts(self, prefix: str) -> bool:
        """Does any of the strings, sorted by their UTF-8 bytes, start with ``prefix``?"""
        want = prefix.encode("utf-8")
        i = self._first(want, 0, len(self))
        return i < len(self) and self.bytes_at(i).startswith(want)

    def _first(self, want: bytes, low: int, high: int) -> int:
        """Index of the first of the strings [low, high) that is not less than ``want``."""
        text, offset = self._text, self._offset
        while low < high:
            middle = (low + high) // 2
            if bytes(text[offset[middle] : offset[middle + 1]]) < want:
                low = middle + 1
            else:
                high = middle
        return low


def pack(strings: Iterable[str]) -> tuple[np.ndarray, np.ndarray]:
    """Arrays (text, offset) of ``strings`` for :class:`Strings`."""
    encoded = [s.encode("utf-8") for s in strings]
    offset = np.zeros(len(encoded) + 1, dtype=np.uint64)
    np.cumsum([len(e) for e in encoded], out=offset[1:])
    if offset[-1] < 2**32:
        offset = offset.astype(np.uint32)
    return np.frombuffer(b"".join(encoded), dtype=np.uint8), offset
