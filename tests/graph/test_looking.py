"""Looking at a graph: entities by name and id, facts, neighbours, a part of it for NetworkX."""

from __future__ import annotations

import pytest

from kgqa.errors import GraphError
from kgqa.graph.builder import GraphBuilder
from kgqa.graph.relation import Relation

ACTOR = "person:Tom Hanks"


def test_entities_are_looked_up_by_their_name(toy):
    assert [e.id for e in toy["Mona Lisa"]] == ["artwork:Mona Lisa"]
    assert {e.kind for e in toy["PARIS"]} == {"city", "film"}
    assert toy["tom  hanks!"][0].id == ACTOR  # best connected first
    assert [e.label for e in toy["La Gioconda"]] == ["Mona Lisa"]


@pytest.mark.parametrize("name", ["Star Wars", "French", "Hanks", "", "?!", "no such thing"])
def test_what_is_only_near_a_name_names_nothing(toy, name):
    assert toy[name] == ()


def test_every_entity_is_found_by_its_id(toy):
    assert [toy.find(toy.key(e)) for e in range(toy.num_entities)] == list(range(toy.num_entities))
    assert toy.find_all(["city:Paris", "no such id"]) == {toy.find("city:Paris")}


@pytest.mark.parametrize("id_", ["", "person:", "zzz", "日本", "\ud800"])
def test_an_id_that_is_not_there_is_nothing(toy, id_):
    assert toy.find(id_) is None and toy.facts(id_) == () and toy.neighbourhood(id_) is None


def test_facts_are_told_the_way_they_are_stored(toy):
    facts = toy.facts("museum:Louvre")
    assert {(f.head.label, f.relation, f.tail.label) for f in facts} == {
        ("Louvre", "located in", "Paris"),
        ("Mona Lisa", "exhibited at", "Louvre"),
    }
    assert {f.sentence for f in toy.facts("run time:96 minutes")} == set()  # literals lead nowhere


def test_a_fact_of_an_entity_about_itself_is_one_fact():
    builder = GraphBuilder("one", [Relation("likes", "likes", "liked by")])
    ann = builder.entity("person", "Ann")
    builder.triple(ann, "likes", ann)
    assert [f.sentence for f in builder.build().facts("person:Ann")] == ["Ann, likes: Ann"]


def test_a_neighbourhood_lists_every_relation_and_counts_what_it_leaves_out(toy):
    around = toy.neighbourhood(ACTOR, each=2)
    (films,) = (g for g in around.groups if g.relation == "-cast member")
    assert (films.label, films.total, len(films.entities)) == ("acted in", 4, 2)
    assert around.entity.id == ACTOR and len(around.groups) == len(toy.groups(toy.find(ACTOR)))


def test_neighbours_carry_the_question_that_asks_for_them():
    questions = {"question": "Whom does {} know?", "inverse_question": "Who knows {}?"}
    builder = GraphBuilder("two", [Relation("knows", "knows", "is known by", **questions)])
    builder.triple(builder.entity("person", "Ann"), "knows", builder.entity("person", "Bob"))
    graph = builder.build()
    for person, question in (("Ann", "Whom does {} know?"), ("Bob", "Who knows {}?")):
        (group,) = graph.neighbourhood(f"person:{person}").groups
        assert group.question == question


def test_a_part_of_the_graph_is_a_graph_of_networkx(toy):
    part = toy.to_networkx(["museum:Louvre", "city:Paris", "country:France", "museum:Louvre"])
    assert dict(part.nodes(data="label")) == {
        "museum:Louvre": "Louvre",
        "city:Paris": "Paris",
        "country:France": "France",
    }
    assert set(part.edges(keys=True)) == {
        ("museum:Louvre", "city:Paris", "located in"),
        ("city:Paris", "country:France", "located in"),
        ("country:France", "city:Paris", "capital"),
    }
    capital = part.edges["country:France", "city:Paris", "capital"]
    assert capital == {"label": "capital", "sentence": "France, capital: Paris"}
    assert part.nodes["city:Paris"]["kind"] == "city"


def test_an_id_that_is_not_in_the_graph_cannot_be_drawn(toy):
    with pytest.raises(GraphError, match="no such id"):
        toy.to_networkx(["city:Paris", "no such id"])
