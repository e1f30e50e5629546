"""The whole network: encoder, entity resolver, relation decoders, and one softmax over sets of mentions.

Which mentions take part is one choice: a softmax over "no answer", every mention, every pair and every triple of mentions
that do not overlap. A set's score is the sum of its spans' scores and a term for its size that the question decides.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations

import torch
from torch import Tensor, nn

from kgqa.model.batch import Batch
from kgqa.model.config import ModelConfig
from kgqa.model.decoder import RelationDecoder
from kgqa.model.encoder import QuestionEncoder
from kgqa.model.outputs import ModelOutput
from kgqa.model.resolver import NEGATIVE, EntityResolver

MAX_SPANS_IN_SETS = 10  # pairs and triples are formed of this many best-scored spans


class KGQAModel(nn.Module):
    """Question in, distributions out; the graph enters only through the batch and the relations' words."""

    def __init__(self, config: ModelConfig, transformer: nn.Module):
        super().__init__()
        d, n = config.hidden, len(config.relations)
        self.config = config
        self.encoder = QuestionEncoder(transformer)
        self.register_buffer(
            "relation_words", torch.zeros(n, d)
        )  # the encoder's vectors of the relations' words, fixed
        self.relation_project = nn.Linear(d, d)
        self.relation_table = nn.Embedding(n, d)
        nn.init.zeros_(
            self.relation_table.weight
        )  # a relation that training never asks for stays at its words
        self.resolver = EntityResolver(d, facts=config.profile == "facts")
        self.decoder = RelationDecoder(d, config.max_hops)
        self.after = RelationDecoder(d, config.max_after)
        self.inform = None
        if (
            config.context == "entities"
        ):  # whether "who is ... in Alien" asks for a role or an actor lies in what "..." names
            self.inform = nn.Linear(d, d, bias=False)
            nn.init.zeros_(self.inform.weight)
        self.size = nn.Sequential(
            nn.Linear(d, d // 2), nn.GELU(), nn.Linear(d // 2, config.max_mentions + 1)
        )
        self.exclude = nn.Sequential(nn.Linear(2 * d, d // 2), nn.GELU(), nn.Linear(d // 2, 1))
        self.exclude_query = nn.Parameter(torch.randn(d) * 0.05)

    def relation_vectors(self) -> Tensor:
        """[R, D]: from the relation's words, plus a learned table."""
        return self.relation_project(self.relation_words) + self.relation_table.weight

    def forward(self, batch: Batch) -> ModelOutput:
        words, question = self.encoder(batch)
        relations = self.relation_vectors()
        found = self.resolver(batch, words, question, relations)
        b, s, d = found["spans"].shape
        wide = question.unsqueeze(1).expand(b, s, d)
        start = torch.cat([found["spans"], wide, found["profile"]], -1)
        support = self.resolver.support(batch, found)
        told = (
            words if self.inform is None else words + self.inform(self.resolver.named(batch, found))
        )
        hops, stop, attention, first = self.decoder(
            start, told, found["outside"], relations, self.relation_words, support
        )
        candidate_logits, span_logits = self.resolver.look_ahead(batch, found, first, stop)
        imposed_after = None
        if (
            batch.imposed is not None
        ):  # what comes after a relation changed by hand is predicted anew; what a name means is not
            imposed_after = batch.imposed[:, -1:]
            hops, stop, attention, _ = self.decoder(
                start,
                told,
                found["outside"],
                relations,
                self.relation_words,
                support,
                batch.imposed[:, :-1],
            )

        everything = batch.word_mask.unsqueeze(1)
        weight = span_logits.softmax(-1).unsqueeze(-1)
        about = (weight * found["spans"]).sum(1), (weight * found["profile"]).sum(1)
        start_after = torch.cat([about[0], question, about[1]], -1).unsqueeze(1)
        after, after_stop, after_attention, _ = self.after(
            start_after, words, everything, relations, self.relation_words, imposed=imposed_after
        )
        looks = (words @ self.exclude_query).masked_fill(~batch.word_mask, NEGATIVE).softmax(-1)
        other = torch.cat([(looks.unsqueeze(-1) * words).sum(1), question], -1)

        sets, scores = self._sets(batch, span_logits, self.size(question))
        return ModelOutput(
            candidates=candidate_logits.float().log_softmax(-1),
            relations=hops.float().log_softmax(-1),
            stop=stop.float().log_softmax(-1),
            attention=attention.float(),
            after=after.float().log_softmax(-1).squeeze(1),
            after_stop=after_stop.float().log_softmax(-1).squeeze(1),
            after_attention=after_attention.float().squeeze(1),
            exclude=self.exclude(other).float().squeeze(-1),
            sets=sets,
            set_scores=scores.float().log_softmax(-1),
        )

    def _sets(self, batch: Batch, span_logits: Tensor, size: Tensor):
        """Sets of spans a question, and their scores [B, N]."""
        first, last = batch.first.tolist(), batch.last.tolist()
        counts = batch.span_mask.sum(1).tolist()
        best = span_logits.detach().float().argsort(-1, descending=True).tolist()
        sets = []
        for i, n in enumerate(counts):
            key = tuple(zip(first[i][:n], last[i][:n], strict=True))
            sets.append(
                enumerate_sets(
                    key,
                    tuple(sorted(best[i][: min(n, MAX_SPANS_IN_SETS)])),
                    self.config.max_mentions,
                )
            )
        width = max(len(one) for one in sets)
        dead = span_logits.shape[1]  # index of a padding column that adds nothing
        member = torch.full((len(sets), width, self.config.max_mentions), dead, dtype=torch.long)
        sizes = torch.zeros(len(sets), width, dtype=torch.long)
        real = torch.zeros(len(sets), width, dtype=torch.bool)
        for i, one in enumerate(sets):
            padded, lengths = _set_tensors(one, dead, self.config.max_mentions)
            member[i, : len(one)], sizes[i, : len(one)], real[i, : len(one)] = padded, lengths, True
        place = span_logits.device
        padded_logits = torch.cat([span_logits, span_logits.new_zeros(len(sets), 1)], 1)
        total = (
            padded_logits.gather(1, member.flatten(1).to(place)).view(len(sets), width, -1).sum(-1)
        )
        total = total + size.gather(1, sizes.to(place))
        return tuple(sets), total.masked_fill(~real.to(place), float("-inf"))


@lru_cache(maxsize=4_096)
def enumerate_sets(
    spans: tuple[tuple[int, int], ...], best: tuple[int, ...], largest: int
) -> tuple[tuple[int, ...], ...]:
    """(), every span, and every set of up to ``largest`` of the best spans that do not overlap."""
    found: list[tuple[int, ...]] = [(), *((i,) for i in range(len(spans)))]
    for size in range(2, largest + 1):
        for chosen in combinations(best, size):
            ordered = sorted(spans[i] for i in chosen)
            if all(a[1] < b[0] for a, b in zip(ordered, ordered[1:], strict=False)):
                found.append(chosen)
    return tuple(found)


@lru_cache(maxsize=4_096)
def _set_tensors(
    sets: tuple[tuple[int, ...], ...], dead: int, largest: int
) -> tuple[Tensor, Tensor]:
    member = torch.tensor(
        [[*one, *[dead] * (largest - len(one))] for one in sets], dtype=torch.long
    )
    return member, torch.tensor([len(one) for one in sets], dtype=torch.long)
