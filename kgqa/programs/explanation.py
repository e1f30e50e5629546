"""An explanation: a program from mentions of a question that reaches its answers, or nearly."""

from __future__ import annotations

from dataclasses import dataclass

from kgqa.graph import Graph
from kgqa.linking import Link
from kgqa.programs.program import Branch, Chain, FuzzySet, Program, crisp
from kgqa.walk.walk import stands_for


@dataclass(frozen=True)
class Seed:
    """A candidate of a proposed span, from which a branch starts."""

    span: int  #: index of the proposal
    candidate: int  #: index within the proposal

    def entity(self, link: Link) -> int:
        return link.proposals[self.span].entities[self.candidate]

    def __str__(self) -> str:
        return f"{self.span}.{self.candidate}"


@dataclass(frozen=True)
class Explanation:
    """A program that reaches the answers, or nearly; without branches: there is no answer."""

    program: Program[Seed]
    exclusion_matters: bool = False  #: whether leaving the seeds out makes a difference
    f1: float = 1.0  #: of what it reaches against the answers

    @classmethod
    def of(
        cls,
        *branches: Branch[Seed],
        after: Chain = Chain(),
        exclude: bool | None = None,
        f1: float = 1.0,
        combine: str = "&",
        readout: str = "",
    ) -> Explanation:
        """exclude: whether the seeds are left out; None: it makes no difference."""
        left_out = tuple(branch.start for branch in branches) if exclude else ()
        program = Program(branches, after, combine, left_out, readout=readout)
        return cls(program, exclude is not None, f1)

    @classmethod
    def better(
        cls, *branches: Branch[Seed], after: Chain = Chain(), free: float, bound: float
    ) -> Explanation:
        """With the better F1: ``free`` if the seeds may come back, ``bound`` if not."""
        exclude = None if free == bound else bound > free
        return cls.of(*branches, after=after, exclude=exclude, f1=max(free, bound))

    @property
    def exclude(self) -> bool | None:
        """Whether the seeds are left out; None if it makes no difference."""
        return bool(self.program.left_out) if self.exclusion_matters else None

    def starts(self, graph: Graph, link: Link) -> dict[Seed, FuzzySet]:
        """What the seeds stand for, for :meth:`Program.run`."""
        seeds = {b.start: b.start.entity(link) for b in self.program.branches}
        return {
            seed: crisp(stands_for(graph, entity, link.ranges).tolist())
            for seed, entity in seeds.items()
        }
