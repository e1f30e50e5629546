"""Literals: words of a question that stand for numbers.

"1975", "the 80s", "20 June 1975", "two hours" and "$100 million" are mentions whose candidates are
sets (``kgqa.linking.ranges``). The span is the literal alone. What "before" or "over" beside it
mean is for the model to learn. Times and quantities that share words are readings of one literal.
English only; needs no graph.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kgqa.graph.names import words
from kgqa.linking import quantities, times

_POSSESSIVE = re.compile(r"['’](?:s)?", re.IGNORECASE)


@dataclass(frozen=True)
class Reading:
    """One thing that a literal may measure."""

    unit: str  #: "year", "date", a base unit of ``quantities``, or "" for a number as written
    low: float  #: inclusive; days are ``date.toordinal()``
    high: float  #: inclusive


@dataclass(frozen=True)
class Literal:
    """A span of words [first, last] that stands for numbers."""

    first: int
    last: int
    readings: tuple[Reading, ...]
    plain: bool  #: no unit is said, so that it may be a number of anything

    @property
    def units(self) -> frozenset[str]:
        """What it may measure."""
        return frozenset(reading.unit for reading in self.readings)


def find(question: str, tokens: Sequence[tuple[int, int, str]] | None = None) -> list[Literal]:
    """The literals of a question, in order; of those that share words the first and longest.

    ``tokens`` are its ``words``, if they are known already.

    >>> [(x.first, x.last, x.readings[0]) for x in find("films over two hours")]
    [(2, 3, Reading(unit='minutes', low=120.0, high=120.0))]
    """
    tokens = words(question) if tokens is None else tokens
    starts = {start: i for i, (start, _, _) in enumerate(tokens)}
    ends = {end: i for i, (_, end, _) in enumerate(tokens)}
    spans: dict[tuple[int, int], tuple[dict[Reading, None], list[bool]]] = {}
    found = [(start, end, readings, True) for start, end, readings in times.find(question)]
    for start, end, readings, plain in [*found, *quantities.find(question)]:
        span = _words_of(question, start, end, starts, ends)
        if span is not None:
            known, plains = spans.setdefault(span, ({}, []))
            known.update(dict.fromkeys(Reading(u, float(a), float(z)) for u, a, z in readings))
            plains.append(plain and all(a == z for _, a, z in readings[:1]))
    literals: list[Literal] = []
    for (first, last), (known, plains) in sorted(spans.items(), key=lambda s: (s[0][0], -s[0][1])):
        if not literals or first > literals[-1].last:
            literals.append(Literal(first, last, tuple(known), any(plains)))
    return literals


def _words_of(
    question: str, start: int, end: int, starts: dict[int, int], ends: dict[int, int]
) -> tuple[int, int] | None:
    """The words that characters [start, end) are; None if they are parts of words.

    Signs before and after ("$", "'", "%") belong to no word, and a possessive may follow.
    """
    while start < end and start not in starts:
        if question[start].isalnum():
            return None
        start += 1
    stop = end
    if (possessive := _POSSESSIVE.match(question, end)) and possessive.end() in ends:
        stop = possessive.end()
    while stop > start and stop not in ends:
        if question[stop - 1].isalnum():
            return None
        stop -= 1
    return (starts[start], ends[stop]) if stop > start else None
