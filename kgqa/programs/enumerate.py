"""Every path of up to three relations from an entity that reaches an answer, compiled by numba.

A path is counted twice: where its start may come back on the way, and where it is left out. The
sets are those that :meth:`kgqa.programs.program.Chain.walk` reaches; a test compares them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit

from kgqa.graph import Graph

MAX_EDGES = 30_000  # a hop over more edges is not enumerated
MAX_FRONT = 3_000  # a set of more entities is not followed further
MAX_PATHS = 4_000  # of one entity


class _Edges(NamedTuple):
    """The graph's edges, as in :class:`kgqa.graph.Graph`."""

    entity_group: np.ndarray
    group_relation: np.ndarray
    group_edge: np.ndarray
    tail: np.ndarray


class _Scratch(NamedTuple):
    """Memory that every enumeration uses again."""

    answer: np.ndarray  #: bool [E], whether the entity is an answer
    mark: np.ndarray  #: int64 [E], stamp of the last hop that reached the entity
    counters: np.ndarray  #: int64 [2]: stamp of the last hop; entities and edges read so far
    #: int32 [5, MAX_EDGES + 1]: the start, the three hops, the second hop without the start
    sets: np.ndarray
    present: np.ndarray  #: bool [3, 2R], whether a relation leaves the set of each hop
    rows: np.ndarray  #: int32 [MAX_PATHS, 7], see Paths


@dataclass(frozen=True)
class Paths:
    """The paths from one entity that reach an answer, one a row."""

    relations: np.ndarray  #: int [N, 3], -1 beyond the end
    size: np.ndarray  #: int [N], entities reached
    hits: np.ndarray  #: int [N], answers among them
    size_without: np.ndarray  #: int [N], entities reached where the start is left out
    hits_without: np.ndarray  #: int [N], answers among them

    def path(self, i: int) -> tuple[int, ...]:
        return tuple(int(r) for r in self.relations[i] if r >= 0)


class Enumerator:
    """Enumerates paths over one graph. Not for threads that share it."""

    def __init__(self, graph: Graph):
        arrays = (graph.entity_group, graph.group_relation, graph.group_edge, graph.tail)
        self._edges = _Edges(*map(np.ascontiguousarray, arrays))
        self._scratch = _Scratch(
            np.zeros(graph.num_entities, dtype=np.bool_),
            np.zeros(graph.num_entities, dtype=np.int64),
            np.zeros(2, dtype=np.int64),
            np.zeros((5, MAX_EDGES + 1), dtype=np.int32),
            np.zeros((3, graph.num_relations), dtype=np.bool_),
            np.zeros((MAX_PATHS, 7), dtype=np.int32),
        )

    @contextmanager
    def answers(self, ids: np.ndarray) -> Iterator[np.ndarray]:
        """Within it, ``ids`` are the answers: a mask over all entities, bool [E]."""
        answer = self._scratch.answer
        answer[ids] = True
        try:
            yield answer
        finally:
            answer[ids] = False

    @property
    def work(self) -> int:
        """Entities and edges read since :meth:`reset`."""
        return int(self._scratch.counters[1])

    def reset(self) -> None:
        self._scratch.counters[1] = 0

    def paths(self, entity: int, depth: int, max_work: int) -> Paths:
        """All paths of up to ``depth`` relations that reach an answer.

        There are fewer if :attr:`work` exceeds ``max_work`` on the way.
        """
        n = _enumerate(self._edges, self._scratch, entity, depth, max_work)
        rows = self._scratch.rows[:n].copy()
        return Paths(rows[:, :3], *rows[:, 3:].T)

    def follow(self, entities: np.ndarray, relation: int) -> np.ndarray:
        """The entities that a relation leads to, int32, sorted; none over too many edges."""
        out = self._scratch.sets[0]
        n = _expand(self._edges, self._scratch, entities, len(entities), relation, out)
        return np.sort(out[: max(n, 0)])


