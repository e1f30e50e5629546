"""Names of entities as people type them, and names that a graph does not know."""

from __future__ import annotations

import random
from functools import cached_property

import numpy as np
from rapidfuzz import fuzz

from kgqa.graph import Graph
from kgqa.graph.names import KIND, normalise
from kgqa.linking import Linker
from kgqa.writer.slips import coined, misspelt, strip_accents

OTHER, PLAIN, MISSPELT = 0.15, 0.12, 0.06  #: shares of other names, of plain letters, of slips
LONGEST = 60  #: characters of a label that people type
_OTHER_KINDS = frozenset(
    KIND[k]
    for k in (
        *("other name", "without article", "part of title", "numeral", "surname"),
        *("part of name", "initials"),
    )
)
_TRIES = 30


class Names:
    """Names over one graph."""

    def __init__(self, graph: Graph):
        self.graph = graph
        self._labels: dict[int, str] = {}
        self._same: dict[int, tuple[int, ...]] = {}

    def label(self, entity: int) -> str:
        """The label of an entity that a question can name, else empty.

        It is short and one line, has no slot, and leads back to the entity.
        """
        if entity not in self._labels:
            label = " ".join(self.graph.label(entity).split())
            fit = 0 < len(label) <= LONGEST and not set("{}?") & set(label)
            known = fit and entity in self.same(entity)
            self._labels[entity] = label if known else ""
        return self._labels[entity]

    def first_of(self, form: str) -> tuple[int, ...]:
        """Entities of a normal form: the most faithful aliases first, then the best connected."""
        alias = self.graph.aliases.find(form) if form else -1
        return () if alias < 0 else tuple(entity for entity, _ in self.graph.entries(alias))

    def is_best_known(self, entity: int, relation: int) -> bool:
        """Whether its label names no better connected entity that has the relation, too."""
        for other in self.same(entity):
            if other == entity:
                return True
            if len(self.graph.tails(other, relation)):
                return False
        return False

    def is_alone(self, entity: int) -> bool:
        """Whether its label names nothing else."""
        return self.same(entity) == (entity,)

    def same(self, entity: int) -> tuple[int, ...]:
        """Entities that the label of one may name, best known first."""
        if entity not in self._same:
            self._same[entity] = self.first_of(normalise(self.graph.label(entity)))
        return self._same[entity]

    def typed(self, entity: int, rng: random.Random) -> str:
        """A name as somebody may type it: the label, another name, plain letters, a slip."""
        label = self.label(entity)
        roll = rng.random()
        if roll < OTHER:
            others = self._others(entity)
            if others:
                name = rng.choice(others)
                return name if rng.random() < 0.4 else name.title()
        elif roll < OTHER + PLAIN:
            plain = strip_accents(label)
            return plain.lower() if rng.random() < 0.4 else plain
        elif roll < OTHER + PLAIN + MISSPELT:
            return self._slip(label, rng)
        return label

    def _slip(self, label: str, rng: random.Random) -> str:
        """The label with a slip of the finger, unless that is the name of something else."""
        slip = misspelt(label, rng)
        return label if self.first_of(normalise(slip)) else slip

    @cached_property
    def _aliases(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(entities ascending, the alias of each, its kind), over all aliases."""
        count = np.diff(np.asarray(self.graph.alias_entry))
        alias = np.repeat(np.arange(len(count)), count)
        entities = np.asarray(self.graph.alias_entity)
        order = np.argsort(entities, kind="stable")
        return entities[order], alias[order], np.asarray(self.graph.alias_kind)[order]

    def _others(self, entity: int) -> list[str]:
        """Other names of an entity that are its own before they are another's."""
        entities, alias, kinds = self._aliases
        low, high = np.searchsorted(entities, [entity, entity + 1]).tolist()
        forms = [
            self.graph.aliases[a]
            for a, kind in zip(alias[low:high].tolist(), kinds[low:high].tolist(), strict=True)
            if kind in _OTHER_KINDS
        ]
        return sorted(
            f for f in forms if len(f) > 3 and len(f) < LONGEST and self.first_of(f)[0] == entity
        )

    # -- names that the graph does not know --------------------------------------------------------

    @cached_property
    def _linker(self) -> Linker:
        return Linker(self.graph, max_candidates=1)

    def known(self, name: str) -> bool:
        """Whether the graph may know the whole name, written with a slip perhaps."""
        link = self._linker(name)
        return any(p.first == 0 and p.last == len(link.words) - 1 for p in link.proposals)

    def unknown(self, like: list[int], rng: random.Random) -> str:
        """A name that the graph does not know, made of parts of names like those of ``like``.

        Empty if none was found.
        """
        for _ in range(_TRIES):
            first, second = (self.label(rng.choice(like)) for _ in range(2))
            if any(c.isdigit() for c in first):
                continue
            name = _blend(first.split(" "), second.split(" "), rng)
            alike = max(fuzz.ratio(name, other) for other in (first, second))
            if name and alike < 85 and not self.known(name):
                return name
        return ""


def _blend(first: list[str], second: list[str], rng: random.Random) -> str:
    """Two names as one, or one with a word that means nothing."""
    style = rng.randrange(5)
    if style == 0 or not first[0] or not second[-1]:
        return " ".join(coined(rng) for _ in range(rng.choice([1, 2, 2])))
    if len(first) > 1 and len(second) > 1 and style < 3:
        return " ".join([*first[:-1], second[-1]])
    place = rng.randrange(len(first))
    if style == 3 or len(first) == 1:
        return " ".join([*first[:place], coined(rng), *first[place + (len(first) > 1) :]])
    return " ".join([*first[:place], coined(rng), *first[place + 1 :]])
