"""How long each part of the pipeline took."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

PARTS = ("link", "encode", "hops", "trace")


class Stopwatch:
    """Adds up the milliseconds of each part; what happens between parts counts for none.

    >>> watch = Stopwatch()
    >>> with watch("link"):
    ...     pass
    >>> list(watch.timings())
    ['link', 'encode', 'hops', 'trace', 'total']
    """

    def __init__(self) -> None:
        self._seconds = dict.fromkeys(PARTS, 0.0)

    @contextmanager
    def __call__(self, part: str, *, share: float = 1.0) -> Iterator[None]:
        """``share``: how much of the time counts, where several questions share a part."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self._seconds[part] += share * (time.perf_counter() - started)

    def __add__(self, other: Stopwatch) -> Stopwatch:
        both = Stopwatch()
        for part in PARTS:
            both._seconds[part] = self._seconds[part] + other._seconds[part]
        return both

    def timings(self) -> dict[str, float]:
        """Milliseconds of each part and in total."""
        parts = {name: round(1000 * seconds, 3) for name, seconds in self._seconds.items()}
        return {**parts, "total": round(sum(parts.values()), 3)}
