"""Whether the operators of a question make a difference, so that its answer tells something."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from kgqa.films.literals import Bound
from kgqa.films.phrasings import is_literal
from kgqa.graph import Graph
from kgqa.graph.numbers import ValueRange
from kgqa.graph.operators import Operator
from kgqa.programs.operators import FuzzySet, follow, values
from kgqa.programs.program import Chain, Program

MAX_TIED = 3  #: entities that share an extreme
Starts = Mapping[str, FuzzySet]


def is_operator(hop: str) -> bool:
    """Whether a hop is by an operator, not over a relation."""
    return Operator.parse(hop).name != "follow"


def has_operators(program: Program[str]) -> bool:
    """Whether a program is more than relations and intersections of what slots reach."""
    branches = program.branches
    return (
        bool(program.readout or any(branch.negated for branch in branches))
        or (program.combine == "|" and len(branches) > 1)
        or any(is_operator(str(hop)) for hop in program.relations)
        or any(is_literal(branch.start) or ":" in branch.start for branch in branches)
    )


def bounds_of(program: Program[str]) -> dict[str, Bound]:
    """{start: what it says} of the starts that literals bound."""
    starts = (branch.start for branch in program.branches)
    return {start: Bound.parse(start) for start in starts if is_literal(start)}


def bounded(graph: Graph, program: Program[str], starts: Starts) -> set[int]:
    """The entities that the bounds of a program choose from: those that have the numbers."""
    others = tuple(b for b in program.branches if not is_literal(b.start) and not b.negated)
    found: set[int] | None = None
    if others:
        found = set(_set(replace(program, branches=others)).run(graph, starts))
    for bound in bounds_of(program).values():
        everywhere = ValueRange.of(graph.relation_index[bound.attribute], -np.inf, np.inf, "in")
        holders = set(graph.numbers.holders(everywhere).tolist())
        found = holders if found is None else found & holders
    return found or set()


def tells(graph: Graph, program: Program[str], starts: Starts, *, lenient: bool) -> bool:
    """Whether bounds and differences leave something out and extremes are among several.

    ``lenient``: a bound may leave nothing out, and an extreme may be the only one.
    """
    return (
        (lenient or program.readout == "verify" or _leaves_some_out(graph, program, starts))
        and _are_joined(graph, program, starts)
        and _is_extreme(graph, program, starts, lenient)
        and _adds_up(graph, program, starts)
    )


def _set(program: Program[str]) -> Program[str]:
    """The program up to what its branches reach together."""
    return replace(program, after=Chain(), left_out=(), readout="")


def _leaves_some_out(graph: Graph, program: Program[str], starts: Starts) -> bool:
    """Whether the bounds and the subtracted branches leave some of the others out."""
    narrows = [b for b in program.branches if b.negated or is_literal(b.start)]
    if not narrows or any(b.chain.hops for b in narrows if not b.negated):
        return True
    base = bounded(graph, program, starts)
    return len(base & set(_set(program).run(graph, starts))) < len(base)


def _are_joined(graph: Graph, program: Program[str], starts: Starts) -> bool:
    """Whether each of the branches that are joined reaches something that no other does."""
    if program.combine != "|":
        return True
    ends = [set(b.chain.walk(graph, starts[b.start], {})) for b in program.branches]
    return all(end - set().union(*(other for other in ends if other is not end)) for end in ends)


def _is_extreme(graph: Graph, program: Program[str], starts: Starts, lenient: bool) -> bool:
    """Whether the first operator chooses a few of several; True if there is none."""
    found = _first_operator(program)
    if found is None:
        return True
    before, at, operator = found
    entities = before.run(graph, starts)
    kept = len(at.run(graph, starts))
    relation = graph.relation_index[operator.relation]
    if operator.name == "often":
        out = {e for start in program.left_out for e in starts[start]}
        ways = {e: n for e, n in follow(graph, entities, relation).items() if e not in out}
        return len(ways) > 1 and max(ways.values()) > 1 and kept <= MAX_TIED
    compared = values(graph, relation, list(entities))
    if program.combine == "|" and not any(b.chain.hops for b in program.branches):
        return kept == 1 and len(compared) == len(entities)
    return 0 < kept <= MAX_TIED and len(set(compared.values())) > (0 if lenient else 1)


def _first_operator(
    program: Program[str],
) -> tuple[Program[str], Program[str], Operator] | None:
    """The program up to its first operator, the same with it, and the operator."""
    for branch in program.branches:
        for i, hop in enumerate(map(str, branch.chain.relations)):
            if is_operator(hop):
                before, at = (
                    replace(_set(program), branches=(replace(branch, chain=_cut(branch.chain, n)),))
                    for n in (i, i + 1)
                )
                return before, replace(at, left_out=program.left_out), Operator.parse(hop)
    for i, hop in enumerate(map(str, program.after.relations)):
        if is_operator(hop):
            before, at = (replace(_set(program), after=_cut(program.after, n)) for n in (i, i + 1))
            return before, replace(at, left_out=program.left_out), Operator.parse(hop)
    return None


def _cut(chain: Chain, length: int) -> Chain:
    return Chain(chain.hops[:length])


def _adds_up(graph: Graph, program: Program[str], starts: Starts) -> bool:
    """Whether a sum is of two numbers at least, and of all where entities are named."""
    if not program.readout.startswith("sum("):
        return True
    entities = program.run(graph, starts)
    relation = graph.relation_index[program.readout[len("sum(") : -1]]
    numbers = values(graph, relation, list(entities))
    named = program.combine == "|"
    return len(numbers) > 1 and not (named and len(numbers) < len(entities))
