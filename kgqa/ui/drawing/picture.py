"""A picture of a walk: nodes in columns, edges from left to right, and how much was left out.

:mod:`select` fills it from a trace, :mod:`layout` places it, :mod:`network` draws it. Nodes are
counted on the way in: there are never more than :data:`MOST_NODES`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from kgqa.trace import Entity, Fact

MOST_NODES = 60
MOST_IN_COLUMN = 16
EdgeKey = tuple[str, str, str]  #: keys of the left and the right node, label


@dataclass
class Node:
    """A mention or an entity in one column."""

    key: str
    column: int
    text: str
    note: str
    role: str  #: "mention", "entity" or "answer"
    branches: set[int] = field(default_factory=set)  #: ranks of the branches that reach it
    entity: str = ""  #: id of the entity; empty for a mention
    weight: float = 0.0  #: membership after the column's hop, where the trace lists it


@dataclass
class Edge:
    """A fact that the walk used, or the link from a mention to what it may mean (``fact`` None)."""

    left: str  #: key of the node on the left
    right: str
    label: str
    forward: bool  #: whether the fact points from left to right
    branches: set[int] = field(default_factory=set)
    fact: Fact | None = None


@dataclass
class Picture:
    """What is drawn, and how much is not."""

    nodes: dict[str, Node] = field(default_factory=dict)
    edges: dict[EdgeKey, Edge] = field(default_factory=dict)
    omitted_answers: int = 0
    omitted_others: int = 0
    paths: dict[str, set[EdgeKey]] = field(default_factory=dict)  #: edges to each answer, by id
    names: tuple[str, ...] = ()  #: what each column shows
    columns: int = 0

    def room(self, column: int) -> bool:
        """Whether one more node fits."""
        return (
            len(self.nodes) < MOST_NODES
            and sum(n.column == column for n in self.nodes.values()) < MOST_IN_COLUMN
        )

    def node(self, column: int, entity: Entity, rank: int, role: str = "entity") -> str | None:
        """Key of the entity's node in a column, made if there is room; None if there is not."""
        key = f"{column}|{entity.id}"
        if key not in self.nodes:
            if not self.room(column):
                return None
            text, note = entity.label or entity.id, entity.description or entity.kind
            self.nodes[key] = Node(key, column, text, note, role, entity=entity.id)
        self.nodes[key].branches.add(rank)
        return key

    def edge(
        self, left: str, right: str, rank: int, fact: Fact | None, label: str, forward: bool = True
    ) -> EdgeKey:
        """Key of an edge, added or, if it is there, given one more branch."""
        key = (left, right, label)
        self.edges.setdefault(key, Edge(left, right, label, forward, fact=fact)).branches.add(rank)
        return key
