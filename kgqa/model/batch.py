"""Questions as tensors: tokens, proposed spans, their candidates, and what the graph knows of each for free.

Dimension letters: B batch, L tokens, W words, S spans, C candidates, R relations with inverses.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from kgqa.errors import DataError
from kgqa.graph import Graph
from kgqa.graph.names import ALIAS_KINDS, KIND
from kgqa.linking import Link

#: Features of a candidate: one-hot alias kind, log degree, its rank by degree, whether it is the only one, whether the
#: words are the label to the letter, and how many of the label's words they are.
CANDIDATE_FEATURES = len(ALIAS_KINDS) + 5
#: Features of a span: words, share of the question, capitalised, has a digit, stop words only, inside a longer span,
#: best alias is the label, misspelt.
SPAN_FEATURES = 8
PROFILES = ("relations", "facts")
MAX_TOKENS = 96
_COMMON = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "at",
        "to",
        "by",
        "for",
        "from",
        "with",
        "and",
        "or",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "do",
        "does",
        "did",
        "has",
        "have",
        "had",
        "i",
        "me",
        "my",
        "we",
        "you",
        "he",
        "she",
        "it",
        "its",
        "they",
        "them",
        "his",
        "her",
        "their",
        "this",
        "that",
        "these",
        "those",
        "there",
        "here",
        "what",
        "which",
        "who",
        "whom",
        "whose",
        "when",
        "where",
        "why",
        "how",
        "many",
        "much",
        "not",
        "no",
        "so",
        "if",
        "as",
        "about",
        "into",
        "than",
        "then",
        "too",
        "very",
        "can",
        "could",
        "will",
        "would",
        "should",
        "may",
        "might",
        "just",
        "any",
        "all",
        "some",
        "each",
        "every",
        "other",
        "another",
        "name",
        "list",
        "give",
        "tell",
        "show",
        "find",
        "film",
        "films",
        "movie",
        "movies",
        "actor",
        "actors",
        "director",
        "star",
        "stars",
        "play",
        "played",
    ]
)


@dataclass(frozen=True)
class Batch:
    """A batch of linked questions."""

    input_ids: Tensor  #: int64 [B, L]
    attention_mask: Tensor  #: int64 [B, L]
    word_of_token: Tensor  #: int64 [B, L], W for tokens outside words
    word_mask: Tensor  #: bool [B, W]
    first: Tensor  #: int64 [B, S], first word of each span
    last: Tensor  #: int64 [B, S], last word
    span_mask: Tensor  #: bool [B, S]
    span_features: Tensor  #: float [B, S, SPAN_FEATURES]
    entities: Tensor  #: int64 [B, S, C]
    entity_mask: Tensor  #: bool [B, S, C]
    entity_features: Tensor  #: float [B, S, C, CANDIDATE_FEATURES]
    profiles: Tensor  #: float [B, S, C, R]: share of each relation among the relations that leave the candidate
    #: int64 [B, S + 1, H], the relation that a person imposed at each hop from each span, and (last row) after the intersection;
    #: -1: the decoder's own. None: nothing is imposed.
    imposed: Tensor | None = None

    def to(self, device: torch.device | str) -> Batch:
        return replace(self, **{k: v.to(device) for k, v in vars(self).items() if v is not None})


@dataclass(frozen=True)
class Encoded:
    """One linked question as arrays, before padding; made once and reused in every epoch."""

    tokens: tuple[int, ...]
    word_of_token: tuple[int, ...]
    words: int
    spans: np.ndarray  #: int [S, 2]
    span_features: np.ndarray  #: float32 [S, SPAN_FEATURES]
    entities: tuple[tuple[int, ...], ...]
    features: tuple[np.ndarray, ...]  #: float32 [C, CANDIDATE_FEATURES] a span
    link: Link


class Batcher:
    """Turns linked questions into batches for one graph and one tokenizer.

    profile: what a candidate's vector is the mean over. "relations": every relation that leaves it counts once, which says what
    can be asked of it. "facts": by the square root of how many facts it has with each, which also says what it is known for (an
    actor who once directed); between that and the mean over facts (Oliya et al. 2021, section 3.2), where the longest list drowns
    the rest. Raises :class:`DataError` for another word.
    """

    def __init__(self, graph: Graph, tokenizer, profile: str = "relations"):
        if profile not in PROFILES:
            raise DataError(
                f"No profile {profile!r}: an entity's vector counts {' or '.join(PROFILES)}."
            )
        self.graph, self.tokenizer, self.profile = graph, tokenizer, profile

    def encode(self, link: Link) -> Encoded:
        coded = self.tokenizer(
            link.question or " ",
            truncation=True,
            max_length=MAX_TOKENS,
            return_offsets_mapping=True,
        )
        owner = np.full(len(link.question) + 1, len(link.words), dtype=np.int64)
        for i, (start, end, _) in enumerate(link.words):
            owner[start:end] = i
        word_of_token = tuple(
            int(owner[a]) if b > a else len(link.words) for a, b in coded["offset_mapping"]
        )
        return Encoded(
            tuple(coded["input_ids"]),
            word_of_token,
            len(link.words),
            np.array([[p.first, p.last] for p in link.proposals], dtype=np.int64).reshape(-1, 2),
            self._span_features(link),
            tuple(p.entities for p in link.proposals),
            tuple(self._candidate_features(link, p) for p in link.proposals),
            link,
        )

    def collate(self, items: list[Encoded]) -> Batch:
        """Pad to a batch."""
        graph = self.graph
        b = len(items)
        n_tokens = max(len(i.tokens) for i in items)
        n_words = max(1, max(i.words for i in items))
        s = max(1, max(len(i.entities) for i in items))
        c = max([1, *(len(e) for i in items for e in i.entities)])
        ids = np.full((b, n_tokens), self.tokenizer.pad_token_id or 0, dtype=np.int64)
        mask = np.zeros((b, n_tokens), dtype=np.int64)
        owner = np.full((b, n_tokens), n_words, dtype=np.int64)
        word_mask = np.zeros((b, n_words), dtype=bool)
        first, last = np.zeros((b, s), dtype=np.int64), np.zeros((b, s), dtype=np.int64)
        span_mask, span_features = (
            np.zeros((b, s), dtype=bool),
            np.zeros((b, s, SPAN_FEATURES), dtype=np.float32),
        )
        entities, entity_mask = np.zeros((b, s, c), dtype=np.int64), np.zeros((b, s, c), dtype=bool)
        features = np.zeros((b, s, c, CANDIDATE_FEATURES), dtype=np.float32)
        profiles = np.zeros((b, s, c, graph.num_relations), dtype=np.float32)
        for i, item in enumerate(items):
            ids[i, : len(item.tokens)], mask[i, : len(item.tokens)] = item.tokens, 1
            owner[i, : len(item.tokens)] = [
                w if w < item.words else n_words for w in item.word_of_token
            ]
            word_mask[i, : item.words] = True
            n = len(item.entities)
            if n:
                first[i, :n], last[i, :n] = item.spans[:, 0], item.spans[:, 1]
                span_mask[i, :n], span_features[i, :n] = True, item.span_features
            for j, (found, values) in enumerate(zip(item.entities, item.features, strict=True)):
                m = len(found)
                entities[i, j, :m], entity_mask[i, j, :m], features[i, j, :m] = found, True, values
                for k, e in enumerate(found):
                    low, high = int(graph.entity_group[e]), int(graph.entity_group[e + 1])
                    if high > low:
                        share = np.ones(high - low, dtype=np.float32)
                        if self.profile == "facts":
                            share = np.sqrt(
                                np.diff(graph.group_edge[low : high + 1]).astype(np.float32)
                            )
                        profiles[i, j, k, graph.group_relation[low:high]] = share / share.sum()
        arrays = (
            ids,
            mask,
            owner,
            word_mask,
            first,
            last,
            span_mask,
            span_features,
            entities,
            entity_mask,
            features,
            profiles,
        )
        return Batch(*(torch.from_numpy(a) for a in arrays))

    def _span_features(self, link: Link) -> np.ndarray:
        spans = [(p.first, p.last) for p in link.proposals]
        rows = []
        for p in link.proposals:
            start, end = link.span(p)
            text = link.question[start:end]
            normal = [w for _, _, w in link.words[p.first : p.last + 1]]
            size = p.last - p.first + 1
            rows.append(
                [
                    size / 4,
                    size / max(len(link.words), 1),
                    float(text[:1].isupper()),
                    float(any(ch.isdigit() for ch in text)),
                    float(all(w in _COMMON for w in normal)),
                    float(
                        any(
                            a <= p.first and p.last <= z and (a, z) != (p.first, p.last)
                            for a, z in spans
                        )
                    ),
                    float(min(p.alias_kinds) == KIND["label"]),
                    float(min(p.alias_kinds) == KIND["misspelling"]),
                ]
            )
        return np.array(rows, dtype=np.float32).reshape(-1, SPAN_FEATURES)

    def _candidate_features(self, link: Link, proposal) -> np.ndarray:
        graph, n = self.graph, len(proposal.entities)
        rows = np.zeros((n, CANDIDATE_FEATURES), dtype=np.float32)
        log_degree = graph.log_degree[list(proposal.entities)]
        rank = np.argsort(np.argsort(-log_degree, kind="stable"), kind="stable")
        text = link.text(proposal)
        for i, (entity, kind) in enumerate(
            zip(proposal.entities, proposal.alias_kinds, strict=True)
        ):
            rows[i, kind] = 1.0
            label = graph.label(entity)
            covered = min(1.0, (proposal.last - proposal.first + 1) / max(1, len(label.split())))
            tail = (
                log_degree[i] / 5,
                1 / (1 + rank[i]),
                float(n == 1),
                float(label == text),
                covered,
            )
            rows[i, len(ALIAS_KINDS) :] = tail
        return rows
