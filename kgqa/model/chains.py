"""Chains of hops whose probability is asked for, such as those of explanations.

A hop depends on the hops before it. Where these are given, every further one is predicted as if
they had been chosen, so the product over a chain is its probability: log P(r_1) + log P(r_2 | r_1)
+ ... + log P(stop | chain). In use the likeliest entry of each hop is what later hops depend on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

OWN = -1  #: an entry that the model chooses itself


@dataclass(frozen=True)
class Chains:
    """N chains from spans, and M after a combination of mentions."""

    question: Tensor  #: int64 [N]
    span: Tensor  #: int64 [N]
    entries: Tensor  #: int64 [N, H], OWN beyond the end of a chain
    after_question: Tensor  #: int64 [M]
    after: Tensor  #: int64 [M, A], OWN beyond the end

    @classmethod
    def of(
        cls,
        branches: Sequence[tuple[int, int, tuple[int, ...]]],
        after: Sequence[tuple[int, tuple[int, ...]]],
        hops: int,
        hops_after: int,
    ) -> Chains:
        """From (question, span, entries) and (question, entries)."""

        def padded(rows: list[tuple[int, ...]], width: int) -> Tensor:
            full = [[*row, *[OWN] * (width - len(row))] for row in rows]
            return torch.tensor(full, dtype=torch.long).reshape(len(rows), width)

        return cls(
            torch.tensor([q for q, _, _ in branches], dtype=torch.long),
            torch.tensor([s for _, s, _ in branches], dtype=torch.long),
            padded([entries for _, _, entries in branches], hops),
            torch.tensor([q for q, _ in after], dtype=torch.long),
            padded([entries for _, entries in after], hops_after),
        )

    def to(self, device: torch.device | str) -> Chains:
        """The same on another device."""
        moved: dict[str, Any] = {name: value.to(device) for name, value in vars(self).items()}
        return Chains(**moved)


@dataclass(frozen=True)
class ChainOutput:
    """What the decoders say along chains: log-probabilities."""

    relations: Tensor  #: float [N, H, V]
    stop: Tensor  #: float [N, H + 1]
    rank: Tensor | None  #: float [N, H, K]
    after: Tensor  #: float [M, A, V]
    after_stop: Tensor  #: float [M, A + 1]
    after_rank: Tensor | None  #: float [M, A, K]
