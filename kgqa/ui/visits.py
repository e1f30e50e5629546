"""What the page shows next, of an edit or of an address: an :class:`~kgqa.ui.kept.Asked`.

A question of an address is for one graph alone: the page's own, or one that the visitor brought.
Where the other one is open, a sentence says what to do, and nothing is asked.
"""

from __future__ import annotations

from typing import Any

from kgqa.errors import DataError
from kgqa.text import clean
from kgqa.ui import address, events, link, undo
from kgqa.ui.kept import Asked

GONE = "The server no longer knows this page's question. Please ask it again."
ELSEWHERE = {
    True: "That question was asked of a graph of your own, which is not open here. Bring its files "
    "again, under “Your graph”, and ask it there.",
    False: "That question was asked of the graph of this page. Go back to it under “Your graph”.",
}  #: {whether an address is for a visitor's own graph: what to do where another is open}


def changed(now: Asked, event: events.Event) -> Asked:
    """The same question after an edit, or without its last one. Raises :class:`DataError`."""
    if event.action in undo.MOVES:
        return undo.MOVES[event.action](now)
    return undo.edited(now, events.edited(now.edits, event))


def visited(before: Asked | None, query: str, *, own: bool) -> Asked | None:
    """The question of an address, by Back or Forward; None for the page before the first one.

    ``own``: whether the graph that is open is the visitor's. Raises :class:`DataError`.
    """
    pairs = address.parse(query)
    question = clean(address.question(pairs))
    if not question:
        return None
    if link.yours(dict(pairs)) != own:
        raise DataError(ELSEWHERE[not own])
    return undo.visited(before, question, address.edits(pairs))


def linked(query: Any) -> tuple[Asked | None, str]:
    """The question of the address that the page was opened with, and what is wrong with its edits.

    None for a question of a graph that a visitor brought: the page comes back to it by itself.
    """
    question = clean(link.asked(query))
    if not question or link.yours(query):
        return None, ""
    try:
        return undo.visited(None, question, link.edits(query)), ""
    except DataError as error:
        return Asked(question), f"The edits in the link are not readable. {error}"


def lost(query: Any) -> Asked:
    """What the page shows, by its address, where the session does not know it any more.

    Raises :class:`DataError` where the address does not know it either.
    """
    asked, wrong = linked(query)
    if asked is None or wrong:
        raise DataError(GONE)
    return asked
