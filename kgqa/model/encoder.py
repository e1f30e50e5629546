"""Encode: one transformer pass gives a vector for each word and one for the question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from kgqa.model.batch import Batch

DROPOUT = 0.2  # of word and question vectors, in training


@dataclass(frozen=True)
class Encoding:
    """What the encoder makes of a batch."""

    words: Tensor  #: float [B, W, D]
    question: Tensor  #: float [B, D]

    def question_for(self, spans: int) -> Tensor:
        """The question vector beside each of S spans: [B, S, D]."""
        return self.question.unsqueeze(1).expand(-1, spans, -1)


class QuestionEncoder(nn.Module):
    """A sentence encoder (all-MiniLM-L6-v2) read at the level of words."""

    transformer: Any  #: a transformer of the library transformers

    def __init__(self, transformer: nn.Module):
        super().__init__()
        self.transformer = transformer
        self.drop = nn.Dropout(DROPOUT)

    def forward(self, batch: Batch) -> Encoding:
        """A word is the mean of its word pieces; the question is the mean of all tokens."""
        hidden = self.transformer(
            input_ids=batch.input_ids, attention_mask=batch.attention_mask
        ).last_hidden_state  # [B, L, D]
        return Encoding(
            self.drop(word_means(hidden, batch)), self.drop(mean(hidden, batch.attention_mask))
        )

    def embed_texts(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Mean vectors of short texts such as the words of a relation: [n, D]."""
        hidden = self.transformer(
            input_ids=input_ids, attention_mask=attention_mask
        ).last_hidden_state
        return mean(hidden, attention_mask)


def mean(hidden: Tensor, attention_mask: Tensor) -> Tensor:
    """Mean over tokens, as the sentence encoder was trained: [B, L, D], [B, L] -> [B, D]."""
    mask = attention_mask.unsqueeze(-1).to(hidden.dtype)  # [B, L, 1]
    return (hidden * mask).sum(1) / mask.sum(1)


def word_means(hidden: Tensor, batch: Batch) -> Tensor:
    """Mean over the tokens of each word: [B, L, D] -> [B, W, D]."""
    b, _, d = hidden.shape
    w = batch.word_mask.shape[1]
    index = batch.word_of_token.unsqueeze(-1)  # [B, L, 1]; W collects what is outside words
    sums = hidden.new_zeros(b, w + 1, d).scatter_add(1, index.expand(-1, -1, d), hidden)
    ones = torch.ones_like(index, dtype=hidden.dtype)
    counts = hidden.new_zeros(b, w + 1, 1).scatter_add(1, index, ones)
    return (sums / counts.clamp(min=1))[:, :w]
