"""What a column of a table holds: numbers, dates, yes and no, or texts.

A column has one sort; a value that does not fit it is left out and counted, if few are, and
otherwise all are texts. Numbers and dates are given as ``numbers.tsv`` takes them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache, partial

from kgqa.graph.importer.headers import UNITS, Heading
from kgqa.graph.importer.values import YEARS

FIT = 0.95  #: share of the values that have to be of a sort
#: What people write where they know nothing.
NOTHING = frozenset(
    ("", "-", "–", "—", "?", "\\N", "n/a", "N/A", "NA", "na", "null", "NULL", "none", "None")
    + ("nan", "NaN", "NAN", "nil", "#N/A", "<NA>", "NaT")
)
#: Digits in columns of these names count nothing.
_CODES = re.compile(
    r"\b(?:zip|postal|postcode|post code|plz|phone|telephone|tel|mobile|fax|isbn|issn|ean|upc|gtin"
    r"|sku|iban|bic|vat|tax id|account|barcode|code|serial|version|passport|licen[cs]e)\b"
)
_YEARLY = re.compile(r"\b(?:years?|since|founded|established|born|built|opened|released?)\b")
_HAS = re.compile(r"^(?:is|has|can|was|are|does|do)\b ?")
_BOOLEAN = (("true", "false"), ("yes", "no"), ("y", "n"), ("t", "f"))
_CURRENCIES = {"€": "euros", "$": "US dollars", "£": "pounds sterling", "¥": "yen", "₹": "rupees"}
_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_COMMAS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_EUROPEAN = re.compile(r"[+-]?(?:\d{1,3}(?:[. ]\d{3})+|\d+)(?:,\d+)?", re.ASCII)
_WITH_UNIT = re.compile(
    r"([€$£¥₹]?)\s*([+-]?[\d.,]+)\s*([^\W\d_]{1,12}[23²]?|[€$£¥₹%])?", re.IGNORECASE
)
_TIMES = re.compile(
    r"[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AaPp][Mm])?(?:Z| ?[+-]\d\d:?\d\d)?$"
)
_ISO = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d")
_DAY_FIRST = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")
_MONTH_FIRST = ("%m/%d/%Y", "%m-%d-%Y")
_SPELT = ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%d-%b-%Y", "%d. %B %Y")
#: Reads a value as ``numbers.tsv`` takes it; None if it is of another sort.
Read = Callable[[str], str | None]


class Sort(StrEnum):
    """The sorts of values."""

    NOTHING = "nothing"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "yes or no"
    TEXT = "text"


@dataclass(frozen=True)
class Values:
    """The sort of a column, and how one of its values is read."""

    sort: Sort
    read: Read = lambda value: value
    unit: str = ""  #: that the values themselves name: "€12.50"


def is_coded(heading: Heading) -> bool:
    """Whether digits of a column are no number: postcodes, telephone numbers, codes."""
    return bool(_CODES.search(heading.full))


def is_nothing(value: str) -> bool:
    """Whether a value says that nothing is known."""
    return value.strip() in NOTHING


def survey(heading: Heading, values: Sequence[str], declared: str = "") -> Values:
    """What a column holds; ``declared``: the type that its source gives, such as "int"."""
    known = [value.strip() for value in values if not is_nothing(value)]
    if not known:
        return Values(Sort.NOTHING)
    if declared in ("string", "char"):
        return Values(Sort.TEXT)
    if read := _booleans(heading, known, declared):
        return Values(Sort.BOOLEAN, read)
    for pattern in (_ISO, _DAY_FIRST, _MONTH_FIRST, _SPELT):
        reads = partial(_date, formats=pattern)
        numeric = pattern is _ISO and all(map(_PLAIN.fullmatch, known))
        if not (numeric and "date" not in heading.full) and _fits(reads, known):
            return Values(Sort.DATE, reads)
    coded = is_coded(heading) or any(re.match(r"[+-]?0\d", value) for value in known)
    if not coded or declared:
        yearly = _yearly(heading, known)
        for style in (_plain, _commas, _european):
            reads = partial(_number, style=style, yearly=yearly)
            if _fits(reads, known):
                return Values(Sort.NUMBER, reads)
        if (unit := _common_unit(known)) is not None:
            return Values(Sort.NUMBER, _measured, unit)
    return Values(Sort.TEXT)


def boolean_words(heading: Heading) -> tuple[str, str]:
    """The words of a column of yes and no: for yes, for no.

    >>> boolean_words(Heading.of("is_active")), boolean_words(Heading.of("hasWarranty"))
    (('active', 'not active'), ('warranty', 'no warranty'))
    """
    words = _HAS.sub("", heading.full) or heading.full
    return words, f"{'no' if heading.full.startswith(('has ', 'have ')) else 'not'} {words}"


def _fits(read: Read, known: list[str]) -> bool:
    """Whether nearly all values are of a sort; a few values have to be all of it."""
    failures, allowed = 0, int(len(known) * (1 - FIT))
    for value in known:
        failures += read(value) is None
        if failures > allowed:
            return False
    return True


def _booleans(heading: Heading, known: list[str], declared: str) -> Read | None:
    pairs = list(_BOOLEAN)
    if _HAS.match(heading.full) or declared in ("boolean", "bool"):
        pairs.append(("1", "0"))
    found = {value.casefold() for value in known}
    for yes, no in pairs:
        if found <= {yes, no}:
            return lambda value: {yes: "yes", no: "no"}.get(value.strip().casefold())
    return None


@lru_cache(maxsize=2**16)  # a column has few dates, many times
def _date(value: str, formats: tuple[str, ...]) -> str | None:
    if not 6 <= len(value) <= 40 or not any(map(str.isdigit, value)):
        return None  # quickly, since most columns are no dates
    day = _TIMES.sub("", value.strip())
    for form in formats:
        try:
            return datetime.strptime(day, form).date().isoformat()
        except ValueError:
            continue
    return None


def _plain(value: str) -> str | None:
    return value if _PLAIN.fullmatch(value) else None


def _commas(value: str) -> str | None:
    fits = _COMMAS.fullmatch(value) or _PLAIN.fullmatch(value)
    return value.replace(",", "") if fits else None


def _european(value: str) -> str | None:
    fits = _EUROPEAN.fullmatch(value)
    return re.sub("[. ]", "", value).replace(",", ".") if fits else None


def _number(value: str, style: Read, *, yearly: bool) -> str | None:
    """A number; four digits in a column of other things than years get a point after them."""
    number = style(value.strip())
    if number is None or not abs(float(number)) < 1e300:
        return None
    whole = number.isdigit() and len(number) == 4 and int(number) in YEARS
    return f"{number}.0" if whole and not yearly else number


def _yearly(heading: Heading, known: list[str]) -> bool:
    """Whether whole numbers of four digits are years, by the column's name and its unit."""
    if heading.unit:
        return False
    whole = all(value.isdigit() and len(value) == 4 for value in known)
    return whole and bool(_YEARLY.search(heading.full))


def _common_unit(known: list[str]) -> str | None:
    """The one unit that all values name; None if they do not."""
    units = set()
    for value in known:
        match = _WITH_UNIT.fullmatch(value)
        if match is None or not (match[1] or match[3]) or _measured(value) is None:
            return None
        units.add((match[1] or match[3]).casefold())
    if len(units) != 1:
        return None
    (unit,) = units
    return _CURRENCIES.get(unit) or UNITS.get(unit)


def _measured(value: str) -> str | None:
    match = _WITH_UNIT.fullmatch(value.strip())
    if match is None:
        return None
    for style in (_plain, _commas, _european):
        if (number := style(match[2])) is not None:
            return number
    return None


def ambiguous_dates(values: Sequence[str]) -> bool:
    """Whether dates such as 03/04/2024 could be read with the month first as well."""
    known = [value for value in values if not is_nothing(value)]
    both = (partial(_date, formats=formats) for formats in (_DAY_FIRST, _MONTH_FIRST))
    return bool(known) and all(_fits(read, known) for read in both)
