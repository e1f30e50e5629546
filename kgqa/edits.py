"""Edits: what a person decides instead of the model.

An edit overrides one decision: which entity, which mentions, which relation or operator, what is
subtracted or united, how the answer is read out. Everything else is still predicted. Edits are
plain frozen values, the same in a link, in the API and in a trace. Spans are characters [start,
end) of the question as the trace gives it.

    UseEntity, Span, FollowRelation   one edit each
    Edits                             all edits to one question; ``Edits.read`` checks input

``kgqa.inference.edit`` applies them.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace

from kgqa.errors import DataError

MAX_EDITS = 12  #: of one kind
MAX_ID = 300  #: characters of an entity or relation id
MAX_POSITION = 2_000  #: the last character of a question that a span can point at
MAX_TEXT = 20_000  #: characters of the JSON


@dataclass(frozen=True)
class UseEntity:
    """The mention at [start, end) takes part and stands for this entity."""

    start: int
    end: int
    entity: str  #: entity id


@dataclass(frozen=True)
class Span:
    """A run of the question's characters."""

    start: int
    end: int


@dataclass(frozen=True)
class FollowRelation:
    """At this hop, the branch of the mention at [start, end) follows this relation.

    The span :data:`AFTER` stands for the hops after the intersection.
    """

    start: int
    end: int
    hop: int  #: counted from 1
    #: relation id, "-" in front for the inverse, or an operator, "most(run time, 2)"; empty: stop
    #: before this hop
    relation: str


AFTER = (-1, -1)  #: the span that stands for the hops after the intersection


@dataclass(frozen=True)
class Edits:
    """All edits to one question; ``Edits()`` changes nothing.

    >>> Edits().using(4, 13, "person:Tom Hanks").plain()
    {'use': [{'start': 4, 'end': 13, 'entity': 'person:Tom Hanks'}]}
    """

    use: tuple[UseEntity, ...] = ()  #: entities chosen for mentions
    leave_out: tuple[Span, ...] = ()  #: mentions that do not take part
    add: tuple[Span, ...] = ()  #: spans that take part, whatever the model or the linker says
    follow: tuple[FollowRelation, ...] = ()  #: relations at hops
    intersect: bool = True  #: False: unite the branches (element-wise maximum) instead
    negate: tuple[Span, ...] = ()  #: mentions whose branches are taken away from the others
    keep: tuple[Span, ...] = ()  #: mentions whose branches are not taken away
    unite: bool | None = None  #: unite or intersect the branches; None: the model decides
    readout: str | None = None  #: "count", "verify", ..., "" for none; None: the model decides

    def __bool__(self) -> bool:
        return self != Edits()

    @classmethod
    def read(cls, value: object) -> Edits:
        """From a JSON text or object. Raises :class:`DataError` unless ``short`` could write it."""
        if value is None or value == "":
            return cls()
        if isinstance(value, str):
            value = _parse(value)
        if not isinstance(value, dict) or (unknown := set(value) - {f.name for f in fields(cls)}):
            names = ", ".join(f.name for f in fields(cls))
            other = ""
            if isinstance(value, dict):
                other = f", not {str(sorted(unknown, key=str)[0])[:40]!r}"
            raise DataError(f"Edits must be an object with some of {names}{other}.")
        items = {name: _items(name, kind, value.get(name)) for name, kind in KINDS.items()}
        return cls(
            **items,
            intersect=_switch(value, "intersect", True) is True,
            unite=_switch(value, "unite", None),
            readout=_readout(value),
        )

    def short(self) -> dict:
        """As a JSON object without the fields that are not edited; ``{}`` for no edit."""
        unedited = asdict(Edits())
        return {k: v for k, v in asdict(self).items() if v != unedited[k]}

    def plain(self) -> dict:
        """:meth:`short` with lists instead of tuples; what :meth:`read` reads."""
        return json.loads(json.dumps(self.short()))

    def using(self, start: int, end: int, entity: str) -> Edits:
        """Also choose an entity for a mention, which then takes part."""
        return replace(
            self,
            use=(*_elsewhere(self.use, start, end), UseEntity(start, end, entity)),
            leave_out=_elsewhere(self.leave_out, start, end),
        )

    def leaving_out(self, start: int, end: int) -> Edits:
        """Also leave a mention out; other edits of that mention are dropped."""
        return replace(
            self,
            use=_elsewhere(self.use, start, end),
            add=_elsewhere(self.add, start, end),
            follow=_elsewhere(self.follow, start, end),
            negate=_elsewhere(self.negate, start, end),
            keep=_elsewhere(self.keep, start, end),
            leave_out=(*_elsewhere(self.leave_out, start, end), Span(start, end)),
        )

    def adding(self, start: int, end: int) -> Edits:
        """Also make a span take part."""
        return replace(
            self,
            add=(*_elsewhere(self.add, start, end), Span(start, end)),
            leave_out=_elsewhere(self.leave_out, start, end),
        )

    def following(self, start: int, end: int, hop: int, relation: str) -> Edits:
        """Also follow a relation at a hop; stopping early drops the edits of later hops."""
        rest = tuple(
            f
            for f in self.follow
            if (f.start, f.end) != (start, end) or f.hop < hop or (f.hop > hop and relation)
        )
        return replace(self, follow=(*rest, FollowRelation(start, end, hop, relation)))

    def negating(self, start: int, end: int, negated: bool = True) -> Edits:
        """Also take away what a mention's branch reaches; or, with False, keep it."""
        negate, keep = (_elsewhere(items, start, end) for items in (self.negate, self.keep))
        here = (Span(start, end),)
        return replace(self, negate=negate + here * negated, keep=keep + here * (not negated))

    def uniting(self, unite: bool | None = True) -> Edits:
        """Also unite the branches, or intersect them; None leaves it to the model."""
        return replace(self, unite=unite, intersect=True)

    def reading_out(self, readout: str | None) -> Edits:
        """Also count, sum or ask for members at the end; "" for the set, None for the model."""
        return replace(self, readout=readout)


