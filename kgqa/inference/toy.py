"""A toy graph of a dozen entities, asked with the same trained network, so that every number can be
checked by hand.

All facts are true and in the default graph. The network needs the relations that it was trained
for; a checkpoint of another graph has no toy. Beside the people and films of the examples there is
a second *Mona Lisa*, a film, to be told from the painting.
"""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

from kgqa.checkpoint import Checkpoint
from kgqa.graph import Graph
from kgqa.graph.builder import GraphBuilder
from kgqa.trace import Fact

if TYPE_CHECKING:
    from kgqa.inference.pipeline import Pipeline

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


def toy_pipeline(pipeline: Pipeline) -> Pipeline | None:
    """The same network, tokenizer and settings over the toy graph; None if its graph has other relations."""
    graph = toy_graph(pipeline.graph)
    if graph is None:
        return None
    checkpoint = Checkpoint(pipeline.checkpoint.model, pipeline.checkpoint.tokenizer, graph)
    return type(pipeline)(checkpoint, settings=pipeline.settings)


def toy_graph(like: Graph) -> Graph | None:
    """The toy graph with the relations of another graph; None if that graph lacks one that the toy needs."""
    if not {r for _, r, _ in TRIPLES} <= {r.id for r in like.relations}:
        return None
    builder = GraphBuilder("a toy of a dozen entities", like.relations)
    nodes = [
        builder.entity(kind, name, description=note, title=kind in ("artwork", "film", "museum"))
        for kind, name, note in ENTITIES
    ]
    for head, relation, tail in TRIPLES:
        builder.triple(nodes[head], relation, nodes[tail])
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        builder.write(folder)
        return Graph.load(folder)


def all_facts(graph: Graph) -> tuple[Fact, ...]:
    """Every fact of a small graph, inverses aside."""
    half = len(graph.relations)
    return tuple(
        graph.fact(head, relation, int(tail))
        for head in range(graph.num_entities)
        for relation, tails in graph.groups(head)
        if relation < half
        for tail in tails
    )
