"""The graph that is trained on under other names, so that words alone lead over it, too."""

from __future__ import annotations

import copy
import random
from dataclasses import replace

from kgqa.checkpoint import Checkpoint
from kgqa.graph.synonyms import Synonyms, renamed
from kgqa.model.binding import vocabulary_of


def rename(checkpoint: Checkpoint, synonyms: Synonyms, rng: random.Random) -> None:
    """Give the relations of a bound checkpoint other names; vectors are for ``reread``."""
    graph = copy.copy(checkpoint.graph)
    relations = [renamed(relation, synonyms, rng) for relation in checkpoint.graph.relations]
    graph.relations = type(checkpoint.graph.relations)(relations)
    graph.__dict__.pop("relation_index", None)
    named = vocabulary_of(graph, checkpoint.config)
    checkpoint.model.config = replace(
        checkpoint.config,
        relation_words=named.relation_words,
        operator_words=named.operator_words,
    )