#: The fields of :class:`Edits` that are lists, and what they list.
KINDS = {
    "use": UseEntity,
    "leave_out": Span,
    "add": Span,
    "follow": FollowRelation,
    "negate": Span,
    "keep": Span,
}


def _elsewhere(items: tuple, start: int, end: int) -> tuple:
    """The edits of other spans."""
    return tuple(item for item in items if (item.start, item.end) != (start, end))


def _parse(text: str) -> object:
    if len(text) > MAX_TEXT:
        raise DataError("The edits are too long.")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise DataError("The edits are not JSON.") from None


def _items(name: str, kind: type, value: object) -> tuple:
    """The checked items of one field."""
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > MAX_EDITS:
        raise DataError(f"{name} must be a list of at most {MAX_EDITS} edits.")
    types = {f.name: str(f.type) for f in fields(kind)}
    items = []
    for item in value:
        if not isinstance(item, dict) or set(item) != set(types):
            raise DataError(f"Each edit in {name} needs {', '.join(types)}.")
        for field, type_name in types.items():
            _check(name, field, type_name, item[field])
        items.append(kind(**item))
    return tuple(items)


def _switch(value: dict, name: str, otherwise: bool | None) -> bool | None:
    """True or false; ``otherwise`` if it is left out or null, where null is a value."""
    given = value.get(name, otherwise)
    if given is not otherwise and not isinstance(given, bool):
        raise DataError(f"{name} must be true or false.")
    return given


def _readout(value: dict) -> str | None:
    given = value.get("readout")
    if given is not None and (not isinstance(given, str) or len(given) > MAX_ID):
        raise DataError(f"readout must be a text of at most {MAX_ID} characters.")
    return given


def _check(name: str, field: str, type_name: str, value: object) -> None:
    if type_name == "int":
        if not isinstance(value, int) or isinstance(value, bool) or not -1 <= value <= MAX_POSITION:
            raise DataError(f"{field} in {name} must be a whole number.")
    elif not isinstance(value, str) or len(value) > MAX_ID:
        raise DataError(f"{field} in {name} must be a text of at most {MAX_ID} characters.")
