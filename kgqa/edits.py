"""What a person changed by hand in the reading of a question: plain frozen values, the same in links, in the API and in a trace.

A change overrides one decision of the model (which entity, which mentions, which relation, whether to intersect); everything
else is still the model's. Spans are characters [start, end) of the question as the trace gives it. Applying changes is
``kgqa.inference.edit``; :meth:`Changes.read` checks what comes from outside, :meth:`Changes.short` is what a link carries.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace

from kgqa.errors import DataError

MOST = 12  #: changes of one kind
LONGEST = 300  #: characters of an entity or relation id
FURTHEST = 2_000  #: characters of a question that a span can point at


@dataclass(frozen=True)
class Chosen:
    """The mention at [start, end) stands for this entity; it takes part."""

    start: int
    end: int
    entity: str  #: entity id


@dataclass(frozen=True)
class Span:
    """A run of the question's characters."""

    start: int
    end: int


@dataclass(frozen=True)
class Followed:
    """At this hop the branch of the mention at [start, end) follows this relation; see :data:`AFTER` for the common walk."""

    start: int
    end: int
    hop: int  #: 1 is the first
    relation: (
        str  #: relation id, "-" in front for the inverse; empty: the branch ends before this hop
    )


AFTER = (-1, -1)  #: the span that stands for the hops after the intersection


@dataclass(frozen=True)
class Changes:
    """All changes by hand to one question; the default changes nothing."""

    use: tuple[Chosen, ...] = ()  #: entities chosen for mentions
    leave_out: tuple[Span, ...] = ()  #: mentions that do not take part
    add: tuple[
        Span, ...
    ] = ()  #: spans that take part although the model left them out or did not know them
    follow: tuple[Followed, ...] = ()  #: relations at hops
    intersect: bool = (
        True  #: False: the branches are united (element-wise maximum) instead of intersected
    )

    def __bool__(self) -> bool:
        return self != Changes()

    @classmethod
    def read(cls, value: object) -> Changes:
        """From a JSON text or object. Raises :class:`DataError` with a sentence if it is not what ``short`` writes."""
        if value is None or value == "":
            return cls()
        if isinstance(value, str):
            if len(value) > 20_000:
                raise DataError("The changes are too long.")
            try:
                value = json.loads(value)
            except (ValueError, RecursionError):
                raise DataError("The changes are not JSON.") from None
        if not isinstance(value, dict) or (unknown := set(value) - {f.name for f in fields(cls)}):
            names = ", ".join(f.name for f in fields(cls))
            other = (
                f", not {str(sorted(unknown, key=str)[0])[:40]!r}"
                if isinstance(value, dict)
                else ""
            )
            raise DataError(f"Changes must be an object with some of {names}{other}.")
        intersect = value.get("intersect", True)
        if not isinstance(intersect, bool):
            raise DataError("intersect must be true or false.")
        kinds = {"use": Chosen, "leave_out": Span, "add": Span, "follow": Followed}
        return cls(
            **{name: _items(name, kind, value.get(name)) for name, kind in kinds.items()},
            intersect=intersect,
        )

    def short(self) -> dict:
        """As a JSON object without what is not changed; ``{}`` for no change."""
        whole = asdict(self)
        return {k: v for k, v in whole.items() if v != asdict(Changes())[k]}

    def plain(self) -> dict:
        """As a JSON object, lists instead of tuples; what :meth:`read` reads."""
        return json.loads(json.dumps(self.short()))

    def using(self, start: int, end: int, entity: str) -> Changes:
        """With an entity chosen for a mention (and the mention no longer left out)."""
        kept = tuple(c for c in self.use if (c.start, c.end) != (start, end))
        out = tuple(s for s in self.leave_out if (s.start, s.end) != (start, end))
        return replace(self, use=(*kept, Chosen(start, end, entity)), leave_out=out)

    def leaving_out(self, start: int, end: int) -> Changes:
        """Without a mention, and without what was changed about it."""
        here = (start, end)
        kept = {
            n: tuple(c for c in getattr(self, n) if (c.start, c.end) != here)
            for n in ("use", "add", "follow")
        }
        rest = tuple(s for s in self.leave_out if (s.start, s.end) != (start, end))
        return replace(self, **kept, leave_out=(*rest, Span(start, end)))

    def adding(self, start: int, end: int) -> Changes:
        """With a span that takes part."""
        out = tuple(s for s in self.leave_out if (s.start, s.end) != (start, end))
        rest = tuple(s for s in self.add if (s.start, s.end) != (start, end))
        return replace(self, add=(*rest, Span(start, end)), leave_out=out)

    def following(self, start: int, end: int, hop: int, relation: str) -> Changes:
        """With a relation at a hop. Ending a branch early forgets what was changed further on."""
        rest = tuple(
            f
            for f in self.follow
            if (f.start, f.end) != (start, end) or (f.hop < hop or (f.hop > hop and relation))
        )
        return replace(self, follow=(*rest, Followed(start, end, hop, relation)))


def _items(name: str, kind: type, value: object) -> tuple:
    """The checked items of one field."""
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > MOST:
        raise DataError(f"{name} must be a list of at most {MOST} changes.")
    wanted = {f.name: str(f.type) for f in fields(kind)}
    found = []
    for item in value:
        if not isinstance(item, dict) or set(item) != set(wanted):
            raise DataError(f"Each change in {name} needs {', '.join(wanted)}.")
        for field, type_name in wanted.items():
            part = item[field]
            if type_name == "int" and (
                isinstance(part, bool) or not isinstance(part, int) or not -1 <= part <= FURTHEST
            ):
                raise DataError(f"{field} in {name} must be a whole number.")
            if type_name == "str" and (not isinstance(part, str) or len(part) > LONGEST):
                raise DataError(
                    f"{field} in {name} must be a text of at most {LONGEST} characters."
                )
        found.append(kind(**item))
    return tuple(found)
