"""A relation and everything that words say about it: labels, sentence, questions.

A relation of any graph has an id; :func:`relation_of` makes labels from the words of that id. A
graph may bring a sentence and questions of its own, so that people read better English. The model
reads ``label``, ``inverse`` and ``context`` alone.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, fields
from urllib.parse import unquote

from kgqa.graph.names import words

_OPTIONAL = frozenset(
    ["context", "sentence", "question", "inverse_question", "unit", "most", "least"]
)
_VOWELS = frozenset("aeiouAEIOU")
_PREPOSITIONS = frozenset(["as", "at", "by", "for", "from", "in", "of", "on", "to", "with"])
#: Before the words of "dbo:birthPlace", "urn:firm:worksFor" and ":KNOWS".
_PREFIX = re.compile(r"\A(?:[A-Za-z][\w.-]*:|:)+(?=[^\W\d])(?!.*\s)")
#: Between words that only capitals tell apart: "castMember", "ISBNNumber".
_JOINED = re.compile(r"(?<=[a-zß-öø-ÿ])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SLOT = re.compile(r"(\ba )?\{(head|tail)\}")


@dataclass(frozen=True)
class Relation:
    """A relation of the source, as it is stored (from head to tail).

    >>> director = Relation("director", "director", "directed", sentence="{tail} directed {head}")
    >>> director.fact("Jaws", "Steven Spielberg")
    'Steven Spielberg directed Jaws'
    >>> director.ask("Jaws")
    'What is the director of Jaws?'
    """

    id: str  #: unique in the graph; untrusted text, as all words of a graph
    label: str  #: in words, read from head to tail: "director"
    inverse: str  #: in words, read from tail to head: "directed"
    literal: bool = False  #: its tails are numbers or dates, and no edge leads back from them
    context: str = ""  #: more words about it that the model reads: "film" of /film/film/genre
    sentence: str = ""  #: a fact as a clause, with {head} and {tail}; "a {tail}" may become "an"
    question: str = ""  #: asks for the tails of an entity: "Who directed {}?"
    inverse_question: str = ""  #: asks for its heads: "Which films did {} direct?"
    unit: str = ""  #: of the numbers of an attribute: "minutes"; "year"; "date" for days
    most: str = ""  #: in words, the entity with its largest number: "longest"
    least: str = ""  #: in words, the entity with its smallest number: "shortest"
    triples: int = 0  #: how many triples the graph has; counted when a graph is written

    def fact(self, head: str, tail: str) -> str:
        """The fact as a clause; without a ``sentence``, "Jaws, director: Steven Spielberg"."""
        if not self.sentence:
            return f"{head}, {self.label}: {tail}"
        names = {"head": head, "tail": tail}

        def filled(slot: re.Match[str]) -> str:
            name = names[slot[2]]
            article = "an " if name[:1] in _VOWELS else "a "
            return f"{article if slot[1] else ''}{name}"

        return _SLOT.sub(filled, self.sentence)

    def ask(self, name: str, *, inverse: bool = False) -> str:
        """A question about the entity ``name``, for its tails or, ``inverse``, for its heads."""
        label = self.inverse if inverse else self.label
        template = (self.inverse_question if inverse else self.question) or (
            f"What is the {label.replace('{', '(').replace('}', ')')} of {{}}?"
        )
        return template.replace("{}", name)

    def to_dict(self) -> dict[str, str | bool | int]:
        """As ``graph.json`` stores it; optional words that are empty are left out."""
        return {k: v for k, v in asdict(self).items() if v or k not in _OPTIONAL}

    @classmethod
    def from_dict(cls, values: dict) -> Relation:
        """From ``graph.json``. Raises TypeError for a relation that is not complete."""
        relation = cls(**{f.name: values[f.name] for f in fields(cls) if f.name in values})
        for field in fields(cls):
            if type(getattr(relation, field.name)).__name__ != field.type:
                raise TypeError(f"{field.name} of a relation is not of type {field.type}")
        return relation


def relation_of(identifier: str, label: str = "") -> Relation:
    """A relation with labels from the words of its identifier, or from the ``label`` of a source.

    The label is the last part of an IRI or of a path, or of each path of a chain; the other
    parts are context. Prefixes are left out, and joined words are split.

    >>> relation_of("/people/person/places_lived./people/place_lived/location").label
    'places lived, location'
    >>> relation_of("directed_by").inverse
    'directed by, reversed'
    >>> [relation_of(i).label for i in ("http://example.org/films#castMember", "dbo:birthPlace")]
    ['cast member', 'birth place']
    >>> relation_of("http://www.wikidata.org/prop/direct/P69", "educated at").inverse
    'educated at, reversed'
    """
    if label.strip():
        words_ = " ".join(label.split())
        return Relation(identifier, words_, _inverse(words_))
    path = identifier
    if "://" in identifier:
        last = re.split("[/#]", identifier.rstrip("/#"))[-1]
        path = _local(unquote(last)).replace("/", " ") or identifier
    elif "/" not in identifier:
        path = _local(identifier)
    labels: list[str] = []
    context: list[str] = []
    for link in path.split("./"):
        segments = [_words(segment) for segment in link.split("/")]
        segments = [segment for segment in segments if segment]
        if segments and segments[-1] not in labels:
            labels.append(segments[-1])
        context += segments[:-1]
    found = ", ".join(labels) or path
    in_label = set(found.replace(",", "").split())
    more = dict.fromkeys(w for part in context for w in part.split() if w not in in_label)
    return Relation(identifier, found, _inverse(found), context=" ".join(more))


def _inverse(label: str) -> str:
    """The label from tail to head, as far as it can be told: "of" does not follow "born in"."""
    last = label.lower().split()[-1:]
    return f"{label}, reversed" if _PREPOSITIONS.intersection(last) else f"{label} of"


def _local(name: str) -> str:
    """A name without its prefix: "birthPlace" of "dbo:birthPlace", "KNOWS" of ":KNOWS"."""
    return _PREFIX.sub("", name) or name


def _words(segment: str) -> str:
    """The words of a part of a path, without the "s" of a possessive."""
    apart = _JOINED.sub(" ", unquote(segment)).replace("_", " ")
    return " ".join(w for _, _, w in words(apart) if w != "s")
