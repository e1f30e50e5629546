"""The toy graph asked with the same trained network.

The network needs the relations that it was trained for; a checkpoint of another graph has no toy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgqa.checkpoint import Checkpoint
from kgqa.graph.toy import toy_graph

if TYPE_CHECKING:
    from kgqa.inference.pipeline import Pipeline


def toy_pipeline(pipeline: Pipeline) -> Pipeline | None:
    """The network, tokenizer and settings of ``pipeline`` over the toy graph.

    None if its graph lacks a relation that the toy needs.
    """
    graph = toy_graph(pipeline.graph.relations)
    if graph is None:
        return None
    checkpoint = Checkpoint(pipeline.checkpoint.model, pipeline.checkpoint.tokenizer, graph)
    return type(pipeline)(checkpoint, settings=pipeline.settings)
