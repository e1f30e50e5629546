"""Questions that must be refused: what the graph lacks, names that it does not know, small talk."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np

from kgqa.graph.names import normalise
from kgqa.writer.described import Draft
from kgqa.writer.desk import Desk
from kgqa.writer.english import forms, singular
from kgqa.writer.phrase import SLOT, fill
from kgqa.writer.types import PERSON, type_of_noun

PATH = Path(__file__).with_name("refusals.txt")
TYPES = ("person", "place", "organisation", "work", "thing", "any")
_FRAMES = {"@": "who", "+": "several", "": "frames"}
_SMALL = frozenset("a an and by for from how in is it of on or the to what who with".split())
_TRIES = 8
_KIND = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True)
class Attribute:
    """What people ask and a graph may lack."""

    noun: str
    sign: str  #: "@" for persons, "+" for a plural, or empty
    questions: tuple[str, ...]


@lru_cache(1)
def read(path: Path = PATH) -> dict[str, list[str]]:
    """The lines of ``refusals.txt`` by section."""
    sections: dict[str, list[str]] = {}
    name = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            name = line.strip("[] ")
        elif line.strip() and not line.startswith("#"):
            sections.setdefault(name, []).append(line.strip())
    return sections


@lru_cache(1)
def attributes() -> dict[str, list[Attribute]]:
    """The attributes by type of entity."""
    found: dict[str, list[Attribute]] = {}
    for kind in TYPES:
        for line in read()[kind]:
            noun, *questions = (part.strip() for part in line.split("|"))
            sign = noun[0] if noun[0] in "@+" else ""
            attribute = Attribute(noun.removeprefix(sign), sign, tuple(questions))
            found.setdefault(kind, []).append(attribute)
    return found


def stems(text: str) -> set[str]:
    """The words of a text that say something, without their endings."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).replace("_", " ")
    return {
        verb.base if (verb := forms(word)) else singular(word)
        for word in normalise(words).split()
        if word not in _SMALL
    }


