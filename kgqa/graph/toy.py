"""A toy graph of a dozen entities, so small that a walk over it can be checked by hand.

All its facts are true and in the default graph. The model has to tell the
painting *Mona Lisa* from the film.
"""

from __future__ import annotations

from collections.abc import Sequence

from kgqa.graph.builder import GraphBuilder
from kgqa.graph.graph import Graph
from kgqa.graph.relation import Relation
from kgqa.trace import Fact

#: kind, name, description
ENTITIES = (
    ("artwork", "Mona Lisa", "painting by Leonardo da Vinci"),
    ("film", "Mona Lisa", "1986 film by Neil Jordan"),
    ("person", "Leonardo da Vinci", "artist"),
    ("person", "Neil Jordan", "director"),
    ("museum", "Louvre", "museum in Paris"),
    ("city", "Paris", "city in France"),
    ("country", "France", "country in Europe"),
    ("person", "Natalie Portman", "actor"),
    ("film", "Star Wars: Episode I – The Phantom Menace", "1999 film"),
    ("film", "Black Swan", "2010 film"),
    ("character", "Padmé Amidala", "character in Star Wars"),
    ("character", "Nina Sayers", "character in Black Swan"),
)
#: head, relation, tail, by position in ENTITIES (from 0)
TRIPLES = (
    (0, "creator", 2),
    (0, "exhibited at", 4),
    (1, "director", 3),
    (4, "located in", 5),
    (5, "located in", 6),
    (6, "capital", 5),
    (8, "cast member", 7),
    (9, "cast member", 7),
    (8, "character", 10),
    (9, "character", 11),
    (10, "performer", 7),
    (11, "performer", 7),
)


def toy_graph(relations: Sequence[Relation]) -> Graph | None:
    """The toy graph with the relations of another graph; None if they lack one that the toy needs.

    >>> names = {name for _, name, _ in TRIPLES}
    >>> graph = toy_graph([Relation(name, name, f"{name} of") for name in sorted(names)])
    >>> [entity.id for entity in graph["Mona Lisa"]]
    ['artwork:Mona Lisa', 'film:Mona Lisa']
    >>> [fact.sentence for fact in graph.facts("museum:Louvre")]
    ['Louvre, located in: Paris', 'Mona Lisa, exhibited at: Louvre']
    >>> graph.to_networkx(["artwork:Mona Lisa", "museum:Louvre"]).number_of_edges()
    1
    """
    if not {relation for _, relation, _ in TRIPLES} <= {relation.id for relation in relations}:
        return None
    builder = GraphBuilder("a toy of a dozen entities", relations)
    nodes = [
        builder.entity(kind, name, description=note, title=kind in ("artwork", "film", "museum"))
        for kind, name, note in ENTITIES
    ]
    for head, relation, tail in TRIPLES:
        builder.triple(nodes[head], relation, nodes[tail])
    return builder.build()


def all_facts(graph: Graph) -> tuple[Fact, ...]:
    """Every fact of a small graph, inverses left out."""
    half = len(graph.relations)
    return tuple(
        graph.fact(head, relation, tail)
        for head in range(graph.num_entities)
        for relation, tails in graph.groups(head)
        if relation < half
        for tail in tails.tolist()
    )
