"""Strings as two flat arrays, so that a million of them open without a Python object each.

``text`` is UTF-8, uint8 [bytes], and ``offset`` uint32 or uint64 [n + 1]; string i is
``text[offset[i]:offset[i + 1]]``.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

import numpy as np

from kgqa.graph.arrays import array


class Strings:
    """A read-only sequence of strings."""

    def __init__(self, text: np.ndarray, offset: np.ndarray):
        self.text, self.offset = text, offset
        # Read item by item, memory views are several times faster than arrays.
        self._text, self._offset = text.data, offset.data

    def __len__(self) -> int:
        return len(self.offset) - 1

    def bytes_at(self, i: int) -> bytes:
        return bytes(self._text[self._offset[i] : self._offset[i + 1]])

    def __getitem__(self, i: int) -> str:
        return self.bytes_at(i).decode("utf-8")

    def find(self, string: str, low: int = 0, high: int | None = None) -> int:
        """Index of ``string``, or -1, if strings [low, high) are sorted by their UTF-8 bytes."""
        end, encoded = len(self) if high is None else high, string.encode("utf-8", "surrogatepass")
        i = self._first(encoded, low, end)
        return i if i < end and self.bytes_at(i) == encoded else -1

    def any_starts(self, prefix: str) -> bool:
        """Does any string start with ``prefix``, if all are sorted by their UTF-8 bytes?"""
        encoded = prefix.encode("utf-8", "surrogatepass")
        i = self._first(encoded, 0, len(self))
        return i < len(self) and self.bytes_at(i).startswith(encoded)

    def starting(self, prefix: str) -> tuple[int, int]:
        """Strings [low, high) start with ``prefix``, if all are sorted by their UTF-8 bytes."""
        encoded = prefix.encode("utf-8", "surrogatepass")
        low = self._first(encoded, 0, len(self))
        return low, self._first(encoded + b"\xff", low, len(self))  # no byte of UTF-8 is as large

    def _first(self, encoded: bytes, low: int, high: int) -> int:
        """Index of the first of strings [low, high) that is not less than ``encoded``."""
        return bisect_left(range(high), encoded, low, high, key=self.bytes_at)


def pack(name: str, strings: Iterable[str]) -> dict[str, np.ndarray]:
    """The arrays ``<name>_text`` and ``<name>_offset`` of ``strings``."""
    encoded = [s.encode("utf-8") for s in strings]
    ends = np.cumsum([0, *map(len, encoded)])
    return {
        f"{name}_text": np.frombuffer(b"".join(encoded), dtype=np.uint8),
        f"{name}_offset": array(f"{name}_offset", ends, largest=int(ends[-1])),
    }
