"""What the network says: the same in training, evaluation and use.

The distributions factorise: which set of mentions, and for each mention which entity, which
relations or operators, how many hops, and whether it is subtracted; what is followed after the
intersection; whether the mentioned entities are left out; and how the result is read out. Applying
them to the graph is ``kgqa.walk``.

Dimension letters: B batch, S spans, C candidates, H hops, A hops after the intersection, V entries
that a hop chooses from (R relations with inverses, and perhaps operators), K ranks, O read-outs, W
words, N sets of mentions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from kgqa.linking import Link
from kgqa.model.batch import Batch
from kgqa.model.chains import ChainOutput
from kgqa.model.config import ModelConfig


@dataclass(frozen=True)
class ModelOutput:
    """Log-probabilities for a batch."""

    candidates: Tensor  #: log P(entity | span), float [B, S, C]
    relations: Tensor  #: log P(entry at each hop | span), float [B, S, H, V]
    stop: Tensor  #: log P(0..H hops | span), float [B, S, H + 1]
    attention: Tensor  #: attention of each hop over words, float [B, S, H, W]
    after: Tensor  #: log P(entry at each hop after the intersection), float [B, A, V]
    after_stop: Tensor  #: log P(0..A hops after), float [B, A + 1]
    after_attention: Tensor  #: float [B, A, W]
    exclude: Tensor  #: logit that the mentions are left out of the answers, float [B]
    #: for each question its sets of spans that do not overlap; () is "no answer"
    sets: tuple[tuple[tuple[int, ...], ...], ...]
    set_scores: Tensor  #: log P(set), float [B, N], -inf beyond a question's sets
    # of a model with operators; None of one without
    rank: Tensor | None = None  #: log P(k-th of an extreme), float [B, S, H, K]
    after_rank: Tensor | None = None  #: float [B, A, K]
    negate: Tensor | None = None  #: logit that a mention's branch is subtracted, float [B, S]
    either: Tensor | None = None  #: logit that the branches are united, float [B]
    readout: Tensor | None = None  #: log P(read-out), float [B, O]
    readouts: tuple[str, ...] = ("",)  #: the O read-outs
    beyond: Tensor | None = None  #: logit that, if refused, no model could answer, float [B]
    read_attention: Tensor | None = None  #: of read-out and union over words, float [B, W]
    negate_attention: Tensor | None = None  #: of ``negate`` over words, float [B, S, W]
    #: how much each relation speaks for an answer that it leaves, float [B, R]
    speaks: Tensor | None = None
    chains: ChainOutput | None = None  #: along chains that were asked for; stays on its device

    def sharpened(self, temperature: float) -> ModelOutput:
        """The distributions over hops and stops at a temperature; below 1 they are more peaked."""
        if temperature == 1.0:
            return self
        names = ("relations", "stop", "after", "after_stop")
        changed = {n: (getattr(self, n) / temperature).log_softmax(-1) for n in names}
        return replace(self, **changed)

    def to(self, device: torch.device | str) -> ModelOutput:
        """The same output on another device."""
        moved: dict[str, Any] = {
            k: v.to(device) for k, v in vars(self).items() if isinstance(v, Tensor)
        }
        return replace(self, **moved)


@dataclass(frozen=True)
class Reading:
    """The network's output for linked questions: everything that a walk needs, on one device."""

    links: tuple[Link, ...]
    batch: Batch
    output: ModelOutput
    config: ModelConfig

    def __len__(self) -> int:
        return len(self.links)
