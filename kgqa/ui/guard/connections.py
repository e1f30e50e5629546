"""What keeps a connection open: a request that does not arrive, and a stream that does not end.

A stream of events lasts as long as a browser keeps it open, so its number is bounded, for one
address and for all. Those that a page holds while nothing is asked are counted apart from those
that bring results: whoever has opened all of the first kind takes no answer from anybody.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from starlette.types import Scope

from kgqa.ui.guard.rules import RESULTS, WATCHING, Refused

SLOWEST = 30  #: seconds in which the headers of a request have to arrive, and then its body
EACH, ALL = 250, 400  #: streams of a kind: of one address, and of all together
MANY = "Too many streams are open. Please try again in a minute."


class Streams:
    """The open streams whose path matches ``paths``."""

    def __init__(self, paths: re.Pattern[str], each: int = EACH, all: int = ALL):
        self.paths, self.each, self.all = paths, each, all
        self.open: Counter[str] = Counter()  #: {address: how many}

    @contextmanager
    def counted(self, scope: Scope, path: str) -> Iterator[None]:
        """Count a request while it is answered. Raises :class:`Refused` if too many are open."""
        if scope["method"] != "GET" or not self.paths.match(path):
            yield
            return
        address = (scope.get("client") or ("",))[0]
        if self.open[address] >= self.each or self.open.total() >= self.all:
            raise Refused(503, MANY, **{"retry-after": "60"})
        self.open[address] += 1
        try:
            yield
        finally:
            self.open[address] -= 1
            self.open += Counter()  # forgets addresses with none


class Bringing:
    """Requests that bring files, which are held in memory while they arrive."""

    def __init__(self, each: int = 2, all: int = 6):
        self.each, self.all = each, all
        self.open: Counter[str] = Counter()  #: {address: how many}

    @contextmanager
    def counted(self, scope: Scope) -> Iterator[None]:
        """Count a request while it lasts. Raises :class:`Refused` if too many are open."""
        address = (scope.get("client") or ("",))[0]
        if self.open[address] >= self.each or self.open.total() >= self.all:
            busy = "Other visitors are bringing files. Please try again in a minute."
            raise Refused(503, busy, connection="close", **{"retry-after": "60"})
        self.open[address] += 1
        try:
            yield
        finally:
            self.open[address] -= 1
            self.open += Counter()


def streams() -> tuple[Streams, Streams]:
    """Of pages that are open, and of results."""
    return Streams(WATCHING), Streams(RESULTS)


def hurried(protocol: Any) -> Any:
    """A protocol of uvicorn's, h11's or httptools', that waits :data:`SLOWEST` s for headers.

    Uvicorn bounds the time between two requests and not that of one which never ends to arrive.
    """

    class Hurried(protocol):
        deadline: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            self.hurry()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self.hurry()

        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            self.calm()

        def hurry(self) -> None:
            """Set a deadline from the first byte on, unless a request is being answered."""
            if self.cycle is not None and not self.cycle.response_complete:
                self.calm()
            elif self.deadline is None:
                self.deadline = self.loop.call_later(SLOWEST, self.transport.close)

        def calm(self) -> None:
            if self.deadline is not None:
                self.deadline.cancel()
            self.deadline = None

    return Hurried
