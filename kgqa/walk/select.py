r"""Which edges does a hop read? The NumPy side of follow: no weight is multiplied here, only edges chosen and merged.

Edges are sorted by (head, relation) and form groups (``kgqa.graph.graph``): entity -> groups (relation) -> tails. The relations
that leave an entity are read without reading one of its edges, so a hop costs what leaves the frontier over the relations that
matter, however large the graph is. The mass that a group would carry, x[s] * r[p] an edge, is known before one of its edges is
read, so a budget of edges is spent on the heaviest groups first, and what was left out is counted, not estimated.

Letters: B questions, n entries of their frontiers, g groups, t edges.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

GROUPS_AT_ONCE = (
    2**21
)  #: groups looked at in one go; bounds the memory of a batch (about 60 bytes each)
DENSE_SHARE = 4  #: merge by a table over all entities where it has at most this many places an edge


@dataclass(frozen=True, eq=False)
class Adjacency:
    """The arrays of ``kgqa.graph.graph``: entity -> groups (relation) -> tails. Memory-mapped, shared and read-only."""

    entity_group: np.ndarray  #: int [E + 1]
    group_relation: np.ndarray  #: int [G]
    group_edge: np.ndarray  #: int [G + 1]
    tail: np.ndarray  #: int [T]

    @property
    def num_entities(self) -> int:
        return len(self.entity_group) - 1


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


def select(
    graph: Adjacency,
    heads: np.ndarray,
    owner: np.ndarray | None,
    weights: np.ndarray,
    relation: np.ndarray,
    *,
    min_relation: float,
    budget: int,
) -> Selection:
    """Choose the edges of one hop.

    Args:
        heads: int64 [n], the entities of the frontiers.
        owner: int64 [n], ascending: the question that each belongs to; None if there is one question.
        weights: float [n].
        relation: float [B, 2R], the distributions r over relations with inverses.
        min_relation: relations of at most this probability are skipped; only their group is seen, none of their edges.
        budget: at most this many edges for each question, groups of the largest x[s] * r[p] first; the group that
            overflows the budget is read in part.
    """
    first = graph.entity_group[heads].astype(np.int64)
    count = graph.entity_group[heads + 1] - first
    limits = {"min_relation": min_relation, "budget": budget}
    if count.sum() <= GROUPS_AT_ONCE or owner is None:
        return _select(
            graph, np.arange(len(heads)), owner, first, count, weights, relation, **limits
        )
    before = np.searchsorted(owner, np.arange(len(relation) + 1))  # whole questions, as many as fit
    seen = np.append(0, count.cumsum())[before]
    cut, parts = 0, []
    while cut < len(relation):
        end = max(cut + 1, int(np.searchsorted(seen, seen[cut] + GROUPS_AT_ONCE, side="right")) - 1)
        one = slice(before[cut], before[end])
        parts.append(
            _select(
                graph,
                np.arange(one.start, one.stop),
                owner,
                first[one],
                count[one],
                weights,
                relation,
                **limits,
            )
        )
        cut = end
    joined = {
        f: np.concatenate([getattr(p, f) for p in parts])
        for f in ("source", "label", "start", "size")
    }
    return Selection(**joined, dropped=np.sum([p.dropped for p in parts], axis=0))


def _select(
    graph, entry, owner, first, count, weights, relation, *, min_relation, budget
) -> Selection:
    """:func:`select` for the entries ``entry`` [m] with groups first + [0, count)."""
    ends = count.cumsum()
    shift = first - ends + count
    label = graph.group_relation[
        np.arange(ends[-1] if len(ends) else 0) + shift.repeat(count)
    ]  # of all that leave the frontier
    if owner is not None:
        label = label + (owner[entry] * relation.shape[1]).repeat(count)
    flat = relation.reshape(-1)
    chosen = (flat.astype(np.float32, copy=False) > min_relation)[label].nonzero()[0]  # [g]
    place = ends.searchsorted(chosen, side="right")
    groups, source, label = chosen + shift[place], entry[place], label[chosen].astype(np.int64)
    start = graph.group_edge[groups].astype(np.int64)
    size = graph.group_edge[groups + 1] - start
    dropped = np.zeros(len(relation))
    total = size.sum()
    if total <= budget:
        return Selection(source, label, start, size, dropped)
    question = owner[source] if owner is not None else np.zeros(len(source), np.int64)
    over = np.bincount(question, size, len(relation)) > budget
    tight = over[question].nonzero()[0]  # groups of questions that exceed their budget
    if len(tight):
        mass = weights[source[tight]].astype(np.float64) * flat[label[tight]]
        order = np.lexsort((-mass, question[tight]))
        tight, mass = tight[order], mass[order]
        sizes, mine = size[tight], question[tight]
        before = sizes.cumsum() - sizes
        before -= before[
            np.searchsorted(mine, mine)
        ]  # edges that heavier groups of the same question take
        taken = np.clip(budget - before, 0, sizes)
        dropped += np.bincount(mine, mass * (sizes - taken), len(relation))
        size[tight] = taken
        read = size.nonzero()[0]
        source, label, start, size = source[read], label[read], start[read], size[read]
    return Selection(source, label, start, size, dropped)


def tails(graph: Adjacency, chosen: Selection) -> np.ndarray:
    """The tails of the chosen edges, int64 [t]: the only place where edges are read."""
    return graph.tail[ranges(chosen.start, chosen.size)].astype(np.int64)


def merge(keys: np.ndarray, space: int) -> tuple[np.ndarray, np.ndarray | None]:
    """Distinct keys and where each key went: int64 [t] in [0, space) -> (ascending [u], position [t]).

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
    # Sorting plain numbers is several times faster than argsort, so the place of each key travels in its low bits.
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
