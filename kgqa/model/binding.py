"""The same weights for the relations of another graph.

Nothing of the network is tied to entities, and a relation's vector starts from its words. So a
model walks a graph that it never saw: its relations and operators get the vectors of their words,
read by the model's own encoder, and what training taught about single relations is left out.
"""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from kgqa.graph import Graph
from kgqa.graph.operators import operator_words
from kgqa.model.config import ModelConfig
from kgqa.model.encoder import QuestionEncoder
from kgqa.model.holds import transitions
from kgqa.model.network import KGQAModel
from kgqa.model.ready import Ready

EMBEDDED, MAX_TOKENS = 256, 64  # texts in one pass, and what is read of each
#: of ModelConfig: on a graph that was never seen "no answer" is said too soon
REFUSE_UNSEEN = (0.9, 0.95)


def vocabulary_of(graph: Graph, config: ModelConfig) -> ModelConfig:
    """``config`` with the relations, and perhaps operators, of a graph."""
    relations = range(graph.num_relations)
    operators = config.operators
    return replace(
        config,
        relations=tuple(graph.relation_id(r) for r in relations),
        relation_words=tuple(graph.relation_words(r) for r in relations),
        graph_fingerprint=graph.fingerprint,
        operator_words=operator_words(graph) if operators else (),
        attributes=tuple(map(graph.relation_id, graph.numbers.attributes)) if operators else (),
    )


def word_vectors(encoder: QuestionEncoder, tokenizer: Any, config: ModelConfig) -> Tensor:
    """The vectors of the words of all V entries of a hop: float [V, D], of unit variance."""
    texts = [*config.relation_words, *config.operator_words]
    device = next(encoder.parameters()).device
    training = encoder.training
    encoder.eval()
    parts = []
    with torch.no_grad():
        for low in range(0, len(texts), EMBEDDED):
            coded = tokenizer(
                texts[low : low + EMBEDDED],
                padding=True,
                truncation=True,
                max_length=MAX_TOKENS,
                return_tensors="pt",
            )
            tokens, mask = coded["input_ids"].to(device), coded["attention_mask"].to(device)
            parts.append(encoder.embed_texts(tokens, mask))
    encoder.train(training)
    vectors = torch.cat(parts)
    return vectors / vectors.std()


def bind(model: KGQAModel, tokenizer: Any, graph: Graph) -> KGQAModel:
    """The model for another graph; all weights but those of single relations are shared with it.

    The model is left as it is, and training one trains the other.
    """
    config = replace(vocabulary_of(graph, model.config), refuse=REFUSE_UNSEEN)
    bound = copy.copy(model)
    bound.__dict__ |= {part: dict(getattr(model, part)) for part in ("_modules", "_buffers")}
    bound.config, bound.ready = config, Ready()
    table = nn.Embedding(config.vocabulary, config.hidden, device=model.relation_words.device)
    bound.relation_table = table.requires_grad_(False)
    nn.init.zeros_(table.weight)
    bound.relation_words = word_vectors(model.encoder, tokenizer, config)
    if config.holds:
        bound.next_relations = transitions(graph).to(bound.relation_words)
    return bound
