"""Models small enough to run in a test."""

from __future__ import annotations

import torch
from transformers import BertConfig, BertModel

from kgqa.graph import Graph
from kgqa.graph.operators import operator_words
from kgqa.model.config import ModelConfig
from kgqa.model.holds import transitions
from kgqa.model.network import KGQAModel


def tiny_encoder(seed: int = 0) -> BertModel:
    """A random two-layer BERT of width 32, without dropout so that runs repeat."""
    torch.manual_seed(seed)
    config = BertConfig(
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        vocab_size=30_522,
        max_position_embeddings=128,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    return BertModel(config, add_pooling_layer=False)


def tiny_model(
    graph: Graph, *, seed: int = 0, sharp: float = 1.0, operators: bool = False, **changes
) -> KGQAModel:
    """A random model for a graph; a larger ``sharp`` makes its distributions more peaked.

    With ``operators`` it takes away, unites and reads out about every other time.
    """
    names = tuple(graph.relation_id(r) for r in range(graph.num_relations))
    if operators:
        attributes = tuple(graph.relation_id(a) for a in graph.numbers.attributes)
        changes |= {"operator_words": operator_words(graph), "attributes": attributes}
    model = KGQAModel(
        ModelConfig(names, names, graph.fingerprint, hidden=32, name="tiny", **changes),
        tiny_encoder(seed),
    )
    with torch.no_grad():
        model.relation_words.normal_()
        for decoder in (model.decoder, model.after):
            decoder.relation[-1].weight.mul_(sharp)
            decoder.stop[-1].weight.mul_(sharp)
            if decoder.rank is not None:
                decoder.rank.weight.normal_()
                decoder.rank.bias.zero_()
        if model.operators is not None:
            for head in (model.operators.either, model.operators.negate):
                head[0].weight.mul_(sharp)
                head[-1].bias.zero_()
            model.operators.plain[0].weight.mul_(sharp)
        if model.config.holds:
            model.next_relations.copy_(transitions(graph))
    return model.eval()
