"""Classes: the relation to them is known by its id, and a class has members."""

from __future__ import annotations

import pytest

from kgqa.graph import Graph, Relation
from kgqa.graph.builder import GraphBuilder
from tests.programs.graphs import states


def graph_of(relation: str, *, literal: bool = False) -> Graph:
    """Jaws and Alien are films, by a relation of this id; a person is nothing."""
    builder = GraphBuilder("two films", [
        Relation("director", "director", "directed"),
        Relation(relation, "kind", "of kind", literal=literal),
    ])  # fmt: skip
    film, jaws, alien = (builder.entity("thing", name) for name in ("film", "Jaws", "Alien"))
    builder.triple(jaws, "director", builder.entity("person", "Steven Spielberg"))
    for one in (jaws, alien):
        builder.triple(one, relation, film)
    return builder.build()


@pytest.mark.parametrize(
    "relation",
    [
        "is a",
        "instance of",
        "P31",
        "http://www.wikidata.org/prop/direct/P31",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
    ],
)
def test_the_relation_to_a_class_is_known_by_its_id(relation):
    graph = graph_of(relation)
    assert graph.classes.relation == graph.relation_index[f"-{relation}"]
    members = graph.classes.members(graph.find("thing:film")).tolist()
    assert members == sorted(graph.find_all(["thing:Jaws", "thing:Alien"]))


@pytest.mark.parametrize("relation", ["genre", "type of film", "http://example.org/typed"])
def test_other_relations_lead_to_no_class(relation):
    graph = graph_of(relation)
    assert graph.classes.relation is None
    assert len(graph.classes.members(graph.find("thing:film"))) == 0


def test_a_number_is_no_class():
    assert graph_of("type", literal=True).classes.relation is None


def test_what_has_no_members_is_no_class():
    graph = graph_of("is a")
    for id in ("thing:Jaws", "person:Steven Spielberg"):
        assert len(graph.classes.members(graph.find(id))) == 0


def test_members_are_ascending():
    graph = states()
    members = graph.classes.members(graph.find("class:state")).tolist()
    assert members == sorted(members) and len(members) == 5
    assert {graph.kind_of(e) for e in members} == {"state"}
