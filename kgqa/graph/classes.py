"""Classes: entities that others are instances of, and that stand for all of these.

"Films", "countries" and "rivers" name a class. Where a question mentions one, a walk starts from
its members. The relation that leads to a class is known by its id, as every source has its own.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from kgqa.graph.graph import Graph

#: Ids, or their last parts, of the relation from an entity to its class.
TYPE_RELATIONS = ("is a", "instance of", "type", "P31", "a")


class Classes:
    """The classes of a graph."""

    def __init__(self, graph: Graph):
        self.graph = graph

    @cached_property
    def relation(self) -> int | None:
        """From a class to its members; None if the graph has no such relation."""
        half = len(self.graph.relations)
        for r, relation in enumerate(self.graph.relations):
            last = relation.id.replace("#", "/").rsplit("/", 1)[-1]
            if last in TYPE_RELATIONS and not relation.literal:
                return r + half
        return None

    def members(self, entity: int) -> np.ndarray:
        """The instances of a class, int32 ascending; none of what is no class."""
        if self.relation is None:
            return self.graph.tail[:0]
        return self.graph.tails(entity, self.relation)
