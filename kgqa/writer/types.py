"""What sort of thing entities are: persons, places, times, numbers, guessed without their names.

A noun has a type by a list ("city": place) or, if it names who does something, by its ending. The
entities of one side of a relation have the type of their kind or class; else that of what the
relation calls them; else what the other relations say that they are in.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from pathlib import Path

from kgqa.writer.english import forms, singular

PATH = Path(__file__).with_name("types.txt")
PERSON, PLACE, TIME, NUMBER = "person", "place", "time", "number"
_DATE = re.compile(
    r"\d{1,2} [A-Za-z]+ \d{4}|[A-Za-z]+ \d{1,2},? \d{4}|[A-Za-z]+ \d{4}|\d{4}-\d\d(-\d\d)?"
)
_YEAR = re.compile(r"(1[0-9]|20)\d\d( BC)?")
_NUMBER = re.compile(r"[-+]?[$€£]?\d[\d,.]*( ?[%\w²]+){0,2}")
_NO_PERSON = frozenset(
    "number order river computer container printer server letter paper power tower border "
    "counter folder filter parameter driver router computer sensor motor factor sector vector "
    "color colour error corner layer computer character chapter".split()
)
#: Who does or undergoes what these verbs say is a person.
_PERSONAL = frozenset(
    "act attend bear bury coach compete cook dance direct drive earn educate employ fight graduate "
    "hate hire invent like live love marry murder paint perform play practice read report reside "
    "retire ride sing sleep speak study swim swear teach think train visit walk wear work "
    "write".split()
)
#: What people are called by what they do.
AGENTS = {
    **{verb: verb + "er" for verb in "play work teach sing paint read report train".split()},
    **{"write": "writer", "drive": "driver", "study": "student", "act": "actor", "ride": "rider"},
}


@lru_cache(1)
def _nouns() -> dict[str, str]:
    """{noun: type}; of several the first."""
    found: dict[str, str] = {}
    kind = ""
    for line in PATH.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            kind = line.strip("[]")
        elif not line.startswith("#"):
            for word in line.split():
                found.setdefault(word, kind)
    return found


def type_of_noun(noun: str) -> str:
    """The type of a noun phrase by its head; empty if that is not known.

    >>> type_of_noun("film directors"), type_of_noun("cause of death"), type_of_noun("beekeeper")
    ('person', '', 'person')
    """
    head = singular(noun.partition(" of ")[0].split(" ")[-1].lower())
    if noun.lower().startswith(("place of ", "country of ", "city of ")):
        return PLACE
    if noun.lower().startswith(("date of ", "year of ")):
        return TIME
    known = _nouns().get(head, "")
    if known or head in _NO_PERSON:
        return known
    if head.endswith(("keeper", "ologist", "woman", "ician")) or _agent(head):
        return PERSON
    return PERSON if head.endswith("man") and len(head) > 5 else ""


def type_of_subject(verb: str) -> str:
    """PERSON if only persons do or undergo what a verb says."""
    return PERSON if verb in _PERSONAL else ""


def _agent(noun: str) -> bool:
    """Whether a noun names who does what a verb says: "teacher", "director"."""
    for ending in ("er", "or"):
        if noun.endswith(ending):
            stem = noun.removesuffix(ending)
            for base in (stem, stem + "e", stem[:-1]):
                verb = forms(base)
                if verb is not None and verb.base == base and len(base) > 2:
                    return True
    return False


def type_of_labels(labels: list[str]) -> str:
    """TIME or NUMBER where nearly all labels are such, else empty."""
    if not labels:
        return ""
    counts = Counter(_value(label) for label in labels)
    for kind in (TIME, NUMBER):
        if counts[kind] >= 0.9 * len(labels):
            return kind
    return ""


def _value(label: str) -> str:
    if _YEAR.fullmatch(label) or _DATE.fullmatch(label):
        return TIME
    return NUMBER if _NUMBER.fullmatch(label) else ""
