"""How far a build is, stage by stage."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import duckdb

#: Called as bar(stage, share): a stage and how much of it is done, in [0, 1].
Bar = Callable[[str, float], None]


class Progress:
    """Tells a :data:`Bar` where each stage begins, how far it is, and that it is done."""

    def __init__(self, bar: Bar):
        self._bar = bar

    @contextmanager
    def count(self, stage: str, total: int) -> Iterator[Callable[[int], None]]:
        """A stage over ``total`` rows; call the value with the number of rows just done."""
        self._bar(stage, 0.0)
        done = 0

        def advance(rows: int) -> None:
            nonlocal done
            done += rows
            self._bar(stage, min(done / max(total, 1), 1.0))

        yield advance
        self._bar(stage, 1.0)

    @contextmanager
    def watch(self, stage: str, database: duckdb.DuckDBPyConnection) -> Iterator[None]:
        """A stage that is one statement; the database says how far it is."""
        self._bar(stage, 0.0)
        over = threading.Event()

        def report() -> None:
            while not over.wait(0.5):
                self._bar(stage, float(np.clip(database.query_progress() / 100, 0.0, 1.0)))

        watcher = threading.Thread(target=report, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join()
        self._bar(stage, 1.0)
