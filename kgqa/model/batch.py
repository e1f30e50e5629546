"""Questions as tensors: tokens, proposed spans, their candidates, and the features of both.

    Encoded   one linked question as arrays, made once and reused in every epoch
    Batch     several of them, padded, as tensors
    Batcher   makes both, for one graph and one tokenizer

Dimension letters: B batch, L tokens, W words, S spans, C candidates, R relations with inverses,
H hops.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from kgqa.graph import Graph
from kgqa.graph.numbers import ValueRange
from kgqa.linking import Link
from kgqa.model.features import (
    CANDIDATE_FEATURES,
    SPAN_FEATURES,
    STOP_WORDS,
    Shares,
    candidate_features,
    span_features,
)

MAX_TOKENS = 96


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
    profiles: Tensor  #: float [B, S, C, R], share of each relation that leaves the candidate
    #: int64 [B, S + 1, H], the relation that a person imposed at each hop from each span and, in
    #: the last row, after the intersection; -1 leaves it to the decoder. None: nothing is imposed.
    imposed: Tensor | None = None
    #: for each question the sets that its literals stand for; entity E + i is the i-th
    ranges: tuple[tuple[ValueRange, ...], ...] = ()

    def to(self, device: torch.device | str) -> Batch:
        """The same batch on another device."""
        moved: dict[str, Any] = {
            k: v.to(device) for k, v in vars(self).items() if isinstance(v, Tensor)
        }
        return replace(self, **moved)

    @classmethod
    def of_arrays(
        cls, arrays: dict[str, np.ndarray], ranges: tuple[tuple[ValueRange, ...], ...]
    ) -> Batch:
        """From arrays by the names of the fields."""
        return cls(**{name: torch.from_numpy(a) for name, a in arrays.items()}, ranges=ranges)

    @property
    def size(self) -> int:
        """B."""
        return len(self.input_ids)


@dataclass(frozen=True)
class Encoded:
    """One linked question as arrays, before padding."""

    tokens: tuple[int, ...]
    word_of_token: tuple[int, ...]
    words: int
    spans: np.ndarray  #: int64 [S, 2]
    span_features: np.ndarray  #: float32 [S, SPAN_FEATURES]
    entities: tuple[tuple[int, ...], ...]  #: candidates of each span
    features: tuple[np.ndarray, ...]  #: float32 [C, CANDIDATE_FEATURES] for each span
    link: Link


class Batcher:
    """Turns linked questions into batches for one graph and one tokenizer."""

    def __init__(self, graph: Graph, tokenizer):
        self.graph, self.tokenizer = graph, tokenizer
        self.stop_words = STOP_WORDS | graph.stop_words
        self.shares = Shares(graph)

    def __call__(self, links: Iterable[Link]) -> Batch:
        """A padded batch."""
        return self.collate([self.encode(link) for link in links])

    def encode(self, link: Link) -> Encoded:
        """One question as arrays."""
        coded = self.tokenizer(
            link.question or " ",
            truncation=True,
            max_length=MAX_TOKENS,
            return_offsets_mapping=True,
        )
        word_at = np.full(len(link.question) + 1, len(link.words), dtype=np.int64)
        for i, (start, end, _) in enumerate(link.words):
            word_at[start:end] = i
        return Encoded(
            tokens=tuple(coded["input_ids"]),
            word_of_token=tuple(
                int(word_at[a]) if b > a else len(link.words) for a, b in coded["offset_mapping"]
            ),
            words=len(link.words),
            spans=np.array([[p.first, p.last] for p in link.proposals]).reshape(-1, 2),
            span_features=span_features(link, self.stop_words),
            entities=tuple(p.entities for p in link.proposals),
            features=tuple(candidate_features(self.graph, link, p) for p in link.proposals),
            link=link,
        )

    def collate(self, items: Sequence[Encoded]) -> Batch:
        """Pad to a batch."""
        return Batch.of_arrays(*self.arrays(items))

    def arrays(
        self, items: Sequence[Encoded]
    ) -> tuple[dict[str, np.ndarray], tuple[tuple[ValueRange, ...], ...]]:
        """The arrays of a batch, and its ranges: what one process can send to another."""
        size = len(items)
        tokens = max(len(item.tokens) for item in items)
        words = max(1, *(item.words for item in items))
        spans = max(1, *(len(item.entities) for item in items))
        candidates = max([1, *(len(e) for item in items for e in item.entities)])
        batch = _blank(size, tokens, words, spans, candidates, self.graph.num_relations)
        batch["input_ids"][:] = self.tokenizer.pad_token_id or 0
        for i, item in enumerate(items):
            n, s = len(item.tokens), len(item.entities)
            batch["input_ids"][i, :n], batch["attention_mask"][i, :n] = item.tokens, 1
            batch["word_of_token"][i, :n] = [
                w if w < item.words else words for w in item.word_of_token
            ]
            batch["word_mask"][i, : item.words] = True
            if s:
                batch["first"][i, :s], batch["last"][i, :s] = item.spans.T
                batch["span_mask"][i, :s], batch["span_features"][i, :s] = True, item.span_features
            for j, (entities, features) in enumerate(
                zip(item.entities, item.features, strict=True)
            ):
                c = len(entities)
                batch["entities"][i, j, :c], batch["entity_mask"][i, j, :c] = entities, True
                batch["entity_features"][i, j, :c] = features
                for k, entity in enumerate(entities):
                    relations, shares = self.shares(item.link, entity)
                    batch["profiles"][i, j, k, relations] = shares
        return batch, tuple(item.link.ranges for item in items)


def _blank(b: int, length: int, w: int, s: int, c: int, r: int) -> dict[str, np.ndarray]:
    """The arrays of a :class:`Batch`, all padding."""
    return {
        "input_ids": np.zeros((b, length), dtype=np.int64),
        "attention_mask": np.zeros((b, length), dtype=np.int64),
        "word_of_token": np.full((b, length), w, dtype=np.int64),
        "word_mask": np.zeros((b, w), dtype=bool),
        "first": np.zeros((b, s), dtype=np.int64),
        "last": np.zeros((b, s), dtype=np.int64),
        "span_mask": np.zeros((b, s), dtype=bool),
        "span_features": np.zeros((b, s, SPAN_FEATURES), dtype=np.float32),
        "entities": np.zeros((b, s, c), dtype=np.int64),
        "entity_mask": np.zeros((b, s, c), dtype=bool),
        "entity_features": np.zeros((b, s, c, CANDIDATE_FEATURES), dtype=np.float32),
        "profiles": np.zeros((b, s, c, r), dtype=np.float32),
    }
