"""The sets of entities that a literal may stand for, and these sets in words.

For an attribute that a literal fits there are five: the entities whose number equals it, is less,
more, at least or at most it.

    ranges        literal -> sets
    describe      a set in words, with an id
    parse_range   the set of an id
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import date

import numpy as np

from kgqa.graph import Graph
from kgqa.graph.numbers import COMPARE, ValueRange
from kgqa.linking import quantities, times
from kgqa.linking.literals import Literal
from kgqa.trace import Entity

MAX_RANGES = 30  #: candidates of one literal
_TIMES = ("year", "date")
_SIGNS = dict(zip(COMPARE, ("=", "<", ">", ">=", "<="), strict=True))
_BOUND = r"(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)"
_BOUNDS = re.compile(rf"{_BOUND}(?:\.\.{_BOUND})?", re.ASCII)


def ranges(graph: Graph, literal: Literal, *, limit: int = MAX_RANGES) -> list[ValueRange]:
    """The sets that a literal may stand for: at most ``limit``, the likeliest attributes first.

    Of an attribute that a reading fits there is one set for each of COMPARE, without those that
    hold nobody or everybody. Attributes whose unit the words say come first, then those whose
    entities the number divides most evenly.
    """
    numbers = graph.numbers
    groups: list[tuple[bool, float, list[ValueRange]]] = []
    for relation in numbers.attributes:
        total = numbers.count(ValueRange(relation, -np.inf, np.inf, "in"))
        unit = _unit(graph, relation)
        said = bool(unit) and quantities.base_unit(unit)[0] in literal.units
        for low, high in dict.fromkeys(_bounds(literal, unit)):
            sets = [ValueRange.of(relation, low, high, compare) for compare in COMPARE]
            counts = [numbers.count(within) for within in sets]
            kept = [w for w, count in zip(sets, counts, strict=True) if 0 < count < total]
            if kept:
                half = max(min(count, total - count) for count in counts) / total
                groups.append((said, half, kept))
    result: list[ValueRange] = []
    for *_, kept in sorted(groups, key=lambda group: group[:2], reverse=True):
        result += kept if len(result) + len(kept) <= limit else []
    return result


def _bounds(literal: Literal, unit: str) -> Iterator[tuple[float, float]]:
    """[low, high] of each reading that fits an attribute of this unit, in this unit."""
    base, size = quantities.base_unit(unit)
    for reading in literal.readings:
        if reading.unit == base:
            if size == 1:
                yield reading.low, reading.high
            else:
                yield float(f"{reading.low / size:.12g}"), float(f"{reading.high / size:.12g}")
        elif literal.plain and not reading.unit and unit not in _TIMES:
            yield reading.low, reading.high


def _unit(graph: Graph, relation: int) -> str:
    return graph.relations[relation].unit


# -- in words --------------------------------------------------------------------------------------


def describe(graph: Graph, within: ValueRange) -> Entity:
    """A set in words, as an entity of kind "range": "more than 120 minutes".

    :func:`parse_range` reads its id, "range:run time>120".
    """
    unit, compare, bound = _unit(graph, within.relation), within.compare, _bound(within)
    text = _number(bound)
    if compare == "in":
        label = _stretch(within.low, within.high, unit)
        text += f"..{_number(within.high)}" if within.high > within.low else ""
    else:
        label = f"{_WORDS[unit in _TIMES][compare]} {_edge(bound, unit, compare)}"
    id = f"range:{graph.relation_id(within.relation)}{_SIGNS[compare]}{text}"
    return Entity(id, label, f"{graph.relation_label(within.relation)} {label}", "range")


def parse_range(graph: Graph, id: str) -> ValueRange | None:
    """The set whose id :func:`describe` gave; None if it is none of this graph."""
    if not id.startswith("range:"):
        return None
    for compare in sorted(_SIGNS, key=lambda c: -len(_SIGNS[c])):
        name, _, text = id.removeprefix("range:").rpartition(_SIGNS[compare])
        relation, match = graph.relation_index.get(name, -1), _BOUNDS.fullmatch(text)
        if match and graph.numbers.has(relation):
            low, high = float(match[1]), float(match[2] or match[1])
            whole = math.isfinite(low) and math.isfinite(high) and low <= high
            return ValueRange.of(relation, low, high, compare) if whole else None
    return None


def _bound(within: ValueRange) -> float:
    """The bound as the question said it: "after 1990" begins just above 1990."""
    if within.compare == "less":
        return float(np.nextafter(within.high, np.inf))
    if within.compare == "more":
        return float(np.nextafter(within.low, -np.inf))
    return within.high if within.compare == "at most" else within.low


def _number(value: float) -> str:
    whole = float(value).is_integer() and abs(value) < 1e15
    return str(int(value)) if whole else repr(float(value))


def _amount(value: float, unit: str) -> str:
    """A value with its unit: "90 minutes", "$100,000", "44 BC"."""
    if unit == "date" and (day := _day(value)):
        return f"{day.day} {times.MONTHS[day.month - 1]} {day.year}"
    whole = float(value).is_integer() and abs(value) < 1e15
    comma = "," if abs(value) >= 10_000 else ""
    number = format(value, f"{comma}.0f" if whole else f"{comma}.12g")
    unit = unit.removesuffix("s") if value == 1 and unit != "US dollars" else unit
    if unit == "year":
        return f"{-value:.12g} BC" if value < 0 else f"{value:.12g}"
    if unit == "US dollars":
        return f"${number}"
    return number if unit in ("", "date") else f"{number}{'' if unit == '%' else ' '}{unit}"


def _stretch(low: float, high: float, unit: str) -> str:
    """Values from low to high; whole years and months by name."""
    if low == high:
        return _amount(low, unit)
    if unit == "date":
        first, last, after = _day(low), _day(high), _day(high + 1)
        if first and last and after and first.day == after.day == 1:
            opens, closes = _month(first), _month(last)
            if first.month == after.month == 1:
                opens, closes = str(first.year), str(last.year)
            return opens if opens == closes else f"{opens}–{closes}"
    both = unit in (*_TIMES, "US dollars")
    return f"{_amount(low, unit if both else '')}–{_amount(high, unit)}"


def _edge(value: float, unit: str, compare: str) -> str:
    """A bound; of a day that begins or ends a year or a month only that is said."""
    day = _day(value) if unit == "date" else None
    if day is None:
        return _amount(value, unit)
    opens = compare in ("less", "at least")
    beyond = day if opens else (_day(value + 1) or day)
    if beyond.day != 1:
        return _amount(value, unit)
    return str(day.year) if beyond.month == 1 else _month(day)


def _month(day: date) -> str:
    return f"{times.MONTHS[day.month - 1]} {day.year}"


def _day(value: float) -> date | None:
    whole = float(value).is_integer() and 1 <= value <= date.max.toordinal()
    return date.fromordinal(int(value)) if whole else None


#: How a bound is said: of a number, and of a time.
_WORDS = (
    {compare: compare if compare.startswith("at") else f"{compare} than" for compare in COMPARE},
    {"less": "before", "more": "after", "at least": "since", "at most": "up to"},
)
