"""Question answering over a differentiable knowledge graph, end to end.

>>> from kgqa import Pipeline
>>> print(Pipeline.load("checkpoints/films").answer("Who directed Jaws?").best.entity.label)
Steven Spielberg

    Pipeline      answer questions              Trace    what happened to one
    Checkpoint    a model with its graph        Edits    what a person decides instead of the model
    Graph         entities and facts            GraphBuilder    make one
    train, evaluate, serve                      from questions, on questions, as a page

Names are imported when they are used, so ``import kgqa`` is quick and brings no torch.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kgqa.checkpoint import Checkpoint
    from kgqa.edits import Edits
    from kgqa.evaluation.evaluator import evaluate
    from kgqa.graph import Graph
    from kgqa.graph.builder import GraphBuilder
    from kgqa.inference.pipeline import Pipeline
    from kgqa.serve import serve
    from kgqa.trace import Trace
    from kgqa.training import train

__version__ = "0.2.0"
__all__ = [
    "Checkpoint",
    "Edits",
    "Graph",
    "GraphBuilder",
    "Pipeline",
    "Trace",
    "evaluate",
    "serve",
    "train",
]

_MODULES = {
    "Checkpoint": "kgqa.checkpoint",
    "Edits": "kgqa.edits",
    "Graph": "kgqa.graph",
    "GraphBuilder": "kgqa.graph.builder",
    "Pipeline": "kgqa.inference.pipeline",
    "Trace": "kgqa.trace",
    "evaluate": "kgqa.evaluation.evaluator",
    "serve": "kgqa.serve",
    "train": "kgqa.training",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
