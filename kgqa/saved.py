"""A saved trace, read again: what ``Trace.to_dict`` wrote, as JSON, becomes a :class:`Trace`.

The text is untrusted. Each field is checked against its type and its bounds, and the parts against
each other, so that whatever shows a trace can rely on it. Fields that this version does not know
are left out, those that an older version did not write have their defaults.

    read    text -> Trace; a DataError names what is wrong
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from kgqa.edits import Edits
from kgqa.errors import DataError
from kgqa.text import plain
from kgqa.trace import OUTCOMES, Entity, Trace

MOST = 900_000  #: bytes of the text
LONGEST = 2_000  #: characters of a text in it
LARGEST = 2**53  #: of a whole number, so that it is the same in every program
SLACK = 1e-6  #: by which a probability may be beyond [0, 1]: it was rounded
#: Fields that hold probabilities and memberships; a list of them has one for each branch or hop.
_SHARES = frozenset("score membership minimum memberships weight confidence excluded stop".split())
_NOT_A_TRACE = "This is not a saved trace of this program: {why}."


def read(text: str | bytes) -> Trace:
    """The trace in a JSON text. Raises :class:`DataError` with a sentence."""
    size = len(text.encode("utf-8", "replace") if isinstance(text, str) else text)
    if size > MOST:
        raise DataError(f"The file has {size / 1e6:.1f} MB; at most {MOST / 1e6} are read.")
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise DataError("The file is damaged: it is not JSON.") from None
    try:
        trace = _object(Trace, value, "the trace")
    except RecursionError:
        raise _wrong("it is nested too deeply") from None
    _check(trace)
    return trace


def _wrong(why: str) -> DataError:
    return DataError(_NOT_A_TRACE.format(why=why))


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")


@cache
def _types(kind: type) -> dict[str, Any]:
    """{field: its type} of a dataclass."""
    return get_type_hints(kind)


def _object(kind: type, value: object, name: str) -> Any:
    """A dataclass of ``kgqa.trace`` or ``kgqa.why`` from what was written of it."""
    if kind is Edits:
        return Edits.read(value)
    if not isinstance(value, Mapping):
        raise _wrong(f"{name} is missing" if value is None else f"{name} is not an object")
    values: dict[str, Any] = {}
    for field in fields(kind):
        declared = _types(kind)[field.name]
        if declared is Entity and field.name == "entity":  # to_dict lifts it into its place
            values[field.name] = _object(Entity, value, name)
        elif field.name in value:
            values[field.name] = _value(declared, value[field.name], field.name)
        elif field.default is MISSING and field.default_factory is MISSING:
            raise _wrong(f"“{field.name}” is missing in {name}")
    return kind(**values)


def _value(declared: Any, value: object, name: str) -> Any:
    """A value of a declared type."""
    origin, inner = get_origin(declared), get_args(declared)
    if origin is UnionType:  # X | None
        return None if value is None else _value(inner[0], value, name)
    if is_dataclass(declared) and isinstance(declared, type):
        return _object(declared, value, f"“{name}”")
    if origin is tuple:
        return _items(inner, value, name)
    if origin is dict and isinstance(value, Mapping):
        return {str(k)[:40]: _plain(float, v, name) for k, v in list(value.items())[:40]}
    return _plain(declared, value, name)


def _items(inner: tuple, value: object, name: str) -> tuple:
    """A tuple, of any length or of a fixed one."""
    if not isinstance(value, list):
        raise _wrong(f"“{name}” is not a list")
    if inner[-1] is Ellipsis:
        return tuple(_value(inner[0], item, name) for item in value)
    if len(value) != len(inner):
        raise _wrong(f"an entry of “{name}” has not {len(inner)} parts")
    return tuple(_value(kind, item, name) for kind, item in zip(inner, value, strict=True))


def _plain(kind: type, value: object, name: str) -> Any:
    """A text, a number, or true or false."""
    if kind is bool and isinstance(value, bool):
        return value
    if kind is str and isinstance(value, str):
        if len(value) > LONGEST:
            raise _wrong(f"“{name}” has more than {LONGEST:,} characters")
        return value
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST:
        if kind is int and value == int(value):
            return int(value)
        if kind is float and (name not in _SHARES or -SLACK <= value <= 1 + SLACK):
            return min(max(float(value), 0.0), 1.0) if name in _SHARES else float(value)
    raise _wrong(f"“{name}” is {plain(repr(value), 40)}")


def _check(trace: Trace) -> None:
    """Whether the parts fit each other."""
    length, mentions = len(trace.question), len(trace.mentions)
    paths = [path for answer in trace.answers for path in answer.paths]
    used = [branch.mention for branch in trace.branches]
    pointed = [*used, *trace.given_up, *(path.mention for path in paths)]
    rows = trace.intersection.rows if trace.intersection else ()
    hops = [hop for branch in trace.branches for hop in branch.hops]
    for holds, why in (
        (trace.outcome in OUTCOMES, f"the outcome “{plain(trace.outcome, 40)}” is not known"),
        (all(0 <= m.start < m.end <= length for m in trace.mentions), "a mention lies outside"),
        (all(0 <= i < mentions for i in pointed), "a branch or path has no mention"),
        (len(set(used)) == len(used), "two branches have the same mention"),
        (all(len(r.memberships) == len(used) for r in rows), "a row does not fit the branches"),
        (all(b.seeds for b in trace.branches), "a branch starts nowhere"),
        (all(hop.relations for hop in hops), "a hop follows nothing"),
    ):
        if not holds:
            raise _wrong(why)
