"""Literals of questions: numbers that bound a set ("1990", "two hours"), and how people write them.

A start such as "more(run time)" stands for the entities whose number lies in a range; see
``kgqa.graph.numbers``. The writer takes an entity that shall be in the set, or shall not, and draws
a number near its own that people would name: 120 minutes, 100 million, not 117 or 98,304,211.
"""

from __future__ import annotations

import random
import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from math import inf

from kgqa.graph import Graph
from kgqa.graph.numbers import ValueRange

YEARS = ("release year", "inception")
_MINUTES = (
    *(10, 20, 30, 40, 45, 50, 60, 70, 75, 80, 85, 90, 95, 100, 105, 110, 115, 120, 125, 130),
    *(135, 140, 150, 160, 165, 170, 180, 190, 195, 200, 210, 220, 240, 270, 300, 360, 480),
)
_LEADING = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8)
#: Numbers that people name, ascending, by attribute.
ROUND: dict[str, tuple[float, ...]] = {
    "run time": _MINUTES,
    "Academy Awards won": tuple(range(1, 12)),
    "box office": tuple(x * 10.0**k for k in range(4, 10) for x in _LEADING),
    "population": tuple(x * 10.0**k for k in range(2, 10) for x in _LEADING),
    "area": tuple(x * 10.0**k for k in range(0, 8) for x in _LEADING),
}
UNITS = {
    "box office": ("${}", "${}", "{} dollars", "{}", "{} US dollars"),
    "population": ("{} people", "{} inhabitants"),
    "area": (
        *("{} square kilometers", "{} square kilometres", "{} km2", "{} km²", "{} sq km"),
        "{} square km",
    ),
}
_WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()
_DECADES = dict(
    zip(
        range(1920, 2000, 10),
        "twenties thirties forties fifties sixties seventies eighties nineties".split(),
        strict=True,
    )
)
_START = re.compile(r"(in|less|more|at least|at most)\((.+)\)")


@dataclass(frozen=True)
class Literal:
    """A literal that bounds a set."""

    low: float  #: what it stands for: one number, or the first
    high: float  #: and the last year of a decade
    text: str  #: as somebody may write it


@dataclass(frozen=True)
class Bound:
    """What a start such as "more(run time)" says."""

    compare: str  #: an item of ``kgqa.graph.numbers.COMPARE``
    attribute: str

    @classmethod
    def parse(cls, start: str) -> Bound:
        """From the start of a branch.

        >>> Bound.parse("at least(run time)")
        Bound(compare='at least', attribute='run time')
        """
        match = _START.fullmatch(start)
        if match is None:
            raise ValueError(f"{start!r} is no range of numbers")
        return cls(match[1], match[2])

    def holders(self, graph: Graph, literal: Literal) -> set[int]:
        """The entities whose number lies in the range."""
        relation = graph.relation_index[self.attribute]
        within = ValueRange.of(relation, literal.low, literal.high, self.compare)
        return set(graph.numbers.holders(within).tolist())

    def total(self, graph: Graph) -> int:
        """How many entities have a number at all."""
        everywhere = ValueRange(graph.relation_index[self.attribute], -inf, inf, "in")
        return graph.numbers.count(everywhere)

    def draw(self, value: float, form: str, rng: random.Random, *, holds: bool = True) -> Literal:
        """A literal near a number, so that the range holds the number, or does not."""
        if form == "decade":
            return self._decade(value, rng, holds)
        if self.attribute in YEARS:
            year = self._year(int(value), rng, holds)
            return Literal(year, year, str(year))
        return self._round(value, form, rng, holds)

    def _decade(self, value: float, rng: random.Random, holds: bool) -> Literal:
        away = rng.choice((10, 10, 20))
        if holds:
            shift = {"in": 0, "less": away, "more": -away, "at least": 10 - away}
            low = int(value) // 10 * 10 + shift.get(self.compare, away - 10)
        else:
            shift = {"in": rng.choice((-away, away)), "less": 10 - away, "more": away - 10}
            low = (
                int(value) // 10 * 10 + {**shift, "at least": away, "at most": -away}[self.compare]
            )
        return Literal(low, low + 9, decade(low, rng))

    def _year(self, year: int, rng: random.Random, holds: bool) -> int:
        away = rng.randint(1, 15)
        if self.compare == "in":
            return year if holds else year + rng.choice((-1, 1)) * away
        later = (self.compare in ("less", "at most")) == holds
        strict = (self.compare in ("less", "more")) == holds
        away -= 0 if strict else 1
        named = year + away if later else year - away
        near = round(named / 5) * 5  # people name 1990 rather than 1988
        fits = near > year if later else near < year
        return near if fits and rng.random() < 0.5 else named

    def _round(self, value: float, form: str, rng: random.Random, holds: bool) -> Literal:
        numbers = ROUND[self.attribute]
        if self.compare == "in" and holds:
            return Literal(value, value, write(value, self.attribute, form, rng))
        step = rng.choice((0, 0, 0, 1, 1, 2))
        if self.compare == "in":
            number = value + rng.choice((-1, 1)) * (1 + step)
        elif (self.compare in ("less", "at most")) == holds:  # a number that is larger
            strict = (self.compare == "less") == holds and self.compare != "more"
            find = bisect_right if strict else bisect_left
            number = numbers[min(find(numbers, value) + step, len(numbers) - 1)]
        else:
            strict = (self.compare == "more") == holds and self.compare != "less"
            find = bisect_left if strict else bisect_right
            number = numbers[max(find(numbers, value) - 1 - step, 0)]
        return Literal(number, number, write(number, self.attribute, form, rng))


