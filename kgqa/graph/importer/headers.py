"""The words of column names and of file names: "unitPrice_eur" is "unit price", in euros.

words_of   a column name in words, in lower case
Heading    the same without the unit and without "id" at its end
kind_of    the kind of entity that a file is named after: "order_lines.csv" has order lines
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath

_CAMEL = re.compile(r"(?<=[a-zà-ÿ0-9])(?=[A-ZÀ-Ý])|(?<=[A-Z])(?=[A-Z][a-z])")
_GAPS = re.compile(r"[\s_.\-/:~]+")
_BRACKETS = re.compile(r"[(\[]\s*([^()\[\]]{1,20}?)\s*[)\]]\s*$")
#: Words at the end of a column name that say its values are ids: of a row, for certain.
KEYS = frozenset("id ids uuid guid fk key pk".split())
#: The same, if what stands before names a table.
CODES = frozenset("code no nr num number ref reference #".split())
#: Units by what people write.
UNITS = {
    **dict.fromkeys("eur euro euros €".split(), "euros"),
    **dict.fromkeys("usd dollar dollars $ us$".split(), "US dollars"),
    **dict.fromkeys("gbp £".split(), "pounds sterling"),
    **dict.fromkeys("chf".split(), "Swiss francs"),
    **dict.fromkeys("jpy ¥ yen".split(), "yen"),
    **dict.fromkeys("cny rmb".split(), "yuan"),
    **dict.fromkeys("inr ₹".split(), "rupees"),
    **dict.fromkeys("kg kgs kilogram kilograms kilo kilos".split(), "kilograms"),
    **dict.fromkeys("g gram grams".split(), "grams"),
    **dict.fromkeys("lb lbs".split(), "pounds"),
    **dict.fromkeys("t tons tonnes".split(), "tonnes"),
    **dict.fromkeys("km kilometers kilometres".split(), "kilometres"),
    **dict.fromkeys("m meter meters metre metres".split(), "metres"),
    **dict.fromkeys("cm centimeters centimetres".split(), "centimetres"),
    **dict.fromkeys("mm millimeters millimetres".split(), "millimetres"),
    **dict.fromkeys("mi miles".split(), "miles"),
    **dict.fromkeys("ft feet".split(), "feet"),
    **dict.fromkeys("km2 km² sqkm".split(), "square kilometres"),
    **dict.fromkeys("m2 m² sqm".split(), "square metres"),
    **dict.fromkeys("l litre litres liter liters".split(), "litres"),
    **dict.fromkeys("ml".split(), "millilitres"),
    **dict.fromkeys("s sec secs seconds".split(), "seconds"),
    **dict.fromkeys("min mins minutes".split(), "minutes"),
    **dict.fromkeys("h hr hrs hours".split(), "hours"),
    **dict.fromkeys("days".split(), "days"),
    **dict.fromkeys("weeks".split(), "weeks"),
    **dict.fromkeys("months".split(), "months"),
    **dict.fromkeys("years yrs".split(), "years"),
    **dict.fromkeys("pct percent %".split(), "percent"),
    **dict.fromkeys("kw".split(), "kilowatts"),
    **dict.fromkeys("kwh".split(), "kilowatt hours"),
    **dict.fromkeys("mb".split(), "megabytes"),
    **dict.fromkeys("gb".split(), "gigabytes"),
}
#: Units that are other words as often ("price_min" is no minute), read in brackets alone.
_IN_BRACKETS = frozenset("g t m l s h min mi ft no".split())
_EXTRA = re.compile(r"^(?:tbl|dim|fact|fct|stg|vw)[_ ]|[_ ](?:table|export|data|list)$|[_ ]?\d+$")
_IRREGULAR = {
    **{"people": "person", "children": "child", "men": "man", "women": "woman", "mice": "mouse"},
    **{"staff": "staff", "series": "series", "species": "species", "news": "news", "data": "data"},
    **{"movies": "movie", "cookies": "cookie", "analyses": "analysis", "bases": "base"},
    **{"buses": "bus", "indices": "index", "shoes": "shoe", "personnel": "personnel"},
}
#: Names of files that say nothing of what their rows are.
_GENERAL = frozenset("entity ent node vertex vertice label name nodes data record".split())
_PLURAL = {one: many for many, one in _IRREGULAR.items()}


def words_of(name: str) -> str:
    """A column name in words.

    >>> [words_of("customerID"), words_of("unit_price"), words_of("Weight (kg)")]
    ['customer id', 'unit price', 'weight (kg)']
    """
    return " ".join(_GAPS.sub(" ", _CAMEL.sub(" ", name.strip())).lower().split())


@dataclass(frozen=True)
class Heading:
    """A column name, taken apart.

    >>> Heading.of("price_eur"), Heading.of("manager_id").is_key
    (Heading(full='price eur', words='price', unit='euros', ending=''), True)
    """

    full: str  #: all its words
    words: str = ""  #: without unit, and without "id" or "no"
    unit: str = ""  #: "euros"
    ending: str = ""  #: "id", "no", ... that was taken from the end

    @classmethod
    def of(cls, name: str) -> Heading:
        brackets = _BRACKETS.search(name)
        unit = ""
        if brackets:
            inside = brackets[1].strip().lower()
            unit = UNITS.get(inside, "" if inside.isdigit() else brackets[1].strip())
            name = name[: brackets.start()]
        full = words_of(name) or unit.lower() or "column"
        parts = full.split()
        last = parts[-1] if len(parts) > 1 else ""
        if not unit and last in UNITS and last not in _IN_BRACKETS:
            unit, parts = UNITS[last], parts[:-1]
            parts = parts[:-1] if len(parts) > 1 and parts[-1] == "in" else parts
        ending = last if last in KEYS | CODES else ""
        if len(parts) > 1 and last == "id" and parts[-2:] == ["e", "mail"]:
            ending = ""
        if ending and len(parts) > 1:
            parts = parts[:-1]
        return cls(full, " ".join(parts) or full, unit, ending)

    @property
    def is_key(self) -> bool:
        """Whether it says that its values are ids of rows: of this table or of another."""
        return self.ending in KEYS


def singular(word: str) -> str:
    """The singular of an English plural, as far as its ending tells.

    >>> [singular(w) for w in "categories boxes orders staff statuses address".split()]
    ['category', 'box', 'order', 'staff', 'status', 'address']
    """
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("sses", "xes", "ches", "shes", "uses", "zzes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return word[:-1]
    return word


def plural(words: str) -> str:
    """The plural of the last word: "order lines"."""
    *front, last = words.split() or [""]
    if last in _PLURAL:
        many = _PLURAL[last]
    elif last.endswith("y") and last[-2:-1] not in "aeiou":
        many = f"{last[:-1]}ies"
    elif last.endswith(("s", "x", "ch", "sh", "z")):
        many = f"{last}es"
    else:
        many = f"{last}s"
    return " ".join([*front, many])


def kind_of(name: str) -> str:
    """The kind of entity that the rows of a file are.

    >>> [kind_of("order_lines.csv"), kind_of("shop.zip: tbl_Suppliers.csv"), kind_of("staff.tsv")]
    ['order line', 'supplier', 'staff']
    """
    stem = PurePath(name.rsplit(": ", 1)[-1]).name.split(".")[0]
    *front, last = _EXTRA.sub("", words_of(_EXTRA.sub("", stem))).split() or ["entity"]
    kind = " ".join([*front, singular(last)])
    return "entity" if kind in _GENERAL else kind
