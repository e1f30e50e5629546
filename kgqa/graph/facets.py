"""What tells the members of a set apart: years and groups that most of them have.

A set of films has a year, a country and a genre each, a set of cities a country. They are found in
the graph, whatever it is about: attributes whose unit is a year, and relations that lead most
members to one of a few entities.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from kgqa.graph.graph import Graph
from kgqa.trace import Facet

MOST = 4  #: facets of a set
SAMPLED = 200  #: members by which facets are chosen
EACH = 3  #: values of a member
SHARE = 0.5  #: of the members that have a value at least
GROUPS = 40  #: values that all members have together, at most


def facets(graph: Graph, ids: Sequence[str]) -> tuple[Facet, ...]:
    """At most :data:`MOST` facets of a set of entity ids, years first; () for fewer than two."""
    entities = [graph.find(id) for id in ids]
    known = [e for e in entities if e is not None]
    if len(known) < 2:
        return ()
    found = _years(graph, entities, known)
    for relation in _relations(graph, known[:SAMPLED])[: MOST - len(found)]:
        values = tuple(_labels(graph, e, relation) for e in entities)
        found.append(Facet(graph.relation_label(relation), values))
    return tuple(found)


def _years(graph: Graph, entities: list[int | None], known: list[int]) -> list[Facet]:
    """The year that most members have, if it differs between them."""
    for attribute in graph.numbers.attributes:
        if graph.relations[attribute].unit != "year":
            continue
        of = dict(zip(known, graph.numbers.of(attribute, np.array(known)).tolist(), strict=True))
        years = [of[e] if e is not None else np.nan for e in entities]
        texts = tuple((str(int(y)),) if np.isfinite(y) else () for y in years)
        if len({t for t in texts if t}) > 1 and sum(map(bool, texts)) >= SHARE * len(texts):
            return [Facet(graph.relation_label(attribute), texts, year=True)]
    return []


def _relations(graph: Graph, sample: list[int]) -> list[int]:
    """Relations that lead most of the sample to one of a few entities, fewest first."""
    half, members, values = len(graph.relations), Counter[int](), defaultdict[int, set[int]](set)
    for entity in sample:
        for r, tails in graph.groups(entity):
            if r < half and not graph.relations[r].literal and not graph.numbers.has(r):
                members[r] += 1
                values[r].update(tails[:EACH].tolist())
    classes, most = graph.classes.relation, min(GROUPS, max(2, len(sample) - 1))
    to_class = None if classes is None else graph.inverse(classes)
    good = [
        (len(values[r]), r)
        for r, number in members.items()
        if r != to_class and number >= SHARE * len(sample) and 2 <= len(values[r]) <= most
    ]
    return [r for _, r in sorted(good)]


def _labels(graph: Graph, entity: int | None, relation: int) -> tuple[str, ...]:
    if entity is None:
        return ()
    return tuple(graph.label(t) for t in graph.tails(entity, relation)[:EACH].tolist())
