"""What the graph says of one entity, and which entities carry a name: for the page, apart from any question."""

from __future__ import annotations

import numpy as np

from kgqa.graph import Graph
from kgqa.linking.finder import Finder
from kgqa.trace import Entity, Neighbourhood, Neighbours

EACH = 8  #: entities listed for each relation


def neighbourhood(
    graph: Graph, finder: Finder, key: str, *, each: int = EACH
) -> Neighbourhood | None:
    """The facts of the entity with this id, relation by relation; None if the graph has no such entity."""
    index = finder.index(key)
    if index is None:
        return None
    groups = []
    for relation, tails in graph.groups(index):
        best = tails[np.argsort(-graph.degree[tails], kind="stable")[:each]]
        entities = tuple(graph.entity(int(e)) for e in best)
        groups.append(
            Neighbours(
                graph.relation_id(relation), graph.relation_label(relation), entities, len(tails)
            )
        )
    return Neighbourhood(graph.entity(index), tuple(groups))


def named(graph: Graph, finder: Finder, text: str, *, limit: int = 8) -> tuple[Entity, ...]:
    """Entities with this name or one like it."""
    return tuple(graph.entity(e) for e, _ in finder.similar(text, limit))
