"""Follow: predict, hop by hop, a distribution over relations and where to stop.

ReifKB (Cohen et al. 2020, section 3.3): r_t depends on the question and on the relations before it.
Here each mention has a chain of its own, whose state reads the words *outside* its span and the
expected vector of the relation just taken.

A relation is scored twice: by what training taught (state and relation vectors), and by the
similarity of the words attended to with the relation's own words, as the sentence encoder sees both
before any training. The second carries to relations that few or no training questions ask for.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize

from kgqa.model.resolver import NEGATIVE, attend


@dataclass(frozen=True)
class RelationVectors:
    """The vectors of all relations."""

    trained: Tensor  #: float [R, D], a projection of the words plus a learned table
    words: Tensor  #: float [R, D], the encoder's vectors of the relations' words


@dataclass(frozen=True)
class DecoderOutput:
    """The chain of each of S starts."""

    relations: Tensor  #: float [B, S, H, R], logits
    stop: Tensor  #: float [B, S, H + 1], logits of 0, 1, ... hops
    attention: Tensor  #: float [B, S, H, W]
    first_hop: Tensor  #: float [B, S, R], logits of the first hop without prior and imposition


class RelationDecoder(nn.Module):
    """A recurrent chain of ``hops`` relation distributions for each of S starts."""

    def __init__(self, hidden: int, hops: int):
        super().__init__()
        d = hidden
        self.hops = hops
        self.start = nn.Linear(3 * d, d)
        self.cell = nn.GRUCell(2 * d, d)
        self.query = nn.Linear(d, d)
        self.relation = nn.Sequential(nn.LayerNorm(2 * d), nn.Linear(2 * d, d))
        self.similarity = nn.Parameter(torch.tensor(10.0))  # scale of the cosine
        self.stop = nn.Sequential(nn.Linear(2 * d, d // 2), nn.GELU(), nn.Linear(d // 2, hops + 1))

    def forward(
        self,
        start: Tensor,
        words: Tensor,
        mask: Tensor,
        relations: RelationVectors,
        *,
        prior: Tensor | None = None,
        imposed: Tensor | None = None,
    ) -> DecoderOutput:
        """Predict every hop.

        Args:
            start: float [B, S, 3D], what each chain starts from.
            words: float [B, W, D].
            mask: bool [B, S, W], the words that each chain may read.
            prior: float [B, S, R], added to the logits of the first hop.
            imposed: int64 [B, S, >= H], the relation that a hop follows whatever its logits say, -1
                for none; later hops and the stop are predicted as if it had been chosen.
        """
        b, s, _ = start.shape
        state = torch.tanh(self.start(start))  # [B, S, D]
        previous = torch.zeros_like(state)
        similar = normalize(relations.words, dim=-1).T * self.similarity  # [D, R]
        logits, attentions = [], []
        for t in range(self.hops):
            attention = attend(self.query(state), words, mask)
            context = attention.context
            step = torch.cat([context, previous], -1).flatten(0, 1)
            state = self.cell(step, state.flatten(0, 1)).view(b, s, -1)
            query = self.relation(torch.cat([state, context], -1))
            hop = query @ relations.trained.T / query.shape[-1] ** 0.5  # [B, S, R]
            hop = hop + normalize(context, dim=-1) @ similar
            if t == 0:
                first_hop, first_context = hop, context
                hop = hop if prior is None else hop + prior
            if imposed is not None:
                hop = _impose(hop, imposed[..., t : t + 1])
            previous = hop.softmax(-1) @ relations.trained
            logits.append(hop)
            attentions.append(attention.weights)
        stop = self.stop(torch.cat([state, first_context], -1))
        return DecoderOutput(torch.stack(logits, 2), stop, torch.stack(attentions, 2), first_hop)


def _impose(logits: Tensor, relation: Tensor) -> Tensor:
    """logits [B, S, R] with all probability on ``relation`` int64 [B, S, 1] where it is not -1."""
    only = torch.full_like(logits, NEGATIVE).scatter(-1, relation.clamp(min=0), 0.0)
    return torch.where(relation < 0, logits, only)
