"""The lesson's example of operators: eight entities with numbers, and fuzzy sets of them.

The entities come from the graph at hand, the results from the operators that a walk runs
(``kgqa.walk``), in double precision so that a reader gets the same by hand.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from kgqa.graph import Graph
from kgqa.graph.numbers import ValueRange
from kgqa.graph.operators import Operator, operator_words, position_of
from kgqa.inference.operators import amount
from kgqa.trace import Entity
from kgqa.walk import Frontier, ops
from kgqa.walk.frontier import join
from kgqa.walk.operators import OPERATORS, apply, count, nonempty
from kgqa.walk.predict import committed

EIGHT = 8
ABOVE = 2  #: how many of the eight are better than two that tie
WELL_KNOWN = 200  #: the eight are among this many entities with the most facts
RANKS = 2  #: the largest and the second largest


class Worked:
    """Eight entities, and operators on sets of them.

    A set is given and returned as eight memberships in [0, 1], in the order of ``entities``.
    """

    def __init__(self, graph: Graph, relation: int, eight: Sequence[int], threshold: float):
        """``eight``: entity numbers, those with the largest number of the attribute first."""
        about = graph.relations[relation]
        self._graph, self._relation, self._threshold = graph, relation, threshold
        self._eight = torch.tensor(eight, dtype=torch.long)
        words = operator_words(graph)
        self.attribute = about.label  #: in words: "run time"
        self.most = words[relation]  #: in words: "the longest run time"
        self.least = words[graph.num_relations + relation]
        self.entities: tuple[Entity, ...] = tuple(graph.entity(e) for e in eight)
        self.numbers: tuple[float, ...] = tuple(
            graph.numbers.of(relation, np.array(eight)).tolist()
        )
        self.texts = tuple(amount(n, about.unit) for n in self.numbers)  #: "169 minutes"

    def extreme(self, x: Sequence[float], *, least: bool = False, rank: int = 1) -> list[float]:
        """A hop by "most" or "least": what stays of each."""
        graph = self._graph
        name, attribute = "least" if least else "most", graph.relation_id(self._relation)
        weights = torch.zeros(1, len(OPERATORS) * graph.num_relations, dtype=torch.float64)
        weights[0, position_of(graph, Operator(name, attribute))] = 1
        ranks = torch.zeros(1, RANKS, dtype=torch.float64)
        ranks[0, rank - 1] = 1
        reached = apply(graph, join([self._set(x)]), weights, ranks, min_weight=0.5).reached
        return reached.split()[0].values(self._eight).tolist()

    def better(self, x: Sequence[float], *, least: bool = False, rank: int = 1) -> list[float]:
        """P(exactly rank - 1 better ones are in the set): what would stay of a sure member."""
        sure = [[1.0 if j == i else v for j, v in enumerate(x)] for i in range(len(x))]
        return [self.extreme(s, least=least, rank=rank)[i] for i, s in enumerate(sure)]

    def difference(self, x: Sequence[float], y: Sequence[float]) -> list[float]:
        """min(x, 1 - y) of each."""
        return (self._set(x) - self._set(y)).values(self._eight).tolist()

    def count(self, x: Sequence[float]) -> tuple[float, int]:
        """The sum of memberships, and the size of the set that the model would commit to."""
        members = self._set(x)
        return float(count(join([members]))), len(committed(members, self._threshold))

    def nonempty(self, x: Sequence[float]) -> float:
        """P(the set is not empty)."""
        return float(nonempty(join([self._set(x)])))

    def often(self, x: Sequence[float]) -> tuple[str, tuple[tuple[Entity, float], ...]]:
        """The relation over which one entity is reached in the most ways: its words, and sums.

        The two largest sums of follow, before they are clamped; none if no sum is above 1.
        """
        graph, label, best = self._graph, "", list[tuple[int, float]]()
        for r, about in enumerate(graph.relations):
            only = torch.zeros(graph.num_relations, dtype=torch.float64)
            only[r] = 1
            ways = [] if about.literal else ops.follow(graph, self._set(x), only).reached.top(2)
            if len(ways) == 2 and ways[0][1] > max(1, ways[1][1], best[0][1] if best else 0):
                label, best = about.label, ways
        return label, tuple((graph.entity(e), v) for e, v in best)

    def _set(self, x: Sequence[float]) -> Frontier:
        order = self._eight.argsort()
        return Frontier(self._eight[order], torch.tensor(x, dtype=torch.float64)[order])


def worked(graph: Graph, threshold: float, attribute: str = "") -> Worked | None:
    """The example of a graph; None if no attribute has eight entities of one kind.

    Args:
        threshold: how sure a member is, of the surest, that the model commits to.
        attribute: a relation's id; of another, or of none, the first that has a tie is taken.
    """
    known = [r for r in graph.numbers.attributes if graph.relation_id(r) == attribute]
    rest: tuple[int, list[int]] | None = None
    for relation in [*known, *graph.numbers.attributes]:
        eight, tied = _eight(graph, relation)
        if eight and (tied or relation in known):
            return Worked(graph, relation, eight, threshold)
        rest = rest or ((relation, eight) if eight else None)
    return Worked(graph, *rest, threshold) if rest else None


def _eight(graph: Graph, relation: int) -> tuple[list[int], bool]:
    """Well-known entities with different numbers, largest first, and whether two of them tie."""
    held = graph.numbers.holders(ValueRange.of(relation, -np.inf, np.inf, "in"))
    held = held[np.argsort(-graph.degree[held], kind="stable")]
    if not len(held):
        return [], False
    known = [e for e in held[:WELL_KNOWN].tolist() if graph.kind_of(e) == graph.kind_of(held[0])]
    values = dict(zip(known, graph.numbers.of(relation, np.array(known)).tolist(), strict=True))
    first: dict[float, int] = {}  # the best known entity of each number
    pairs = []
    for e, v in values.items():
        if v in first:
            pairs.append((first[v], e))
        first.setdefault(v, e)
    for a, b in pairs:
        above = [e for v, e in first.items() if v > values[a]][:ABOVE]
        below = [e for v, e in first.items() if v < values[a]][: EIGHT - ABOVE - 2]
        if len(above) + len(below) == EIGHT - 2:
            chosen = [*above, a, b, *below]
            return sorted(chosen, key=lambda e: -values[e]), True
    chosen = sorted(list(first.values())[:EIGHT], key=lambda e: -values[e])
    return (chosen if len(chosen) == EIGHT else []), False
