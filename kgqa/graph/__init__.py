"""The knowledge graph: entities, relations and facts, as memory-mapped arrays.

relation     a relation and its words
description  what graph.json says
folder       reads, writes and checks a graph folder
graph        the graph itself
numbers      numbers of entities, and the sets that a range of them holds
operators    the vocabulary of a hop: relations, and operators over them
names        the normal form of a name, and other names (aliases) that it implies
builder      makes a graph from calls, in memory
importer     makes a graph from files of any size
given        the graph that a person names: a built folder, or files
"""

from kgqa.graph.graph import Graph
from kgqa.graph.relation import Relation

__all__ = ["Graph", "Relation"]
