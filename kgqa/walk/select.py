r"""Which edges does a hop read? The NumPy side of follow, which chooses and merges edges.

Edges are sorted by (head, relation) and form groups (``kgqa.graph.graph``): entity -> groups
(relation) -> tails. The relations that leave an entity are read without reading one of its edges,
so a hop costs what leaves the frontier over the relations that matter, however large the graph is.
The mass that a group would carry, x[s] * r[p] for each edge, is known before one of its edges is
read. So a budget of edges is spent on the heaviest groups first, and what was left out is counted,
not estimated.

Letters: B questions, n entries of their frontiers, g groups, t edges.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

GROUPS_AT_ONCE = 2**21  #: groups looked at in one go; bounds a batch's memory, about 60 bytes each
DENSE_SHARE = 4  #: merge by a table over all entities if it has at most this many places an edge


class Adjacency(Protocol):
    """The arrays of a graph that follow reads: entity -> groups (relation) -> tails."""

    entity_group: np.ndarray  #: int [E + 1]
    group_relation: np.ndarray  #: int [G]
    group_edge: np.ndarray  #: int [G + 1]
    tail: np.ndarray  #: int [T]

    @property
    def num_entities(self) -> int: ...


@dataclass(frozen=True)
class Selection:
    """The edges that one hop of B questions reads, group by group; no group is empty."""

    source: np.ndarray  #: int64 [g], entry of the frontiers that the group leaves
    label: np.ndarray  #: int64 [g], index into the flat relation distributions [B * 2R]
    start: np.ndarray  #: int64 [g], first edge
    size: np.ndarray  #: int64 [g], edges read, from the first on
    dropped: np.ndarray  #: float64 [B], mass of the edges that the budget left out


def ranges(starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Concatenated ranges [start, start + length): int64 [sum(lengths)]."""
    ends = lengths.cumsum()
    return np.arange(ends[-1] if len(ends) else 0) + (starts - ends + lengths).repeat(lengths)


@dataclass(frozen=True)
class Sources:
    """Where B questions are and what they follow, as arrays."""

    heads: np.ndarray  #: int64 [n], entities
    owner: np.ndarray | None  #: int64 [n], ascending: their questions; None if there is one
    weights: np.ndarray  #: float [n]
    relation: np.ndarray  #: float [B, 2R], the distributions r over relations with inverses

    @property
    def count(self) -> int:
        """B."""
        return len(self.relation)


def select(graph: Adjacency, x: Sources, *, min_relation: float, budget: int) -> Selection:
    """Choose the edges of one hop.

    Args:
        min_relation: relations of at most this probability are skipped; their groups are seen, none
            of their edges.
        budget: at most this many edges for each question, groups of the largest x[s] * r[p] first.
            The group that overflows the budget is read in part.
    """
    first = graph.entity_group[x.heads].astype(np.int64)
    count = graph.entity_group[x.heads + 1] - first
    if count.sum() <= GROUPS_AT_ONCE or x.owner is None:
        return _select(graph, x, slice(0, len(x.heads)), first, count, min_relation, budget)
    before = np.searchsorted(x.owner, np.arange(x.count + 1))  # whole questions, as many as fit
    seen = np.append(0, count.cumsum())[before]
    cut, parts = 0, []
    while cut < x.count:
        end = max(cut + 1, int(np.searchsorted(seen, seen[cut] + GROUPS_AT_ONCE, side="right")) - 1)
        entries = slice(before[cut], before[end])
        parts.append(
            _select(graph, x, entries, first[entries], count[entries], min_relation, budget)
        )
        cut = end
    names = ("source", "label", "start", "size")
    joined = {name: np.concatenate([getattr(p, name) for p in parts]) for name in names}
    return Selection(**joined, dropped=np.sum([p.dropped for p in parts], axis=0))


def _select(
    graph: Adjacency,
    x: Sources,
    entries: slice,
    first: np.ndarray,
    count: np.ndarray,
    min_relation: float,
    budget: int,
) -> Selection:
    """:func:`select` for some entries [m], whose groups are first + [0, count)."""
    entry = np.arange(entries.start, entries.stop)
    ends = count.cumsum()
    shift = first - ends + count
    leaving = np.arange(ends[-1] if len(ends) else 0) + shift.repeat(count)
    label = graph.group_relation[leaving]
    if x.owner is not None:
        label = label + (x.owner[entry] * x.relation.shape[1]).repeat(count)
    r = x.relation.reshape(-1)
    chosen = (r.astype(np.float32, copy=False) > min_relation)[label].nonzero()[0]  # [g]
    place = ends.searchsorted(chosen, side="right")
    groups, source, label = chosen + shift[place], entry[place], label[chosen].astype(np.int64)
    start = graph.group_edge[groups].astype(np.int64)
    size = graph.group_edge[groups + 1] - start
    selection = Selection(source, label, start, size, np.zeros(x.count))
    return selection if size.sum() <= budget else _within(selection, x, budget)


def _within(selection: Selection, x: Sources, budget: int) -> Selection:
    """The selection with at most ``budget`` edges for each question."""
    source, label, size = selection.source, selection.label, selection.size.copy()
    question = np.zeros(len(source), np.int64) if x.owner is None else x.owner[source]
    over = np.bincount(question, size, x.count) > budget
    tight = over[question].nonzero()[0]  # groups of the questions that exceed their budget
    if not len(tight):
        return selection
    mass = x.weights[source[tight]].astype(np.float64) * x.relation.reshape(-1)[label[tight]]
    order = np.lexsort((-mass, question[tight]))
    tight, mass = tight[order], mass[order]
    sizes, question = size[tight], question[tight]
    before = sizes.cumsum() - sizes
    before -= before[np.searchsorted(question, question)]  # edges of heavier groups of the question
    taken = np.clip(budget - before, 0, sizes)
    dropped = np.bincount(question, mass * (sizes - taken), x.count)
    size[tight] = taken
    read = size.nonzero()[0]
    return Selection(source[read], label[read], selection.start[read], size[read], dropped)


def tails(graph: Adjacency, chosen: Selection) -> np.ndarray:
    """The tails of the chosen edges, int64 [t]: the only place where edges are read."""
    return graph.tail[ranges(chosen.start, chosen.size)].astype(np.int64)


def merge(keys: np.ndarray, space: int) -> tuple[np.ndarray, np.ndarray | None]:
    """Distinct keys, ascending [u], and where each key went [t]: int64 [t] in [0, space).

    The position is None if the keys were distinct and ascending already.
    """
    count = len(keys)
    if count < 2 or (keys[1:] > keys[:-1]).all():
        return keys, None
    if space <= DENSE_SHARE * count:
        seen = np.zeros(space, dtype=bool)
        seen[keys] = True
        unique = seen.nonzero()[0]
        place = np.empty(space, dtype=np.int64)
        place[unique] = np.arange(len(unique))
        return unique, place[keys]
    # Sorting plain numbers is several times faster than argsort, so the place of each key travels
    # in its low bits.
    shift = (count - 1).bit_length()
    if (space - 1).bit_length() + shift <= 63:
        packed = (keys << shift) | np.arange(count)
        packed.sort()
        order, sorted_keys = packed & ((1 << shift) - 1), packed >> shift
    else:
        order = keys.argsort(kind="stable")
        sorted_keys = keys[order]
    new = np.empty(count, dtype=bool)
    new[0] = True
    np.not_equal(sorted_keys[1:], sorted_keys[:-1], out=new[1:])
    position = np.empty(count, dtype=np.int64)
    position[order] = new.cumsum() - 1
    return sorted_keys[new], position
