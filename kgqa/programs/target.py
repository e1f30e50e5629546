"""What a search is to reach, and the read-outs by which a set is that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from kgqa.graph.operators import same_value, value_nodes
from kgqa.programs.sets import Sets

MANY = 3  #: members that a set has at least before it is summed by luck
FEW = 3  #: nodes that stand for a number, at most: 96 of run times and 96 of prices


@dataclass(frozen=True)
class Target:
    """The answer: a whole set of entities, or a number, or yes or no."""

    entities: frozenset[int] = frozenset()
    value: float | bool | None = None


class Goal:
    """A target, asked of one set after the other."""

    def __init__(self, sets: Sets, target: Target):
        self.sets, self.graph, self.value = sets, sets.graph, target.value
        gold = np.array(sorted(target.entities), dtype=np.int64)
        #: the number of the set to be reached; None where the answer is a value
        self.gold = sets.add(gold) if len(gold) else None
        #: the relations that a last hop may take, since they lead to the answer; None: any
        self.entering = self._entering(gold)
        self._nodes = set() if self.value is None else value_nodes(self.graph, self.value)

    @property
    def yes_or_no(self) -> bool:
        """Whether the answer is yes or no, which says nothing of the set."""
        return isinstance(self.value, bool)

    def readouts(self, s: int, hops: int) -> Iterator[str]:
        """The read-outs that make a set the answer; ``hops`` lead to it from a mention."""
        if self.value is None:
            if s == self.gold:
                yield ""
            return
        if self.yes_or_no:
            return
        members = self.sets.members(s)
        if hops and 0 < len(members) <= FEW and self._nodes.issuperset(members.tolist()):
            yield ""
        if len(members) == self.value and not self._are_numbers(members):
            yield "count"
        if len(members) >= MANY:
            for attribute in self.graph.numbers.attributes:
                if same_value(self.sets.total(s, attribute), self.value):
                    yield f"sum({self.graph.relation_id(attribute)})"

    def is_within(self, s: int) -> bool:
        """Whether a set holds all entities that are to be reached; False for a value."""
        return self.gold is not None and self.sets.contains(s, self.gold)

    def _entering(self, gold: np.ndarray) -> set[int] | None:
        if len(gold):
            first = int(gold[0])
            back = {self.graph.inverse(r) for r, _ in self.graph.groups(first)}
            return back or self.sets.literals(first) or None  # nothing leads back from a number
        if self.value is None or self.yes_or_no:
            return None
        return {relation for relation, _ in self.graph.numbers.equal(self.value)}

    def _are_numbers(self, members: np.ndarray) -> bool:
        """Whether a set is of nodes that stand for numbers, which nobody counts."""
        return len(members) > 0 and not self.graph.groups(int(members[0]))
