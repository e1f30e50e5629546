"""What is known: entities, relations and facts, as memory-mapped arrays.

``store`` reads a graph, ``persist`` writes and checks one, ``build`` makes one from tables, ``films`` and ``places`` are the
sources of the default graph, ``names`` makes the other names (aliases) under which an entity may be asked for.
"""

from kgqa.graph.graph import Graph

__all__ = ["Graph"]
