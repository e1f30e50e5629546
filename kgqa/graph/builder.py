"""Make a graph in memory: collect entities, triples, aliases and numbers, then sort them.

The same calls in the same order give the same bytes, so that a committed graph can be proved to
come from its sources. Files are read by ``kgqa.graph.importer``, which keeps them on disk.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from kgqa.errors import GraphError
from kgqa.graph import folder as folders
from kgqa.graph.arrays import array
from kgqa.graph.degrees import Degrees
from kgqa.graph.description import Description, Source
from kgqa.graph.graph import Graph
from kgqa.graph.names import KIND, normalise, variants
from kgqa.graph.relation import Relation
from kgqa.graph.strings import pack
from kgqa.graph.vocabulary import word_index

NO_TRIPLES = "A graph needs at least one triple; none was read from the source tables."


class GraphBuilder:
    """Collects a graph; ``write`` sorts and saves it, ``build`` keeps it in memory.

    >>> builder = GraphBuilder("two people", [Relation("knows", "knows", "is known by")])
    >>> builder.triple(builder.entity("person", "Ann"), "knows", builder.entity("person", "Bob"))
    >>> [fact.sentence for fact in builder.build().facts("person:Bob")]
    ['Ann, knows: Bob']
    """

    def __init__(
        self,
        name: str,
        relations: Sequence[Relation],
        *,
        sources: Sequence[Source] = (),
        missing: Sequence[str] = (),
        stop_words: Sequence[str] = (),
    ):
        self.name, self.relations, self.sources = name, list(relations), tuple(sources)
        self.missing, self.stop_words = tuple(missing), tuple(stop_words)
        self._relation = {r.id: i for i, r in enumerate(relations)}
        self.kinds: list[str] = []
        self.kind: list[int] = []
        self.labels: list[str] = []
        self.keys: list[str] = []
        self.descriptions: list[str] = []
        self.triples: dict[tuple[int, int, int], None] = {}
        self.aliases: dict[tuple[str, int], int] = {}
        self.numbers: list[tuple[int, int, float]] = []
        self._by_id: dict[str, int] = {}

    def entity(
        self,
        kind: str,
        label: str,
        *,
        key: str = "",
        description: str = "",
        title: bool = False,
        nameable: bool = True,
    ) -> int:
        """Index of the entity with the id ``key`` (default "kind:label"), added if it is new.

        ``title`` says that the label is the title of a work, which has more aliases. An entity that
        is not ``nameable`` has none: questions can reach it and not name it.
        """
        id_ = key or f"{kind}:{label}"
        if id_ in self._by_id:
            return self._by_id[id_]
        if kind not in self.kinds:
            self.kinds.append(kind)
        index = self._by_id[id_] = len(self.labels)
        self.kind.append(self.kinds.index(kind))
        self.labels.append(label)
        self.keys.append("" if id_ == f"{kind}:{label}" else id_)
        self.descriptions.append(description)
        if nameable:
            self.alias(index, label, KIND["label"])
            for form, alias_kind in variants(label, title=title):
                self.alias(index, form, alias_kind)
        return index

    def find(self, id: str) -> int | None:
        """Index of the entity with this id, or None."""
        return self._by_id.get(id)

    def alias(self, entity: int, name: str, kind: int) -> None:
        """Another name; of two kinds of one name, the more faithful is kept."""
        form = normalise(name)
        if form:
            key = (form, entity)
            self.aliases[key] = min(kind, self.aliases.get(key, kind))

    def triple(self, head: int, relation: str, tail: int) -> None:
        """A fact; one that was added before is kept once."""
        self.triples[head, self._relation[relation], tail] = None

    def number(
        self, entity: int, relation: str, value: float, label: str, kind: str = "value"
    ) -> None:
        """A literal: the number itself, and an entity with its wording that follow can reach."""
        self.measure(entity, relation, value)
        tail = self.entity(kind, label, key=f"{relation}:{label}", nameable=False)
        self.triple(entity, relation, tail)

    def measure(self, entity: int, relation: str, value: float) -> None:
        """A number that the relation has beside its triples: 1975, where they lead to a year.

        Raises :class:`GraphError` for one that is not finite.
        """
        if not math.isfinite(value):
            raise GraphError(f"{value} of the relation {relation!r} is no number to compare.")
        self.numbers.append((entity, self._relation[relation], float(value)))

    def outgoing(self, relation: str) -> dict[int, list[int]]:
        """{head: tails} of one relation so far."""
        tails: dict[int, list[int]] = {}
        index = self._relation[relation]
        for head, r, tail in self.triples:
            if r == index:
                tails.setdefault(head, []).append(tail)
        return tails

    def write(self, folder: str | Path) -> str:
        """Save as a graph folder; returns the fingerprint.

        Raises :class:`GraphError` if there is no triple, or more of something than fits.
        """
        return folders.save(Path(folder), *self._sorted())

    def build(self) -> Graph:
        """The graph in memory, without a fingerprint. Raises as :meth:`write` does."""
        return Graph(*self._sorted())

    def _sorted(self) -> tuple[Description, dict[str, np.ndarray]]:
        if not self.triples:
            raise GraphError(NO_TRIPLES)
        triples = np.array(list(self.triples), dtype=np.int64)  # [T, 3]: head, relation, tail
        literal = np.array([r.literal for r in self.relations])
        arrays = _facts(triples, literal, len(self.labels))
        degree = Degrees(arrays["entity_group"], arrays["group_edge"])
        arrays |= _aliases(self.aliases, degree[range(len(self.labels))])
        arrays |= self._entities()
        for column, name in enumerate("number_entity number_relation number_value".split()):
            arrays[name] = array(name, [number[column] for number in self.numbers])
        per_relation = np.bincount(triples[:, 1], minlength=len(self.relations)).tolist()
        counted = zip(self.relations, per_relation, strict=True)
        description = Description(
            name=self.name,
            entities=len(self.labels),
            triples=len(triples),
            edges=len(arrays["tail"]),
            aliases=len(self.aliases),
            kinds=tuple(self.kinds),
            relations=tuple(replace(relation, triples=n) for relation, n in counted),
            sources=self.sources,
            missing=self.missing,
            stop_words=self.stop_words,
        )
        return description, arrays

    def _entities(self) -> dict[str, np.ndarray]:
        """The arrays of entities in words."""
        distinct = sorted(set(self.descriptions))
        position = {description: i for i, description in enumerate(distinct)}
        ids = [
            (key or f"{self.kinds[kind]}:{label}").encode()
            for key, kind, label in zip(self.keys, self.kind, self.labels, strict=True)
        ]
        return {
            "entity_kind": array("entity_kind", self.kind, largest=len(self.kinds) - 1),
            "entity_description": array(
                "entity_description", [position[d] for d in self.descriptions]
            ),
            "id_order": array("id_order", sorted(range(len(ids)), key=ids.__getitem__)),
            **pack("label", self.labels),
            **pack("key", self.keys),
            **pack("description", distinct),
        }


def _facts(triples: np.ndarray, literal: np.ndarray, entities: int) -> dict[str, np.ndarray]:
    """The arrays of facts from triples int64 [T, 3]; ``literal`` [R]: relations without inverse."""
    half = len(literal)
    back = triples[~literal[triples[:, 1]]]
    back = np.stack([back[:, 2], back[:, 1] + half, back[:, 0]], axis=1)
    edges = np.concatenate([triples, back])
    edges = edges[np.lexsort((edges[:, 2], edges[:, 1], edges[:, 0]))]
    new = np.ones(len(edges), dtype=bool)
    new[1:] = (edges[1:, :2] != edges[:-1, :2]).any(axis=1)
    starts = np.flatnonzero(new)
    first_group = np.searchsorted(edges[starts, 0], np.arange(entities + 1))
    return {
        "entity_group": array("entity_group", first_group, largest=len(edges)),
        "group_relation": array("group_relation", edges[starts, 1], largest=2 * half - 1),
        "group_edge": array("group_edge", np.append(starts, len(edges)), largest=len(edges)),
        "tail": array("tail", edges[:, 2], largest=entities),
    }


def _aliases(aliases: dict[tuple[str, int], int], degree: np.ndarray) -> dict[str, np.ndarray]:
    """The alias index and the word index of {(form, entity): kind}; ``degree`` is int64 [E]."""
    forms = sorted({form for form, _ in aliases}, key=str.encode)
    position = {form: i for i, form in enumerate(forms)}
    entries = sorted(
        (position[form], kind, -int(degree[entity]), entity)
        for (form, entity), kind in aliases.items()
    )
    count = np.bincount(np.array([i for i, *_ in entries], dtype=np.int64), minlength=len(forms))
    return {
        **pack("alias", forms),
        "alias_entry": array("alias_entry", np.append(0, np.cumsum(count))),
        "alias_entity": array("alias_entity", [entity for *_, entity in entries]),
        "alias_kind": array("alias_kind", [kind for _, kind, *_ in entries]),
        **word_index(Counter(word for form in forms for word in form.split(" "))),
    }
