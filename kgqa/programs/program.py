"""What a question asks, in symbols: a program over sets of entities.

    person > -cast member & year > -release year => director ! person
    person > -director & ~person2 > -cast member => most(run time) ? count

From each start a *branch* takes hops: over a relation (a leading "-" is the inverse) or by an
operator (``kgqa.graph.operators``). The branches are combined: "&" is the minimum (intersection),
"|" the maximum (union), and a branch marked "~" is subtracted. More hops may follow ("=>"), and
starts may be left out ("!"): a walk never comes back to them. At the end the set is the answer, or
it is read out ("?"): count, verify (yes or no), or the sum of an attribute.

Sets are fuzzy, {entity: membership in [0, 1]}, and so are a hop (a distribution over relations and
operators) and the end of a chain of hops (a distribution over them); with memberships and weights
of 0 and 1 everything is exact on sets.

Four users share it: the question writer (``kgqa.films``), the search for explanations
(``kgqa.programs.search``), through it the ceiling of an evaluation, and the replay of a trace
(``kgqa.inference.replay``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import Generic, TypeVar

from kgqa.graph import Graph
from kgqa.graph.operators import read_out
from kgqa.programs.operators import FuzzySet, Relation, step

Start = TypeVar("Start", bound=Hashable)  #: the name of a start, such as a slot of a phrasing

#: How the memberships of an entity in two branches are combined, by the sign between the branches.
COMBINE: dict[str, Callable[[float, float], float]] = {"&": min, "|": max}


@dataclass(frozen=True)
class Hop:
    """A distribution over relations and operators, in the crisp case on one."""

    weights: tuple[tuple[Relation, float], ...]

    def __str__(self) -> str:
        if len(self.weights) == 1 and self.weights[0][1] == 1:
            return str(self.weights[0][0])
        return " + ".join(f"{weight:.3g} {relation}" for relation, weight in self.weights)


@dataclass(frozen=True)
class Chain:
    """Hops in their order, and where they end."""

    hops: tuple[Hop, ...] = ()
    stop: tuple[float, ...] | None = None  #: P(0, 1, ... hops); None: always after the last hop

    @classmethod
    @lru_cache(maxsize=100_000)  # explanations repeat few chains many times
    def of(cls, *relations: Relation) -> Chain:
        """The crisp chain that takes these relations and operators."""
        return cls(tuple(Hop(((relation, 1.0),)) for relation in relations))

    @property
    def relations(self) -> tuple[Relation, ...]:
        """The relations of a crisp chain."""
        return tuple(hop.weights[0][0] for hop in self.hops)

    def walk(self, graph: Graph, start: FuzzySet, left_out: FuzzySet) -> FuzzySet:
        """Where the chain leads from ``start``; each hop ends with x * (1 - ``left_out``)."""
        parts = [start]
        for hop in self.hops:
            reached = step(graph, parts[-1], hop.weights, left_out)
            for entity in left_out.keys() & reached.keys():
                reached[entity] *= 1 - left_out[entity]
            parts.append(_positive(reached))
        return parts[-1] if self.stop is None else _sum(zip(parts, self.stop, strict=False))

    def __str__(self) -> str:
        return " > ".join(map(str, self.hops))


@dataclass(frozen=True)
class Branch(Generic[Start]):
    """The hops from one start."""

    start: Start
    chain: Chain
    negated: bool = False  #: what it reaches is taken away from what the others reach

    def __str__(self) -> str:
        sign = "~" if self.negated else ""
        return sign + " > ".join(filter(None, (str(self.start), str(self.chain))))


@dataclass(frozen=True)
class Program(Generic[Start]):
    """Branches that are combined, and what follows."""

    branches: tuple[Branch[Start], ...]  #: none: the program reaches nothing
    after: Chain = Chain()  #: from the combination on
    combine: str = "&"  #: a key of COMBINE
    left_out: tuple[Start, ...] = ()  #: not entered by their own branch, nor after the combination
    exclude: float = 1.0  #: probability that they are left out
    readout: str = ""  #: "count", "verify", "sum(area)"; empty: the set is the answer

    @classmethod
    def parse(cls, text: str) -> Program[str]:
        """The crisp program that a text such as ``film > director ! film`` stands for."""
        text, _, readout = text.partition("?")
        text, _, left_out = text.partition("!")
        text, _, after = text.partition("=>")
        combine = next((sign for sign in COMBINE if sign in text), "&")
        branches = [_words(part, ">") for part in text.split(combine)]
        return Program(
            tuple(
                Branch(start.removeprefix("~"), Chain.of(*relations), start.startswith("~"))
                for start, *relations in filter(None, branches)
            ),
            Chain.of(*_words(after, ">")),
            combine,
            tuple(_words(left_out, ",")),
            readout=readout.strip(),
        )

    def __str__(self) -> str:
        text = f" {self.combine} ".join(map(str, self.branches))
        text += f" => {self.after}" if self.after.hops else ""
        text += f" ! {', '.join(map(str, self.left_out))}" if self.left_out else ""
        return text + (f" ? {self.readout}" if self.readout else "")

    @property
    def hops(self) -> int:
        """Hops on the longest way from a start to the end."""
        longest = max((len(branch.chain.hops) for branch in self.branches), default=0)
        return longest + len(self.after.hops)

    @property
    def size(self) -> int:
        """Hops of all branches together, and after them."""
        return sum(len(branch.chain.hops) for branch in self.branches) + len(self.after.hops)

    @property
    def relations(self) -> set[Relation]:
        """Every relation and operator that some hop may take."""
        chains = (*(branch.chain for branch in self.branches), self.after)
        return {relation for chain in chains for hop in chain.hops for relation, _ in hop.weights}

    def run(self, graph: Graph, starts: Mapping[Start, FuzzySet]) -> FuzzySet:
        """The entities that the program reaches from ``starts``, with their memberships."""
        if not self.branches:
            return {}
        names = [branch.start for branch in self.branches]
        ends = [
            branch.chain.walk(graph, starts[branch.start], self._barred(starts, [branch.start]))
            for branch in self.branches
        ]
        result = self.combined(ends)
        return self.after.walk(graph, _positive(result), self._barred(starts, names))

    def combined(self, ends: Sequence[FuzzySet]) -> FuzzySet:
        """What the branches reach together; ``ends`` are in their order."""
        pairs = list(zip(self.branches, ends, strict=True))
        operator = COMBINE[self.combine]
        kept = [end for branch, end in pairs if not branch.negated] or [{}]
        result = reduce(lambda x, y: _combined(operator, x, y), kept)
        for taken in (end for branch, end in pairs if branch.negated):
            result = {e: min(v, 1 - taken.get(e, 0.0)) for e, v in result.items()}
        return result

    def read(self, graph: Graph, entities: Collection[int]) -> float | bool | None:
        """The answer that is no set, for the entities that :meth:`run` reached; None for a set."""
        return read_out(graph, self.readout, entities)

    def _barred(self, starts: Mapping[Start, FuzzySet], names: list[Start]) -> FuzzySet:
        """How far each entity is left out, by those of the named starts that are."""
        seeds = _sum((starts[name], 1.0) for name in names if name in self.left_out)
        return {entity: self.exclude * membership for entity, membership in seeds.items()}


def crisp(entities: Iterable[int]) -> FuzzySet:
    """A plain set as a fuzzy one."""
    return dict.fromkeys(entities, 1.0)


def _combined(operator: Callable[[float, float], float], x: FuzzySet, y: FuzzySet) -> FuzzySet:
    return {entity: operator(x.get(entity, 0.0), y.get(entity, 0.0)) for entity in x | y}


def _sum(parts: Iterable[tuple[FuzzySet, float]]) -> FuzzySet:
    """The weighted sum of fuzzy sets, clamped at 1."""
    total: FuzzySet = {}
    for part, weight in parts:
        for entity, membership in part.items():
            total[entity] = total.get(entity, 0.0) + weight * membership
    return {entity: min(membership, 1.0) for entity, membership in total.items()}


def _positive(x: FuzzySet) -> FuzzySet:
    return {entity: membership for entity, membership in x.items() if membership > 0}


def _words(text: str, sign: str) -> list[str]:
    return [word.strip() for word in text.split(sign) if word.strip()]
