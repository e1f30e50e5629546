"""What a question is about: a described set, and the draft of a question before it is answered.

A :class:`Described` set is the middle of every question: a program that reaches entities, and a
phrase for them. A group of questions makes one and asks for it, counts it, chooses the largest of
it, or goes on from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from kgqa.programs.operators import FuzzySet
from kgqa.programs.program import Chain, Program
from kgqa.writer.phrase import Phrase


@dataclass(frozen=True)
class Described:
    """A set of entities, how it is reached, and how it is said."""

    phrase: Phrase
    program: Program[str]
    starts: Mapping[str, FuzzySet]
    topics: tuple[int, ...]  #: entities that the phrase names
    members: tuple[int, ...]  #: ascending
    last: int  #: the directed relation that led there

    @property
    def lasts(self) -> list[int]:
        """The directed relations that lead to the members."""
        if self.program.after.hops:
            return [self.last]
        ends = [b.chain.relations[-1] for b in self.program.branches if b.chain.hops]
        return [int(end) for end in ends]

    def then(self, relation: int, phrase: Phrase, members: tuple[int, ...]) -> Described:
        """Where a relation leads from all members."""
        program = self.program
        if len(program.branches) == 1:
            (branch,) = program.branches
            chain = Chain((*branch.chain.hops, *Chain.of(relation).hops))
            program = replace(program, branches=(replace(branch, chain=chain),))
        else:
            hops = (*program.after.hops, *Chain.of(relation).hops)
            program = replace(program, after=Chain(hops))
        return replace(self, phrase=phrase, program=program, members=members, last=relation)


@dataclass(frozen=True)
class Draft:
    """A question before its answer is computed."""

    text: str
    kind: str
    program: Program[str] = Program(())
    starts: Mapping[str, FuzzySet] = field(default_factory=dict)
    topics: tuple[int, ...] = ()
    refusal: str = ""
