"""The whole network: encoder, entity resolver, relation decoders, and one softmax over mentions.

Which mentions take part is one choice: a softmax over "no answer", every mention, and every pair
and triple of mentions that do not overlap. A set's score is the sum of its spans' scores and a term
for its size that the question decides.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations

import torch
from torch import Tensor, nn

from kgqa.graph.operators import RANKS
from kgqa.model.answers import AnswerKind
from kgqa.model.batch import Batch
from kgqa.model.chains import ChainOutput, Chains
from kgqa.model.config import ModelConfig
from kgqa.model.decoder import DecoderOutput, RelationDecoder, RelationVectors
from kgqa.model.encoder import Encoding, QuestionEncoder
from kgqa.model.operators import OperatorHeads
from kgqa.model.outputs import ModelOutput
from kgqa.model.products import Linear
from kgqa.model.ready import Ready
from kgqa.model.resolver import NEGATIVE, EntityLogits, EntityResolver, SpanVectors

#: Sets of 2, 3, ... mentions are formed of this many best-scored spans.
MAX_SPANS_IN_SETS = {2: 10, 3: 10, 4: 7, 5: 6}

Spans = tuple[int, ...]  # indices of the spans of one set


@dataclass(frozen=True)
class MentionSets:
    """The sets of mentions that may take part, and their scores."""

    sets: tuple[tuple[Spans, ...], ...]  #: for each question
    logits: Tensor  #: float [B, N], -inf beyond a question's sets


@dataclass(frozen=True)
class _Start:
    """What a decoder starts from."""

    vectors: Tensor  #: float [B, S, 3D]
    words: Tensor  #: float [B, W, D]
    mask: Tensor  #: bool [B, S, W], the words that each chain may read
    held: Tensor | None  #: float [B, S, R], what the starts can be left by
    prior: Tensor | None = None  #: float [B, S, V], for the logits of the first hop

    @property
    def read(self) -> tuple[Tensor, Tensor, Tensor]:
        """The first arguments of ``RelationDecoder.forward``."""
        return self.vectors, self.words, self.mask

    def rows(self, question: Tensor, span: Tensor) -> _Start:
        """N spans of questions (int64 [N] both), each as a question of its own: B = N, S = 1."""
        held, prior = (
            None if value is None else value[question, span].unsqueeze(1)
            for value in (self.held, self.prior)
        )
        vectors, mask = (v[question, span].unsqueeze(1) for v in (self.vectors, self.mask))
        return _Start(vectors, self.words[question], mask, held, prior)


class KGQAModel(nn.Module):
    """Question in, distributions out. The graph enters through batch and relation words alone."""

    relation_words: Tensor  #: float [V, D], the encoder's vectors of the entries' words, fixed
    next_relations: Tensor  #: float [R, R], see ``kgqa.model.holds``

    def __init__(self, config: ModelConfig, transformer: nn.Module):
        super().__init__()
        d, n, r = config.hidden, config.vocabulary, len(config.relations)
        self.config = config
        self.encoder = QuestionEncoder(transformer)
        self.register_buffer("relation_words", torch.zeros(n, d))
        self.relation_project = nn.Linear(d, d)
        self.relation_table = nn.Embedding(n, d)
        nn.init.zeros_(self.relation_table.weight)  # a relation never asked for stays at its words
        ranks = RANKS if config.operators else 0
        self.resolver = EntityResolver(d, literals=config.operators)
        self.decoder, self.after = (
            RelationDecoder(d, hops, holds=config.holds, commits=config.commits, ranks=ranks)
            for hops in (config.max_hops, config.max_after)
        )
        if config.holds:
            self.register_buffer("next_relations", torch.zeros(r, r))
        self.operators = OperatorHeads(d) if config.operators else None
        self.kind = AnswerKind(d) if config.kinds else None
        # Whether "who is ... in Alien" asks for a role or an actor lies in what "..." names.
        self.inform = Linear(d, d, bias=False)
        nn.init.zeros_(self.inform.weight)
        self.size = nn.Sequential(
            Linear(d, d // 2), nn.GELU(), Linear(d // 2, config.max_mentions + 1)
        )
        self.exclude = nn.Sequential(Linear(2 * d, d // 2), nn.GELU(), Linear(d // 2, 1))
        self.exclude_query = nn.Parameter(torch.randn(d) * 0.05)
        self.ready: Ready[RelationVectors] = Ready()

    def relation_vectors(self) -> RelationVectors:
        """From the relations' words, plus a learned table."""
        sources = [self.relation_words, self.relation_table.weight]
        sources += self.relation_project.parameters()
        if self.config.holds:
            sources.append(self.next_relations)
        if self.operators is not None:
            sources += self.operators.of_entries()
        return self.ready(sources, self._relation_vectors)

    def _relation_vectors(self) -> RelationVectors:
        trained = self.relation_project(self.relation_words) + self.relation_table.weight
        if self.operators is not None:
            trained = self.operators.entries(trained, len(self.config.relations))
        following = self.next_relations if self.config.holds else None
        return RelationVectors(trained, self.relation_words, following)

    def forward(self, batch: Batch, chains: Chains | None = None) -> ModelOutput:
        """Log-probabilities of every choice for B questions, and along chains if there are any."""
        encoding = self.encoder(batch)
        relations = self.relation_vectors()
        vectors = self.resolver(batch, encoding, relations.trained[: len(self.config.relations)])
        start = self._start(batch, encoding, vectors)
        hops, entities = self._branches(batch, vectors, start, relations)
        start_after = self._start_after(batch, encoding, vectors, entities, hops)
        imposed = None if batch.imposed is None else batch.imposed[:, -1:]
        after = self.after(*start_after.read, relations, held=start_after.held, imposed=imposed)
        sets = self._sets(batch, entities.spans, self.size(encoding.question))
        output = ModelOutput(
            candidates=_log_softmax(entities.candidates),
            relations=_log_softmax(hops.relations),
            stop=_log_softmax(hops.stop),
            attention=hops.attention.float(),
            after=_log_softmax(after.relations).squeeze(1),
            after_stop=_log_softmax(after.stop).squeeze(1),
            after_attention=after.attention.float().squeeze(1),
            exclude=self._exclude(batch, encoding),
            sets=sets.sets,
            set_scores=_log_softmax(sets.logits),
        )
        if self.kind is not None:
            known = relations.trained[: len(self.config.relations)]
            output = replace(output, speaks=self.kind(batch, encoding, known))
        if chains is not None:
            output = replace(output, chains=self._along(chains, start, start_after, relations))
        if self.operators is None or hops.rank is None or after.rank is None:
            return output
        words = relations.trained[[self.config.relations.index(a) for a in self.config.attributes]]
        return replace(
            output,
            rank=_log_softmax(hops.rank),
            after_rank=_log_softmax(after.rank).squeeze(1),
            readouts=self.config.readouts,
            **vars(self.operators(batch, encoding, vectors, words)),
        )

    def _start(self, batch: Batch, encoding: Encoding, vectors: SpanVectors) -> _Start:
        """What the hops from each span start from."""
        question = encoding.question_for(vectors.spans.shape[1])
        return _Start(
            torch.cat([vectors.spans, question, vectors.entities], -1),
            encoding.words + self.inform(self.resolver.entity_at_words(batch, vectors)),
            vectors.outside,
            self.resolver.held(batch, vectors) if self.config.holds else None,
            self.resolver.first_hop_prior(batch, vectors, self.config.vocabulary),
        )

    def _branches(
        self, batch: Batch, vectors: SpanVectors, start: _Start, relations: RelationVectors
    ) -> tuple[DecoderOutput, EntityLogits]:
        """The hops from each span, and which entity it names now that the first hop is known."""
        options = {"held": start.held, "prior": start.prior}
        hops = self.decoder(*start.read, relations, **options)
        entities = self.resolver.look_ahead(batch, vectors, hops.first_hop, hops.stop)
        if batch.imposed is not None:
            # What follows an imposed relation is predicted anew; what a name means is not.
            imposed = batch.imposed[:, :-1]
            hops = self.decoder(*start.read, relations, imposed=imposed, **options)
        return hops, entities

    def _start_after(
        self,
        batch: Batch,
        encoding: Encoding,
        vectors: SpanVectors,
        entities: EntityLogits,
        hops: DecoderOutput,
    ) -> _Start:
        """What the hops after the intersection start from: all spans of a question, as one."""
        weights = entities.spans.softmax(-1).unsqueeze(-1)  # [B, S, 1]
        spans, named = (weights * vectors.spans).sum(1), (weights * vectors.entities).sum(1)
        return _Start(
            torch.cat([spans, encoding.question, named], -1).unsqueeze(1),  # [B, 1, 3D]
            encoding.words,
            batch.word_mask.unsqueeze(1),
            None if hops.held is None else (weights * hops.held).sum(1, keepdim=True),
        )

    def _along(
        self, chains: Chains, start: _Start, start_after: _Start, relations: RelationVectors
    ) -> ChainOutput:
        """The decoders once more, each row as if the entries of its chain had been chosen."""
        one = start.rows(chains.question, chains.span)
        hops = self.decoder(
            *one.read,
            relations,
            held=one.held,
            prior=one.prior,
            chosen=chains.entries.unsqueeze(1),
        )
        both = start_after.rows(chains.after_question, torch.zeros_like(chains.after_question))
        after = self.after(*both.read, relations, held=both.held, chosen=chains.after.unsqueeze(1))
        return ChainOutput(
            _log_softmax(hops.relations).squeeze(1),
            _log_softmax(hops.stop).squeeze(1),
            None if hops.rank is None else _log_softmax(hops.rank).squeeze(1),
            _log_softmax(after.relations).squeeze(1),
            _log_softmax(after.stop).squeeze(1),
            None if after.rank is None else _log_softmax(after.rank).squeeze(1),
        )

    def _exclude(self, batch: Batch, encoding: Encoding) -> Tensor:
        """Logit that the mentioned entities are left out of the answers: [B]."""
        logits = (encoding.words @ self.exclude_query).masked_fill(~batch.word_mask, NEGATIVE)
        context = (logits.softmax(-1).unsqueeze(-1) * encoding.words).sum(1)
        return self.exclude(torch.cat([context, encoding.question], -1)).float().squeeze(-1)

    def _sets(self, batch: Batch, span_logits: Tensor, size: Tensor) -> MentionSets:
        """Every set of spans of each question; span_logits [B, S], size [B, max_mentions + 1]."""
        largest, device = self.config.max_mentions, span_logits.device
        first, last = batch.first.tolist(), batch.last.tolist()
        best = span_logits.detach().float().argsort(-1, descending=True).tolist()
        sets = []
        for i, n in enumerate(batch.span_mask.sum(1).tolist()):
            spans = tuple(zip(first[i][:n], last[i][:n], strict=True))
            chosen = tuple(best[i][: min(n, max(MAX_SPANS_IN_SETS.values()))])
            sets.append(enumerate_sets(spans, chosen, largest))
        width = max(map(len, sets))
        padding = span_logits.shape[1]  # index of a column of zeros
        member = torch.full((len(sets), width, largest), padding, dtype=torch.long)
        sizes = torch.zeros(len(sets), width, dtype=torch.long)
        mask = torch.zeros(len(sets), width, dtype=torch.bool)
        for i, options in enumerate(sets):
            n = len(options)
            member[i, :n], sizes[i, :n] = _member_indices(options, padding, largest)
            mask[i, :n] = True
        padded = torch.cat([span_logits, span_logits.new_zeros(len(sets), 1)], 1)
        total = padded.gather(1, member.flatten(1).to(device)).view(len(sets), width, -1).sum(-1)
        total = total + size.gather(1, sizes.to(device))
        return MentionSets(tuple(sets), total.masked_fill(~mask.to(device), float("-inf")))


