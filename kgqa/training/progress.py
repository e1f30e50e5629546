"""What a run reports while it goes on; the command line shows it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


class Progress:
    """Reports nothing; whoever wants to see a run overrides these methods."""

    def say(self, line: str) -> None:
        """Something worth a line of its own."""

    def over(self, rows: Iterable[T], name: str, *, total: int, start: int = 0) -> Iterable[T]:
        """The same rows, counted as they pass; ``start`` of ``total`` were done before."""
        return rows

    def note(self, text: str) -> None:
        """What stands beside the count."""
