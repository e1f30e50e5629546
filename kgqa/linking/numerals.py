"""Numbers as people write them, in digits and in words: "150,000", "2.5 million", "two hundred".

    NUMBER   a pattern, to be part of others
    value    the number that a match of it says
    pattern  a pattern of whole words

Every repetition of a pattern is bounded, so that reading a text takes time linear in its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
ONES = {word: i for i, word in enumerate(_WORDS[:10])}
TEENS = {word: i for i, word in enumerate(_WORDS[10:], 10)}
TENS = {
    word: 10 * i
    for i, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
_LOW = ONES | TEENS | TENS
#: {"twelve": "12", "12": "twelve", ...}: the other way to write a number of one word
NUMERALS = {w: str(n) for w, n in _LOW.items()} | {str(n): w for w, n in _LOW.items()}
_BIG = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_LETTERS = {"k": 1e3, "m": 1e6, "mn": 1e6, "bn": 1e9, "b": 1e9}  # right after the digits: "50m"
_TOKEN = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?|[a-z]+")

SPACE = r"[\s\u00a0\u202f]{1,2}"  #: between words
GAP = r"(?:[\s\u00a0\u202f]{0,2}|-)"  #: before a unit: "90 minutes", "90-minute", "100km"


def one_of(names: Iterable[str]) -> str:
    """A pattern for any of some words, the longest first."""
    return "(?:" + "|".join(sorted(names, key=len, reverse=True)) + ")"


_SMALL = rf"(?:{one_of(TENS)}(?:(?:-|{SPACE}){one_of(ONES)}\b)?|{one_of(TEENS | ONES)})"
_HUNDREDS = rf"(?:(?:{_SMALL}|an?){SPACE}hundred(?:{SPACE}(?:and{SPACE})?{_SMALL}\b)?|{_SMALL})"
_HALF = rf"{SPACE}and{SPACE}a{SPACE}half"
_SPELT = (
    rf"(?:half{SPACE}an?{SPACE}(?:dozen|hundred|{one_of(_BIG)})"
    rf"|(?:an?|{_SMALL}){SPACE}dozen"
    rf"|(?:{_HUNDREDS}(?:{_HALF})?|an?){SPACE}{one_of(_BIG)}\b"
    rf"(?:{_HALF}|(?:,?{SPACE}(?:and{SPACE})?{_HUNDREDS}(?:{SPACE}{one_of(_BIG)})?\b){{0,4}})"
    rf"|{_HUNDREDS}(?:{_HALF})?)"
)
_DIGITS = r"(?:\d{1,3}(?:,\d{3}){1,4}|\d{1,15})(?:\.\d{1,9})?"
NUMBER = (
    rf"(?:{_DIGITS}(?:{one_of(_LETTERS)}(?![a-z])|[\s-]?(?:hundred|dozen|{one_of(_BIG)})\b)?"
    rf"(?:{_HALF})?|{_SPELT})"
)


def value(text: str) -> float:
    """The number that a match of :data:`NUMBER` says; 1 for "a" and "an".

    >>> value("two hundred and fifty thousand"), value("2.5 million"), value("half a dozen")
    (250000.0, 2500000.0, 6.0)
    """
    total, current, scale, known = 0.0, 0.0, 1.0, False
    for token in _TOKEN.findall(text.lower()):
        if token[0].isdigit():
            current = float(token.replace(",", ""))
        elif token in _LOW:
            current += _LOW[token]
        elif token in ("hundred", "dozen"):
            current = (current or 1) * (100 if token == "hundred" else 12)
        elif token == "half":  # of what was said last: "a million and a half"
            if total and not current:
                total += scale / 2
            else:
                current += 0.5
        elif token in _BIG or token in _LETTERS:
            scale = _BIG.get(token) or _LETTERS[token]
            total, current = total + (current or 1) * scale, 0.0
        else:
            continue
        known = True
    return round(total + current, 6) if known else 1.0


def pattern(text: str) -> re.Pattern[str]:
    """A pattern that matches whole words only, and no part of a number, a date or a time.

    ASCII, since "ſ" would match "s" otherwise; letters before and after are for the caller to see.
    """
    return re.compile(
        rf"(?<!\w)(?<!\d[./:])(?<!\d,(?=\d{{3}}(?!\d)))(?:{text})"
        r"(?!\w|[./:]\d|,\d{3}(?!\d))",
        re.ASCII | re.IGNORECASE,
    )
