"""Undo and redo: the edits that a visitor made to one question, one after another.

Each function takes what the page shows and returns what it shall show. The way there is a part of
it, so nothing else has to be remembered; another question begins a new one.
"""

from __future__ import annotations

from dataclasses import replace

from kgqa.edits import Edits
from kgqa.errors import DataError
from kgqa.ui.kept import Asked

Way = tuple[Edits, ...]
MOST = 50  #: steps that can be undone


def edited(now: Asked, edits: Edits) -> Asked:
    """After another edit: what was undone before cannot be redone any more.

    >>> step = edited(Asked("Who?"), Edits(intersect=False))
    >>> back(step).edits == Edits() and again(back(step)) == step
    True
    """
    if edits == now.edits:
        return now
    return _of(now, edits, past=(*now.past, now.edits)[-MOST:], future=())


def back(now: Asked) -> Asked:
    """As before the last edit. Raises :class:`DataError` if there was none."""
    if not now.past:
        raise DataError("There is no edit to undo.")
    *past, edits = now.past
    return _of(now, edits, past=tuple(past), future=(*now.future, now.edits))


def again(now: Asked) -> Asked:
    """As before the last :func:`back`. Raises :class:`DataError` if there was none."""
    if not now.future:
        raise DataError("There is no edit to redo.")
    *future, edits = now.future
    return _of(now, edits, past=(*now.past, now.edits), future=tuple(future))


def _of(now: Asked, edits: Edits, *, past: Way, future: Way) -> Asked:
    """Other edits are asked of the model, whatever trace of the question is shown."""
    return replace(now, edits=edits, saved="", past=past, future=future)


def visited(now: Asked | None, question: str, edits: Edits = Edits()) -> Asked:
    """Where an address leads: along the way if it is on it, else the start of a new one.

    Edits that come with an address can be undone together.
    """
    if now is not None and now.question == question:
        for move, ahead in ((back, now.past), (again, now.future)):
            if edits in ahead:
                while now.edits != edits:
                    now = move(now)
                return now
        if now.edits == edits:
            return now
    return Asked(question, edits, past=(Edits(),) if edits else ())


MOVES = {"back": back, "again": again}  #: {action of :mod:`kgqa.ui.events`: what it does}
