"""How a graph writes the ids of its relations and kinds: in words, as columns, IRIs or codes.

Sources differ: Neo4j has WORKS_FOR, RDF http://schema.org/worksFor, a table a column employer_id,
Freebase /firm/employee/employer, and Wikidata P108 with a label. A graph has one manner for all of
its ids. Labels are those that the importer makes of such a source.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from kgqa.graph.names import words
from kgqa.graph.relation import relation_of

#: Manner of relation ids -> how often.
MANNERS = {
    "words": 18,
    "table": 16,
    "snake": 16,
    "camel": 12,
    "upper": 12,
    "kebab": 4,
    "iri": 16,
    "path": 4,
    "code": 14,
}
NAMESPACES = (
    "http://schema.org/",
    "http://dbpedia.org/ontology/",
    "http://dbpedia.org/property/",
    "http://example.org/{domain}#",
    "http://example.org/vocab/",
    "https://data.example.com/def/{domain}/",
    "https://w3id.org/{domain}/core#",
    "urn:{domain}:",
)
CODES = ("P{}", "f_{}", "rel{}", "http://www.wikidata.org/prop/direct/P{}", "R{:04}", "p{:03}")
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_TITLES = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Id:
    """A relation as a source writes it."""

    id: str
    label: str = ""  #: in words, where they are not those of the id
    inverse: str = ""  #: in words, the other way round
    context: str = ""  #: more words


class Manner:
    """The manner of one graph."""

    def __init__(self, domain: str, rng: random.Random):
        self._rng = rng
        self.name = rng.choices([*MANNERS], weights=[*MANNERS.values()])[0]
        self._domain = domain.replace("_", "-")
        self._space = rng.choice(NAMESPACES).format(domain=self._domain)
        self._in_iri = rng.choice(["camel", "camel", "camel", "snake", "kebab"])
        self._code = rng.choice(CODES)
        self._kinds = rng.choice(["words", "words", "title", "camel", "plural"])
        self._taken: set[str] = set()

    def relation(self, name: str, head: str) -> Id | None:
        """The id of a relation from the kind ``head``; None if another relation has it."""
        id_ = self._relation(name, head)
        if id_.id.casefold() in self._taken or (id_.label and id_.label in self._taken):
            return None
        self._taken |= {id_.id.casefold(), id_.label}
        return id_

    def kind(self, words: tuple[tuple[str, str], ...]) -> str:
        """The name of a kind that people call by these words (singular, plural)."""
        singular, plural = words[0]
        if self._kinds == "title":
            return singular[:1].upper() + singular[1:]
        if self._kinds == "camel":
            return "".join(word[:1].upper() + word[1:] for word in _TITLES.findall(singular))
        return plural if self._kinds == "plural" else singular

    def type(self) -> Id:
        """The relation from an entity to its class."""
        if self.name == "table":
            return Id("is a", "is a", "instances of")
        if self.name == "code" and self._code.endswith("P{}"):
            return Id(self._code.format(31), "instance of")
        if self.name == "iri":
            return Id(self._rng.choice([RDF_TYPE, f"{self._space.rstrip('#/:')}/type"]))
        return Id(self._rng.choice(["is a", "instance of"] if self.name == "words" else ["type"]))

    def _relation(self, name: str, head: str) -> Id:
        match self.name:
            case "iri":
                return Id(self._space + joined(name, self._in_iri))
            case "path":
                parts = (self._domain, head, name)
                return Id("".join(f"/{joined(part, 'snake')}" for part in parts))
            case "code":
                while (code := self._code.format(self._rng.randint(6, 3000))) in self._taken:
                    pass
                return Id(code, name)
            case "camel":
                return Id(joined(name, "camel"), name)
            case "table":
                shared = self._rng.random() < 0.7
                words, context = name.removesuffix(" id"), "" if shared else head
                id_ = words if shared else f"{head} {words}"
                return Id(id_, words, column_inverse(words, head), context)
        return Id(joined(name, self.name))


def column_inverse(words: str, kind: str) -> str:
    """The inverse of a column of a table of ``kind``, as the importer says it.

    >>> column_inverse("customer", "order"), column_inverse("handled by", "order")
    ('customer of order', 'handled order')
    """
    if words.endswith(" by"):
        return f"{words.removesuffix(' by')} {kind}"
    inverse = relation_of(words).inverse
    return f"{inverse} {kind}" if inverse.endswith(" of") and words != kind else inverse


def joined(name: str, manner: str) -> str:
    """The words of a name joined in a manner.

    >>> [joined("works for", m) for m in ("words", "snake", "camel", "upper", "kebab")]
    ['works for', 'works_for', 'worksFor', 'WORKS_FOR', 'works-for']
    """
    if manner == "words":
        return name
    parts = [part for _, _, part in words(name)]
    if manner == "camel":
        return parts[0] + "".join(part.capitalize() for part in parts[1:])
    text = ("-" if manner == "kebab" else "_").join(parts)
    return text.upper() if manner == "upper" else text
