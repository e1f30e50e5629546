"""A graph of a domain: invented facts, written down as one of many sources would write them.

Some relations are left out, and asked about all the same: a relation that was taken away must lead
to a refusal. Some are stored the other way round, and each has one of the names of its schema, in
the manner of the graph. The same seed gives the same graph.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from kgqa.domains.decoys import DECOYS, add_decoys
from kgqa.domains.domain import Attribute, Domain, DomainRelation
from kgqa.domains.facts import Facts, invent
from kgqa.domains.manner import Id, Manner
from kgqa.domains.tables import Tables, in_memory
from kgqa.graph import Graph
from kgqa.graph.importer.values import YEARS
from kgqa.writer import Wording, Wordings
from kgqa.writer.english import PREPOSITIONS
from kgqa.writer.shape import Form, shape_of
from kgqa.writer.wordings import SLOT

LEFT_OUT = 0.17  #: share of relations and attributes that a graph lacks
AT_LEAST = 3  #: relations that each graph has
REVERSED = 0.3  #: share of relations stored the other way round, where the schema has names for it
CLASSES = 0.5  #: share of graphs with classes as entities
OTHER_NAMES = 0.6  #: share of these whose classes have plurals and synonyms as other names
INVERSE_LABELS = 0.25  #: share of labelled relations that have a label of their inverse, too
NAMES = 3  #: with which a question is asked in vain
CLASS = "class"
WITH_KIND = 0.35  #: share of relations whose name also says what they lead to, if it can
POSSESSIVE = 0.5  #: share of relations named by a noun that are asked about with "'s" and it, too
KIND_SLOT = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True)
class DomainGraph:
    """A graph with what is needed to write questions about it."""

    name: str
    graph: Graph
    wordings: Wordings
    missing: tuple[str, ...]  #: questions that it cannot answer
    tables: Tables  #: what a folder of tables holds of it


def generate(domain: Domain, seed: int) -> DomainGraph:
    """The graph of a domain with a seed."""
    return _Graph(domain, seed).graph()


@dataclass
class _Graph:
    """A graph while it is made."""

    domain: Domain
    seed: int
    tables: Tables = field(default_factory=Tables)
    wordings: dict[str, Wording] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)  #: with {kind} where a name stands
    answered: set[str] = field(default_factory=set)  #: questions of relations it has, likewise

    def graph(self) -> DomainGraph:
        """The whole, from facts to a graph in memory."""
        rng = self.rng = random.Random(f"{self.domain.name}-{self.seed}")
        self.facts = invent(self.domain, rng)
        self.manner = Manner(self.domain.name, rng)
        kept = [relation for relation in self.domain.relations if rng.random() >= LEFT_OUT]
        if len(kept) < AT_LEAST:
            kept = rng.sample(self.domain.relations, min(AT_LEAST, len(self.domain.relations)))
        self.kept = {relation.name for relation in kept}
        self.kinds = {kind.name: self.manner.kind(kind.words) for kind in self.domain.kinds}
        self.ids = _ids(self.facts, self.kinds)
        self.used: dict[int, None] = {}  # entities with a triple or a number
        for relation in rng.sample(self.domain.relations, len(self.domain.relations)):
            if relation.name in self.kept:
                self._relation(relation)
            else:
                self._leave_out(relation)
        for attribute in self.domain.attributes:
            if rng.random() >= LEFT_OUT:
                self._attribute(attribute)
            else:
                self._ask_in_vain(attribute.wording.questions(), attribute.kind)
        classes = self._entities()
        if rng.random() < DECOYS[classes]:
            add_decoys(self.tables, self.domain, self.manner, rng)
        name = f"{self.domain.name}-{self.seed}"
        present = {self.kinds[self.facts.kind[entity]] for entity in self.used}
        words = {self.kinds[kind.name]: kind.words for kind in self.domain.kinds}
        return DomainGraph(
            name,
            in_memory(name, self.tables),
            Wordings(self.wordings, {kind: words[kind] for kind in words if kind in present}),
            tuple(dict.fromkeys(self._named())),
            self.tables,
        )

    def _relation(self, relation: DomainRelation) -> None:
        """Add the triples of a relation, in one direction or the other, under one of its names."""
        rng, wording = self.rng, relation.wording
        if not self.facts.tails[relation.name]:
            return
        if rng.random() < POSSESSIVE:
            wording = possessive(wording, (relation.name, *relation.also), relation.reversed, rng)
        back = bool(relation.reversed) and rng.random() < REVERSED
        if self.manner.name == "table" and relation.high == 1:  # a column of the table of heads
            back = False
        names = relation.reversed if back else (relation.name, *relation.also)
        other = (relation.name, *relation.also) if back else relation.reversed
        if rng.random() < WITH_KIND:
            names = self._with_kind(names, relation.head if back else relation.tail)
        id_ = self._id(names, relation.tail if back else relation.head)
        self.answered |= _slotted(wording.questions(), relation.head)
        self.answered |= _slotted(wording.questions(inverse=True), relation.tail)
        if back:
            wording = replace(wording, forward=wording.inverse, inverse=wording.forward)
        self.wordings[id_.id] = replace(wording, relation=id_.id)
        labelled = id_.label and other and rng.random() < INVERSE_LABELS
        self._label(id_, rng.choice(other) if labelled else "")
        for head, tails in self.facts.tails[relation.name].items():
            for tail in tails:
                pair = (tail, head) if back else (head, tail)
                self.tables.triples.append((self.ids[pair[0]], id_.id, self.ids[pair[1]]))
                self.used |= dict.fromkeys(pair)

    def _with_kind(self, names: tuple[str, ...], kind: str) -> tuple[str, ...]:
        """The names that end in a preposition, with what they lead to: "plays for club"."""
        words = next(k.words for k in self.domain.kinds if k.name == kind)
        singular = self.rng.choice(words)[0]
        open_ = [n for n in names if n.rsplit(" ", 1)[-1] in PREPOSITIONS - {"by"}]
        return tuple(f"{name} {singular}" for name in open_) or names

    def _attribute(self, attribute: Attribute) -> None:
        """Add the numbers of an attribute."""
        id_ = self._id((attribute.name, *attribute.also), attribute.kind)
        self.wordings[id_.id] = replace(attribute.wording, relation=id_.id)
        self.answered |= _slotted(attribute.wording.questions(), attribute.kind)
        numbers = self.facts.numbers[attribute.name]
        years = all(len(n) == 4 and n.isdigit() and int(n) in YEARS for n in numbers.values())
        decimals = years and attribute.sort == "whole"  # or they would be read as years
        unit = attribute.unit if self.rng.random() < 0.5 else ""
        self._label(id_, "", unit)
        for entity, text in numbers.items():
            value = f"{text}.0" if decimals else text
            self.tables.numbers.append((self.ids[entity], id_.id, value))
            self.used[entity] = None

    def _id(self, names: tuple[str, ...], head: str) -> Id:
        """An id by one of the names, which no other relation has."""
        for name in self.rng.sample(names, len(names)):
            id_ = self.manner.relation(name, head)
            if id_ is not None:
                return id_
        for number in range(2, 100):
            id_ = self.manner.relation(f"{names[0]} {number}", head)
            if id_ is not None:
                return id_
        raise AssertionError("no name is free")

    def _label(self, id_: Id, inverse: str = "", unit: str = "") -> None:
        if id_.label or unit:
            words = (id_.label, id_.inverse or inverse, unit, id_.context)
            self.tables.relations.append((id_.id, *words))

    def _leave_out(self, relation: DomainRelation) -> None:
        """Ask in vain about a relation, unless others tell as much."""
        told = relation.along and {hop.removeprefix("-") for hop in relation.along} <= self.kept
        if not told:
            self._ask_in_vain(relation.wording.questions(), relation.head)
            self._ask_in_vain(relation.wording.questions(inverse=True), relation.tail)

    def _ask_in_vain(self, questions: list[str], kind: str) -> None:
        self.missing += sorted(_slotted(questions, kind))

    def _named(self) -> Iterator[str]:
        """The questions asked in vain with names in them; none of kinds that the graph lacks."""
        members: dict[str, list[int]] = {}
        for entity in self.used:
            members.setdefault(self.facts.kind[entity], []).append(entity)
        for question in (*self.domain.missing, *self.missing):
            kinds = KIND_SLOT.findall(question)
            if not members.keys() >= set(kinds) or question in self.answered:
                continue
            for _ in range(NAMES):
                text = question
                for kind in kinds:
                    name = self.facts.label[self.rng.choice(members[kind])]
                    text = text.replace(f"{{{kind}}}", name, 1)
                yield text

    def _entities(self) -> bool:
        """The entities that a fact is about, in their order; whether their classes are, too."""
        facts, tables, rng = self.facts, self.tables, self.rng
        members = sorted(self.used)
        tables.entities += [
            (self.ids[e], facts.label[e], "", self.kinds[facts.kind[e]]) for e in members
        ]
        table = self.manner.name == "table"
        if rng.random() >= CLASSES and not table:
            return False
        type_, named = self.manner.type(), rng.random() < OTHER_NAMES or table
        self._label(type_)
        for kind in self.domain.kinds:
            those = [e for e in members if facts.kind[e] == kind.name]
            if those:
                label = self.kinds[kind.name]
                id_ = f"{CLASS}/{label}"
                tables.entities.append((id_, label, "", CLASS))
                tables.triples += [(self.ids[e], type_.id, id_) for e in those]
                others = dict.fromkeys(word for pair in kind.words for word in pair)
                tables.names += [(id_, word) for word in others if named and word != label]
        return True


def possessive(
    wording: Wording, names: tuple[str, ...], reversed_: tuple[str, ...], rng: random.Random
) -> Wording:
    """The wordings with those that a noun among the names gives: "what is {}'s captain?".

    Only one thing is asked for: a noun in the plural has wordings enough.
    """
    forward = (*wording.forward, *_possessive(names, rng))
    inverse = (*wording.inverse, *_possessive(reversed_, rng))
    return replace(
        wording, forward=tuple(dict.fromkeys(forward)), inverse=tuple(dict.fromkeys(inverse))
    )


def _possessive(names: tuple[str, ...], rng: random.Random) -> tuple[str, ...]:
    nouns = [name for name in names if _is_noun(name)]
    if not nouns:
        return ()
    noun = rng.choice(nouns)
    return f"what is {{}}'s {noun}?", f"{{}}'s {noun}", f"the {noun} of {{}}"


def _is_noun(name: str) -> bool:
    """Whether a name is one noun in the singular, of one or two words."""
    shape, words = shape_of(name), name.split(" ")
    odd = shape.swapped or shape.plural or shape.noun != name or len(words) > 2
    return shape.form == Form.NOUN and not odd and not PREPOSITIONS & {*words} - {words[0]}


def _slotted(questions: Iterable[str], kind: str) -> set[str]:
    """Questions with {kind} in their slot."""
    return {question.replace(SLOT, f"{{{kind}}}") for question in questions}


def _ids(facts: Facts, kinds: dict[str, str]) -> list[str]:
    """An id of each entity: "pupil/Ann Lee", and "pupil/Ann Lee (2)" for her namesake."""
    taken: dict[str, int] = {}
    ids = []
    for kind, label in zip(facts.kind, facts.label, strict=True):
        id_ = f"{kinds[kind]}/{label}"
        taken[id_] = taken.get(id_, 0) + 1
        ids.append(id_ if taken[id_] == 1 else f"{id_} ({taken[id_]})")
    return ids
