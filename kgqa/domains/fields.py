"""The values of properties of a schema: lists, spans, class words, numbers."""

from __future__ import annotations

import re

from kgqa.errors import DataError
from kgqa.graph.importer.values import YEARS
from kgqa.writer.wordings import split

_SPAN = re.compile(r"(\d+)(?:\s*-\s*(\d+))?")
_VALUES = re.compile(r"(?:(year|date)\s+)?(-?\d+(?:\.(\d+))?)\s*-\s*(-?\d+(?:\.\d+)?)")
#: Name generators, which ``names/*.txt`` define.
GENERATORS = frozenset(
    [
        *("person", "first name", "company", "city", "country", "region", "street", "product"),
        *("book", "song", "work", "project", "department", "team", "school", "hospital"),
        *("university", "disease", "drug", "gene", "protein", "species", "chemical", "package"),
        *("ship", "station", "airline", "museum", "event", "award", "code", "year"),
    ]
)


def span(text: str, place: str) -> tuple[int, int]:
    """(low, high) of "3" or "1-3". Raises :class:`DataError`."""
    match = _SPAN.fullmatch(text.strip())
    if match is None:
        raise DataError(f"{place}: expected a number or a span such as 1-3, found {text!r}.")
    low, high = int(match[1]), int(match[2] or match[1])
    if low > high:
        raise DataError(f"{place}: {low} is more than {high}.")
    return low, high


def yes(text: str, place: str) -> bool:
    """Of "yes" or "no". Raises :class:`DataError`."""
    if text not in ("yes", "no"):
        raise DataError(f"{place}: expected yes or no, found {text!r}.")
    return text == "yes"


def names(text: str, place: str) -> tuple[str, tuple[str, ...]]:
    """(generator, fixed list), of which one is empty. Raises :class:`DataError`."""
    if text.startswith("="):
        fixed = split(text[1:])
        if len(fixed) < 2 or len(set(fixed)) < len(fixed):
            raise DataError(f"{place}: a list of names has two at least, and none twice.")
        return "", fixed
    if text not in GENERATORS:
        known = ", ".join(sorted(GENERATORS))
        raise DataError(
            f"{place}: {text!r} is no name generator; there are {known}; or '= one; two'."
        )
    return text, ()


def values(text: str, place: str) -> tuple[str, float, float, int]:
    """(sort, low, high, digits after the point). Raises :class:`DataError`."""
    match = _VALUES.fullmatch(text.strip())
    if match is None:
        raise DataError(
            f"{place}: expected 11-18, 1.5-9.0, year 1950-2020 or date ..., found {text!r}."
        )
    low, high, digits = float(match[2]), float(match[4]), len(match[3] or "")
    if low >= high:
        raise DataError(f"{place}: {text!r} starts after its end.")
    sort = match[1] or ("decimal" if digits else "whole")
    if match[1]:
        if digits or low < YEARS.start or high >= YEARS.stop:
            raise DataError(f"{place}: years lie in {YEARS.start} to {YEARS.stop - 1}.")
    elif low >= YEARS.start and high < YEARS.stop and not digits:
        raise DataError(
            f"{place}: whole numbers of {text} would be read as years; say 'year' or widen."
        )
    return sort, low, high, digits


def adjectives(items: tuple[str, ...]) -> tuple[str, ...]:
    """Each of "largest, biggest", which may stand between commas, too."""
    return tuple(word.strip() for item in items for word in item.split(",") if word.strip())
