"""End-to-end question answering over a differentiable knowledge graph."""

__version__ = "0.2.0"
