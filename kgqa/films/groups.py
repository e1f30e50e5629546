"""Kinds of questions by the operator that they need, for reports."""

from __future__ import annotations

from functools import cache

from kgqa.films import phrasings
from kgqa.films.phrasings import is_literal
from kgqa.films.worth import is_operator
from kgqa.programs.program import Program

EXTREME = "most and least"


@cache
def by_operator() -> dict[str, str]:
    """{kind of ``operators.txt``: its group}."""
    return {kind.name: group_of(kind.program) for kind in phrasings.read(phrasings.OPERATORS)}


def group_of(program: Program[str]) -> str:
    """The group of a program with operators, by what is rarest in it.

    >>> group_of(Program.parse("person > -director ? count"))
    'count'
    >>> group_of(Program.parse("film | film2 => most(run time)"))
    'most and least'
    """
    if program.readout:
        return {"count": "count", "verify": "yes or no"}.get(program.readout, "sum")
    if any(branch.negated for branch in program.branches):
        return "difference"
    if any(is_operator(str(relation)) for relation in program.relations):
        return EXTREME
    if program.combine == "|":
        return "either, or"
    if any(is_literal(branch.start) for branch in program.branches):
        return "before, after, more than"
    return "others of operators.txt"
