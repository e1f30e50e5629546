"""A picture of a walk: nodes in columns, links from left to right, and how much was left out.

:mod:`select` fills it from a trace, :mod:`layout` places it, :mod:`network` and :mod:`svg` draw it.
An entity is one node, whichever ways lead to it. Nodes are counted on the way in: there are never
more than :data:`MOST_NODES`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from kgqa.trace import Entity, Fact

MOST_NODES = 60
MOST_IN_COLUMN = 16
EdgeKey = tuple[str, str, str]  #: keys of the left and the right node, label


@dataclass
class Node:
    """A mention or an entity in its column, or a place where a long link passes a column."""

    key: str
    column: int
    text: str
    note: str
    role: str  #: "mention", "entity", "answer" or "via"
    branches: set[int] = field(default_factory=set)  #: ranks of the branches that reach it
    entity: str = ""  #: id of the entity; empty for a mention
    weight: float = 0.0  #: membership after the column's hop, where the trace lists it
    step: int = 0  #: of the walk, from which on it is shown
    meets: bool = False  #: several branches reach it, and so it stays
    out: bool = False  #: what it may mean was ruled out by the intersection


@dataclass
class Edge:
    """A fact as it was walked, or the link from a mention to what it may mean (``fact`` None)."""

    left: str  #: key of the node that the walk came from
    right: str
    label: str  #: what was followed, in the words of the steps
    branches: set[int] = field(default_factory=set)
    fact: Fact | None = None
    hops: set[tuple[int, int]] = field(default_factory=set)  #: (rank, hop); -1: after the meeting
    via: tuple[str, ...] = ()  #: keys of the places where it passes a column


@dataclass
class Picture:
    """What is drawn, and how much is not."""

    nodes: dict[str, Node] = field(default_factory=dict)
    edges: dict[EdgeKey, Edge] = field(default_factory=dict)
    vias: dict[str, Node] = field(default_factory=dict)
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
        """Key of the entity's node, made in this column if there is none; None without room."""
        key = key_of(entity.id)
        if key not in self.nodes:
            if not self.room(column):
                return None
            text, note = entity.label or entity.id, entity.description or entity.kind
            self.nodes[key] = Node(key, column, text, note, role, entity=entity.id, step=column)
        self.nodes[key].branches.add(rank)
        return key

    def edge(
        self,
        left: str,
        right: str,
        rank: int,
        fact: Fact | None,
        label: str,
        hop: tuple[int, int] | None = None,
    ) -> EdgeKey:
        """Key of an edge, added or, if it is there, given one more branch."""
        key = (left, right, label)
        edge = self.edges.setdefault(key, Edge(left, right, label, fact=fact))
        edge.branches.add(rank)
        edge.hops |= {hop} if hop else set()
        return key

    def forward(self, left: str, right: str) -> bool:
        """Whether an edge between these nodes would lead to a later column."""
        return self.nodes[left].column < self.nodes[right].column

    def pass_columns(self) -> None:
        """Give every edge that passes columns a place in each, so that it is behind no node."""
        for i, edge in enumerate(self.edges.values()):
            left, right = self.nodes[edge.left].column, self.nodes[edge.right].column
            places = [Node(f"via|{i}|{c}", c, "", "", "via") for c in range(left + 1, right)]
            self.vias |= {place.key: place for place in places}
            edge.via = tuple(place.key for place in places)


def key_of(entity: str) -> str:
    """Key of the node of the entity with this id."""
    return f"entity|{entity}"
