"""Sparse vectors over entities: one question's (:class:`Frontier`) and a ragged batch of them (:class:`Frontiers`)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor


@dataclass(frozen=True)
class Frontier:
    """A sparse vector over entities."""

    ids: Tensor  #: int64 [n], ascending, distinct
    weights: Tensor  #: float [n], non-negative

    def __len__(self) -> int:
        return self.ids.numel()

    def top(self, k: int) -> list[tuple[int, float]]:
        """The k heaviest (entity, weight), ties by id."""
        order = torch.argsort(self.weights.detach(), descending=True, stable=True)[:k]
        return list(zip(self.ids[order].tolist(), self.weights[order].tolist(), strict=True))

    def weighing(self, weights: Tensor) -> Frontier:
        """The same entities with other weights, float [n]."""
        return Frontier(self.ids, weights)

    def at(self, index: Tensor) -> Frontier:
        """The entries at ``index``, int64 [m] ascending."""
        return Frontier(self.ids[index], self.weights[index])


@dataclass(frozen=True)
class Frontiers:
    """The frontiers of ``count`` questions, one after the other."""

    ids: Tensor  #: int64 [n], ascending and distinct within a question
    weights: Tensor  #: float [n], non-negative
    owner: Tensor  #: int64 [n], ascending: the question that each entry belongs to, in [0, count)
    count: int  #: B

    def __len__(self) -> int:
        return self.ids.numel()

    def split(self) -> list[Frontier]:
        """One frontier a question."""
        bounds = torch.searchsorted(
            self.owner, torch.arange(self.count + 1, device=self.owner.device)
        ).tolist()
        return [
            Frontier(self.ids[low:high], self.weights[low:high])
            for low, high in zip(bounds[:-1], bounds[1:], strict=True)
        ]

    def weighing(self, weights: Tensor) -> Frontiers:
        """The same entities with other weights, float [n]."""
        return replace(self, weights=weights)

    def at(self, index: Tensor) -> Frontiers:
        """The entries at ``index``, int64 [m] ascending."""
        return Frontiers(self.ids[index], self.weights[index], self.owner[index], self.count)


def join(parts: list[Frontier]) -> Frontiers:
    """A batch of frontiers, one a question."""
    if not parts:
        return Frontiers(
            torch.zeros(0, dtype=torch.long), torch.zeros(0), torch.zeros(0, dtype=torch.long), 0
        )
    place = parts[0].ids.device
    sizes = torch.tensor([len(p) for p in parts], device=place)
    owner = torch.repeat_interleave(torch.arange(len(parts), device=place), sizes)
    return Frontiers(
        torch.cat([p.ids for p in parts]), torch.cat([p.weights for p in parts]), owner, len(parts)
    )


def keys_of(parts: list[Frontier] | list[Frontiers]) -> list[Tensor]:
    """Ascending int64 keys that are equal where entity and question are: the ids of single frontiers."""
    if isinstance(parts[0], Frontier):
        return [p.ids for p in parts]
    stride = 1 + max((int(p.ids.max()) for p in parts if len(p)), default=0)
    return [p.owner * stride + p.ids for p in parts]
