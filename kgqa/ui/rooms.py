"""Which graph each visitor asks: the page's own, or one that the visitor brought.

A room is a graph with its model and the traces that were made of it. The page has one that is
always open, the house; a visitor who brings files gets another, which nobody else enters and which
goes with the session. How many rooms are open is bounded, and nobody is put out of one in use.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field

from kgqa.errors import DataError
from kgqa.trace import Completion, Entity, Neighbourhood
from kgqa.ui.kept import Kept
from kgqa.ui.service import Service

MOST = 12  #: rooms beside the house
EACH = 6  #: of them for visitors of one address: a class, perhaps
IDLE = 1_800  #: seconds after which a room that nobody uses is closed
AWAY = 90  #: seconds after its page was left; a phone that sleeps comes back
CROWDED = 300  #: seconds without use after which a room makes way for another
REMEMBERED = 5_000  #: sessions whose room was closed, so that they hear of it
GONE = (
    "Your graph is no longer here: it is kept for half an hour after it was last asked. Bring the "
    "files again, or go back to the graph of this page, under “Your graph”."
)
FULL = "{most} graphs of visitors are open already. Please try again in about {minutes} minutes."

#: The session whose call is being answered, for the server functions of components: Gradio gives
#: them no request. ``guard.guard`` sets it.
session: ContextVar[str] = ContextVar("session", default="")


@dataclass
class Room:
    """A graph that is asked, and its latest traces."""

    service: Service
    kept: Kept = field(init=False)
    used: float = field(default_factory=lambda: time.monotonic())  #: when it was last asked for
    left: float | None = None  #: when its page was closed
    address: str = ""  #: where the visitor comes from
    #: known to the visitor's page alone, which comes back with it when it is loaded again
    key: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)

    def __post_init__(self) -> None:
        self.kept = Kept(self.service.ask)


class Rooms:
    """The house, and the rooms of visitors by their session; thread-safe."""

    def __init__(self, service: Service, most: int = MOST):
        self.house, self.most = Room(service), most
        self._rooms: dict[str, Room] = {}
        self._closed: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, visitor: str | None) -> Room:
        """The room of a session. Raises :class:`DataError` if it was closed meanwhile."""
        with self._lock:
            room = self._rooms.get(visitor or "")
            if room is not None:
                room.used, room.left = time.monotonic(), None
                return room
            if visitor in self._closed:
                raise DataError(GONE)
        return self.house

    def check(self, visitor: str, address: str = "") -> None:
        """Raise :class:`DataError` if there is no room for another graph."""
        with self._lock:
            mine = {n: r for n, r in self._rooms.items() if address and r.address == address}
            rivals = mine if len(mine) >= EACH else self._rooms
            if visitor in self._rooms or (rivals is not mine and len(rivals) < self.most):
                return
            name, room = min(rivals.items(), key=lambda item: item[1].used)
            idle = time.monotonic() - room.used
            if idle >= CROWDED:
                return self._close(name)
            minutes = max(1, round((CROWDED - idle) / 60))
        raise DataError(FULL.format(most=len(rivals), minutes=minutes))

    def enter(self, visitor: str, service: Service, address: str = "") -> Room:
        """Give a session a room of its own. Raises :class:`DataError` if there is none."""
        self.check(visitor, address)
        with self._lock:
            if visitor not in self._rooms and len(self._rooms) >= self.most:
                raise DataError(FULL.format(most=self.most, minutes=1))
            self._closed.pop(visitor, None)
            self._rooms[visitor] = room = Room(service, address=address)
        return room

    def come_back(self, visitor: str, key: str) -> Room:
        """The room of a page that was loaded again, for its new session; the old one is out.

        Raises :class:`DataError` if there is no room with this key.
        """
        given = key.encode("utf-8", "replace")
        with self._lock:
            for name, room in list(self._rooms.items()):
                if visitor and secrets.compare_digest(room.key.encode(), given):
                    self._close(name)
                    self._closed.pop(visitor, None)
                    self._rooms[visitor] = room
                    room.used, room.left = time.monotonic(), None
                    return room
        raise DataError(GONE)

    def leave(self, visitor: str) -> Room:
        """Back to the house; the room is gone."""
        with self._lock:
            self._rooms.pop(visitor, None)
            self._closed.pop(visitor, None)
        return self.house

    def away(self, visitor: str) -> None:
        """The page of a session was closed."""
        with self._lock:
            if visitor in self._rooms:
                self._rooms[visitor].left = time.monotonic()

    def sweep(self) -> None:
        """Close the rooms that nobody uses."""
        if not self._rooms:
            return
        now = time.monotonic()
        with self._lock:
            for name, room in list(self._rooms.items()):
                if now - room.used > IDLE or (room.left is not None and now - room.left > AWAY):
                    self._close(name)

    def _close(self, name: str) -> None:
        self._rooms.pop(name, None)
        self._closed[name] = None
        while len(self._closed) > REMEMBERED:
            self._closed.popitem(last=False)

    # -- for components, which know no request -----------------------------------------------------

    def neighbourhood(self, entity: str) -> Neighbourhood | None:
        """Of an entity of the visitor's graph; None if that is gone."""
        try:
            return self.of(session.get()).service.neighbourhood(entity)
        except DataError:
            return None

    def search(self, words: str) -> tuple[Entity, ...]:
        """Entities of the visitor's graph with such a name."""
        try:
            return self.of(session.get()).service.search(words)
        except DataError:
            return ()

    def complete(self, text: str) -> Sequence[Completion]:
        """Names of the visitor's graph that the end of a text may become."""
        try:
            return self.of(session.get()).service.complete(text)
        except DataError:
            return ()
