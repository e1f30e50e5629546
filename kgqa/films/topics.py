"""Which entities the question writer asks about.

They are of the kind and split that the slot needs, and best known by the name that is written.
"""

from __future__ import annotations

import hashlib
import random
import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from kgqa.films.wording import Wording
from kgqa.graph import Graph
from kgqa.graph.names import normalise

OPEN_CLASSES = set("film person character artwork museum city country company".split())
#: Forms of slots that say what may stand there; "in" is about two slots, see the writer.
CHOSEN_BY_FORM = set("director actor title number in sculpture".split())


def split_of(entity_id: str) -> str:
    """The split of an entity of an open class, by its id: 70% train, 15% dev, 15% test."""
    bucket = int.from_bytes(hashlib.sha256(entity_id.encode()).digest()[:4], "big") % 100
    return "train" if bucket < 70 else "dev" if bucket < 85 else "test"


@dataclass(frozen=True)
class Role:
    """What an entity must be to fill a slot."""

    kind: str
    split: str  #: for entities of open classes; others are in every split
    relation: str = ""  #: the first relation that is followed from it
    form: str = ""  #: of the slot
    shared: bool = False  #: whether others of its kind must have its name


class Topics:
    """Chooses entities for slots."""

    def __init__(self, graph: Graph, wording: Wording):
        self.graph, self.wording = graph, wording
        self._pool = lru_cache(maxsize=256)(self._read_pool)
        self._reads_as = lru_cache(maxsize=200_000)(self._is_best_known)

    def pick(self, role: Role, rng: random.Random) -> int | None:
        """An entity for the role, or None if there is none.

        Half the time it is any; else the chance grows with the root of the degree. It has the
        relation, but its name may make a reader think of another entity, see :meth:`fits`.
        """
        ids, weights = self._pool(role)
        if not ids:
            return None
        return ids[rng.randrange(len(ids))] if rng.random() < 0.5 else rng.choices(ids, weights)[0]

    def fits(self, entity: int, role: Role) -> bool:
        """Whether an entity that has the relation may fill the slot and is known by its name."""
        return (
            self.graph.kind_of(entity) == role.kind
            and self._in_split(entity, role.split)
            and (not role.relation or self._reads_as(entity, role.relation))
            and self._has_form(entity, role.form)
        )

    def _in_split(self, entity: int, split: str) -> bool:
        kind = self.graph.kind_of(entity)
        return kind not in OPEN_CLASSES or split_of(self.graph.key(entity)) == split

    def _read_pool(self, role: Role) -> tuple[list[int], list[float]]:
        """Entities that have the role, and the roots of their degrees."""
        graph = self.graph
        if role.kind not in graph.kinds:
            return [], []
        members = np.flatnonzero(graph.kind == graph.kinds.index(role.kind)).tolist()
        pool = [e for e in members if self._in_split(e, role.split)]
        if role.relation:
            pool = [e for e in pool if len(self._tails(e, role.relation))]
        if role.shared:
            pool = [e for e in pool if len(self._namesakes(e, role.kind)) > 1]
        pool = [e for e in pool if self._has_form(e, role.form)]
        degree = graph.degree[np.array(pool, dtype=np.int64)].astype(float)
        return pool, np.sqrt(degree).tolist()

    def _has_form(self, entity: int, form: str) -> bool:
        """Whether a slot of this form may hold the entity."""
        if form not in CHOSEN_BY_FORM or form == "in":
            return True
        label = self.graph.label(entity)
        if form == "sculpture":
            return any(self.graph.label(f) == "sculpture" for f in self._tails(entity, "art form"))
        if form == "title":
            return bool(self._namesakes(entity, "film"))
        if form == "number":
            return bool(re.search(r"\b(1[6-9]|20)\d\d\b", label))
        directed, acted, wrote = (
            len(self._tails(entity, r)) for r in ("-director", "-cast member", "-screenwriter")
        )
        if form == "director":  # directors are often seen in documentaries, which list them as cast
            return directed >= 3 and directed >= 0.75 * acted
        return acted >= 3 and acted >= 2 * directed and acted >= 2 * wrote

    def _is_best_known(self, entity: int, relation: str) -> bool:
        """Whether no other of its kind with this label and this relation is better connected."""
        graph, label = self.graph, normalise(self.graph.label(entity))
        same = [
            e
            for e in self._namesakes(entity, graph.kind_of(entity))
            if normalise(graph.label(e)) == label and len(self._tails(e, relation))
        ]
        return not same or min(same, key=lambda e: (-int(graph.degree[e]), e)) == entity

    def _namesakes(self, entity: int, kind: str) -> list[int]:
        """Entities of a kind that the label may name."""
        names = self.wording.first_of(normalise(self.graph.label(entity)))
        return [e for e in names if self.graph.kind_of(e) == kind]

    def _tails(self, entity: int, relation: str) -> list[int]:
        return self.graph.tails(entity, self.graph.relation_index[relation]).tolist()
