"""Follow: predict, hop by hop, a distribution over relations and where to stop.

ReifKB (Cohen et al. 2020, section 3.3): r_t depends on the question and on the relations before it. Here each mention has its own
chain, whose state reads the words *outside* its span, and the expected vector of the relation just taken.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from kgqa.model.resolver import attend


class RelationDecoder(nn.Module):
    """A recurrent chain of ``hops`` relation distributions for each of S starts."""

    def __init__(self, hidden: int, hops: int, *, min_hops: int = 0):
        super().__init__()
        self.hops = hops
        self.start = nn.Linear(3 * hidden, hidden)
        self.cell = nn.GRUCell(2 * hidden, hidden)
        self.query = nn.Linear(hidden, hidden)
        self.relation = nn.Sequential(nn.LayerNorm(2 * hidden), nn.Linear(2 * hidden, hidden))
        self.stop = nn.Sequential(nn.Linear(2 * hidden, hidden // 2), nn.GELU(), nn.Linear(hidden // 2, hops + 1))

    def forward(self, start: Tensor, words: Tensor, mask: Tensor, relations: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """start [B, S, 3D], words [B, W, D], mask [B, S, W], relations [R, D] ->

        relation logits [B, S, H, R], stop logits [B, S, H + 1], attention over words [B, S, H, W].
        """
        b, s, _ = start.shape
        state = torch.tanh(self.start(start))
        previous = torch.zeros_like(state)
        logits, looks = [], []
        contexts = []
        for _ in range(self.hops):
            context, weights = attend(self.query(state), words, mask)
            state = self.cell(torch.cat([context, previous], -1).flatten(0, 1), state.flatten(0, 1)).view(b, s, -1)
            hop = self.relation(torch.cat([state, context], -1)) @ relations.T / relations.shape[-1] ** 0.5
            previous = hop.softmax(-1) @ relations
            logits.append(hop)
            looks.append(weights)
            contexts.append(context)
        stop = self.stop(torch.cat([state, contexts[0]], -1))
        return torch.stack(logits, 2), stop, torch.stack(looks, 2)
