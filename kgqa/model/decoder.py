"""Follow: predict, hop by hop, a distribution over relations and where to stop.

ReifKB (Cohen et al. 2020, section 3.3): r_t depends on the question and on the relations before it. Here each mention has its own
chain, whose state reads the words *outside* its span, and the expected vector of the relation just taken.

A relation is scored twice: by what training taught (state and relation vectors), and by plain similarity between the words
attended to and the relation's own words, as the sentence encoder sees both before any training. The second is what carries to
relations that few or no training questions ask for.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize

from kgqa.model.resolver import NEGATIVE, attend


class RelationDecoder(nn.Module):
    """A recurrent chain of ``hops`` relation distributions for each of S starts."""

    def __init__(self, hidden: int, hops: int, *, min_hops: int = 0):
        super().__init__()
        self.hops = hops
        self.start = nn.Linear(3 * hidden, hidden)
        self.cell = nn.GRUCell(2 * hidden, hidden)
        self.query = nn.Linear(hidden, hidden)
        self.relation = nn.Sequential(nn.LayerNorm(2 * hidden), nn.Linear(2 * hidden, hidden))
        self.similarity = nn.Parameter(
            torch.tensor(10.0)
        )  # of the cosine between words attended to and the relation's words
        self.stop = nn.Sequential(
            nn.Linear(2 * hidden, hidden // 2), nn.GELU(), nn.Linear(hidden // 2, hops + 1)
        )

    def forward(
        self,
        start: Tensor,
        words: Tensor,
        mask: Tensor,
        relations: Tensor,
        relation_words: Tensor,
        support: Tensor | None = None,
        imposed: Tensor | None = None,
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """start [B, S, 3D], words [B, W, D], mask [B, S, W], relations [R, D], relation_words [R, D] (the encoder's vectors),

        support [B, S, R] (added to the logits of the first hop), imposed int64 [B, S, >= H] (the relation that a hop follows
        whatever the logits say, -1 for none; later hops and the stop are predicted as if the model had chosen it) ->
        relation logits [B, S, H, R], stop logits [B, S, H + 1], attention over words [B, S, H, W], and the first hop's logits
        without support [B, S, R].
        """
        b, s, _ = start.shape
        state = torch.tanh(self.start(start))
        previous = torch.zeros_like(state)
        logits, looks = [], []
        contexts = []
        named = normalize(relation_words, dim=-1).T * self.similarity
        free = None
        for t in range(self.hops):
            context, weights = attend(self.query(state), words, mask)
            state = self.cell(
                torch.cat([context, previous], -1).flatten(0, 1), state.flatten(0, 1)
            ).view(b, s, -1)
            hop = (
                self.relation(torch.cat([state, context], -1))
                @ relations.T
                / relations.shape[-1] ** 0.5
            )
            hop = hop + normalize(context, dim=-1) @ named
            if t == 0:
                free = hop
                hop = hop if support is None else hop + support
            if imposed is not None:
                only = torch.full_like(hop, NEGATIVE).scatter(
                    -1, imposed[..., t : t + 1].clamp(min=0), 0.0
                )
                hop = torch.where(imposed[..., t : t + 1] < 0, hop, only)
            previous = hop.softmax(-1) @ relations
            logits.append(hop)
            looks.append(weights)
            contexts.append(context)
        stop = self.stop(torch.cat([state, contexts[0]], -1))
        return torch.stack(logits, 2), stop, torch.stack(looks, 2), free
