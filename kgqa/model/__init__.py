"""The network that reads a question: spans, entities, relations, stops and sets of mentions.

features, batch     a linked question as tensors
encoder             one transformer pass
resolver            which words are mentions, and of which entity
decoder             which relations to follow, and where to stop
network             the whole; outputs: what it says
base                the sentence encoder that training starts from
"""

from kgqa.model.config import ModelConfig
from kgqa.model.network import KGQAModel

__all__ = ["KGQAModel", "ModelConfig"]
