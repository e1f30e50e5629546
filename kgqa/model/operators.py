"""What a model with operators says beyond relations: subtraction, union, and read-outs.

Their vectors, too: an operator's is what its own words say, plus what it is (most, least, often),
plus what it is about (the vector of its relation).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from kgqa.graph.operators import NAMES
from kgqa.model.batch import Batch
from kgqa.model.encoder import Encoding
from kgqa.model.products import Linear
from kgqa.model.resolver import NEGATIVE, SpanVectors, attend

UNLIKELY = -3.0  # logit of what few questions ask for, before training


@dataclass(frozen=True)
class OperatorOutput:
    """Fields of ``ModelOutput``, which has no others of the heads."""

    negate: Tensor  #: logit that a mention's branch is subtracted, float [B, S]
    either: Tensor  #: logit that the branches are united, float [B]
    readout: Tensor  #: log P(read-out), float [B, O]
    beyond: Tensor  #: logit that, if refused, no model could answer, float [B]
    read_attention: Tensor  #: of read-out and union over words, float [B, W]
    negate_attention: Tensor  #: of ``negate`` over words, float [B, S, W]


def _unlikely(width: int) -> nn.Sequential:
    """A head [..., width] -> [..., 1] for what few questions ask for."""
    last = Linear(width // 4, 1)
    nn.init.constant_(last.bias, UNLIKELY)
    return nn.Sequential(Linear(width, width // 4), nn.GELU(), last)


class OperatorHeads(nn.Module):
    """Heads over the question and its spans; O = 3 + A read-outs, A attributes can be summed."""

    def __init__(self, hidden: int):
        """``hidden``: D."""
        super().__init__()
        d = hidden
        self.name = nn.Embedding(len(NAMES) - 1, d)
        self.about = nn.Linear(d, d)
        self.query = nn.Parameter(torch.randn(1, 1, d) * 0.05)
        self.plain = nn.Sequential(Linear(2 * d, d // 2), nn.GELU(), Linear(d // 2, 4))
        self.beyond = nn.Sequential(Linear(2 * d, d // 2), nn.GELU(), Linear(d // 2, 1))
        self.summed = Linear(2 * d, d)
        self.either, self.negate = _unlikely(2 * d), _unlikely(3 * d)
        nn.init.zeros_(self.name.weight)

    def of_entries(self) -> list[Tensor]:
        """The weights that :meth:`entries` depends on."""
        return [*self.about.parameters(), self.name.weight]

    def entries(self, trained: Tensor, relations: int) -> Tensor:
        """The vectors of all V entries, with what operators share: float [V, D].

        Args:
            trained: float [V, D], of the entries' own words: relations, then each operator's.
            relations: R, with inverses.
        """
        about = self.about(trained[:relations])  # [R, D]
        shared = [about + name for name in self.name.weight]
        return torch.cat([trained[:relations], trained[relations:] + torch.cat(shared)])

    def forward(
        self, batch: Batch, encoding: Encoding, vectors: SpanVectors, attributes: Tensor
    ) -> OperatorOutput:
        """Read the question once more, for words such as "how many", "or", "not" and "in total".

        attributes: float [A, D], the vectors of the relations that can be summed.
        """
        b, mask = len(encoding.words), batch.word_mask.unsqueeze(1)
        whole = attend(self.query.expand(b, -1, -1), encoding.words, mask)
        read = torch.cat([whole.context.squeeze(1), encoding.question], -1)  # [B, 2D]
        plain = self.plain(read)  # set, count, yes or no, sum
        sums = self.summed(read) @ attributes.T / attributes.shape[-1] ** 0.5  # [B, A]
        readout = torch.cat([plain[:, :3], plain[:, 3:] + UNLIKELY + sums], -1)
        around = attend(vectors.spans, encoding.words, vectors.outside)
        question = encoding.question_for(around.context.shape[1])
        beside = torch.cat([vectors.spans, around.context, question], -1)
        negate = self.negate(beside).squeeze(-1).masked_fill(~batch.span_mask, NEGATIVE)
        return OperatorOutput(
            negate=negate.float(),
            either=self.either(read).float().squeeze(-1),
            readout=readout.float().log_softmax(-1),
            beyond=self.beyond(read).float().squeeze(-1),
            read_attention=whole.weights.float().squeeze(1),
            negate_attention=around.weights.float(),
        )
