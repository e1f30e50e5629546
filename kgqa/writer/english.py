"""The English that wordings need: plurals and the forms of verbs, by rule and by a list of verbs.

    forms("wrote").past          "wrote"       forms("works").base     "work"
    plural("city")               "cities"      singular("people")      "person"

Enough for names of relations; a word that is no verb of ``verbs.txt`` is taken for a noun.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

PATH = Path(__file__).with_name("verbs.txt")
_IRREGULAR = {
    "child": "children",
    "datum": "data",
    "foot": "feet",
    "man": "men",
    "mouse": "mice",
    "person": "people",
    "tooth": "teeth",
    "woman": "women",
    "wife": "wives",
    "life": "lives",
    "leaf": "leaves",
    "half": "halves",
    "analysis": "analyses",
    "basis": "bases",
    "thesis": "theses",
    "diagnosis": "diagnoses",
    "criterion": "criteria",
    "genus": "genera",
    "hero": "heroes",
    "potato": "potatoes",
    "series": "series",
    "species": "species",
    "staff": "staff",
    "aircraft": "aircraft",
    "sheep": "sheep",
    "fish": "fish",
    **{word: f"{word}es" for word in "bus status virus campus bonus gas lens alias".split()},
}
_SINGULARS = {plural: singular for singular, plural in _IRREGULAR.items()}
_NO_PLURAL = re.compile(r"(ss|us|is|ics|news|gas|bus|atlas|lens|canvas|alias|status|bonus)$")
_DOUBLED = frozenset("stop plan cut set run begin ship map log get put hit let admit refer".split())
_DOUBLED_MORE = frozenset("transfer program star submit permit star transmit defer ban".split())
PREPOSITIONS = frozenset(
    "about above across after against along among around as at before behind below beside between "
    "beyond by during for from in inside into near of off on onto out over since through to toward "
    "towards under until up upon via with within without".split()
)


@dataclass(frozen=True)
class Verb:
    """The forms of a verb."""

    base: str  #: "write"
    third: str  #: "writes"
    past: str  #: "wrote"
    participle: str  #: "written"
    ing: str  #: "writing"


@lru_cache(1)
def verbs() -> dict[str, Verb]:
    """{any form: its verb}; a base form wins over a form of another verb ("found", "saw")."""
    irregular: list[list[str]] = []
    regular: list[str] = []
    section = ""
    for line in PATH.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line
        elif not line.startswith("#"):
            if section == "[irregular]":
                irregular.append(line.split())
            else:
                regular += line.split()
    table = [_verb(base, past, participle) for base, past, participle in irregular]
    table += [_verb(base) for base in dict.fromkeys(regular)]
    found: dict[str, Verb] = {}
    for verb in table:
        for form in (verb.past, verb.participle, verb.third, verb.ing):
            found.setdefault(form, verb)
    found |= {"founded": _verb("found"), "founds": _verb("found"), "founding": _verb("found")}
    found |= {verb.base: verb for verb in table}
    return found


def forms(word: str) -> Verb | None:
    """The verb that a word is a form of, or None."""
    return verbs().get(word)


def verb_of(base: str) -> Verb:
    """The forms of a verb by its base form, listed or not."""
    known = verbs().get(base)
    return known if known and known.base == base else _verb(base)


def _verb(base: str, past: str = "", participle: str = "") -> Verb:
    if base == "be":
        return Verb("be", "is", "was", "been", "being")
    stem = base
    if base in _DOUBLED | _DOUBLED_MORE:
        stem = base + base[-1]
    third = "has" if base == "have" else _with_s(base)
    if not past:
        past = base + "d" if base.endswith("e") else _y(stem, "ied") or stem + "ed"
    if base == "lie":
        ing = "lying"
    elif base.endswith("e") and not base.endswith(("ee", "oe", "ye")):
        ing = base[:-1] + "ing"
    else:
        ing = stem + "ing"
    return Verb(base, third, past, participle or past, ing)


def _y(word: str, ending: str) -> str:
    """ "carry" with an ending for its "y"; empty if it has none to change."""
    return word[:-1] + ending if re.search(r"[^aeiou]y$", word) else ""


def _with_s(word: str) -> str:
    if re.search(r"(s|x|z|ch|sh|[^aeiou]o)$", word):
        return word + "es"
    return _y(word, "ies") or word + "s"


def plural(noun: str) -> str:
    """The plural of the last word of a noun phrase, or of the noun before "of".

    >>> plural("cause of death"), plural("record company"), plural("children")
    ('causes of death', 'record companies', 'children')
    """
    head, of, rest = noun.partition(" of ")
    *before, last = head.split(" ")
    if not is_plural(last):
        last = _IRREGULAR.get(last) or _compound(last) or _with_s(last)
    return " ".join([*before, last]) + of + rest


def _compound(noun: str) -> str:
    """The plural of "salesperson" and "policewoman"; empty for other nouns."""
    match = re.search(r"\w(person|man)$", noun)
    if match is None or noun in ("human", "german", "roman", "shaman", "ottoman"):
        return ""
    return noun.removesuffix(match[1]) + ("people" if match[1] == "person" else "men")


def singular(noun: str) -> str:
    """The singular of a noun phrase.

    >>> singular("record companies"), singular("causes of death"), singular("status")
    ('record company', 'cause of death', 'status')
    """
    head, of, rest = noun.partition(" of ")
    *before, last = head.split(" ")
    if last in _SINGULARS:
        last = _SINGULARS[last]
    elif match := re.search(r"\w(people|men)$", last):
        last = last.removesuffix(match[1]) + ("person" if match[1] == "people" else "man")
    elif is_plural(last):
        if last.endswith("ies") and len(last) > 4 and last not in ("movies", "series"):
            last = last[:-3] + "y"
        elif re.search(r"(sses|shes|ches|xes|zzes)$", last):
            last = last[:-2]
        else:
            last = last[:-1]
    return " ".join([*before, last]) + of + rest


def is_plural(noun: str) -> bool:
    """Whether a noun phrase looks like a plural."""
    last = noun.partition(" of ")[0].split(" ")[-1]
    if last in _SINGULARS or re.search(r"\w(people|men)$", last):
        return True
    return last.endswith("s") and len(last) > 3 and not _NO_PLURAL.search(last)


def article(words: str) -> str:
    """ "a" or "an", for what follows.

    >>> article("hour"), article("university"), article("owner")
    ('an', 'a', 'an')
    """
    first = words.split(" ")[0].lower()
    if re.match(r"(uni|use|eu|one\b|once)", first):
        return "a"
    return "an" if first[:1] in tuple("aeiou") or re.match(r"(hour|honou?r|heir)", first) else "a"


def comparative(superlative: str) -> str:
    """ "older" of "oldest", "more populous" of "most populous"; empty if none is made.

    >>> comparative("best"), comparative("highest-grossing")
    ('better', 'higher-grossing')
    """
    first, space, rest = superlative.partition(" ")
    if first in ("most", "least") and rest:
        return f"{'more' if first == 'most' else 'less'} {rest}"
    word, dash, after = first.partition("-")
    irregular = {"best": "better", "worst": "worse", "furthest": "further", "farthest": "farther"}
    if word in irregular:
        word = irregular[word]
    elif word.endswith("est"):
        word = word[:-3] + "er"
    else:
        return ""
    return word + dash + after + space + rest
