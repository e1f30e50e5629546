"""Words that are hidden in training, so that no single one is relied on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch

from kgqa.checkpoint import Checkpoint
from kgqa.model.batch import Batch
from kgqa.training.config import TrainConfig
from kgqa.training.dataset import Example


def masked(
    batch: Batch, examples: Sequence[Example], checkpoint: Checkpoint, config: TrainConfig
) -> Batch:
    """The batch with a few word pieces, and some names, replaced by the mask token."""
    words = batch.word_mask.shape[1]
    hidden = torch.rand(batch.input_ids.shape) < config.mask_tokens
    share = config.mask_names if config.operators else 0.0
    for i in (torch.rand(len(examples)) < share).nonzero().flatten().tolist():
        for first, last in examples[i].names(checkpoint.graph.num_entities):
            place = batch.word_of_token[i]
            hidden[i] |= (place >= first) & (place <= last)
    hidden &= batch.word_of_token < words
    mask = checkpoint.tokenizer.mask_token_id
    return replace(batch, input_ids=batch.input_ids.masked_fill(hidden, mask))