def decade(first: int, rng: random.Random) -> str:
    """A decade as somebody may write it: "90s"."""
    if first not in _DECADES:
        return f"{first}s"
    short = first % 100
    return rng.choice((f"{short}s", f"{first}s", f"{first}s", _DECADES[first], f"{short}'s"))


def write(number: float, attribute: str, form: str, rng: random.Random) -> str:
    """A number as somebody may write it, with its unit unless the form is "bare"."""
    if attribute == "run time":
        return _duration(int(number), rng)
    if attribute == "Academy Awards won":
        return rng.choice((str(int(number)), _WORDS[int(number)]))
    text = _large(number, rng)
    return text if form == "bare" else rng.choice(UNITS[attribute]).format(text)


def _duration(minutes: int, rng: random.Random) -> str:
    hours, rest = divmod(minutes, 60)
    options = [f"{minutes} minutes", f"{minutes} minutes", f"{minutes} min", f"{minutes} mins"]
    if not rest and hours < len(_WORDS):
        word = _WORDS[hours]
        unit = "hour" if hours == 1 else "hours"
        return rng.choice([f"{word} {unit}", f"{word} {unit}", f"{hours} {unit}", options[0]])
    if rest == 30 and 0 < hours < len(_WORDS):
        half = "an hour and a half" if hours == 1 else f"{_WORDS[hours]} and a half hours"
        options += [half, half, f"{hours}.5 hours"]
    elif hours and rest:
        hour = "hour" if hours == 1 else "hours"
        options += [f"{hours} {hour} {rest} minutes", f"{hours} {hour} and {rest} minutes"]
    return rng.choice(options)


def _large(number: float, rng: random.Random) -> str:
    """A large number: "2.5 million", "2,500,000", "ten thousand"."""
    options = [f"{number:,.0f}" if number == int(number) else f"{number:g}"]
    for name, unit in (("billion", 1e9), ("million", 1e6), ("thousand", 1e3)):
        if number >= unit:
            amount = number / unit
            options += [f"{amount:g} {name}"] * (1 if name == "thousand" else 3)
            if amount == int(amount) and amount < len(_WORDS):
                options.append(f"{_WORDS[int(amount)]} {name}")
            break
    if 1e4 <= number < 1e6:
        options.append(f"{number:.0f}")
    return rng.choice(options)
