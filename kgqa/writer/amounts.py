"""Numbers that people name: round ones, between two values, and how they write them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date

_WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()


def between(values: Sequence[float], unit: str, rng: random.Random) -> tuple[float, float] | None:
    """(low, high) of a literal that has some of the values below it and some above it.

    ``values`` are distinct and ascending. Dates are bounded by a year, whose days are
    [low, high]; of numbers both are the same. None if nothing fits.
    """
    if len(values) < 2:
        return None
    i = rng.randrange(len(values) - 1)
    below, above = values[i], values[i + 1]
    if unit == "date":
        year = date.fromordinal(int(above)).year
        low, high = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
        fits = values[0] < low and values[-1] > high
        return (float(low), float(high)) if fits else None
    number = _round(below, above)
    return (number, number) if values[0] < number < values[-1] else None


def _round(below: float, above: float) -> float:
    """The number of fewest digits in (below, above], whole if these are."""
    whole = below == int(below) and above == int(above)
    for digits in range(1, 9):
        number = float(f"{(below + above) / 2:.{digits}g}")
        if below < number <= above and (number == int(number) or not whole):
            return number
    return above


def written(number: float, unit: str, rng: random.Random) -> str:
    """A number as somebody may write it, with its unit unless that is empty or a year."""
    if unit == "year":
        return str(int(number))
    text = _number(number, rng)
    if unit == "US dollars":
        return f"${text}" if rng.random() < 0.6 else f"{text} dollars"
    if unit == "%":
        return f"{text}%" if rng.random() < 0.5 else f"{text} percent"
    return f"{text} {unit}" if unit and rng.random() < 0.7 else text


def _number(number: float, rng: random.Random) -> str:
    if number != int(number):
        return f"{number:,.10g}"
    whole = int(number)
    if 0 <= whole < len(_WORDS) and rng.random() < 0.3:
        return _WORDS[whole]
    for name, size in (("billion", 1e9), ("million", 1e6), ("thousand", 1e3)):
        if number >= size and rng.random() < 0.6:
            short = f"{number / size:g}"
            if len(short) <= 4 and "e" not in short:
                return f"{short} {name}"
    return f"{whole:,}" if rng.random() < 0.7 else str(whole)
