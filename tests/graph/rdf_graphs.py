"""Graphs from a few lines of Turtle, for tests of what RDF says."""

from __future__ import annotations

from pathlib import Path

from kgqa.graph import Graph
from kgqa.graph.folder import describe
from kgqa.graph.importer import build
from kgqa.graph.importer.parts import Format, ImportOptions, Part
from kgqa.graph.importer.rdf import to_ntriples
from kgqa.graph.notes import Notes

PREFIXES = """
@prefix : <http://e.org/> . @prefix wdt: <http://www.wikidata.org/prop/direct/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix schema: <http://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix dbo: <http://dbpedia.org/ontology/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix wikibase: <http://wikiba.se/ontology#> .
@prefix wd: <http://www.wikidata.org/entity/> .
"""


class Built:
    """A graph with short ids, and what its build left out."""

    def __init__(self, folder: Path, turtle: str, **options):
        (folder / "x.ttl").write_text(PREFIXES + turtle, encoding="utf-8")
        part = Part(folder / "x.ttl", "x.ttl", Format.TURTLE)
        chosen = ImportOptions(**options)
        source = to_ntriples([part], folder / "x.nt", chosen, Notes())
        build(source, folder / "graph", options=chosen)
        self.graph = Graph.load(folder / "graph", verify=True)
        self.notes = {note.what: note for note in describe(folder / "graph").notes}

    def entity(self, id_: str):
        return self.graph.entity(self.graph.find(f"http://e.org/{id_}"))

    def label(self, id_: str) -> str:
        return self.entity(id_).label

    def kind(self, id_: str) -> str:
        return self.graph.kind_of(self.graph.find(f"http://e.org/{id_}"))

    @property
    def labels(self) -> set[str]:
        """Of all entities that are no values."""
        graph = self.graph
        return {graph.label(e) for e in range(graph.num_entities) if graph.kind_of(e) != "value"}

    @property
    def relations(self) -> dict[str, tuple[str, str]]:
        """{last part of the id: (label, inverse)}"""
        return {
            relation.id.replace("#", "/").rsplit("/", 1)[-1]: (relation.label, relation.inverse)
            for relation in self.graph.relations
        }

    def names(self, name: str) -> list[str]:
        """The labels of the entities of a name."""
        return [entity.label for entity in self.graph[name]]

    def count(self, what: str) -> int:
        return self.notes[what].count if what in self.notes else 0

    @property
    def numbers(self) -> dict[str, list[tuple[str, float]]]:
        """{relation: (label of an entity, number)}"""
        graph, found = self.graph, {}
        rows = zip(graph.numbers.entity, graph.numbers.relation, graph.numbers.value, strict=True)
        for entity, relation, value in rows:
            label = graph.relations[int(relation)].label
            found.setdefault(label, []).append((graph.label(int(entity)), float(value)))
        return found
