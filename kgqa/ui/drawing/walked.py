"""Where each branch's hops stand in the picture, and what was followed there, in words.

Branches are aligned at their ends, where they meet:

    0: mentions | 1: what they may mean | 2 ...: hops | the set in common | hops after it | answers

A shorter branch starts further right, so that no link passes a column. A hop that only keeps some
of the entities ("the longest run time") has no column. A class or a literal stands before the
entities that it stands for, which have a column of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kgqa.trace import Branch, Entity, Fact, Hop, Trace
from kgqa.ui.html import marks, operators

STANDS_FOR = "stands for"


@dataclass(frozen=True)
class Lane:
    """A branch in the picture."""

    branch: Branch
    rank: int
    start: int  #: column of its seeds
    end: int  #: column where it meets the others
    moves: tuple[tuple[int, int, Hop], ...]  #: (column, number of the hop, hop)
    literal: Entity | None  #: the range that it starts from, drawn for all of its values

    @property
    def opens(self) -> bool:
        """Whether it starts from all that a class or a literal stands for."""
        return self.branch.stands_for > 0


@dataclass(frozen=True)
class Plan:
    """All branches, and the hops after they have met."""

    lanes: tuple[Lane, ...]
    meet: int  #: column where the branches meet
    after: tuple[tuple[int, int, Hop], ...]  #: (column, number of the hop, hop)
    inverse: Mapping[str, str]  #: {label of a relation: label of its inverse}, of the graph

    @property
    def last(self) -> int:
        """The last column."""
        return self.meet + len(self.after)

    def words(self, fact: Fact, column: int, lane: Lane | None, *, along: bool) -> str:
        """What was followed into a column, as the steps say it; ``along``: head to tail."""
        hop = self._hop(column, lane)
        if hop is None:
            of_class = lane is not None and lane.opens and lane.literal is None
            return STANDS_FOR if of_class else fact.relation
        for relation in hop.relations:
            base = operators.parse(relation.id)[1]
            if base.removeprefix("-") == fact.relation and base.startswith("-") != along:
                return relation.label if base == relation.id else base.removeprefix("-")
        if along:
            return fact.relation
        return self.inverse.get(fact.relation) or hop.relations[0].label or fact.relation

    def hop(self, column: int, lane: Lane | None) -> tuple[int, int] | None:
        """(rank, number) of the hop into a column; rank -1 after the meeting."""
        moves = self.after if lane is None or column > self.meet else lane.moves
        rank = -1 if lane is None or column > self.meet else lane.rank
        return next(((rank, number) for c, number, _ in moves if c == column), None)

    def _hop(self, column: int, lane: Lane | None) -> Hop | None:
        moves = self.after if lane is None or column > self.meet else lane.moves
        return next((hop for c, _, hop in moves if c == column and hop.relations), None)


def plan(trace: Trace, labels: Mapping[str, str]) -> Plan:
    """Of a trace with branches; ``labels``: {relation id: label}, inverses included."""
    ranks = marks.ranks(trace)
    walks = {b.mention: _moves(marks.walked(b)) for b in trace.branches}
    longest = max(len(walks[b.mention]) + (b.stands_for > 0) for b in trace.branches)
    meet = 1 + max(1, longest) if longest else 1
    lanes = []
    for branch in trace.branches:
        moves = walks[branch.mention]
        first = meet - len(moves) + 1
        lanes.append(
            Lane(
                branch,
                ranks[branch.mention],
                first - 1 - (branch.stands_for > 0),
                meet,
                tuple((first + i, number, hop) for i, (number, hop) in enumerate(moves)),
                _literal(branch),
            )
        )
    after = _moves(marks.after(trace))
    inverse = {
        label: labels["-" + id]
        for id, label in labels.items()
        if not id.startswith("-") and "-" + id in labels
    }
    numbered = tuple((meet + i, number, hop) for i, (number, hop) in enumerate(after, 1))
    return Plan(tuple(lanes), meet, numbered, inverse)


def _moves(hops: tuple[Hop, ...]) -> list[tuple[int, Hop]]:
    """The hops that lead to other entities, with their numbers."""
    return [(n, hop) for n, hop in enumerate(hops, 1) if not operators.stays(hop)]


def _literal(branch: Branch) -> Entity | None:
    seed = branch.seeds[0].entity if branch.stands_for and branch.seeds else None
    return seed if seed is not None and seed.kind == "range" else None
