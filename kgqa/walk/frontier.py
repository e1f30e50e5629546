"""Sparse vectors over entities, and the algebra of a walk as verbs.

>>> from kgqa import Graph
>>> from kgqa.walk import Frontier
>>> graph = Graph.load("checkpoints/films/graph")
>>> hanks = Frontier.of(graph, "person:Tom Hanks").follow(graph, "-cast member")
>>> spielberg = Frontier.of(graph, "person:Steven Spielberg").follow(graph, "-director")
>>> [graph.label(film) for film, _ in (hanks & spielberg).top(3)]
['Saving Private Ryan', 'Catch Me If You Can', 'The Terminal']
>>> len(hanks), len(spielberg), len(hanks | spielberg), len(hanks - spielberg)
(44, 29, 70, 41)

:class:`Frontier` is one question's vector, :class:`Frontiers` a ragged batch of them. The
operations are in ``kgqa.walk.ops``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor

from kgqa.errors import GraphError

if TYPE_CHECKING:
    from kgqa.graph import Graph


@dataclass(frozen=True)
class Frontier:
    """A sparse vector over entities."""

    ids: Tensor  #: int64 [n], ascending, distinct
    weights: Tensor  #: float [n], non-negative

    @classmethod
    def of(cls, graph: Graph, *ids: str) -> Frontier:
        """The crisp set of some entities. Raises :class:`GraphError` for an unknown id."""
        entities = {key: graph.find(key) for key in ids}
        for key, entity in entities.items():
            if entity is None:
                raise GraphError(f"The graph has no entity with the id {key!r}.")
        indices = torch.tensor(sorted(set(entities.values())), dtype=torch.long)
        return cls(indices, torch.ones(len(indices)))

    @classmethod
    def empty(cls) -> Frontier:
        """No entity at all."""
        return cls(torch.zeros(0, dtype=torch.long), torch.zeros(0))

    def __len__(self) -> int:
        return self.ids.numel()

    def follow(self, graph: Graph, relation: str | Tensor) -> Frontier:
        """follow(x, r) as degrees of membership (ReifKB eq. 2).

        ``relation``: a relation id ("-director" for the inverse), or a distribution float [2R].
        Raises :class:`GraphError` for an unknown relation.
        """
        from kgqa.walk import ops  # the operations are defined on this type

        if isinstance(relation, str):
            index = graph.relation_index.get(relation)
            if index is None:
                raise GraphError(f"The graph has no relation {relation!r}.")
            relation = self.weights.new_zeros(graph.num_relations)
            relation[index] = 1.0
        return ops.membership(ops.follow(graph, self, relation).reached)

    def __and__(self, other: Frontier) -> Frontier:
        """Intersection: the element-wise minimum (Sen et al. 2021)."""
        from kgqa.walk import ops

        return ops.intersect([self, other])

    def __or__(self, other: Frontier) -> Frontier:
        """Union: the element-wise maximum."""
        from kgqa.walk import ops

        return ops.union([self, other])

    def __sub__(self, other: Frontier) -> Frontier:
        """Difference: min(x, 1 - y)."""
        from kgqa.walk import ops

        return ops.difference(self, other)

    def top(self, k: int) -> list[tuple[int, float]]:
        """The k heaviest (entity, weight), ties by id."""
        order = torch.argsort(self.weights.detach(), descending=True, stable=True)[:k]
        return list(zip(self.ids[order].tolist(), self.weights[order].tolist(), strict=True))

    def with_weights(self, weights: Tensor) -> Frontier:
        """The same entities with other weights, float [n]."""
        return Frontier(self.ids, weights)

    def at(self, index: Tensor) -> Frontier:
        """The entries at ``index``, int64 [m] ascending."""
        return Frontier(self.ids[index], self.weights[index])

    def values(self, ids: Tensor) -> Tensor:
        """The weights of some entities: float [len(ids)], 0 where absent."""
        return lookup(self.ids, self.weights, ids)


@dataclass(frozen=True)
class Frontiers:
    """The frontiers of ``count`` questions, one after the other."""

    ids: Tensor  #: int64 [n], ascending and distinct within a question
    weights: Tensor  #: float [n], non-negative
    owner: Tensor  #: int64 [n], ascending: the question of each entry, in [0, count)
    count: int  #: B

    def __len__(self) -> int:
        return self.ids.numel()

    def split(self) -> list[Frontier]:
        """One frontier for each question."""
        questions = torch.arange(self.count + 1, device=self.owner.device)
        bounds = torch.searchsorted(self.owner, questions).tolist()
        return [
            Frontier(self.ids[low:high], self.weights[low:high])
            for low, high in zip(bounds[:-1], bounds[1:], strict=True)
        ]

    def with_weights(self, weights: Tensor) -> Frontiers:
        """The same entities with other weights, float [n]."""
        return replace(self, weights=weights)

    def at(self, index: Tensor) -> Frontiers:
        """The entries at ``index``, int64 [m] ascending."""
        return Frontiers(self.ids[index], self.weights[index], self.owner[index], self.count)


class FollowedMany(NamedTuple):
    """Where a hop of B questions leads."""

    reached: Frontiers
    dropped: Tensor  #: float64 [B]


def join(parts: list[Frontier]) -> Frontiers:
    """A batch of frontiers, one for each question."""
    if not parts:
        none = torch.zeros(0, dtype=torch.long)
        return Frontiers(none, torch.zeros(0), none, 0)
    device = parts[0].ids.device
    sizes = torch.tensor([len(p) for p in parts], device=device)
    owner = torch.repeat_interleave(torch.arange(len(parts), device=device), sizes)
    ids, weights = torch.cat([p.ids for p in parts]), torch.cat([p.weights for p in parts])
    return Frontiers(ids, weights, owner, len(parts))


def keys_of(parts: list[Frontier] | list[Frontiers]) -> list[Tensor]:
    """Ascending int64 keys, equal where entity and question are equal."""
    if isinstance(parts[0], Frontier):
        return [p.ids for p in parts]
    stride = 1 + max((int(p.ids.max()) for p in parts if len(p)), default=0)
    return [p.owner * stride + p.ids for p in parts]


def lookup(keys: Tensor, weights: Tensor, queries: Tensor) -> Tensor:
    """The vector (keys ascending, weights) at ``queries``: float [len(queries)], 0 where absent."""
    if not len(keys):
        return weights.new_zeros(queries.numel())
    position = torch.searchsorted(keys, queries).clamp(max=len(keys) - 1)
    return torch.where(keys[position] == queries, weights[position], weights.new_zeros(()))
