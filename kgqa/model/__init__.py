"""The joint model: spans, entities, hops, intersection and answers from one question in one network."""

from kgqa.model.config import ModelConfig
from kgqa.model.network import KGQAModel

__all__ = ["KGQAModel", "ModelConfig"]
