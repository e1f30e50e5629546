"""Which programs explain the answers? The search runs once, before training.

Supervision is (question, answers) alone: no topic entity, span or program is read. An *explanation*
is a program from candidates of one to three proposed spans, perhaps with a relation after the
intersection, and perhaps without coming back to its seeds. Its weight is the F1 of what it reaches
against the answers. The first stage of training maximises the probability of all good explanations
together (``kgqa.training.loss``), so the model is free to choose among them; those that are right
for the wrong reason do not repeat across questions, and lose.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np

from kgqa.graph import Graph
from kgqa.linking import Link
from kgqa.linking.linker import Proposal
from kgqa.programs.enumerate import Enumerator, Paths
from kgqa.programs.explanation import Explanation, Seed
from kgqa.programs.program import Branch, Chain, Program

MAX_SET = 20_000  # larger sets are not intersected before another hop
MAX_JOINT = 500  # larger intersections are not followed
KEEP = 0.95  # explanations kept: F1 of at least this share of the best
MIN_F1 = 0.3  # explanations below are not considered
MAX_EXPLANATIONS = 40
MAX_WORK = 10_000_000  # entities and edges read; a depth that needs more is not enumerated
MAX_INTERSECTIONS = 3_000  # pairs of sets intersected for one question, the smallest sets first


class Searcher:
    """Finds explanations of (question, answers) over one graph.

    ``complete``: whether answers are whole sets. Those of questions from the web often are not;
    then explanations count that are half as good as the best, and branches that reach four fifths
    of the answers.
    """

    def __init__(
        self,
        graph: Graph,
        *,
        hops: int = 3,
        complete: bool = True,
        max_work: int = MAX_WORK,
        max_intersections: int = MAX_INTERSECTIONS,
    ):
        self.graph, self.hops = graph, hops
        self.keep, self.cover = (KEEP, 1.0) if complete else (0.5, 0.8)
        self.max_work, self.max_intersections = max_work, max_intersections
        self.enumerator = Enumerator(graph)

    def __call__(self, link: Link, answers: set[int]) -> list[Explanation]:
        """Good explanations, the best first; [] if nothing explains the answers.

        Without answers, the only one is the program without branches.
        """
        if not answers:
            return [Explanation(Program(()))]
        ids = np.fromiter(answers, dtype=np.int64)
        link = link.entities_alone(self.graph.num_entities)
        with self.enumerator.answers(ids) as answer:
            explanations = _Search(self, link, ids, answer).explanations()
        if any(len(e.program.branches) > 1 and e.f1 >= 0.99 for e in explanations):
            # Another mention settles which namesake is meant: explanations that guess it are out.
            explanations = [e for e in explanations if not self._guesses(link, e.program)]
        best = max((e.f1 for e in explanations), default=0.0)
        good = [e for e in explanations if e.f1 >= self.keep * best and e.f1 > 0.1]
        return sorted(good, key=lambda e: (-e.f1, e.program.size))[:MAX_EXPLANATIONS]

    def between(self, topics: Sequence[int], answers: set[int]) -> list[Explanation]:
        """Explanations from these very entities, as if each were the one candidate of a mention."""
        proposals = tuple(Proposal(i, i, (topic,), (0,)) for i, topic in enumerate(topics))
        return self(Link("", tuple((0, 0, "") for _ in topics), proposals), answers)

    def _guesses(self, link: Link, program: Program[Seed]) -> bool:
        """Whether a program from a single mention could start from a namesake instead.

        A namesake's alias is of the same kind, and the program's first relation leaves it, too.
        """
        if len(program.branches) > 1:
            return False
        (branch,) = program.branches
        proposal = link.proposals[branch.start.span]
        kind = proposal.alias_kinds[branch.start.candidate]
        same = zip(proposal.entities, proposal.alias_kinds, strict=True)
        namesakes = [entity for entity, other in same if other == kind]
        first = _numbers(branch.chain)[0]
        return sum(len(self.graph.tails(e, first)) > 0 for e in namesakes) > 1


@dataclass(frozen=True)
class _Option:
    """A branch and what it reaches."""

    branch: Branch[Seed]
    entities: np.ndarray  #: sorted

    @property
    def hops(self) -> int:
        return len(self.branch.chain.hops)


@dataclass(frozen=True)
class _Joint:
    """The intersection of what several branches reach."""

    branches: tuple[Branch[Seed], ...]
    entities: np.ndarray
    f1: float


class _Search:
    """The search for one question. ids: the answers, int [A]; answer: their mask, bool [E]."""

    def __init__(self, searcher: Searcher, link: Link, ids: np.ndarray, answer: np.ndarray):
        self.searcher, self.graph, self.enumerator = searcher, searcher.graph, searcher.enumerator
        self.link, self.ids, self.answer = link, ids, answer
        self.intersections = 0

    def explanations(self) -> list[Explanation]:
        """By one mention, by two or three, and by two with a relation after them."""
        paths = self._paths()
        joint = self._joint(self._covering(paths))
        return [*self._single(paths), *joint, *self._after()]

    def _paths(self) -> list[tuple[Seed, Paths]]:
        """Paths from every candidate, up to the depth at which all of them can be afforded."""
        paths: list[tuple[Seed, Paths]] = []
        limit = self.searcher.max_work
        for depth in range(1, self.searcher.hops + 1):
            self.enumerator.reset()
            deeper = [
                (Seed(s, c), self.enumerator.paths(entity, depth, limit))
                for s, proposal in enumerate(self.link.proposals)
                for c, entity in enumerate(proposal.entities)
                if self.enumerator.work <= limit and not self._is_class(entity)
            ]
            if self.enumerator.work > limit and depth > 1:
                break
            paths = deeper
        return paths

    def _single(self, paths: list[tuple[Seed, Paths]]) -> Iterator[Explanation]:
        total = len(self.ids)
        for seed, table in paths:
            free = 2 * table.hits / (table.size + total)
            bound = 2 * table.hits_without / (np.maximum(table.size_without, 0) + total)
            for i in np.flatnonzero(np.maximum(free, bound) > MIN_F1).tolist():
                branch = Branch(seed, Chain.of(*table.path(i)))
                yield Explanation.better(branch, free=float(free[i]), bound=float(bound[i]))

    def _covering(self, paths: list[tuple[Seed, Paths]]) -> dict[int, list[_Option]]:
        """For each span the shortest branches of up to two hops that reach all answers."""
        options: dict[int, list[tuple[int, Branch[Seed]]]] = {}
        for seed, table in paths:
            enough = table.hits >= self.searcher.cover * len(self.ids)
            mine = options.setdefault(seed.span, [])
            for i in np.flatnonzero(enough & (table.relations[:, 2] < 0)).tolist():
                mine.append((int(table.size[i]), Branch(seed, Chain.of(*table.path(i)))))
            if self.answer[seed.entity(self.link)]:
                mine.append((1, Branch(seed, Chain())))
        shortest = {
            span: sorted(mine, key=lambda item: (len(item[1].chain.hops), item[0]))[:8]
            for span, mine in sorted(options.items())
            if mine
        }
        return {s: [self._option(branch) for _, branch in mine] for s, mine in shortest.items()}

    def _joint(self, options: dict[int, list[_Option]]) -> list[Explanation]:
        """By two or three mentions whose branches each reach all answers."""
        pairs = {(a, b): self._pairs(options[a], options[b]) for a, b in self._apart(options)}
        joints = [joint for pair in pairs.values() for joint in pair]
        if all(joint.f1 < 0.999 for joint in joints) or len(options) >= 3:
            joints += self._triples(options, pairs)
        return [Explanation.of(*m.branches, f1=m.f1) for m in joints if m.f1 > MIN_F1]

    def _pairs(self, first: list[_Option], second: list[_Option]) -> list[_Joint]:
        return [
            self._intersected((x.branch, y.branch), x.entities, y.entities)
            for x, y in product(first, second)
            if (x.hops or y.hops) and self._may_intersect()
        ]

    def _triples(
        self, options: dict[int, list[_Option]], pairs: dict[tuple[int, int], list[_Joint]]
    ) -> Iterator[_Joint]:
        for (a, b), pair in pairs.items():
            smallest = sorted(pair, key=lambda joint: len(joint.entities))[:6]
            for c in options:
                if c <= b or self._overlap(a, c) or self._overlap(b, c):
                    continue
                for joint, z in product(smallest, options[c][:4]):
                    if not self._may_intersect():
                        return
                    branches = (*joint.branches, z.branch)
                    yield self._intersected(branches, joint.entities, z.entities)

    def _intersected(
        self, branches: tuple[Branch[Seed], ...], x: np.ndarray, y: np.ndarray
    ) -> _Joint:
        entities = _intersection(x, y)
        return _Joint(branches, entities, self._f1(entities))

    def _after(self) -> Iterator[Explanation]:
        """By two mentions that meet after at most one hop each, and then one relation."""
        options, self.intersections = self._near(), 0
        for a, b in self._apart(options):
            for x, y in product(sorted(options[a], key=lambda o: len(o.entities)), options[b]):
                if not self._may_intersect():
                    return
                both = _intersection(x.entities, y.entities)
                if not 0 < len(both) <= MAX_JOINT or not (x.hops or y.hops):
                    continue
                for relation in {r for e in both.tolist() for r, _ in self.graph.groups(e)}:
                    if not self._may_intersect():
                        return
                    reached = self.enumerator.follow(both.astype(np.int32), relation)
                    if self.answer[reached].any():
                        yield from self._followed(x.branch, y.branch, relation, reached)

    def _followed(
        self, x: Branch[Seed], y: Branch[Seed], relation: int, reached: np.ndarray
    ) -> Iterator[Explanation]:
        seeds = [branch.start.entity(self.link) for branch in (x, y)]
        free, bound = self._f1(reached), self._f1(np.setdiff1d(reached, seeds))
        if max(free, bound) > MIN_F1:
            yield Explanation.better(x, y, after=Chain.of(relation), free=free, bound=bound)

    def _near(self) -> dict[int, list[_Option]]:
        """For each span the branches of at most one hop that reach a neighbour of an answer."""
        some = [tails for a in self.ids[:50].tolist() for _, tails in self.graph.groups(a)]
        near = np.unique(np.concatenate(some or [self.ids]))
        options: dict[int, list[_Option]] = {}
        for s, proposal in enumerate(self.link.proposals):
            for c, entity in enumerate(proposal.entities):
                if self._is_class(entity):
                    continue
                relations = [r for r, _ in self.graph.groups(entity)]
                for chain in [Chain(), *map(Chain.of, relations)]:
                    option = self._option(Branch(Seed(s, c), chain))
                    small = 0 < len(option.entities) <= MAX_SET
                    if small and len(_intersection(option.entities, near)):
                        options.setdefault(s, []).append(option)
        return options

    def _is_class(self, entity: int) -> bool:
        """Whether a walk starts from its members, which ``operator_search`` tries."""
        return len(self.graph.classes.members(entity)) > 0

    def _option(self, branch: Branch[Seed]) -> _Option:
        entities = np.array([branch.start.entity(self.link)], dtype=np.int32)
        for relation in _numbers(branch.chain):
            entities = self.enumerator.follow(entities, relation)
        return _Option(branch, entities)

    def _apart(self, options: dict[int, list[_Option]]) -> Iterator[tuple[int, int]]:
        """Pairs of spans that do not overlap."""
        return ((a, b) for a, b in combinations(sorted(options), 2) if not self._overlap(a, b))

    def _overlap(self, a: int, b: int) -> bool:
        return self.link.proposals[a].overlaps(self.link.proposals[b])

    def _may_intersect(self) -> bool:
        """Count one intersection of sets; whether the question's allowance still holds."""
        self.intersections += 1
        return self.intersections <= self.searcher.max_intersections

    def _f1(self, reached: np.ndarray) -> float:
        if not len(reached):
            return 0.0
        return 2 * int(self.answer[reached].sum()) / (len(reached) + len(self.ids))


def _numbers(chain: Chain) -> list[int]:
    """The relations of a chain, which the search knows by their numbers."""
    return [int(relation) for relation in chain.relations]


def _intersection(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.intersect1d(x, y, assume_unique=True)
