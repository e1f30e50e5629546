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

LARGEST = 200  #: classes that are of interest by their size
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

    @cached_property
    def largest(self) -> tuple[int, ...]:
        """The classes with the most members, at most :data:`LARGEST`, the largest first."""
        if self.relation is None:
            return ()
        graph = self.graph
        groups = np.flatnonzero(graph.group_relation == self.relation)
        sizes = graph.group_edge[groups + 1] - graph.group_edge[groups]
        groups = groups[np.argsort(-sizes.astype(np.int64), kind="stable")[:LARGEST]]
        owners = np.searchsorted(graph.entity_group, groups, side="right") - 1
        return tuple(owners.tolist())
