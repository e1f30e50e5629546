"""BERT, as far as an answer needs it: the encoder of a checkpoint, without the library it is from.

Devlin et al. 2019, section 3: embeddings, then layers of self-attention and a feed-forward network,
each added to what it read and normalised. The names of the weights are those of ``BertModel`` in
the library transformers, so that either reads what the other wrote; training starts with the
library's. Importing that library takes longer than loading all weights, and it multiplies three
matrices where one does, which is half of the time of a short question.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from kgqa.model.products import Linear, Product
from kgqa.model.ready import Ready

#: What is computed here; an encoder with another value in its configuration is the library's.
KNOWN: dict[str, Any] = {
    "model_type": "bert",
    "hidden_act": "gelu",
    "position_embedding_type": "absolute",
    "is_decoder": False,
    "add_cross_attention": False,
    "chunk_size_feed_forward": 0,
}
SIZES = (
    *("vocab_size", "max_position_embeddings", "type_vocab_size", "hidden_size"),
    *("num_hidden_layers", "num_attention_heads", "intermediate_size"),
)


def is_known(values: Mapping[str, Any]) -> bool:
    """Whether a configuration describes an encoder that :class:`Bert` is."""
    return all(values.get(key, value) == value for key, value in KNOWN.items()) and (
        "model_type" in values and all(type(values.get(name)) is int for name in SIZES)
    )


class BertConfig(SimpleNamespace):
    """The configuration of an encoder, as the library writes it: its keys are attributes."""

    def to_dict(self) -> dict[str, Any]:
        """A copy of the keys and values."""
        return dict(vars(self))


class Embeddings(nn.Module):
    """Word piece + position + type, normalised: int64 [B, L] -> float [B, L, D]."""

    def __init__(self, config: BertConfig):
        super().__init__()
        d = config.hidden_size
        self.word_embeddings = nn.Embedding(config.vocab_size, d)
        self.position_embeddings = nn.Embedding(config.max_position_embeddings, d)
        self.token_type_embeddings = nn.Embedding(config.type_vocab_size, d)
        self.LayerNorm = nn.LayerNorm(d, eps=config.layer_norm_eps)
        self.dropout = nn.Dropout(config.hidden_dropout_prob)
        self.places: Ready[Tensor] = Ready()

    def forward(self, input_ids: Tensor) -> Tensor:
        position, kind = self.position_embeddings.weight, self.token_type_embeddings.weight
        places = self.places([position, kind], lambda: position + kind[0])  # [P, D]
        x = self.word_embeddings(input_ids) + places[: input_ids.shape[1]]
        return self.dropout(self.LayerNorm(x))


class SelfAttention(nn.Module):
    """What each token reads in all tokens."""

    def __init__(self, config: BertConfig):
        super().__init__()
        d = config.hidden_size
        self.query, self.key, self.value = (Linear(d, d) for _ in range(3))
        self.heads, self.dropout = config.num_attention_heads, config.attention_probs_dropout_prob
        self.joined: Ready[tuple[Tensor, Tensor]] = Ready()
        self.product = Product()

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """x [B, L, D] -> [B, L, D]; mask bool [B, 1, 1, L], which tokens may be read."""
        b, length, d = x.shape
        parts = (self.query, self.key, self.value)
        weight, bias = self.joined(
            [p for part in parts for p in (part.weight, part.bias)],
            lambda: (torch.cat([p.weight for p in parts]), torch.cat([p.bias for p in parts])),
        )
        joined = self.product(x, weight, bias, narrow=True).view(
            b, length, 3, self.heads, d // self.heads
        )
        query, key, value = joined.permute(2, 0, 3, 1, 4)  # each [B, heads, L, D / heads]
        dropout = self.dropout if self.training else 0.0
        read = scaled_dot_product_attention(query, key, value, mask, dropout)
        return read.transpose(1, 2).reshape(b, length, d)


class Added(nn.Module):
    """A projection that is added to what was there, and normalised."""

    def __init__(self, config: BertConfig, width: int):
        super().__init__()
        self.dense = Linear(width, config.hidden_size)
        self.LayerNorm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.dropout = nn.Dropout(config.hidden_dropout_prob)

    def forward(self, x: Tensor, before: Tensor) -> Tensor:
        return self.LayerNorm(self.dropout(self.dense(x)) + before)


class Wide(nn.Module):
    """The first half of the feed-forward network: [B, L, D] -> [B, L, 4D], for :class:`Added`."""

    def __init__(self, config: BertConfig):
        super().__init__()
        self.dense = Linear(config.hidden_size, config.intermediate_size)

    def forward(self, x: Tensor) -> Tensor:
        dense = self.dense
        return dense.product(x, dense.weight, dense.bias, gelu=True, narrow=True)


class Layer(nn.Module):
    """Self-attention, then a feed-forward network."""

    def __init__(self, config: BertConfig):
        super().__init__()
        attention = {"self": SelfAttention(config), "output": Added(config, config.hidden_size)}
        self.attention = nn.ModuleDict(attention)
        self.intermediate = Wide(config)
        self.output = Added(config, config.intermediate_size)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        x = self.attention["output"](self.attention["self"](x, mask), x)
        return self.output(self.intermediate(x), x)


class Layers(nn.Module):
    """One after another."""

    def __init__(self, config: BertConfig):
        super().__init__()
        self.layer = nn.ModuleList(Layer(config) for _ in range(config.num_hidden_layers))

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        for layer in self.layer:
            x = layer(x, mask)
        return x


class Bert(nn.Module):
    """Tokens in, vectors out: what ``QuestionEncoder`` expects of a transformer."""

    def __init__(self, config: BertConfig):
        super().__init__()
        self.config = config
        self.embeddings = Embeddings(config)
        self.encoder = Layers(config)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> SimpleNamespace:
        """int64 [B, L] both -> ``last_hidden_state`` float [B, L, D]."""
        padded = input_ids.shape[0] > 1 or self.training or not bool(attention_mask.all())
        mask = attention_mask.bool()[:, None, None, :] if padded else None
        return SimpleNamespace(last_hidden_state=self.encoder(self.embeddings(input_ids), mask))
