"""Which walks explain the answers? Enumerated once, before training, from *every* candidate of every proposed span.

Supervision is (question, answers) only: no topic entity, span or program is read. An *explanation* is a set of one to three
mentions, an entity and a path of relations for each, perhaps a relation after the intersection, and whether the mentions are
left out; its weight is the F1 of what it reaches against the answers. The first stage of training maximises the
probability of all good explanations together (``kgqa.training.loss``), so the model is free to choose among them; the ones that
are right for the wrong reason do not repeat across questions, and lose.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numba import njit

from kgqa.graph import Graph
from kgqa.linking import Link

MAX_EDGES = 30_000  # expansions with more edges are not enumerated
MAX_FRONT = 3_000  # entities from which a further hop is enumerated
MAX_SET = 20_000
KEEP = 0.95  # explanations kept: F1 of at least this share of the best
MAX_EXPLANATIONS = 40
MAX_WORK = (
    10_000_000  # groups and edges read for one question; a depth that needs more is not enumerated
)
MAX_MEETINGS = 3_000  # pairs of sets intersected for one question, the smallest sets first


@dataclass(frozen=True)
class Step:
    """One branch of an explanation."""

    span: int  #: index of the proposal
    candidate: int  #: index within the proposal
    path: tuple[int, ...]  #: relations


@dataclass(frozen=True)
class Explanation:
    branches: tuple[Step, ...]  #: empty: the graph has no answer
    after: tuple[int, ...] = ()
    exclude: int = -1  #: 1 mentions left out, 0 not, -1 makes no difference
    f1: float = 1.0

    @property
    def hops(self) -> int:
        return sum(len(step.path) for step in self.branches) + len(self.after)


@njit(cache=True)
def _expand(front, n, relation, entity_group, group_relation, group_edge, tail, mark, token, out):
    """Union of the tails of ``front[:n]`` over a relation into ``out``; its size, or -1 if too many edges.

    token holds the running stamp of ``mark`` and the number of entities and edges read so far.
    """
    token[0] += 1
    token[1] += n
    stamp, size, edges = token[0], 0, 0
    for i in range(n):
        e = front[i]
        for g in range(entity_group[e], entity_group[e + 1]):
            token[1] += 1
            if group_relation[g] == relation:
                edges += group_edge[g + 1] - group_edge[g]
                if edges > MAX_EDGES:
                    return -1
                token[1] += group_edge[g + 1] - group_edge[g]
                for j in range(group_edge[g], group_edge[g + 1]):
                    t = tail[j]
                    if mark[t] != stamp:
                        mark[t] = stamp
                        out[size] = t
                        size += 1
    return size


@njit(cache=True)
def _present(front, n, entity_group, group_relation, flags):
    flags[:] = False
    for i in range(n):
        for g in range(entity_group[front[i]], entity_group[front[i] + 1]):
            flags[group_relation[g]] = True


@njit(cache=True)
def _count(front, n, answer, seed):
    """(hits, whether the seed is among them as an answer, whether the seed is in the set)."""
    hits, inside = 0, False
    for i in range(n):
        if answer[front[i]]:
            hits += 1
        if front[i] == seed:
            inside = True
    return hits, inside


@njit(cache=True)
def _emit(rows, count, r1, r2, r3, n, hits, inside, n1, hits1, inside1, answer_seed):
    """One row: path, size and hits when the seed may come back, size and hits when it may not."""
    if count < rows.shape[0] and (hits > 0 or hits1 > 0):
        rows[count, 0], rows[count, 1], rows[count, 2] = r1, r2, r3
        rows[count, 3], rows[count, 4] = n, hits
        rows[count, 5] = n1 - (1 if inside1 else 0)
        rows[count, 6] = hits1 - (1 if inside1 and answer_seed else 0)
        return count + 1
    return count


@njit(cache=True)
def _enumerate(
    seed,
    depth,
    entity_group,
    group_relation,
    group_edge,
    tail,
    answer,
    mark,
    token,
    buffers,
    flags,
    rows,
):
    """All relation paths of up to ``depth`` hops from ``seed`` that hit an answer: rows of 7; returns their number."""
    count = 0
    relations = flags.shape[1]
    x0, x1, x2, x3, y2 = buffers[0], buffers[1], buffers[2], buffers[3], buffers[4]
    x0[0] = seed
    known = answer[seed]
    _present(x0, 1, entity_group, group_relation, flags[0])
    for r1 in range(relations):
        if not flags[0, r1]:
            continue
        n1 = _expand(x0, 1, r1, entity_group, group_relation, group_edge, tail, mark, token, x1)
        if n1 <= 0:
            continue
        hits, inside = _count(x1, n1, answer, seed)
        count = _emit(rows, count, r1, -1, -1, n1, hits, inside, n1, hits, inside, known)
        if depth < 2 or n1 > MAX_FRONT:
            continue
        if token[1] > MAX_WORK:
            return count
        _present(x1, n1, entity_group, group_relation, flags[1])
        for r2 in range(relations):
            if not flags[1, r2]:
                continue
            n2 = _expand(
                x1, n1, r2, entity_group, group_relation, group_edge, tail, mark, token, x2
            )
            if n2 <= 0:
                continue
            hits, inside = _count(x2, n2, answer, seed)
            count = _emit(rows, count, r1, r2, -1, n2, hits, inside, n2, hits, inside, known)
            if depth < 3 or n2 > MAX_FRONT:
                continue
            if token[1] > MAX_WORK:
                return count
            m2 = 0
            for i in range(n2):
                if x2[i] != seed:
                    y2[m2] = x2[i]
                    m2 += 1
            _present(x2, n2, entity_group, group_relation, flags[2])
            for r3 in range(relations):
                if not flags[2, r3]:
                    continue
                n3 = _expand(
                    x2, n2, r3, entity_group, group_relation, group_edge, tail, mark, token, x3
                )
                if n3 < 0:
                    continue
                hits3, inside3 = _count(x3, n3, answer, seed)
                if not inside:
                    count = _emit(
                        rows, count, r1, r2, r3, n3, hits3, inside3, n3, hits3, inside3, known
                    )
                elif hits3 > 0:
                    m3 = _expand(
                        y2, m2, r3, entity_group, group_relation, group_edge, tail, mark, token, x3
                    )
                    h3, in3 = _count(x3, max(m3, 0), answer, seed)
                    count = _emit(
                        rows, count, r1, r2, r3, n3, hits3, inside3, max(m3, 0), h3, in3, known
                    )
    return count


def _path(row: np.ndarray) -> tuple[int, ...]:
    return tuple(int(r) for r in row[:3] if r >= 0)


class Searcher:
    """Finds explanations of (question, answers) over one graph."""

    def __init__(self, graph: Graph, *, hops: int = 3, complete: bool = True):
        self.graph, self.hops = graph, hops
        self.keep = KEEP if complete else 0.5  # answers of web questions are often incomplete
        self.cover = (
            1.0 if complete else 0.8
        )  # share of the answers that a branch of an intersection must reach
        self.csr = tuple(
            np.ascontiguousarray(a)
            for a in (graph.entity_group, graph.group_relation, graph.group_edge, graph.tail)
        )
        n = graph.num_entities
        self._answer = np.zeros(n, dtype=np.bool_)
        self._mark, self._token = np.zeros(n, dtype=np.int64), np.zeros(2, dtype=np.int64)
        self._buffers = np.zeros((5, MAX_EDGES + 1), dtype=np.int32)
        self._flags = np.zeros((3, graph.num_relations), dtype=np.bool_)
        self._rows = np.zeros((4_000, 7), dtype=np.int32)

    def __call__(self, link: Link, answers: set[int]) -> list[Explanation]:
        """Good explanations, best first; the one without mentions if there are no answers; [] if none was found."""
        if not answers:
            return [Explanation(())]
        wanted = np.fromiter(answers, dtype=np.int64)
        self._answer[wanted] = True
        try:
            found, covering = self._single(link, wanted)
            found += self._joint(link, covering, answers)
            found += self._after(link, wanted, answers)
        finally:
            self._answer[wanted] = False
        if any(len(e.branches) > 1 and e.f1 >= 0.99 for e in found):
            # Something settles which namesake is meant: explanations that had to guess it are no longer good ones.
            found = [
                e for e in found if len(e.branches) > 1 or not self._guesses(link, e.branches[0])
            ]
        best = max((e.f1 for e in found), default=0.0)
        kept = sorted(
            (e for e in found if e.f1 >= self.keep * best and e.f1 > 0.1),
            key=lambda e: (-e.f1, e.hops),
        )
        return kept[:MAX_EXPLANATIONS]

    def _guesses(self, link: Link, step: Step) -> bool:
        """Whether another candidate of the span fits the words as well, and the first relation leaves it too."""
        proposal = link.proposals[step.span]
        kind = proposal.alias_kinds[step.candidate]
        others = [
            e for e, k in zip(proposal.entities, proposal.alias_kinds, strict=True) if k == kind
        ]
        relations = step.path[:1]
        fit = [e for e in others if all(len(self.graph.tails(e, r)) for r in relations)]
        return len(fit) > 1

    def _single(self, link: Link, wanted: np.ndarray):
        """Explanations by one mention, and for each span the paths of up to two hops that reach all answers.

        Depth by depth, for all candidates alike, until one would read more than ``MAX_WORK`` edges.
        """
        rows: list[tuple[int, int, np.ndarray]] = []
        for depth in range(1, self.hops + 1):
            self._token[1] = 0
            deeper = [
                (s, c, self._paths(entity, depth))
                for s, proposal in enumerate(link.proposals)
                for c, entity in enumerate(proposal.entities)
                if self._token[1] <= MAX_WORK
            ]
            if self._token[1] > MAX_WORK and depth > 1:
                break
            rows = deeper
        found: list[Explanation] = []
        covering: dict[int, list[tuple[int, Step]]] = {}
        total = len(wanted)
        for s, c, table in rows:
            free = 2 * table[:, 4] / (table[:, 3] + total)
            bound = 2 * table[:, 6] / (np.maximum(table[:, 5], 0) + total)
            for i in np.flatnonzero(np.maximum(free, bound) > 0.3).tolist():
                a, b = float(free[i]), float(bound[i])
                exclude = -1 if a == b else int(b > a)
                found.append(Explanation((Step(s, c, _path(table[i])),), (), exclude, max(a, b)))
            for i in np.flatnonzero(
                (table[:, 4] >= self.cover * total) & (table[:, 2] < 0)
            ).tolist():
                covering.setdefault(s, []).append((int(table[i, 3]), Step(s, c, _path(table[i]))))
            if self._answer[link.proposals[s].entities[c]]:
                covering.setdefault(s, []).append((1, Step(s, c, ())))
        return found, covering

    def _paths(self, entity: int, depth: int) -> np.ndarray:
        """Rows of :func:`_enumerate`, int32 [n, 7]."""
        n = _enumerate(
            entity,
            depth,
            *self.csr,
            self._answer,
            self._mark,
            self._token,
            self._buffers,
            self._flags,
            self._rows,
        )
        return self._rows[:n].copy()

    def _set(self, link: Link, step: Step) -> np.ndarray:
        """Entities that a step reaches, sorted."""
        here = np.array([link.proposals[step.span].entities[step.candidate]], dtype=np.int32)
        for relation in step.path:
            here = self._follow(here, relation)
        return here

    def _follow(self, here: np.ndarray, relation: int) -> np.ndarray:
        n = _expand(here, len(here), relation, *self.csr, self._mark, self._token, self._buffers[0])
        return np.sort(self._buffers[0][: max(n, 0)])

    def _may_meet(self) -> bool:
        """Count one intersection of sets; whether the question's allowance still holds."""
        self._meetings += 1
        return self._meetings <= MAX_MEETINGS

    def _joint(
        self, link: Link, covering: dict[int, list[tuple[int, Step]]], answers: set[int]
    ) -> list[Explanation]:
        """Explanations by two or three mentions whose paths each reach all answers."""
        found: list[Explanation] = []
        self._meetings = 0
        short = {
            s: sorted(steps, key=lambda item: (len(item[1].path), item[0]))[:8]
            for s, steps in covering.items()
        }
        sets = {step: self._set(link, step) for steps in short.values() for _, step in steps}
        pairs: dict[tuple[int, int], list[tuple[tuple[Step, Step], np.ndarray]]] = {}
        for a, b in combinations(sorted(short), 2):
            if link.proposals[a].overlaps(link.proposals[b]):
                continue
            for _, x in short[a]:
                for _, y in short[b]:
                    if not (x.path or y.path) or not self._may_meet():
                        continue
                    both = np.intersect1d(sets[x], sets[y], assume_unique=True)
                    f1 = self._f1(both, answers)
                    pairs.setdefault((a, b), []).append(((x, y), both))
                    if f1 > 0.3:
                        found.append(Explanation((x, y), (), -1, f1))
        if max((e.f1 for e in found), default=0.0) < 0.999 or len(short) >= 3:
            for (a, b), options in pairs.items():
                for c in sorted(short):
                    if c <= b or any(link.proposals[c].overlaps(link.proposals[o]) for o in (a, b)):
                        continue
                    for steps, both in sorted(options, key=lambda o: len(o[1]))[:6]:
                        for _, z in short[c][:4]:
                            if not self._may_meet():
                                return found
                            f1 = self._f1(
                                np.intersect1d(both, sets[z], assume_unique=True), answers
                            )
                            if f1 > 0.3:
                                found.append(Explanation((*steps, z), (), -1, f1))
        return found

    def _after(self, link: Link, wanted: np.ndarray, answers: set[int]) -> list[Explanation]:
        """Explanations that intersect two mentions after at most one hop each, and then follow one relation."""
        near = np.unique(
            np.concatenate(
                [tails for a in wanted[:50].tolist() for _, tails in self.graph.groups(a)]
                or [wanted]
            )
        )
        options: dict[int, list[tuple[Step, np.ndarray]]] = {}
        for s, proposal in enumerate(link.proposals):
            for c, entity in enumerate(proposal.entities):
                for path in [(), *((r,) for r, _ in self.graph.groups(entity))]:
                    step = Step(s, c, path)
                    reached = self._set(link, step)
                    if 0 < len(reached) <= MAX_SET and len(
                        np.intersect1d(reached, near, assume_unique=True)
                    ):
                        options.setdefault(s, []).append((step, reached))
        found: list[Explanation] = []
        self._meetings = 0
        for a, b in combinations(sorted(options), 2):
            if link.proposals[a].overlaps(link.proposals[b]):
                continue
            for x, reached in sorted(options[a], key=lambda option: len(option[1])):
                for y, other in options[b]:
                    if not self._may_meet():
                        return found
                    both = np.intersect1d(reached, other, assume_unique=True)
                    if not len(both) or len(both) > 500 or not (x.path or y.path):
                        continue
                    relations = {r for e in both.tolist() for r, _ in self.graph.groups(e)}
                    seeds = [link.proposals[s.span].entities[s.candidate] for s in (x, y)]
                    for r in relations:
                        reached_after = self._follow(both.astype(np.int32), r)
                        if not self._may_meet():
                            return found
                        if not self._answer[reached_after].any():
                            continue
                        free = self._f1(reached_after, answers)
                        bound = self._f1(np.setdiff1d(reached_after, seeds), answers)
                        if max(free, bound) > 0.3:
                            found.append(
                                Explanation(
                                    (x, y),
                                    (r,),
                                    -1 if free == bound else int(bound > free),
                                    max(free, bound),
                                )
                            )
        return found

    def _f1(self, reached: np.ndarray, answers: set[int]) -> float:
        if not len(reached):
            return 0.0
        return 2 * int(self._answer[reached].sum()) / (len(reached) + len(answers))
