"""Detect spans and resolve entities (Rigel, Oliya et al. 2021, sections 3.1 and 3.2, and what the graph knows for free).

A span's vector joins the mean, the first and the last of its words. A candidate's vector z is the mean of the vectors of the
relations that leave it, each counted once or by its facts (``ModelConfig.profile``), so that an entity never seen in training
has one too. Candidates are scored against the words around
the span; spans take their candidates' scores along, so that a span whose every candidate is absurd is absurd itself.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from kgqa.model.batch import CANDIDATE_FEATURES, SPAN_FEATURES, Batch

NEGATIVE = -1e4


def attend(query: Tensor, keys: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """Scaled dot-product attention: query [B, S, D], keys [B, W, D], mask [B, S, W] -> (context [B, S, D], weights)."""
    scores = query @ keys.transpose(1, 2) / keys.shape[-1] ** 0.5
    weights = scores.masked_fill(~mask, NEGATIVE).softmax(-1) * mask.any(-1, keepdim=True)
    return weights @ keys, weights


class EntityResolver(nn.Module):
    """Scores spans and candidates."""

    def __init__(self, hidden: int, *, facts: bool = False):
        super().__init__()
        self.span = nn.Sequential(
            nn.Linear(3 * hidden, hidden),
            nn.GELU(),
            nn.Linear(hidden, hidden),
            nn.LayerNorm(hidden),
        )
        self.query = nn.Linear(hidden, hidden)
        self.around = nn.Linear(2 * hidden, hidden)
        self.profile = nn.Linear(hidden, hidden)
        self.score_span = nn.Sequential(
            nn.Linear(3 * hidden, hidden // 2), nn.GELU(), nn.Linear(hidden // 2, 1)
        )
        self.span_prior = nn.Linear(SPAN_FEATURES, 1)
        self.candidate_prior = nn.Linear(CANDIDATE_FEATURES, 1)
        self.match = nn.Parameter(torch.tensor(1.0))
        self.trust = nn.Parameter(torch.tensor(1.0))  # of look_ahead
        self.feasible = nn.Parameter(torch.tensor(1.0))  # of support
        self.prominent = nn.Parameter(torch.tensor(0.5)) if facts else None  # of support
        for prior in (self.span_prior, self.candidate_prior):
            nn.init.zeros_(prior.weight)
            nn.init.zeros_(prior.bias)

    def forward(
        self, batch: Batch, words: Tensor, question: Tensor, relations: Tensor
    ) -> dict[str, Tensor]:
        """words [B, W, D], question [B, D], relations [R, D] ->

        spans [B, S, D], profile [B, S, D] (expected z), outside [B, S, W] (words that are not in the span),
        candidate_logits [B, S, C], alone [B, S] (the span's own score).
        """
        b, n_words, d = words.shape
        s = batch.first.shape[1]
        place = torch.arange(n_words, device=words.device)
        inside = (place >= batch.first.unsqueeze(-1)) & (
            place <= batch.last.unsqueeze(-1)
        )  # [B, S, W]
        outside = ~inside & batch.word_mask.unsqueeze(1)
        share = inside.to(words.dtype)
        mean = share @ words / share.sum(-1, keepdim=True).clamp(min=1)
        gather = lambda index: words.gather(1, index.unsqueeze(-1).expand(b, s, d))  # noqa: E731
        spans = self.span(torch.cat([mean, gather(batch.first), gather(batch.last)], -1))
        context, _ = attend(self.query(spans), words, outside)
        wide = question.unsqueeze(1).expand(b, s, d)
        z = self.profile(batch.profiles.to(relations.dtype) @ relations)  # [B, S, C, D]
        wanted = self.around(torch.cat([context, wide], -1))
        match = (z * wanted.unsqueeze(2)).sum(-1) / d**0.5 * self.match
        logits = match + self.candidate_prior(batch.entity_features.to(words.dtype)).squeeze(-1)
        logits = logits.masked_fill(~batch.entity_mask, NEGATIVE)
        alone = self.score_span(torch.cat([spans, context, wide], -1)).squeeze(-1)
        alone = alone + self.span_prior(batch.span_features.to(words.dtype)).squeeze(-1)
        profile = (logits.softmax(-1).unsqueeze(-1) * z).sum(2)
        return {
            "spans": spans,
            "profile": profile,
            "outside": outside,
            "candidate_logits": logits,
            "alone": alone,
        }

    def support(self, batch: Batch, found: dict[str, Tensor]) -> Tensor:
        """For the first hop's logits, [B, S, R]: the scaled log of the probability that each relation leaves the span's entity.

        Where profiles count facts, also of the relation's share in them: what somebody is known for is likelier meant.
        """
        has = (batch.profiles > 0).to(found["candidate_logits"].dtype)  # [B, S, C, R]
        leaving = (found["candidate_logits"].softmax(-1).unsqueeze(2) @ has).squeeze(2)
        found_support = self.feasible * (leaving + 0.02).log()
        if self.prominent is None:
            return found_support
        share = (
            found["candidate_logits"].softmax(-1).unsqueeze(2) @ batch.profiles.to(has.dtype)
        ).squeeze(2)
        return found_support + self.prominent * (share + 0.02).log()

    def named(self, batch: Batch, found: dict[str, Tensor]) -> Tensor:
        """The expected entity vector at each word, [B, W, D]: the profiles of the spans that hold it, by the spans' scores."""
        scores = (
            (found["alone"] + found["candidate_logits"].logsumexp(-1))
            .masked_fill(~batch.span_mask, NEGATIVE)
            .softmax(-1)
        )
        inside = ~found["outside"] & batch.word_mask.unsqueeze(1)  # [B, S, W]
        return (inside * scores.unsqueeze(-1)).transpose(1, 2) @ found["profile"]

    def look_ahead(
        self, batch: Batch, found: dict[str, Tensor], first: Tensor, stop: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Final (candidate logits [B, S, C], span logits [B, S]), knowing where the walk wants to go.

        first [B, S, R] and stop [B, S, H + 1] are the decoder's logits, of the first hop before :meth:`support`. A candidate
        that the first relation does not leave leads nowhere (its follow is zero), so the probability that the first hop exists,
        P(stop at 0) + sum of r_1 over the candidate's relations, is evidence for it: the seismologist has no films to be
        followed to.
        """
        has = (batch.profiles > 0).to(first.dtype)  # [B, S, C, R]
        leaves = (has @ first.softmax(-1).unsqueeze(-1)).squeeze(-1) + stop.softmax(-1)[:, :, :1]
        logits = found["candidate_logits"] + self.trust * (leaves.clamp(max=1.0) + 0.02).log()
        logits = logits.masked_fill(~batch.entity_mask, NEGATIVE)
        return logits, (found["alone"] + logits.logsumexp(-1)).masked_fill(
            ~batch.span_mask, NEGATIVE
        )
