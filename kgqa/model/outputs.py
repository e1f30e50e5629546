"""ModelOutput: what the network says about a batch, the same in training, evaluation and use.

The distributions factorise: which set of mentions, and for each mention which entity, which relations and how many hops, what is
followed after the intersection, and whether the asked-about entities are left out. Applying them to the graph is ``walk``.
"""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True)
class ModelOutput:
    """Log-probabilities for a batch. B batch, S spans, C candidates, H hops, A hops after, R relations with inverses."""

    candidates: Tensor  #: log P(entity | span), float [B, S, C]
    relations: Tensor  #: log P(relation at each hop | span), float [B, S, H, R]
    stop: Tensor  #: log P(0..H hops | span), float [B, S, H + 1]
    attention: Tensor  #: attention of each hop over words, float [B, S, H, W]
    after: Tensor  #: log P(relation at each hop after the intersection), float [B, A, R]
    after_stop: Tensor  #: log P(0..A hops after), float [B, A + 1]
    after_attention: Tensor  #: float [B, A, W]
    exclude: Tensor  #: logit that the mentions themselves are left out of the answers, float [B]
    sets: tuple[
        tuple[tuple[int, ...], ...], ...
    ]  #: for each question its sets of non-overlapping spans; () is "no answer"
    set_scores: Tensor  #: log P(set), float [B, N], -inf beyond a question's sets
