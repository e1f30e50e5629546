"""Numbers of entities: attributes, their values, and the sets that a range of values holds.

A relation with numbers is an *attribute*. Each number belongs to one entity; where an entity has
several of one attribute, the first that was written counts. An index of an attribute is made when
it is first needed, so a graph without questions about numbers pays nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

#: How a literal of a question bounds the values that are meant: "in 1990", "under two hours",
#: "after 1990", "since 1990", "up to 90 minutes".
CLOSE = 1e-6  #: relative difference of numbers that count as equal
COMPARE = ("in", "less", "more", "at least", "at most")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def written(value: float, unit: str = "") -> str:
    """A number as people write it; of the unit "date", the day that ``date.toordinal`` numbers.

    >>> [written(98315), written(3.50), written(-30, "year"), written(721159, "date")]
    ['98,315', '3.5', '30 BC', '20 June 1975']
    """
    if unit == "date":
        day = date.fromordinal(int(value))
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    whole = value == int(value) and abs(value) < 1e15
    if unit == "year" and whole:
        return str(int(value)) if value >= 0 else f"{-int(value)} BC"
    return f"{int(value):,}" if whole else f"{value:,}"


@dataclass(frozen=True)
class ValueRange:
    """The entities whose number of one attribute lies in [low, high]."""

    relation: int  #: the attribute
    low: float  #: inclusive; -inf for none
    high: float  #: inclusive; inf for none
    compare: str  #: an item of COMPARE

    @classmethod
    def of(cls, relation: int, low: float, high: float, compare: str) -> ValueRange:
        """What ``compare`` makes of a literal that stands for [low, high].

        >>> ValueRange.of(0, 1990, 1999, "more").low > 1999
        True
        """
        bounds = {
            "in": (low, high),
            "less": (-np.inf, float(np.nextafter(low, -np.inf))),
            "more": (float(np.nextafter(high, np.inf)), np.inf),
            "at least": (low, np.inf),
            "at most": (-np.inf, high),
        }
        return cls(relation, *bounds[compare], compare)


@dataclass(frozen=True)
class _Index:
    """The numbers of one attribute."""

    entities: np.ndarray  #: int32 [n], ascending, distinct
    values: np.ndarray  #: float64 [n], of those entities
    order: np.ndarray  #: int64 [n], that sorts the values

    def places(self, within: ValueRange) -> slice:
        """The part of ``order`` whose values lie in the range."""
        low = np.searchsorted(self.values, within.low, "left", sorter=self.order)
        high = np.searchsorted(self.values, within.high, "right", sorter=self.order)
        return slice(int(low), int(high))


class Numbers:
    """All numbers of a graph, by attribute and entity."""

    def __init__(self, entity: np.ndarray, relation: np.ndarray, value: np.ndarray):
        """Three arrays [N]: the entity, the relation and the number of each."""
        self.entity, self.relation, self.value = entity, relation, value
        self._indices: dict[int, _Index] = {}

    def __len__(self) -> int:
        return len(self.value)

    @cached_property
    def attributes(self) -> tuple[int, ...]:
        """The relations that have numbers, ascending."""
        return tuple(np.unique(self.relation).tolist())

    def has(self, relation: int) -> bool:
        """Whether a relation is an attribute."""
        return relation in self.attributes

    def of(self, relation: int, entities: np.ndarray) -> np.ndarray:
        """The numbers of some entities: float64 [n], NaN where one has none."""
        index, ids = self._index(relation), np.asarray(entities)
        result = np.full(len(ids), np.nan)
        if len(index.entities):
            place = np.searchsorted(index.entities, ids).clip(max=len(index.entities) - 1)
            found = index.entities[place] == ids
            result[found] = index.values[place[found]]
        return result

    def holders(self, within: ValueRange) -> np.ndarray:
        """The entities whose number lies in the range: int32, ascending."""
        index = self._index(within.relation)
        return np.sort(index.entities[index.order[index.places(within)]])

    def count(self, within: ValueRange) -> int:
        """How many entities :meth:`holders` gives, without listing them."""
        places = self._index(within.relation).places(within)
        return max(0, places.stop - places.start)

    def bounds(self, relation: int) -> tuple[float, float]:
        """The smallest and the largest number of an attribute; (inf, -inf) if it has none."""
        index = self._index(relation)
        if not len(index.order):
            return np.inf, -np.inf
        return float(index.values[index.order[0]]), float(index.values[index.order[-1]])

    def equal(self, value: float) -> list[tuple[int, int]]:
        """Every (attribute, entity) whose number is ``value``, up to rounding."""
        near = CLOSE * max(1.0, abs(value))
        return [
            (relation, entity)
            for relation in self.attributes
            for entity in self.holders(
                ValueRange(relation, value - near, value + near, "in")
            ).tolist()
        ]

    def _index(self, relation: int) -> _Index:
        if relation not in self._indices:
            mine = np.flatnonzero(self.relation == relation)
            entities, first = np.unique(self.entity[mine], return_index=True)
            values = self.value[mine][first]
            order = np.argsort(values, kind="stable")
            self._indices[relation] = _Index(entities, values, order)
        return self._indices[relation]
