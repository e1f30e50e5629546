"""The traces that the page is showing: a bounded number for all visitors together.

A visitor's ``gr.State`` holds only what was asked, an :class:`Asked`. Drawing, saving and edits
look the trace up here, and ask again for one that had to make room.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from kgqa.edits import Edits
from kgqa.errors import DataError
from kgqa.trace import Trace

TRACES = 256  #: kept at most
GONE = "The saved trace is no longer here. Please open its file again."
ANSWERS = 50_000  #: in all of them together; a trace of 12,000 answers has 7 MB


@dataclass(frozen=True)
class Asked:
    """What one visitor asked last, and the way there: equal if question and edits are.

    :mod:`kgqa.ui.undo` walks to and fro.
    """

    question: str
    edits: Edits = Edits()
    saved: str = ""  #: names a trace that the visitor brought, shown in place of the model's own
    past: tuple[Edits, ...] = field(default=(), compare=False)  #: to undo to, the latest last
    future: tuple[Edits, ...] = field(default=(), compare=False)  #: to redo, the next one last


class Kept:
    """The latest traces, by what was asked; thread-safe."""

    def __init__(self, ask: Callable[[str, Edits], Trace]):
        self._ask, self._traces = ask, OrderedDict[Asked, Trace]()
        self._lock, self._asking = threading.Lock(), threading.Lock()
        self._answers = 0

    def keep(self, trace: Trace, saved: str = "") -> Asked:
        """Keep a trace; what is returned finds it again. ``saved``: see :class:`Asked`."""
        asked = Asked(trace.question, trace.edits, saved)
        with self._lock:
            if (old := self._traces.pop(asked, None)) is not None:
                self._answers -= len(old.answers)
            self._traces[asked] = trace
            self._answers += len(trace.answers)
            while len(self._traces) > 1 and (len(self._traces) > TRACES or self._answers > ANSWERS):
                self._answers -= len(self._traces.popitem(last=False)[1].answers)
        return asked

    def get(self, asked: Asked) -> Trace:
        """The trace of what was asked; one that is gone is made again, one at a time.

        Raises :class:`DataError` for one that a visitor brought: nothing else is shown for it.
        """
        trace = self.find(asked)
        if trace is not None:
            return trace
        if asked.saved:
            raise DataError(GONE)
        with self._asking:
            trace = self.find(asked)
            if trace is None:
                trace = self._ask(asked.question, asked.edits)
                self.keep(trace)
        return trace

    def find(self, asked: Asked) -> Trace | None:
        """The trace of what was asked, if it is still there."""
        with self._lock:
            if asked in self._traces:
                self._traces.move_to_end(asked)
            return self._traces.get(asked)