def _log_softmax(logits: Tensor) -> Tensor:
    return logits.float().log_softmax(-1)


@lru_cache(maxsize=4_096)
def enumerate_sets(
    spans: tuple[tuple[int, int], ...], best: tuple[int, ...], largest: int
) -> tuple[Spans, ...]:
    """(), every span, and every set of up to ``largest`` of the best spans that do not overlap.

    spans: first and last word of each; best: indices of those that may be joined, best first.
    """
    sets: list[Spans] = [(), *((i,) for i in range(len(spans)))]
    for size in range(2, largest + 1):
        for chosen in combinations(sorted(best[: MAX_SPANS_IN_SETS[size]]), size):
            ordered = sorted(spans[i] for i in chosen)
            if all(a[1] < b[0] for a, b in zip(ordered, ordered[1:], strict=False)):
                sets.append(chosen)
    return tuple(sets)


@lru_cache(maxsize=4_096)
def _member_indices(sets: tuple[Spans, ...], padding: int, largest: int) -> tuple[Tensor, Tensor]:
    """The spans of each set, padded, int64 [n, largest]; its size, int64 [n]."""
    member = torch.tensor([[*spans, *[padding] * (largest - len(spans))] for spans in sets])
    return member, torch.tensor([len(spans) for spans in sets])
