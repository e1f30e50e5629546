"""What a visitor did: the events that ``static/edits.js`` sends, checked, and the edits they make.

    use        start, end, entity          the mention stands for this entity
    leave_out  start, end                  the mention does not take part
    add        start, end                  these characters of the question take part
    follow     start, end, hop, relation   the hop follows this relation; empty: the walk ends
    intersect  on                          whether paths are intersected or united
    unite      choice                      "either" or "both"; empty: as the model says
    negate     start, end, on              whether what the mention leads to is taken away
    readout    readout                     "count", "verify", ...; empty: what is reached
    undo       field, index                take back one edit
    reset                                  take back all of them
    become     query                       all edits as in an address: a counterfactual
    back                                   as before the last edit (:mod:`kgqa.ui.undo`)
    again                                  as before that was taken back
    visit      query                       the question and edits of an address, by Back or Forward
    ask_about  entity                      ask a question about an entity
    ask        question                    ask a question of the lesson, an offer, one from before
    ask_of     question, start, end, entity    ask where the name at this place is this entity

What arrives is untrusted and is checked like a link.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

from kgqa.edits import KINDS, Edits
from kgqa.errors import DataError
from kgqa.ui import address

NEEDS = {
    "use": ("start", "end", "entity"),
    "leave_out": ("start", "end"),
    "add": ("start", "end"),
    "follow": ("start", "end", "hop", "relation"),
    "intersect": ("on",),
    "unite": ("choice",),
    "negate": ("start", "end", "on"),
    "readout": ("readout",),
    "undo": ("field", "index"),
    "reset": (),
    "become": ("query",),
    "back": (),
    "again": (),
    "visit": ("query",),
    "ask_about": ("entity",),
    "ask": ("question",),
    "ask_of": ("question", "start", "end", "entity"),
}
ASKS = ("ask", "ask_of", "ask_about")  #: actions that ask another question
LONGEST = 500  #: characters of a text; longer ones are cut
UNITE = {"either": True, "both": False, "": None}
_READ: dict[str, Callable] = {"int": int, "str": lambda v: str(v)[:LONGEST], "bool": bool}


@dataclass(frozen=True)
class Event:
    """One action of a visitor; the fields that :data:`NEEDS` names for it are set."""

    action: str  #: a key of NEEDS
    start: int = 0  #: first character of the mention in the question; -1 after the intersection
    end: int = 0  #: one past its last character
    hop: int = 0  #: counted from 1
    index: int = 0  #: which edit of the field
    entity: str = ""  #: entity id
    relation: str = ""  #: relation id, "-" in front for the inverse, or an operator
    field: str = ""  #: name of a field of Edits
    question: str = ""
    query: str = ""  #: of an address, see :mod:`kgqa.ui.address`
    choice: str = ""  #: a key of UNITE
    readout: str = ""
    on: bool = True


def parse(data: object) -> Event:
    """The event in what JavaScript sent. Raises :class:`DataError` if it is none."""
    action = data.get("action") if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(action, str) or action not in NEEDS:
        raise DataError("The page does not know this action.")
    types = {f.name: str(f.type) for f in fields(Event)}
    try:
        values = {name: _READ[types[name]](data[name]) for name in NEEDS[action]}
        values |= (
            {"query": str(data["query"])[: address.MOST_READ + 1]} if "query" in values else {}
        )
    except (KeyError, TypeError, ValueError):
        raise DataError("This edit is not complete.") from None
    return Event(action, **values)


def edited(edits: Edits, event: Event) -> Edits:
    """The edits after an event. Raises :class:`DataError` if the event cannot be one of them."""
    match event.action:
        case "use":
            edits = edits.using(event.start, event.end, event.entity)
        case "leave_out":
            edits = edits.leaving_out(event.start, event.end)
        case "add":
            edits = edits.adding(event.start, event.end)
        case "follow":
            edits = edits.following(event.start, event.end, event.hop, event.relation)
        case "intersect":
            edits = replace(edits, intersect=event.on)
        case "unite" if event.choice in UNITE:
            edits = edits.uniting(UNITE[event.choice])
        case "negate":
            edits = edits.negating(event.start, event.end, event.on)
        case "readout":
            edits = edits.reading_out(event.readout)
        case "undo":
            edits = _without(edits, event.field, event.index)
        case "reset":
            edits = Edits()
        case "become":
            edits = address.edits(address.parse(event.query))
        case _:
            raise DataError("This action edits nothing.")
    return Edits.read(edits.plain())


def _without(edits: Edits, field: str, index: int) -> Edits:
    if field == "intersect":
        return replace(edits, intersect=True)
    if field == "unite":
        return edits.uniting(None)
    if field == "readout":
        return edits.reading_out(None)
    if field not in KINDS:
        raise DataError("The page does not know this edit.")
    kept = tuple(edit for i, edit in enumerate(getattr(edits, field)) if i != index)
    rest: dict[str, Any] = {field: kept}
    return replace(edits, **rest)
