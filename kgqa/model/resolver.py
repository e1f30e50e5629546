"""Detect spans and resolve entities (Rigel, Oliya et al. 2021, sections 3.1 and 3.2).

A span's vector joins the mean, the first and the last of its words. A candidate's vector z is the
mean of the vectors of the relations that leave it (``features.relation_shares``), so that an entity
never seen in training has one too. Candidates are scored against the words around the span. A span
takes its candidates' scores along, so a span whose every candidate is absurd is absurd itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from kgqa.graph.numbers import COMPARE
from kgqa.model.batch import Batch
from kgqa.model.encoder import Encoding
from kgqa.model.features import CANDIDATE_FEATURES, ENTITY_FEATURES, SPAN_FEATURES
from kgqa.model.products import Linear

NEGATIVE = -1e4  # logit of what is masked
FLOOR = 0.02  # added to probabilities before their logarithm


@dataclass(frozen=True)
class SpanVectors:
    """What is known of each span before any hop is predicted."""

    spans: Tensor  #: float [B, S, D]
    outside: Tensor  #: bool [B, S, W], the words that are not in the span
    candidate_logits: Tensor  #: float [B, S, C]
    entities: Tensor  #: float [B, S, D], expected z under the candidate logits
    span_logits: Tensor  #: float [B, S], without the candidates' scores


@dataclass(frozen=True)
class EntityLogits:
    """The final scores of entity resolution."""

    candidates: Tensor  #: float [B, S, C]
    spans: Tensor  #: float [B, S]


@dataclass(frozen=True)
class Attention:
    """Scaled dot-product attention of S queries over W words."""

    context: Tensor  #: float [B, S, D]
    weights: Tensor  #: float [B, S, W]; all 0 where nothing may be read


def attend(query: Tensor, keys: Tensor, mask: Tensor) -> Attention:
    """query float [B, S, D], keys float [B, W, D], mask bool [B, S, W]."""
    logits = query @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5  # [B, S, W]
    weights = logits.masked_fill(~mask, NEGATIVE).softmax(-1) * mask.any(-1, keepdim=True)
    return Attention(weights @ keys, weights)


class EntityResolver(nn.Module):
    """Scores spans and candidates."""

    def __init__(self, hidden: int, *, literals: bool = False):
        """``literals``: a candidate may be a range of values, bounded as the words say."""
        super().__init__()
        d, features = hidden, CANDIDATE_FEATURES if literals else ENTITY_FEATURES
        self.span = nn.Sequential(Linear(3 * d, d), nn.GELU(), Linear(d, d), nn.LayerNorm(d))
        self.query = Linear(d, d)
        self.around = Linear(2 * d, d)
        self.profile = nn.Linear(d, d)
        self.score_span = nn.Sequential(Linear(3 * d, d // 2), nn.GELU(), Linear(d // 2, 1))
        self.span_prior = nn.Linear(SPAN_FEATURES, 1)
        self.candidate_prior = nn.Linear(features, 1)
        self.match = nn.Parameter(torch.tensor(1.0))
        self.trust = nn.Parameter(torch.tensor(1.0))  # of look_ahead
        self.feasible = nn.Parameter(torch.tensor(1.0))  # of first_hop_prior
        self.prominent = nn.Parameter(torch.tensor(0.5))  # of first_hop_prior
        self.compare = Linear(3 * d, len(COMPARE)) if literals else None
        for prior in (self.span_prior, self.candidate_prior):
            nn.init.zeros_(prior.weight)
            nn.init.zeros_(prior.bias)

    def forward(self, batch: Batch, encoding: Encoding, relations: Tensor) -> SpanVectors:
        """Score spans and candidates before a hop; relations: the trained vectors, float [R, D]."""
        words = encoding.words
        _, n_words, d = words.shape
        s = batch.first.shape[1]
        position = torch.arange(n_words, device=words.device)
        inside = (position >= batch.first.unsqueeze(-1)) & (position <= batch.last.unsqueeze(-1))
        outside = ~inside & batch.word_mask.unsqueeze(1)  # [B, S, W]
        spans = self.span(self._edges_and_mean(batch, words, inside.to(words.dtype)))
        context = attend(self.query(spans), words, outside).context
        question = encoding.question_for(s)

        # z = profile @ known + bias is never formed: [B, S, C, D] is by far the largest tensor.
        known, bias = relations @ self.profile.weight.T, self.profile.bias  # [R, D], [D]
        profiles = batch.profiles.to(relations.dtype)
        asked = self.around(torch.cat([context, question], -1))  # [B, S, D]
        match = (profiles @ (asked @ known.T).unsqueeze(-1)).squeeze(-1)  # [B, S, C]
        logits = (match + (asked @ bias).unsqueeze(-1)) / d**0.5 * self.match
        read = torch.cat([spans, context, question], -1)  # [B, S, 3D]
        features = batch.entity_features.to(words.dtype)[..., : self.candidate_prior.in_features]
        prior = self.candidate_prior(features).squeeze(-1)
        if self.compare is not None:  # "before", "after": what the words around make of a literal
            bounds = features[..., ENTITY_FEATURES:]  # [B, S, C, COMPARE]
            prior = prior + (bounds @ self.compare(read).unsqueeze(-1)).squeeze(-1)
        logits = (logits + prior).masked_fill(~batch.entity_mask, NEGATIVE)

        span_logits = self.score_span(read).squeeze(-1)
        prior = self.span_prior(batch.span_features.to(words.dtype)).squeeze(-1)
        entities = (logits.softmax(-1).unsqueeze(2) @ profiles).squeeze(2) @ known + bias
        return SpanVectors(spans, outside, logits, entities, span_logits + prior)

    @staticmethod
    def _edges_and_mean(batch: Batch, words: Tensor, inside: Tensor) -> Tensor:
        """Mean, first and last word of each span, joined: [B, S, 3D]; inside [B, S, W]."""
        b, _, d = words.shape
        mean = inside @ words / inside.sum(-1, keepdim=True).clamp(min=1)
        first, last = (
            words.gather(1, index.unsqueeze(-1).expand(b, index.shape[1], d))
            for index in (batch.first, batch.last)
        )
        return torch.cat([mean, first, last], -1)

    def first_hop_prior(self, batch: Batch, vectors: SpanVectors, entries: int) -> Tensor:
        """What the span's entity says about its first hop, for its logits: [B, S, V].

        The scaled log of the probability that each relation leaves the entity, and of the share
        that the relation has among its facts: what somebody is known for is likelier meant. For an
        operator it is the probability that there is something to compare.
        """
        weights = vectors.candidate_logits.softmax(-1).unsqueeze(2)  # [B, S, 1, C]
        possible = self.feasible * (self.held(batch, vectors) + FLOOR).log()  # [B, S, R]
        share = (weights @ batch.profiles.to(weights.dtype)).squeeze(2)
        known = self.prominent * (share + FLOOR).log()
        more = entries // known.shape[-1] - 1  # operators over each relation
        return torch.cat([possible + known, *[possible] * more], -1)

    def entity_at_words(self, batch: Batch, vectors: SpanVectors) -> Tensor:
        """The expected entity vector at each word, over the spans that hold it: [B, W, D]."""
        logits = vectors.span_logits + vectors.candidate_logits.logsumexp(-1)
        scores = logits.masked_fill(~batch.span_mask, NEGATIVE).softmax(-1)  # [B, S]
        inside = ~vectors.outside & batch.word_mask.unsqueeze(1)  # [B, S, W]
        return (inside * scores.unsqueeze(-1)).transpose(1, 2) @ vectors.entities

    def held(self, batch: Batch, vectors: SpanVectors) -> Tensor:
        """What each span's candidates can be left by, in expectation: [B, S, R]."""
        weights = vectors.candidate_logits.softmax(-1).unsqueeze(2)  # [B, S, 1, C]
        return (weights @ (batch.profiles > 0).to(weights.dtype)).squeeze(2)

    def look_ahead(
        self, batch: Batch, vectors: SpanVectors, first_hop: Tensor, stop: Tensor
    ) -> EntityLogits:
        """The final logits, knowing where the walk goes: the seismologist leads to no film.

        A candidate that the first relation does not leave leads nowhere (its follow is zero), so
        the probability that the first hop exists, P(stop at 0) + the sum of r_1 over the
        candidate's relations, is evidence for it.

        Args:
            first_hop: float [B, S, V], logits of the first hop before :meth:`first_hop_prior`.
            stop: float [B, S, H + 1], logits of the number of hops.
        """
        leaves = (batch.profiles > 0).to(first_hop.dtype)  # [B, S, C, R]
        over = first_hop.softmax(-1).unflatten(-1, (-1, leaves.shape[-1])).sum(-2)  # [B, S, R]
        possible = (leaves @ over.unsqueeze(-1)).squeeze(-1)  # [B, S, C]
        possible = possible + stop.softmax(-1)[:, :, :1]
        logits = vectors.candidate_logits + self.trust * (possible.clamp(max=1.0) + FLOOR).log()
        logits = logits.masked_fill(~batch.entity_mask, NEGATIVE)
        spans = (vectors.span_logits + logits.logsumexp(-1)).masked_fill(~batch.span_mask, NEGATIVE)
        return EntityLogits(logits, spans)
