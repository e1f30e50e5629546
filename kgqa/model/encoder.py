"""Encode: one transformer pass gives a vector for each word and one for the question."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from kgqa.model.batch import Batch

DROPOUT = 0.2  # of word and question vectors, in training


class QuestionEncoder(nn.Module):
    """A sentence encoder (all-MiniLM-L6-v2) read at the level of words: a word is the mean of its word pieces."""

    def __init__(self, transformer: nn.Module):
        super().__init__()
        self.transformer = transformer
        self.drop = nn.Dropout(DROPOUT)

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Word vectors [B, W, D] and the question vector [B, D] (mean over all tokens, as the encoder was trained)."""
        hidden = self.transformer(
            input_ids=batch.input_ids, attention_mask=batch.attention_mask
        ).last_hidden_state
        words, question = self.pool(hidden, batch)
        return self.drop(words), self.drop(question)

    @staticmethod
    def pool(hidden: Tensor, batch: Batch) -> tuple[Tensor, Tensor]:
        b, _, d = hidden.shape
        n_words = batch.word_mask.shape[1]
        mask = batch.attention_mask.unsqueeze(-1).to(hidden.dtype)
        question = (hidden * mask).sum(1) / mask.sum(1)
        index = batch.word_of_token.unsqueeze(-1)
        sums = hidden.new_zeros(b, n_words + 1, d).scatter_add(1, index.expand(-1, -1, d), hidden)
        counts = hidden.new_zeros(b, n_words + 1, 1).scatter_add(1, index, torch.ones_like(mask))
        return (sums / counts.clamp(min=1))[:, :n_words], question

    def embed_words(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Mean vectors of short texts (relation names): [n, D]."""
        hidden = self.transformer(
            input_ids=input_ids, attention_mask=attention_mask
        ).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        return (hidden * mask).sum(1) / mask.sum(1)
