"""Literals of time: years, decades, centuries, months and days.

A stretch of time is read as years ("year"), as days ("date", in days as ``date.toordinal()``) and
as the bare numbers of its years (""). The 19th century is 1801 to 1900, as calendars count; years
before our era are negative.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from kgqa.linking.numerals import ONES, SPACE, TEENS, TENS, one_of, pattern, value

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
#: (unit, low, high)
Reading = tuple[str, float, float]

_YEAR = r"(?:1\d{3}|20\d\d|2100)"
_MONTH = "(?:" + "|".join(f"{m[:3]}(?:{m[3:]})?" for m in MONTHS) + r"|sept)\.?"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_TH = r"(?:st|nd|rd|th)"
_ERA = r"(?:(?-i:BCE?|B\.C\.|AD|CE))"
_DECADES = {"tens": 10} | {f"{word[:-1]}ies": tens for word, tens in TENS.items()}
_CENTURIES = {"eighteen": 1800, "nineteen": 1900, "twenty": 2000}
_SPOKEN = {"sixteen": 1600, "seventeen": 1700, **_CENTURIES}
_ORDINALS = {
    word: i
    for i, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
        "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth "
        "twentieth twenty-first".split(),
        1,
    )
}


def years(low: int, high: int) -> list[Reading]:
    """How the years from low to high, at most 9999, can be read."""
    readings: list[Reading] = [("year", low, high), ("", low, high)]
    if low >= 1:
        first, last = date(low, 1, 1), date(high, 12, 31)
        readings.append(("date", first.toordinal(), last.toordinal()))
    return readings


def days(low: date, high: date) -> list[Reading]:
    """How the days of one year from low to high can be read."""
    return [("date", low.toordinal(), high.toordinal()), ("year", low.year, high.year)]


def _day(match: re.Match[str]) -> list[Reading]:
    month = match["month"]
    number = int(month) if month.isdigit() else _month(month)
    try:
        day = date(int(match["year"]), number, int(match["day"]))
    except ValueError:  # 30 February
        return []
    return days(day, day)


def _month(name: str) -> int:
    return next(i for i, month in enumerate(MONTHS, 1) if month[:3].lower() == name[:3].lower())


def _whole_month(match: re.Match[str]) -> list[Reading]:
    first = date(int(match["year"]), _month(match["month"]), 1)
    after = (first + timedelta(days=31)).replace(day=1)
    return days(first, after - timedelta(days=1))


def _year(match: re.Match[str]) -> list[Reading]:
    year = int(match["year"])
    return years(year, year)


def _year_of_era(match: re.Match[str]) -> list[Reading]:
    year = int(match["year"]) * (-1 if match["era"].upper().startswith("B") else 1)
    return years(year, year) if year else []


def _short_year(match: re.Match[str]) -> list[Reading]:
    year = int(match["year"])
    year += 1900 if year >= 30 else 2000
    return years(year, year)


def _spoken_year(match: re.Match[str]) -> list[Reading]:
    year = _SPOKEN[match["century"].lower()] + int(value(match["rest"]))
    return years(year, year)


def _stretch(match: re.Match[str]) -> list[Reading]:
    low, high = int(match["low"]), int(match["high"])
    high += low // 100 * 100 if high < 100 else 0
    return years(low, high) if low < high else []


def _decade(match: re.Match[str]) -> list[Reading]:
    if match["short"]:
        return _decade_of_any_century(int(match["short"]))
    low = int(match["low"])
    century = years(low, low + 99) if low % 100 == 0 and low < 2000 else []  # "the 1800s"
    return years(low, low + 9) + century


def _decade_in_words(match: re.Match[str]) -> list[Reading]:
    low = _DECADES[match["tens"].lower()]
    if match["century"]:
        low += _CENTURIES[match["century"].lower()]
        return years(low, low + 9)
    return _decade_of_any_century(low)


def _decade_of_any_century(low: int) -> list[Reading]:
    """The 80s are the 1980s; the 20s may be the 1920s or the 2020s."""
    starts = [1900 + low] * (low >= 20) + [2000 + low] * (low <= 20)
    return [reading for start in starts for reading in years(start, start + 9)]


def _century(match: re.Match[str]) -> list[Reading]:
    words = re.sub(r"\s+", "-", match["number"].lower())
    number = _ORDINALS.get(words) or int(words[:-2])
    if not 1 <= number <= 21:
        return []
    if match["era"] and match["era"].upper().startswith("B"):
        return years(-100 * number, -100 * number + 99)
    return years(100 * number - 99, 100 * number)


Read = Callable[[re.Match[str]], list[Reading]]
_Y = rf"(?P<year>{_YEAR})"
_PATTERNS: list[tuple[re.Pattern[str], Read]] = [
    (pattern(text), read)
    for text, read in (
        (rf"(?P<day>{_DAY}){_TH}?{SPACE}(?:of{SPACE})?(?P<month>{_MONTH}),?{SPACE}{_Y}", _day),
        (rf"(?P<month>{_MONTH}){SPACE}(?P<day>{_DAY}){_TH}?,?{SPACE}{_Y}", _day),
        (rf"{_Y}-(?P<month>\d\d)-(?P<day>\d\d)", _day),
        (rf"(?P<month>{_MONTH}),?{SPACE}(?:of{SPACE})?{_Y}", _whole_month),
        (rf"(?P<low>{_YEAR})\s?[-–—]\s?(?P<high>{_YEAR}|\d\d)", _stretch),
        (_Y, _year),
        (rf"(?P<year>\d{{1,4}})\s?(?P<era>{_ERA})", _year_of_era),
        (r"(?P<era>(?-i:AD))\s(?P<year>\d{1,4})", _year_of_era),
        (r"['’‘](?P<year>\d\d)", _short_year),
        (
            rf"(?P<century>{one_of(_SPOKEN)})(?:-|{SPACE})"
            rf"(?P<rest>{one_of(TEENS)}|{one_of(TENS)}(?:(?:-|{SPACE}){one_of(ONES)})?)",
            _spoken_year,
        ),
        (r"(?P<low>(?:1\d|20)\d0)['’]?s|['’‘]?(?P<short>\d0)['’]?s", _decade),
        (
            rf"(?:(?P<century>{one_of(_CENTURIES)})(?:-|{SPACE}))?(?P<tens>{one_of(_DECADES)})",
            _decade_in_words,
        ),
        (
            rf"(?P<number>\d{{1,2}}{_TH}|{one_of(_ORDINALS)}|twenty{SPACE}first)(?:-|{SPACE})"
            rf"century(?:{SPACE}(?P<era>{_ERA}))?",
            _century,
        ),
    )
]


def find(text: str) -> Iterator[tuple[int, int, list[Reading]]]:
    """(first character, one past the last, readings) of what names a time."""
    for compiled, read in _PATTERNS:
        for match in compiled.finditer(text):
            if readings := read(match):
                yield *match.span(), readings
