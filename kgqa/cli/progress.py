"""The progress of training, on standard error."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from tqdm import tqdm

from kgqa.text import plain, printable
from kgqa.training.progress import Progress

T = TypeVar("T")


class Bars(Progress):
    """A bar for each stage, and lines above it."""

    def __init__(self) -> None:
        self._bar: tqdm = tqdm(disable=True)

    def say(self, line: str) -> None:
        tqdm.write(printable(line))

    def over(self, rows: Iterable[T], name: str, *, total: int, start: int = 0) -> Iterable[T]:
        shown = {"mininterval": 5, "dynamic_ncols": True, "disable": None}  # on a terminal
        self._bar = tqdm(rows, desc=plain(name), total=total, initial=start, **shown)
        return self._bar

    def note(self, text: str) -> None:
        self._bar.set_postfix_str(plain(text))