@njit(cache=True)
def _expand(edges, scratch, front, n, relation, out):
    """Write the union of the tails of ``front[:n]`` to ``out``.

    Returns its size, or -1 if more than ``MAX_EDGES`` edges lead to it.
    """
    mark, counters = scratch.mark, scratch.counters
    counters[0] += 1
    counters[1] += n
    stamp, size, read = counters[0], 0, 0
    for i in range(n):
        for g in range(edges.entity_group[front[i]], edges.entity_group[front[i] + 1]):
            counters[1] += 1
            if edges.group_relation[g] == relation:
                low, high = edges.group_edge[g], edges.group_edge[g + 1]
                read += high - low
                if read > MAX_EDGES:
                    return -1
                counters[1] += high - low
                for j in range(low, high):
                    t = edges.tail[j]
                    if mark[t] != stamp:
                        mark[t] = stamp
                        out[size] = t
                        size += 1
    return size


@njit(cache=True)
def _leave(edges, front, n, present):
    """Note which relations leave ``front[:n]``."""
    present[:] = False
    for i in range(n):
        for g in range(edges.entity_group[front[i]], edges.entity_group[front[i] + 1]):
            present[edges.group_relation[g]] = True


@njit(cache=True)
def _count(answer, front, n, seed):
    """(size, answers, whether the seed is among them) of ``front[:n]``."""
    hits, inside = 0, False
    for i in range(n):
        if answer[front[i]]:
            hits += 1
        if front[i] == seed:
            inside = True
    return n, hits, inside


@njit(cache=True)
def _emit(scratch, count, seed, path, reached, without):
    """Add a row if the path reaches an answer; returns the number of rows.

    ``reached`` and ``without`` are results of :func:`_count`, with the seed on the way and without.
    """
    rows = scratch.rows
    if count == rows.shape[0] or (reached[1] == 0 and without[1] == 0):
        return count
    rows[count, 0], rows[count, 1], rows[count, 2] = path
    rows[count, 3], rows[count, 4] = reached[0], reached[1]
    rows[count, 5] = without[0] - (1 if without[2] else 0)
    rows[count, 6] = without[1] - (1 if without[2] and scratch.answer[seed] else 0)
    return count + 1


@njit(cache=True)
def _enumerate(edges, scratch, seed, depth, max_work):
    """Rows for the paths from ``seed``; their number."""
    x0, x1, x2 = scratch.sets[0], scratch.sets[1], scratch.sets[2]
    count, relations = 0, scratch.present.shape[1]
    x0[0] = seed
    _leave(edges, x0, 1, scratch.present[0])
    for r1 in range(relations):
        if not scratch.present[0, r1]:
            continue
        n1 = _expand(edges, scratch, x0, 1, r1, x1)
        if n1 <= 0:
            continue
        one = _count(scratch.answer, x1, n1, seed)
        count = _emit(scratch, count, seed, (r1, -1, -1), one, one)
        if depth < 2 or n1 > MAX_FRONT:
            continue
        if scratch.counters[1] > max_work:
            return count
        _leave(edges, x1, n1, scratch.present[1])
        for r2 in range(relations):
            if not scratch.present[1, r2]:
                continue
            n2 = _expand(edges, scratch, x1, n1, r2, x2)
            if n2 <= 0:
                continue
            two = _count(scratch.answer, x2, n2, seed)
            count = _emit(scratch, count, seed, (r1, r2, -1), two, two)
            if depth < 3 or n2 > MAX_FRONT:
                continue
            if scratch.counters[1] > max_work:
                return count
            count = _third_hop(edges, scratch, seed, r1, r2, two, count)
    return count


@njit(cache=True)
def _third_hop(edges, scratch, seed, r1, r2, two, count):
    """Add rows for the paths that go on from the second set; returns the number of all rows."""
    x2, x3, without = scratch.sets[2], scratch.sets[3], scratch.sets[4]
    size = 0
    for i in range(two[0]):
        if x2[i] != seed:
            without[size] = x2[i]
            size += 1
    _leave(edges, x2, two[0], scratch.present[2])
    for r3 in range(scratch.present.shape[1]):
        if not scratch.present[2, r3]:
            continue
        n3 = _expand(edges, scratch, x2, two[0], r3, x3)
        if n3 < 0:
            continue
        three = _count(scratch.answer, x3, n3, seed)
        other = three
        if two[2] and three[1] > 0:
            m3 = _expand(edges, scratch, without, size, r3, x3)
            other = _count(scratch.answer, x3, max(m3, 0), seed)
        count = _emit(scratch, count, seed, (r1, r2, r3), three, other)
    return count
