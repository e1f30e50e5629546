"""Which entities the lesson's figure draws, where the checkpoint names none: found in the graph.

Wanted is an entity m that two others lead to, whose sets overlap without being the same, and from
which a third relation goes on. Some hundred well-connected entities are tried as m; the best wins.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from kgqa.graph import Graph
    from kgqa.ui.figure import Chosen

LOOKED_AT = 20_000  #: entities whose degrees are compared
TRIED = 120  #: of these, as the middle of a walk
HUB = 200  #: edges of an entity that is too well connected to be drawn
SHARED, ALONE, ENDS = 3, 1, 4  #: entities that both starts lead to, one leads to, and ends
SET = 5  #: entities that a single start leads to


@dataclass(frozen=True)
class _Pair:
    """Two starts by way of relations that leave m; the first hops take their inverses."""

    starts: tuple[int, int]
    relations: tuple[int, int]  #: from m
    both: tuple[int, ...]  #: entities that both lead to
    one: tuple[tuple[int, ...], tuple[int, ...]]  #: that only the first does, only the second
    after: int  #: a relation that goes on from them, -1 if there is none

    @property
    def worth(self) -> int:
        sides = sum(map(bool, self.one))
        return 4 * (self.after >= 0) + 2 * (len(self.both) > 1) + 2 * sides


def choose(graph: Graph) -> Chosen | None:
    """The entities of a figure; None if no entity leads to two others."""
    middles = _well_connected(graph)
    best: _Pair | None = None
    for middle in middles:
        for pair in _pairs(graph, middle):
            if best is None or pair.worth > best.worth:
                best = pair
        if best and best.worth == 10:
            break
    if best is not None and any(best.one):
        return _two(graph, best)
    singles = (_one(graph, start) for start in middles)
    return next((chosen for chosen in singles if chosen), None)


def _well_connected(graph: Graph) -> list[int]:
    degrees = np.asarray(graph.degree[np.arange(min(graph.num_entities, LOOKED_AT))])
    order = np.argsort(-degrees, kind="stable")
    return order[(degrees[order] <= HUB) & (degrees[order] > 1)][:TRIED].tolist()


def _leaving(graph: Graph, entity: int) -> list[tuple[int, list[int]]]:
    """Relations that leave an entity and can be walked back, with where they lead."""
    half = len(graph.relations)
    return [
        (relation, [t for t in tails[:HUB].tolist() if t != entity])
        for relation, tails in graph.groups(entity)
        if not graph.relations[relation % half].literal and len(tails) <= HUB
    ]


def _pairs(graph: Graph, middle: int) -> Iterator[_Pair]:
    groups = [(r, tails[:3]) for r, tails in _leaving(graph, middle)[:6]]
    ways = [(r, tail) for r, tails in groups for tail in tails]
    for (r, a), (s, b) in permutations(ways, 2):
        if a == b or a > b and r == s:
            continue
        first = graph.tails(a, graph.inverse(r))
        second = graph.tails(b, graph.inverse(s))
        if max(len(first), len(second)) > HUB:
            continue
        x, y = dict.fromkeys(first.tolist()), dict.fromkeys(second.tolist())
        both = tuple(e for e in x if e in y and e not in (a, b))
        if not both:
            continue
        one = (
            tuple(e for e in x if e not in y and e != b),
            tuple(e for e in y if e not in x and e != a),
        )
        after = [t for t, tails in groups if t not in (r, s) and set(tails) - {a, b}]
        yield _Pair((a, b), (r, s), both, one, after[0] if after else -1)


def _two(graph: Graph, pair: _Pair) -> Chosen:
    from kgqa.ui.figure import Chosen

    both, ends = pair.both[:SHARED], list[int]()
    if pair.after >= 0:
        reached = [t for m in both for t in graph.tails(m, pair.after)[:2].tolist()]
        ends = [e for e in dict.fromkeys(reached) if e not in (*pair.starts, *both)][:ENDS]
    middle = [*both, *pair.one[0][:ALONE], *pair.one[1][:ALONE]]
    starts, extra = list[tuple[str, tuple[str, ...], str]](), list[int]()
    for entity, relation in zip(pair.starts, pair.relations, strict=True):
        taken = {*middle, *ends, *extra, *pair.starts}
        other, far = _namesake(graph, entity, taken)
        names = (graph.key(entity), *([graph.key(other)] if other is not None else []))
        extra += [far] if far is not None else []
        starts.append((graph.label(entity), names, graph.relation_id(graph.inverse(relation))))
    a, b = (start[0] for start in starts)
    on = f", and where does “{graph.relation_label(pair.after)}” lead from there" if ends else ""
    return Chosen(
        f"What do {a} and {b} have in common{on}?",
        tuple(starts),
        tuple(graph.key(e) for e in dict.fromkeys([*middle, *extra])),
        graph.relation_id(pair.after) if ends else "",
        tuple(map(graph.key, ends)),
    )


def _namesake(graph: Graph, entity: int, taken: set[int]) -> tuple[int | None, int | None]:
    """Another entity of this name, and one that it leads to; None where there is none."""
    for other in graph[graph.label(entity)]:
        number = graph.find(other.id)
        if number is not None and number != entity and number not in taken:
            reached = [t for _, tails in _leaving(graph, number) for t in tails]
            return number, next((t for t in reached if t not in {*taken, number}), None)
    return None, None


def _one(graph: Graph, start: int) -> Chosen | None:
    """A figure with one start, where no two lead to the same."""
    from kgqa.ui.figure import Chosen

    groups = [(r, tails) for r, tails in _leaving(graph, start) if graph.relation_label(r)]
    if not groups:
        return None
    relation, middle = max(groups, key=lambda group: len(group[1]))
    middle = middle[:SET]
    on = [(r, t) for m in middle for r, tails in _leaving(graph, m) for t in tails[:2]]
    on = [(r, t) for r, t in on if t not in (start, *middle) and graph.relation_label(r)]
    after = on[0][0] if on else -1
    ends = list(dict.fromkeys(t for r, t in on if r == after))[:ENDS]
    word = f"“{graph.relation_label(relation)}”"
    then = f", and then “{graph.relation_label(after)}”" if ends else ""
    return Chosen(
        f"Where does {word}{then} lead from {graph.label(start)}?",
        ((graph.label(start), (graph.key(start),), graph.relation_id(relation)),),
        tuple(map(graph.key, middle)),
        graph.relation_id(after) if ends else "",
        tuple(map(graph.key, ends)),
    )
