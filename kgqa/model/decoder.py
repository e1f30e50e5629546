"""Follow: predict, hop by hop, a distribution over relations and where to stop.

ReifKB (Cohen et al. 2020, section 3.3): r_t depends on the question and on the relations before it.
Here each mention has a chain of its own, whose state reads the words *outside* its span and the
vector of the relation just taken: the likeliest, or one that is given (``kgqa.model.chains``).

Beside relations a hop may choose operators over them (``kgqa.graph.operators``), as if these were
more relations. An entry is scored twice: by what training taught (state and entry vectors), and
by the similarity of the words attended to with the entry's own words, as the sentence encoder sees
both before any training. The second carries to relations that few or no training questions ask for.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize, one_hot

from kgqa.model.holds import held_after
from kgqa.model.products import GRUCell, Linear
from kgqa.model.ready import Ready
from kgqa.model.resolver import FLOOR, NEGATIVE, attend


@dataclass(frozen=True)
class RelationVectors:
    """The vectors of the V entries that a hop chooses from: relations, then operators."""

    trained: Tensor  #: float [V, D], a projection of the words plus a learned table
    words: Tensor  #: float [V, D], the encoder's vectors of the entries' words
    next: Tensor | None = None  #: float [R, R], see ``kgqa.model.holds``


@dataclass(frozen=True)
class DecoderOutput:
    """The chain of each of S starts."""

    relations: Tensor  #: float [B, S, H, V], logits
    stop: Tensor  #: float [B, S, H + 1], logits of 0, 1, ... hops
    attention: Tensor  #: float [B, S, H, W]
    first_hop: Tensor  #: float [B, S, V], logits of the first hop without prior and imposition
    rank: Tensor | None  #: float [B, S, H, K], logits of which extreme is meant
    held: Tensor | None  #: float [B, S, R], what the set at the end can be left by, in expectation


class RelationDecoder(nn.Module):
    """A recurrent chain of ``hops`` distributions over V entries for each of S starts."""

    def __init__(
        self, hidden: int, hops: int, *, holds: bool = False, commits: bool = False, ranks: int = 0
    ):
        """``holds``, ``commits``: see ``ModelConfig``; ``ranks``: K, of extremes."""
        super().__init__()
        d = hidden
        self.hops, self.holds, self.commits = hops, holds, commits
        self.start = Linear(3 * d, d)
        self.cell = GRUCell((3 if holds else 2) * d, d)
        self.query = Linear(d, d)
        self.relation = nn.Sequential(nn.LayerNorm(2 * d), Linear(2 * d, d))
        self.similarity = nn.Parameter(torch.tensor(10.0))  # scale of the cosine
        self.similar: Ready[Tensor] = Ready()
        self.stop = nn.Sequential(Linear(2 * d, d // 2), nn.GELU(), Linear(d // 2, hops + 1))
        if holds:
            self.possible = nn.Parameter(torch.tensor(1.0))  # scale of what can follow
        self.rank = nn.Linear(2 * d, ranks) if ranks else None
        if self.rank is not None:
            nn.init.zeros_(self.rank.weight)
            with torch.no_grad():  # the first, unless words say otherwise
                self.rank.bias.copy_(-2.0 * torch.arange(ranks))

    def forward(
        self,
        start: Tensor,
        words: Tensor,
        mask: Tensor,
        relations: RelationVectors,
        *,
        prior: Tensor | None = None,
        imposed: Tensor | None = None,
        chosen: Tensor | None = None,
        held: Tensor | None = None,
    ) -> DecoderOutput:
        """Predict every hop.

        Args:
            start: float [B, S, 3D], what each chain starts from.
            words: float [B, W, D].
            mask: bool [B, S, W], the words that each chain may read.
            prior: float [B, S, V], added to the logits of the first hop.
            imposed: int64 [B, S, >= H], the entry that a hop takes whatever its logits say, -1
                for none; later hops and the stop are predicted as if it had been chosen.
            chosen: int64 [B, S, H], entries that later hops depend on whatever the logits say,
                which stay as they are; -1 leaves it to the logits.
            held: float [B, S, R], what the starts can be left by, for a decoder that ``holds``.
        """
        state = torch.tanh(self.start(start))  # [B, S, D]
        previous = torch.zeros_like(state)
        similar = self._similar(relations)  # [D, V]
        logits, attentions, ranks, sets = [], [], [], [held]
        for t in range(self.hops):
            attention = attend(self.query(state), words, mask)
            context = attention.context
            state = self._next(state, [context, previous], held, relations)
            read = torch.cat([state, context], -1)  # [B, S, 2D]
            hop = self._scores(read, context, relations, similar)
            if t == 0:
                first_hop, first_context = hop, context
                hop = hop if prior is None else hop + prior
            elif held is not None:
                hop = hop + self.possible * tiled((held + FLOOR).log(), hop.shape[-1])
            if imposed is not None:
                hop = _impose(hop, imposed[..., t : t + 1])
            choice = self._choice(hop, None if chosen is None else chosen[..., t])
            previous = choice @ relations.trained
            if held is not None and relations.next is not None:
                held = held_after(held, choice, relations.next)
            if self.rank is not None:
                ranks.append(self.rank(read))
            logits.append(hop)
            attentions.append(attention.weights)
            sets.append(held)
        stop = self.stop(torch.cat([state, first_context], -1))
        return DecoderOutput(
            torch.stack(logits, 2),
            stop,
            torch.stack(attentions, 2),
            first_hop,
            torch.stack(ranks, 2) if ranks else None,
            _at_the_end(sets, stop),
        )

    def _similar(self, relations: RelationVectors) -> Tensor:
        """The words of each entry, so that a product with them is the scaled cosine: [D, V]."""
        return self.similar(
            [relations.words, self.similarity],
            lambda: normalize(relations.words, dim=-1).T * self.similarity,
        )

    def _scores(
        self, read: Tensor, context: Tensor, relations: RelationVectors, similar: Tensor
    ) -> Tensor:
        """Of each entry, float [B, S, V]: what was learned, and the similarity of words [D, V]."""
        query = self.relation(read)
        learned = query @ relations.trained.T / query.shape[-1] ** 0.5
        return learned + normalize(context, dim=-1) @ similar

    def _choice(self, logits: Tensor, chosen: Tensor | None) -> Tensor:
        """What later hops depend on: [B, S, V], a distribution; ``chosen`` int64 [B, S]."""
        if not self.commits:
            return logits.softmax(-1)
        entry = logits.argmax(-1)
        if chosen is not None:
            entry = torch.where(chosen < 0, entry, chosen)
        return one_hot(entry, logits.shape[-1]).to(logits.dtype)

    def _next(
        self, state: Tensor, read: list[Tensor], held: Tensor | None, relations: RelationVectors
    ) -> Tensor:
        """The state [B, S, D] after vectors [B, S, D] are read, and what the set is made of."""
        if held is not None:
            read = [*read, _described(held, relations.trained)]
        flat = self.cell(torch.cat(read, -1).flatten(0, 1), state.flatten(0, 1))
        return flat.view(state.shape)


def tiled(values: Tensor, entries: int) -> Tensor:
    """Values of the R relations for all V entries over them: [..., R] -> [..., V]."""
    return values.repeat(*[1] * (values.dim() - 1), entries // values.shape[-1])


def _described(held: Tensor, trained: Tensor) -> Tensor:
    """The mean vector of the relations that leave a set: [B, S, D]; held float [B, S, R]."""
    share = held / held.sum(-1, keepdim=True).clamp(min=1e-6)
    return share @ trained[: held.shape[-1]]


def _at_the_end(sets: list[Tensor | None], stop: Tensor) -> Tensor | None:
    """Expected over the stop: sets [B, S, R] of each hop, stop [B, S, H + 1] -> [B, S, R]."""
    weights = stop.softmax(-1)
    total = None
    for t, held in enumerate(sets):
        if held is not None:
            part = weights[..., t : t + 1] * held
            total = part if total is None else total + part
    return total


def _impose(logits: Tensor, relation: Tensor) -> Tensor:
    """logits [B, S, V] with all probability on ``relation`` int64 [B, S, 1] where it is not -1."""
    only = torch.full_like(logits, NEGATIVE).scatter(-1, relation.clamp(min=0), 0.0)
    return torch.where(relation < 0, logits, only)
