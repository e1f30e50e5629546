"""The shape of a relation's name: noun, verb, participle with preposition, and so on.

    director, has genre, cause of death       NOUN         the director of X
    directed, works for, plays in club        VERB         X works for, works for X
    in, located in, married to           PARTICIPLE   X is in
    in language, is from                      PREPOSITION  X is in

A name may be read the other way round: "directed by" is "directed" from tail to head, and
"capital of" is "capital". No entity is looked at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from kgqa.graph.relation import Relation
from kgqa.writer.english import PREPOSITIONS, Verb, forms, is_plural

_HAS = ("has", "have", "had", "gets", "get")
_IS = ("is", "are", "was", "were", "be", "been", "being")
_ARTICLES = ("a", "an", "the")
#: Forms that are nouns or adjectives as names of relations, though verbs have them.
_NOUNS = frozenset(
    (
        "address author award borders building cause class coach contact cost cover covers "
        "credits deals drinks end father figure film fish form fund gain grant group guide "
        "head holds host hosts judge label land language lead link lives map mark market match "
        "meaning measure meeting mentor mine minister model mother name needs note number offer "
        "order painting park partner pilot place plant point position posting power price process "
        "produce product program race range rank rate rating record recording release report "
        "request result review run sample score search season service set setting share ships "
        "show sign sort sound source sponsor spouse spread staff stage starring stars start state "
        "step stock stop store stores story study style subject support surface tags target tax "
        "test tests title touch tour trade train transport type use uses value view visit vote "
        "votes watch wish work works writing"
    ).split()
)
_VERBS_AFTER_ALL = frozenset("borders needs uses ships hosts stores holds lives works".split())


class Form(StrEnum):
    """What a name is made of."""

    NOUN = "noun"
    VERB = "verb"
    PARTICIPLE = "participle"
    PREPOSITION = "preposition"


@dataclass(frozen=True)
class Shape:
    """A name taken apart."""

    form: Form
    noun: str = ""  #: of NOUN the whole; else the class of the tails, if the name says it: "club"
    verb: Verb | None = None
    preposition: str = ""
    past: bool = False  #: whether the verb is told of the past
    swapped: bool = False  #: whether head and tail change places
    plural: bool = False  #: whether the noun is one
    adjective: bool = False  #: "is aged": what follows "is" is perhaps no noun

    @property
    def tail_noun(self) -> str:
        """What the name calls the tails, before they are swapped; empty if it does not."""
        return self.noun


def shape_of(label: str) -> Shape:
    """The shape of a relation's label.

    >>> shape_of("plays in club").noun, shape_of("directed by").swapped
    ('club', True)
    """
    words = label_words(label)
    if not words:
        return Shape(Form.NOUN, label)
    first, rest = words[0], words[1:]
    if first in _HAS and rest and rest[0] in _IS:
        words = rest
        first, rest = words[0], words[1:]
    elif first in _HAS and rest:
        return _noun(_without_article(rest))
    if first in _IS:
        words = _without_article(rest)
        if not words:
            return Shape(Form.NOUN, "kind")
        first, rest = words[0], words[1:]
        if not rest and first not in PREPOSITIONS and forms(first) is None:
            return replace(_noun(words), adjective=True)
    if words[-1] == "by" and len(words) == 2 and (verb := forms(first)) is not None:
        return Shape(Form.VERB, verb=verb, past=first != verb.ing, swapped=True)
    if first in PREPOSITIONS and len(words) > 1 and words[-1] in PREPOSITIONS:
        return Shape(Form.PREPOSITION, preposition=" ".join(words))
    if words[-1] == "of" and len(words) > 1 and _is_noun(first):
        noun = words[:-1]
        return Shape(Form.NOUN, " ".join(noun), swapped=True, plural=is_plural(noun[-1]))
    if first in PREPOSITIONS:
        return Shape(Form.PREPOSITION, " ".join(_without_article(rest)), preposition=first)
    found = _verbal(words)
    if found is None and words[-1] in PREPOSITIONS and len(words) > 1:
        return Shape(Form.PREPOSITION, preposition=" ".join(words))
    return found or _noun(words)


def _is_noun(word: str) -> bool:
    verb = forms(word)
    return verb is None or word in _NOUNS or verb.base == word


def _verbal(words: list[str]) -> Shape | None:
    """A name that starts with a verb; None if it does not."""
    first, rest = words[0], words[1:]
    verb = forms(first)
    if verb is None or (
        first in _NOUNS and not (first in _VERBS_AFTER_ALL and first == verb.third)
    ):
        return None
    preposition = rest[0] if rest and rest[0] in PREPOSITIONS else ""
    tail = _without_article(rest[1:] if preposition else rest)
    if preposition == "of" and first == verb.base:  # "date of birth"
        return None
    to_do = preposition == "to" and bool(tail) and forms(tail[0]) is not None
    if tail and (to_do or tail[-1] in PREPOSITIONS):  # "shares border with", "used to write"
        preposition, tail = " ".join(rest), []
    if any(word in PREPOSITIONS for word in tail):
        tail = []
    noun = " ".join(tail)
    if first == verb.third:
        return Shape(Form.VERB, noun, verb, preposition)
    if first == verb.base and (preposition or not rest):
        return Shape(Form.VERB, noun, verb, preposition)
    if first == verb.ing:
        return Shape(Form.VERB, noun, verb, preposition) if preposition else None
    if first == verb.past == verb.participle and not preposition and not rest:
        return Shape(Form.VERB, verb=verb, past=True)
    if first == verb.past != verb.participle:
        return Shape(Form.VERB, noun, verb, preposition, past=True)
    if preposition == "by":
        return Shape(Form.VERB, "", verb, past=True, swapped=True)
    if preposition in ACTIVE.get(verb.base, ()):
        return Shape(Form.VERB, noun, verb, preposition, past=True)
    if preposition:
        return Shape(Form.PARTICIPLE, noun, verb, preposition, past=verb.base in _EVENTS)
    return None  # "starred actors", "released year": a noun with a participle before it


#: Verbs whose past with a preposition is active: "acted in", "worked for".
ACTIVE = {
    **dict.fromkeys("act appear star play work live study serve die".split(), ("in", "at", "for")),
    **dict.fromkeys("live reside die arrive land compete".split(), ("in", "at", "on")),
    **dict.fromkeys("belong lead contribute report apply respond subscribe".split(), ("to",)),
    **dict.fromkeys("play work serve fight vote compete campaign".split(), ("for", "with", "at")),
    **dict.fromkeys("act appear star perform participate compete".split(), ("in", "at", "on")),
    **dict.fromkeys("collaborate compete interact".split(), ("with",)),
    **dict.fromkeys("die graduate retire depart".split(), ("of", "from")),
    **dict.fromkeys("work study".split(), ("for", "at", "in", "on", "under", "with")),
    **dict.fromkeys("depend".split(), ("on",)),
}
_EVENTS = frozenset("bear bury kill found publish release establish invent discover build".split())


def _noun(words: list[str]) -> Shape:
    noun = " ".join(words)
    return Shape(Form.NOUN, noun, plural=is_plural(noun))


def _without_article(words: list[str]) -> list[str]:
    return words[1:] if words and words[0] in _ARTICLES else words


def name_of(relation: Relation) -> str:
    """The words that a relation is called by: its label; its id where that tells words apart.

    >>> from kgqa.graph.relation import Relation
    >>> name_of(Relation("worksFor", "worksfor", ""))
    'worksFor'
    """
    last = re.split(r"[/#:]", relation.id)[-1]
    joined = re.search("[a-z][A-Z]", last) is not None and last.lower() == relation.label
    return last if joined else (relation.label or relation.id)


def label_words(label: str) -> list[str]:
    """The words of a label; of a chain ("places lived, location") those of the last part."""
    last = label.rsplit(",", 1)[-1]
    last = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", last).replace("_", " ")
    return re.sub(r"[^\w\s'-]+", " ", last).lower().split()
