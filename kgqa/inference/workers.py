"""Batches side by side: as many Python threads as torch has, each with one torch thread of its own.

Two threads that compute one batch each keep two cores busier than one batch spread over both: while
one runs Python, the other multiplies matrices. Torch's number of threads belongs to each thread, so
it is set where the workers start.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import torch

T = TypeVar("T")
R = TypeVar("R")


class Workers:
    """A pool of threads that starts when it is first needed."""

    def __init__(self, count: int | None = None):
        self.count = count or torch.get_num_threads()
        self._pool: ThreadPoolExecutor | None = None
        self._lock = threading.Lock()

    def map(self, call: Callable[[T], R], items: Sequence[T]) -> list[R]:
        """[call(item), ...], in order; in this thread if there is one worker or one item."""
        if self.count == 1 or len(items) < 2:
            return [call(item) for item in items]
        return list(self._started().map(call, items))

    def _started(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._pool is None:
                before, started = torch.get_num_threads(), threading.Barrier(self.count)
                pool = ThreadPoolExecutor(
                    self.count, "kgqa", initializer=torch.set_num_threads, initargs=(1,)
                )
                list(pool.map(lambda _: started.wait(), range(self.count)))
                torch.set_num_threads(before)  # a worker's setting is the default of later threads
                self._pool = pool
        return self._pool
