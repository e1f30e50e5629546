"""Sets of entities, each kept once, and where every hop leads from it.

A search meets the same sets again and again, in one question and in the next: the states, their
rivers, the largest of them. A set is known by a number, so that comparing two costs nothing, and
what follows from it is computed once.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from numba import njit

from kgqa.graph import Graph
from kgqa.graph.operators import NAMES
from kgqa.programs.enumerate import Edges
from kgqa.walk.operators import compared

EMPTY = 0  #: the number of the empty set
MAX_SET = 20_000  #: larger sets are neither compared nor followed
LARGE = 400  #: members from which a set has a mask
MAX_COMPARED = 3_000  #: larger sets are not compared by their edges, unless they are classes
MAX_EDGES = 200_000  #: a hop over more edges is not followed
SAMPLE = 400  #: members that are asked which relations leave them
RANKS = 3  #: the k-th largest up to this k
FORGET = 256 * 2**20  #: bytes of sets after which all are forgotten


class Sets:
    """All sets met so far over one graph. Not for threads that share it."""

    def __init__(self, graph: Graph):
        self.graph, self._edges = graph, Edges.of(graph)
        self._out = np.zeros(MAX_EDGES, dtype=np.int64)
        self._ways = np.zeros(graph.num_entities, dtype=np.int32)  # all 0 between two hops
        self._leaving = np.zeros(graph.num_relations, dtype=np.bool_)
        self._numbers: dict[int, np.ndarray] = {}
        self._literals: dict[int, set[int]] | None = None
        self._mirrored = mirrored(graph)
        stride = graph.num_relations
        # Where each operator begins in the vocabulary (kgqa.graph.operators), and where it ends.
        self._most, self._least, self._often = stride, 2 * stride, 3 * stride
        self._vocabulary = len(NAMES) * stride
        self.clear()

    def clear(self) -> None:
        """Forget everything; numbers of sets lose their meaning."""
        self._members: list[np.ndarray] = [np.zeros(0, dtype=np.int64)]
        self._number: dict[bytes, int] = {b"": EMPTY}
        self._after: dict[tuple[int, int], int] = {}
        self._entries: dict[int, tuple[int, ...]] = {}
        self._kinds: dict[int, int] = {}
        self._classes: set[int] = set()
        self._masks: dict[int, np.ndarray] = {}
        self.bytes = 0

    @property
    def full(self) -> bool:
        """Whether it is time to :meth:`clear`."""
        return self.bytes > FORGET

    def of_class(self, entities: np.ndarray) -> int:
        """:meth:`add` for all members of a class, which are compared however many they are."""
        s = self.add(entities)
        self._classes.add(s)
        return s

    def add(self, entities: np.ndarray) -> int:
        """The number of a set; entities ascending and distinct."""
        values = np.ascontiguousarray(entities, dtype=np.int64)
        key = values.tobytes()
        number = self._number.get(key)
        if number is None:
            number = self._number[key] = len(self._members)
            self._members.append(values)
            self.bytes += 2 * values.nbytes + 200
        return number

    def members(self, s: int) -> np.ndarray:
        """The entities of a set: int64 [n], ascending."""
        return self._members[s]

    def size(self, s: int) -> int:
        """How many entities a set has."""
        return len(self._members[s])

    def kinds(self, s: int) -> int:
        """The kinds of its members as bits, of some of them if they are many."""
        if s not in self._kinds:
            sample = self._members[s][:: max(1, self.size(s) // SAMPLE)]
            kinds = np.unique(self.graph.kind[sample]).tolist()
            self._kinds[s] = sum(1 << kind for kind in kinds)
        return self._kinds[s]

    def relations(self, s: int) -> list[int]:
        """The relations that leave a set."""
        return [entry for entry in self.entries(s) if entry < self._most]

    def literals(self, entity: int) -> set[int]:
        """The literal relations that lead to an entity."""
        if self._literals is None:
            self._literals = _literal_tails(self.graph)
        return self._literals.get(entity, set())

    def entries(self, s: int) -> tuple[int, ...]:
        """What a hop from a set may choose, by position in the vocabulary; () for a large set."""
        if s not in self._entries:
            self._entries[s] = tuple(self._possible(s)) if self.size(s) <= MAX_SET else ()
        return self._entries[s]

    def _possible(self, s: int) -> Iterator[int]:
        """Relations, and operators over them unless the set has a single member.

        Of an attribute also the second and third of an extreme; numbers are not counted as edges.
        """
        graph, members = self.graph, self._members[s]
        sample = np.ascontiguousarray(members[:: max(1, len(members) // SAMPLE)])
        self._leaving[:] = False
        _leave(self._edges, sample, self._leaving)
        leaving = [r for r in np.flatnonzero(self._leaving).tolist() if r not in self._mirrored]
        yield from leaving
        if len(members) < 2:
            return
        attributes = [r for r in leaving if graph.numbers.has(r)]
        half = len(graph.relations)
        literal = {r for r in leaving if r < half and graph.relations[r].literal}
        edges = [r for r in leaving if r not in literal and not graph.numbers.has(r)]
        for r in attributes:
            for rank in range(min(RANKS, len(members))):
                yield rank * self._vocabulary + self._most + r
                yield rank * self._vocabulary + self._least + r
        if len(members) > MAX_COMPARED and s not in self._classes:
            return
        for r in edges:
            yield from (self._most + r, self._least + r, self._often + r)

    def after(self, s: int, entry: int) -> int:
        """The set that a hop leads to, by an entry of :meth:`entries`."""
        key = (s, entry)
        if key not in self._after:
            self._after[key] = self.add(self._hop(s, entry))
            self.bytes += 100
        return self._after[key]

    def _hop(self, s: int, entry: int) -> np.ndarray:
        """int64 [n], ascending: what ``kgqa.programs.operators.step`` says of a plain set."""
        rank, entry = divmod(entry, self._vocabulary)
        members = self._members[s]
        if entry < self._most:
            return self._tails(members, entry)[0]
        if entry >= self._often:
            return self._most_often(members, entry - self._often, -1)
        values = self._values(entry, members)
        known = ~np.isnan(values)
        members, values = members[known], values[known]
        if len(values) <= rank:
            return members[:0]
        kth = -np.partition(-values, rank)[rank]  # of ties for the first there is no second
        better = int((values > kth).sum())
        return members[values == kth] if better == rank else members[:0]

    def _most_often(self, members: np.ndarray, relation: int, without: int) -> np.ndarray:
        """The tails of the most edges, one entity left out (-1: none)."""
        tails, ways = self._tails(members, relation)
        counted = tails != without
        tails, ways = tails[counted], ways[counted]
        return tails[ways == ways.max()] if len(tails) else tails

    def others(self, s: int, without: int) -> Iterator[tuple[int, int]]:
        """(entry, set): what is reached most often but for one entity, for every relation."""
        for entry in self.entries(s):
            if self._often <= entry < self._often + self._most:
                relation = entry - self._often
                yield entry, self.add(self._most_often(self._members[s], relation, without))

    def _tails(self, members: np.ndarray, relation: int) -> tuple[np.ndarray, np.ndarray]:
        """The distinct tails, int64 [n] ascending, and the edges to each; none over too many."""
        n = _gather(self._edges, members, relation, self._out, self._ways)
        tails = np.sort(self._out[:n])
        ways = self._ways[tails]
        self._ways[tails] = 0
        return tails, ways

    def combine(self, sign: str, s: int, t: int) -> int:
        """ "&", "|" or "-" of two sets."""
        x, y = self._members[s], self._members[t]
        if sign == "|":
            return self.add(np.union1d(x, y))
        if sign == "&" and len(x) > len(y):
            s, t, x, y = t, s, y, x
        return self.add(x[self._inside(t, x) == (sign == "&")])

    def contains(self, s: int, t: int) -> bool:
        """Whether ``t`` is a part of ``s``."""
        return self.size(t) <= self.size(s) and bool(self._inside(s, self._members[t]).all())

    def _inside(self, s: int, entities: np.ndarray) -> np.ndarray:
        """Which entities are in a set: bool [n]."""
        members = self._members[s]
        if len(members) < LARGE:
            place = np.searchsorted(members, entities).clip(max=max(0, len(members) - 1))
            return members[place] == entities if len(members) else np.zeros(len(entities), bool)
        if s not in self._masks:
            mask = self._masks[s] = np.zeros(self.graph.num_entities, dtype=bool)
            mask[members] = True
            self.bytes += len(mask)
        return self._masks[s][entities]

    def total(self, s: int, attribute: int) -> float:
        """The sum of an attribute over a set; NaN if no member has it."""
        values = self._of(attribute)[self._members[s]]
        values = values[values == values]
        return float(values.sum()) if len(values) else float("nan")

    def _values(self, entry: int, members: np.ndarray) -> np.ndarray:
        """What most and least sort by, largest first: :func:`kgqa.walk.operators.compared`."""
        most = entry < self._least
        relation = entry - (self._most if most else self._least)
        if self.graph.numbers.has(relation):  # the same from an index that is made once
            return (1 if most else -1) * self._of(relation)[members]
        return compared(self.graph, entry, torch.from_numpy(members)).numpy()

    def _of(self, attribute: int) -> np.ndarray:
        """The numbers of an attribute: float64 [E], NaN for none."""
        if attribute not in self._numbers:
            everyone = np.arange(self.graph.num_entities)
            self._numbers[attribute] = self.graph.numbers.of(attribute, everyone)
        return self._numbers[attribute]


def mirrored(graph: Graph) -> set[int]:
    """The inverses of symmetric relations ("borders"), which lead where the relations lead."""
    half, found = len(graph.relations), set()
    sizes = np.diff(graph.group_edge)
    owner = np.repeat(np.arange(graph.num_entities), np.diff(graph.entity_group))
    for r in range(half):
        there, back = (np.flatnonzero(graph.group_relation == i) for i in (r, r + half))
        if not len(there) or not np.array_equal(owner[there], owner[back]):
            continue
        if np.array_equal(sizes[there], sizes[back]) and all(
            np.array_equal(graph.tails(e, r), graph.tails(e, r + half))
            for e in owner[there].tolist()
        ):
            found.add(r + half)
    return found


def _literal_tails(graph: Graph) -> dict[int, set[int]]:
    """{entity: literal relations that lead to it}."""
    found: dict[int, set[int]] = {}
    sizes = np.diff(graph.group_edge)
    for r, relation in enumerate(graph.relations):
        if relation.literal:
            groups = np.flatnonzero(graph.group_relation == r)
            starts, lengths = graph.group_edge[groups].astype(np.int64), sizes[groups]
            edges = np.repeat(starts, lengths) + np.arange(int(lengths.sum()))
            edges -= np.repeat(np.cumsum(lengths) - lengths, lengths)
            for tail in np.unique(graph.tail[edges]).tolist():
                found.setdefault(tail, set()).add(r)
    return found


@njit(cache=True)
def _leave(edges, members, leaving):
    """Note which relations leave the members; leaving: bool [2R]."""
    for e in members:
        for g in range(edges.entity_group[e], edges.entity_group[e + 1]):
            leaving[edges.group_relation[g]] = True


@njit(cache=True)
def _gather(edges, members, relation, out, ways):
    """Write the distinct tails of all members to ``out``, and how many edges lead to each to
    ``ways``; returns their number, or undoes it all and returns 0 where ``out`` is too short for
    every edge."""
    n = read = 0
    for e in members:
        for g in range(edges.entity_group[e], edges.entity_group[e + 1]):
            if edges.group_relation[g] == relation:
                low, high = edges.group_edge[g], edges.group_edge[g + 1]
                read += high - low
                if read > len(out):
                    for j in range(n):
                        ways[out[j]] = 0
                    return 0
                for j in range(low, high):
                    t = edges.tail[j]
                    if ways[t] == 0:
                        out[n] = t
                        n += 1
                    ways[t] += 1
    return n
