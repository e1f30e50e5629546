"""Wordings put together: slots filled with agreement, phrases taken apart, nested and joined.

A phrase is a noun phrase with what it names in it:

    the employer of Ann           definite
    people who work for Acme      a class word, "people", and a clause, "who work for Acme"

A class phrase can be counted ("how many people work for Acme"), narrowed ("people who work for Acme
and live in Rome"), and its class word exchanged ("engineers who work for Acme").
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import lru_cache

from kgqa.writer.english import PREPOSITIONS, Verb, forms, is_plural, singular
from kgqa.writer.wordings import SLOT

PRONOUNS = ("who", "that", "which")
_PLURAL = dict(**{"is": "are", "was": "were", "does": "do", "has": "have"})
_SINGULAR = {plural: single for single, plural in _PLURAL.items()}
_AUXILIARY = re.compile(r"\b(is|was|does|has|[Ii]s|[Dd]oes|[Ww]as|[Hh]as)(?= \{\})")
_AFTER = re.compile(r"(?<=\{\} )(\w+)")
_OF = re.compile(r"the (.+) of \{\}")
#: What a request starts with; it is no phrase, though it ends without "?".
REQUESTS = frozenset(
    "name list show tell give find count describe explain which who whom whose what where when how "
    "is are was were do does did can could i i'd please".split()
)
_PLACED = frozenset("located based situated set called named known married related".split())


@dataclass(frozen=True)
class Phrase:
    """A noun phrase."""

    text: str
    noun: str = ""  #: the class word of a class phrase, plural: "people"
    clause: str = ""  #: what follows it: "who work for Acme"
    plural: bool = False
    people: bool = False  #: whether it names persons, who are asked for by "who"
    head: str = ""  #: the noun of "the N of ..."
    name: str = ""  #: what fills the slot
    said: bool = False  #: whether the clause can be said of the class: "which people work for X?"

    @property
    def definite(self) -> str:
        """As a part of a sentence: "the films directed by X"."""
        return f"the {self.text}" if self.noun else self.text

    def fill(self, name: str) -> Phrase:
        """With a name in its slot."""
        text, clause = (part.replace(SLOT, name, 1) for part in (self.text, self.clause))
        return replace(self, text=text, clause=clause, name=name)

    def narrowed(self, clause: str) -> Phrase:
        """A class phrase with one more clause."""
        both = f"{self.clause} {clause}".strip()
        return replace(self, text=f"{self.noun} {both}", clause=both)

    def of(self, noun: str) -> Phrase:
        """A class phrase with another class word."""
        return replace(self, text=f"{noun} {self.clause}".strip(), noun=noun)


def is_phrase(line: str) -> bool:
    """Whether a wording names what is asked for; others ask or request."""
    return not line.endswith("?") and line.partition(" ")[0].lower() not in REQUESTS


@lru_cache(20_000)
def phrase_of(line: str, nouns: Collection[str] = frozenset(), people: bool = False) -> Phrase:
    """A phrase of a file of wordings, taken apart; ``nouns`` are class words, plural."""
    first, _, rest = line.partition(" ")
    if first.lower() in ("the", "a", "an") or "'s " in line or "’s " in line:
        head = re.split(r" (?:of|for|that|who|in|by|at|from|to|with)\b", line)[0]
        head = line.rpartition("'s ")[2] if "{}'s " in line else head
        named = _OF.fullmatch(line)
        return Phrase(line, plural=is_plural(head), people=people, head=named[1] if named else "")
    words = line.split(" ")
    for end in range(min(4, len(words) - 1), 0, -1):
        noun = " ".join(words[:end])
        if noun in nouns or (_starts_clause(words[end]) and is_plural(noun) and SLOT not in noun):
            clause = " ".join(words[end:])
            said = not clause.removeprefix("that ").startswith(SLOT) and bool(predicate(clause))
            return Phrase(line, noun, clause, True, people, said=said)
    return Phrase(line, plural=is_plural(words[0]), people=people)


def _starts_clause(word: str) -> bool:
    if word in PRONOUNS or word in PREPOSITIONS or word in ("whose", SLOT):
        return True
    verb = forms(word)
    return verb is not None and word in (verb.participle, verb.past, verb.ing)


def fill(line: str, *names: str, plural: bool = False) -> str:
    """A wording with names in its slots; ``plural``: the first stands for several.

    >>> fill("who does {} work for?", "Ann and Bob", plural=True)
    'who do Ann and Bob work for?'
    """
    if plural:
        line = _AUXILIARY.sub(lambda m: _cased(_PLURAL[m[1].lower()], m[1]), line, count=1)
        line = _AFTER.sub(lambda m: _base(m[1]), line, count=1)
    for name in names:
        line = line.replace(SLOT, name, 1)
    return line


def _cased(word: str, like: str) -> str:
    return word.capitalize() if like[0].isupper() else word


def _base(word: str) -> str:
    """A verb in the third person as it follows a plural; other words as they are."""
    if word in _PLURAL:
        return _PLURAL[word]
    verb = forms(word)
    return verb.base if verb is not None and word == verb.third != verb.base else word


def possessive(name: str) -> str:
    """ "Ann's"."""
    return f"{name}'s"


# -- clauses: "who work for X", "directed by X", "in X" -----------------------------------------


def _verb(clause: str) -> tuple[str, str, Verb | None]:
    """(first word, the rest, its verb) of a clause after its pronoun."""
    first, _, rest = clause.partition(" ")
    return first, rest, forms(first)


def predicate(clause: str) -> str:
    """A clause as what is said of several: "work for X", "are in X"; empty if it is no clause.

    >>> predicate("who work for X"), predicate("located in X"), predicate("that X owns")
    ('work for X', 'are located in X', '')
    """
    pronoun, _, rest = clause.partition(" ")
    if pronoun in PRONOUNS:
        first, _, verb = _verb(rest)
        is_verb = verb is not None and first in (verb.base, verb.past)
        return rest if is_verb or first in ("are", "were", "have", "do") else ""
    first, after, verb = _verb(clause)
    if first == "with":
        return f"have {after}"
    if verb is not None and first == verb.ing and first not in PREPOSITIONS:
        return f"{verb.base} {after}"
    if verb is not None and first in (verb.participle, verb.past):
        return f"{'are' if first in _PLACED else 'were'} {clause}"
    return f"are {clause}" if first in PREPOSITIONS and first != "of" else ""


def negated(clause: str) -> str:
    """A clause turned into its opposite; empty if that is not clear.

    >>> negated("who work for X"), negated("directed by X"), negated("who wrote X")
    ('do not work for X', 'not directed by X', 'did not write X')
    """
    pronoun, _, rest = clause.partition(" ")
    if pronoun not in PRONOUNS:
        return f"not {clause}" if predicate(clause) else ""
    first, after, verb = _verb(rest)
    if first in ("are", "were", "have", "do"):
        return f"{first} not {after}" if first != "have" else f"do not have {after}"
    if verb is None or not predicate(clause):
        return ""
    return f"do not {rest}" if first == verb.base else f"did not {verb.base} {after}"


def single(phrase: Phrase) -> tuple[str, str]:
    """(noun, clause) of a class phrase for one of them: ("person", "who works for X")."""
    noun, clause = singular(phrase.noun), phrase.clause
    pronoun, _, rest = clause.partition(" ")
    if pronoun in PRONOUNS:
        first, after, verb = _verb(rest)
        if first in _SINGULAR:
            first = _SINGULAR[first]
        elif verb is not None and first == verb.base and predicate(clause):
            first = verb.third
        clause = f"{pronoun} {first} {after}"
    return noun, clause


def joined(first: Phrase, clause: str, word: str = "and") -> Phrase:
    """A class phrase that another clause narrows: "people who work for X and live in Y"."""
    mine, pronoun = first.clause.partition(" ")[0], clause.partition(" ")[0]
    said = False
    if word == "but":
        text = negated(clause)
        if not text:
            text = ""
        elif pronoun in PRONOUNS and mine not in PRONOUNS:
            text = f"but {pronoun} {text}"
        else:
            text = f"but {text}"
    elif mine in PRONOUNS and first.said and (known := predicate(clause)):
        text, said = f"{word} {known}", True
    elif pronoun in PRONOUNS:
        text = clause
    else:
        text = f"{word} {clause}"
    return replace(first.narrowed(text), said=said) if text else first