class Refused:
    """Writes questions that must be refused, for one desk.

    ``missing``: questions; {kind} in one is an entity of that kind of the graph.
    """

    def __init__(self, desk: Desk, missing: tuple[str, ...] = ()):
        self.desk = desk
        self._types: dict[int, str] = {}
        self.missing = [q for i, q in enumerate(missing) if (i % 6 == 4) == (desk.split == "dev")]

    @cached_property
    def said(self) -> set[str]:
        """The stems of all words of the graph's relations and kinds."""
        graph = self.desk.graph
        texts = [" ".join((r.id.split("/")[-1], r.label, r.context)) for r in graph.relations]
        is_a = graph.classes.relation
        skipped = "" if is_a is None else graph.relation_id(graph.inverse(is_a))
        for relation, wording in self.desk.wordings.items():
            if relation == skipped:
                continue
            texts += [*wording.forward, *wording.inverse, *wording.most, *wording.least]
        return set().union(*map(stems, texts)) if texts else set()

    @cached_property
    def lacking(self) -> dict[str, list[Attribute]]:
        """The attributes of a type that share no word with the graph's, for this split."""
        found = {}
        for kind in TYPES[:-1]:
            options = {a.noun: a for a in (*attributes()["any"], *attributes()[kind])}
            free = [a for a in options.values() if not stems(a.noun) & self.said]
            found[kind] = [
                a for i, a in enumerate(free) if (i % 6 == 4) == (self.desk.split == "dev")
            ]
        return found

    def attribute(self) -> Draft | None:
        """An attribute that no relation of the graph has."""
        relation = self.desk.relation()
        entity = self.desk.pick(relation)
        options = self.lacking[self._type(relation)]
        if entity is None or not options or not re.search("[a-z]", self.desk.names.label(entity)):
            return None
        rng, attribute = self.desk.rng, self.desk.rng.choice(options)
        own = [q for q in attribute.questions if not stems(q) & self.said]
        if own and rng.random() < 0.5:
            text = rng.choice(own)
        else:
            text = rng.choice(read()[_FRAMES[attribute.sign]]).replace("<noun>", attribute.noun)
        return self._draft(fill(text, self.desk.typed(entity)), "missing attribute", entity)

    def _type(self, relation: int) -> str:
        """One of TYPES for the entities that a directed relation leaves, a guess if need be."""
        if relation not in self._types:
            desk, back = self.desk, self.desk.graph.inverse(relation)
            entity = int(desk.side(relation).entities[0])
            kind = type_of_noun(desk.graph.kind_of(entity))
            nouns = Counter(type_of_noun(p.noun) for p in desk.phrases(back) if p.noun)
            if kind in ("", "thing") and nouns:
                kind = nouns.most_common(1)[0][0]
            if kind in ("", "thing"):
                kind = PERSON if desk.people(back) else ""
            self._types[relation] = kind if kind in TYPES else "thing"
        return self._types[relation]

    def fact(self) -> Draft | None:
        """A relation of the graph that this entity does not have.

        Mostly one that nothing like it has; its wordings are those of the relation.
        """
        desk = self.desk
        relation = desk.relation()
        lines = desk.questions(relation)
        if not lines:
            return None
        sort, strict = self._sort(desk.side(relation).entities[:200]), desk.rng.random() < 0.7
        for _ in range(_TRIES):
            entity = self._entity()
            line = desk.rng.choice(lines)
            if entity is None or desk.answers(entity, line):
                continue
            if strict and self._sort(np.array([entity])) & sort:
                continue
            return self._draft(fill(line, desk.typed(entity)), "missing fact", entity)
        return None

    def _sort(self, entities: np.ndarray) -> set[int]:
        """What entities are by the schema: the relations that leave some of them."""
        found: set[int] = set()
        for entity in entities.tolist():
            found.update(r for r, _ in self.desk.graph.groups(entity))
        return found

    def name(self) -> Draft | None:
        """A name that the graph does not know, in a wording of a relation."""
        desk = self.desk
        relation = desk.relation()
        lines, pool = desk.questions(relation), desk.pool(relation)[0]
        if not lines or not pool:
            return None
        name = desk.names.unknown(pool, desk.rng)
        if not name:
            return None
        return self._draft(fill(desk.rng.choice(lines), name), "unknown name")

    def asked(self) -> Draft | None:
        """A question of those that were given."""
        if not self.missing:
            return None
        desk, named = self.desk, []
        text = desk.rng.choice(self.missing)
        while (slot := _KIND.search(text)) is not None:
            options = [e for e in self._of_kind.get(slot[1].lower(), ()) if e not in named]
            if not options:
                return None
            named.append(desk.rng.choice(options))
            text = text.replace(slot[0], desk.typed(named[-1]), 1)
        return self._draft(text, "missing", *named)

    @cached_property
    def _of_kind(self) -> dict[str, list[int]]:
        """{kind: its entities that can be named and asked about in this split}."""
        desk = self.desk
        found: dict[str, list[int]] = {}
        pools = {e for r in desk.relations for e in desk.pool(r)[0]}
        for entity in sorted(pools):
            if desk.names.label(entity):
                found.setdefault(desk.graph.kind_of(entity).lower(), []).append(entity)
        return found

    def impossible(self) -> Draft | None:
        """What no program answers, or no question."""
        desk = self.desk
        section = desk.rng.choice(("impossible", "impossible", "chat"))
        lines = [
            line for i, line in enumerate(read()[section]) if (i % 6 == 4) == (desk.split == "dev")
        ]
        text = desk.rng.choice(lines)
        named = []
        for slot in (SLOT, "{2}"):
            if slot in text:
                entity = self._entity()
                if entity is None or entity in named:
                    return None
                named.append(entity)
                text = text.replace(slot, desk.typed(entity), 1)
        return Draft(text, "impossible", topics=tuple(named), refusal="model")

    def _entity(self) -> int | None:
        """Any entity that can be named."""
        return self.desk.pick(self.desk.relation())

    def _draft(self, text: str, kind: str, *topics: int) -> Draft:
        return Draft(text, kind, topics=topics, refusal="graph")
