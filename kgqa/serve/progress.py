"""How far a build is, on one line of a terminal."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TextIO

from kgqa.text import plain


class ProgressLine:
    """Called with a stage and its share, in [0, 1]; gone when the block ends.

    >>> with ProgressLine() as bar:
    ...     bar("sorting triples", 0.5)

    Where standard error is no terminal, nothing is written.
    """

    def __init__(self, stream: TextIO | None = None):
        self._stream = stream or sys.stderr
        self._shown = ""

    def __enter__(self) -> ProgressLine:
        return self

    def __call__(self, stage: str, share: float) -> None:
        self._show(f"{plain(stage, 60)} {100 * share:.0f}%")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if self._shown:
            self._show("")
            self._stream.write("\r")
            self._stream.flush()

    def _show(self, text: str) -> None:
        if text != self._shown and self._stream.isatty():
            self._stream.write("\r" + text.ljust(len(self._shown)))
            self._stream.flush()
            self._shown = text
