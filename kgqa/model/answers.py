"""What kind of answer a question asks for, from the answers alone.

"What county is Oakland in" and "what state is Oakland in" take the same walk where the graph has
one relation for both, and reach a county and a state. So the entities that are reached are told
apart by what they are: an answer's score is the product of a vector of the question and a vector of
the entity, which is the mean of those of the relations that leave it (as for candidates: Oliya et
al. 2021, section 3.2). It orders entities that the walk reaches alike, and decides nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from kgqa.graph import Graph
from kgqa.model.batch import Batch
from kgqa.model.encoder import Encoding
from kgqa.model.features import relation_shares
from kgqa.model.products import Linear
from kgqa.model.resolver import attend


class AnswerKind(nn.Module):
    """How much each relation speaks for an entity that it leaves."""

    def __init__(self, hidden: int):
        """``hidden``: D."""
        super().__init__()
        d = hidden
        self.query = nn.Parameter(torch.randn(1, 1, d) * 0.05)
        self.asked = nn.Sequential(Linear(2 * d, d), nn.GELU(), Linear(d, d))
        self.known = nn.Linear(d, d)

    def forward(self, batch: Batch, encoding: Encoding, relations: Tensor) -> Tensor:
        """float [B, R]; relations: the vectors of the R relations, float [R, D]."""
        b, mask = len(encoding.words), batch.word_mask.unsqueeze(1)
        read = attend(self.query.expand(b, -1, -1), encoding.words, mask).context.squeeze(1)
        asked = self.asked(torch.cat([read, encoding.question], -1))  # [B, D]
        return (asked @ self.known(relations).T / relations.shape[-1] ** 0.5).float()


def kind_scores(graph: Graph, speaks: Tensor, entities: Sequence[int]) -> Tensor:
    """The scores of entities: float [n]; speaks: what :class:`AnswerKind` says, float [R].

    The profile of an entity has unit length here, so that many relations do not drown each other.
    """
    rows, columns, values = [], [], []
    for i, entity in enumerate(entities):
        relations, shares = relation_shares(graph, entity)
        rows.append(np.full(len(relations), i))
        columns.append(relations.astype(np.int64))
        values.append(np.sqrt(shares))
    if not rows:
        return speaks.new_zeros(0)
    index, column, value = (
        torch.from_numpy(np.concatenate(parts)).to(speaks.device)
        for parts in (rows, columns, values)
    )
    parts = speaks[column] * value.to(speaks)
    return parts.new_zeros(len(entities)).index_add(0, index, parts)
