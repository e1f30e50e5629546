"""Literals that are amounts: numbers, and numbers with a unit of time, money, length and so on.

find       the amounts that a text names, in base units
base_unit  the base unit of a unit and how many of them it is, so that an attribute in miles and
           a question in kilometres meet
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from kgqa.linking.numerals import GAP, NUMBER, SPACE, pattern, value
from kgqa.linking.times import Reading

_METRES = r"met(?:er|re)s?"
_KILOMETRES = r"(?:kilomet(?:er|re)s?|kms?)"
#: base unit -> {pattern of a unit: how many base units it is}
_UNITS = {
    "minutes": {r"minutes?|mins?": 1.0, r"hours?|hrs?|h": 60.0, r"seconds?|secs?": 1 / 60},
    "US dollars": {r"(?:us\s|u\.s\.\s|american\s)?dollars?|usd|us\$|\$|bucks": 1.0},
    "euros": {"euros?|eur|€": 1.0},
    "pounds": {r"pounds?(?:\ssterling)?|gbp|£": 1.0},
    "people": {"people|inhabitants|residents|persons|citizens": 1.0},
    "km²": {
        rf"km²|km2|km\^2|sq\.?\s?km|square[\s-]{_KILOMETRES}": 1.0,
        r"square[\s-]miles?|sq\.?\s?mi(?:les?)?|mi²": 2.589988110336,
        rf"m²|m2|square[\s-]{_METRES}": 1e-6,
        "hectares?": 0.01,
        "acres?": 0.0040468564224,
    },
    "km": {
        _KILOMETRES: 1.0,
        "miles?|mi": 1.609344,
        rf"{_METRES}|m": 0.001,
        r"feet|foot|ft": 0.0003048,
        r"centimet(?:er|re)s?|cm": 0.00001,
    },
    "kg": {"kilograms?|kilos?|kg": 1.0, r"(?:metric\s)?tonn?es?": 1000.0, "grams?": 0.001},
    "%": {r"percent|per\scent|%": 1.0},
}
_TABLE = [
    (re.compile(unit, re.IGNORECASE), base, size)
    for base, units in _UNITS.items()
    for unit, size in units.items()
]
_UNIT = "(?:" + "|".join(unit for units in _UNITS.values() for unit in units) + ")"
_ALONE = r"(?:hour|mile|kilomet(?:er|re))"  # "an hour" is a length, "a second" is hardly one
_AMOUNT = pattern(
    rf"(?P<sign>us\$|\$|€|£)?\s?(?P<number>{NUMBER}|an?(?={SPACE}{_ALONE}\b)|half{SPACE}an?"
    rf"(?={SPACE}{_ALONE}\b))(?:{GAP}(?P<unit>{_UNIT}))?"
)
_HOURS = pattern(
    rf"(?P<hours>{NUMBER}|an?){GAP}(?:hours?|hrs?|h)"
    rf"(?P<rest>{SPACE}and{SPACE}a{SPACE}half|(?P<quarter>{SPACE}and{SPACE}a{SPACE}quarter)"
    rf"|[\s,]{{0,2}}(?:and{SPACE})?(?P<minutes>{NUMBER}){GAP}(?:minutes?|mins?|m)|(?<=h)\d\d)"
)


@lru_cache(1000)
def base_unit(unit: str) -> tuple[str, float]:
    """(base unit, how many of it) of a unit in words; (unit, 1) if it is not known.

    >>> base_unit("miles"), base_unit("awards")
    (('km', 1.609344), ('awards', 1.0))
    """
    for compiled, base, size in _TABLE:
        if compiled.fullmatch(unit):
            return base, size
    return unit, 1.0


def find(text: str) -> Iterator[tuple[int, int, list[Reading], bool]]:
    """(first character, one past the last, readings, whether no unit is said) of amounts.

    A reading as "" is the number as it is written, or a duration in minutes.
    """
    for match in _HOURS.finditer(text):
        minutes = round(60 * value(match["hours"]) + _more_minutes(match), 6)
        yield *match.span(), [("minutes", minutes, minutes), ("", minutes, minutes)], False
    for match in _AMOUNT.finditer(text):
        readings = list(_readings(match))
        yield *match.span(), readings, not (match["sign"] or match["unit"])


def _more_minutes(match: re.Match[str]) -> float:
    if match["minutes"]:
        return value(match["minutes"])
    rest = match["rest"].strip()
    return float(rest) if rest.isdigit() else 15.0 if match["quarter"] else 30.0


def _readings(match: re.Match[str]) -> Iterator[Reading]:
    number, unit = value(match["number"]), match["sign"] or match["unit"]
    if not unit:
        yield "", number, number
        if re.fullmatch(r"[\d.,]+m", match["number"], re.IGNORECASE):  # "50m": also of length, time
            small = value(match["number"][:-1])
            yield "minutes", small, small
            yield "km", small / 1000, small / 1000
        return
    base, size = base_unit(unit)
    amount = number if size == 1 else float(f"{number * size:.12g}")
    yield base, amount, amount
    written = amount if base == "minutes" else number
    yield "", written, written
