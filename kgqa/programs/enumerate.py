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


class Edges(NamedTuple):
    """The graph's edges, as in :class:`kgqa.graph.Graph`, for compiled code."""

    entity_group: np.ndarray
    group_relation: np.ndarray
    group_edge: np.ndarray
    tail: np.ndarray

    @classmethod
    def of(cls, graph: Graph) -> Edges:
        """Those of a graph, contiguous."""
        arrays = (graph.entity_group, graph.group_relation, graph.group_edge, graph.tail)
        return cls(*map(np.ascontiguousarray, arrays))


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
        self._edges = Edges.of(graph)
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
    """Write the tails of ``front[:n]`` to ``out``; returns their number, -1 over too many edges."""
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
    """(answers in ``front[:n]``, whether the seed is in it)."""
    hits, inside = 0, False
    for i in range(n):
        hits += answer[front[i]]
        inside |= front[i] == seed
    return hits, inside


@njit(cache=True)
def _without(front, n, seed, out):
    """Write ``front[:n]`` but for the seed to ``out``; returns its size."""
    size = 0
    for i in range(n):
        if front[i] != seed:
            out[size] = front[i]
            size += 1
    return size


@njit(cache=True)
def _enumerate(edges, scratch, seed, depth, max_work):
    """Write rows for the paths from ``seed``, depth first; returns their number."""
    answer, sets, present, rows = scratch.answer, scratch.sets, scratch.present, scratch.rows
    count, hop, returned, rest = 0, 0, False, 0
    path, size = np.full(3, -1), np.ones(4, dtype=np.int64)
    sets[0, 0] = seed
    _leave(edges, sets[0], 1, present[0])
    while hop >= 0:
        path[hop] += 1
        if path[hop] == present.shape[1]:
            path[hop] = -1
            hop -= 1
            continue
        if not present[hop, path[hop]]:
            continue
        n = _expand(edges, scratch, sets[hop], size[hop], path[hop], sets[hop + 1])
        if n <= 0:
            continue
        hits, inside = _count(answer, sets[hop + 1], n, seed)
        m, other, other_inside = n, hits, inside
        if hop == 2 and returned and hits:  # the walk came back to the seed: go on without it
            m = max(0, _expand(edges, scratch, sets[4], rest, path[2], sets[3]))
            other, other_inside = _count(answer, sets[3], m, seed)
        if hits and count < rows.shape[0]:
            rows[count, :3] = path
            rows[count, 3], rows[count, 4] = n, hits
            rows[count, 5], rows[count, 6] = m - other_inside, other - (other_inside & answer[seed])
            count += 1
        if hop + 1 == depth or n > MAX_FRONT:
            continue
        if scratch.counters[1] > max_work:
            return count
        hop += 1
        size[hop], returned = n, inside
        rest = _without(sets[2], n, seed, sets[4]) if hop == 2 else 0
        _leave(edges, sets[hop], n, present[hop])
    return count
