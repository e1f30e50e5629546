"""Classes: who the members are, and what the classes are called."""

from __future__ import annotations

import pytest

from kgqa.films import classes
from kgqa.films.classes import add_classes
from kgqa.films.relations import relations
from kgqa.films.tables import table
from kgqa.graph import Graph
from kgqa.graph.builder import GraphBuilder
from kgqa.graph.names import normalise


@pytest.fixture
def graph(monkeypatch) -> Graph:
    """A film, a painting and a sculpture with their makers, and two people without a work."""
    rows = [row for row in table("classes") if row["kind"] in {"film", "person", "artwork"}]
    monkeypatch.setattr(classes, "table", lambda name: rows)
    builder = GraphBuilder("works", relations())
    names = "Eastwood Rodin Picasso Vermeer Nobody Someone".split()
    people = {name: builder.entity("person", name) for name in names}
    film, thinker, pearl, bull = (
        builder.entity(*work)
        for work in (("film", "Sully"), ("artwork", "Thinker"), ("artwork", "Pearl"),
                     ("artwork", "Bull"))
    )  # fmt: skip
    builder.triple(film, "director", people["Eastwood"])
    builder.triple(film, "cast member", people["Eastwood"])
    for work, form, artist in (
        (thinker, "sculpture", "Rodin"),
        (pearl, "painting", "Vermeer"),
        (bull, "painting", "Picasso"),
    ):
        builder.triple(work, "creator", people[artist])
        builder.triple(work, "art form", builder.entity("art form", form))
    add_classes(builder)
    return builder.build()


def members(graph: Graph, name: str) -> set[str]:
    tails = graph.tails(graph.find(f"class:{name}"), graph.relation_index["-is a"])
    return set(map(graph.label, tails.tolist()))


def test_a_class_leads_to_all_of_its_kind(graph):
    assert members(graph, "film") == {"Sully"}
    assert members(graph, "artwork") == {"Thinker", "Pearl", "Bull"}


def test_people_belong_to_classes_by_what_they_made(graph):
    assert members(graph, "actor") == members(graph, "director") == {"Eastwood"}
    assert members(graph, "artist") == {"Rodin", "Picasso", "Vermeer"}
    assert members(graph, "painter") == {"Picasso", "Vermeer"}
    assert members(graph, "sculptor") == {"Rodin"}
    assert graph.entity(graph.find("person:Nobody")).id not in str(graph.facts("class:actor"))


def test_a_fact_about_a_class_is_a_sentence(graph):
    sentences = {fact.sentence for fact in graph.facts("person:Eastwood")}
    assert {"Eastwood is an actor", "Eastwood is a director"} <= sentences


def test_a_class_is_named_by_plurals_and_synonyms(graph):
    for word in ("film", "films", "Movies", "flick"):
        assert [e.id for e in graph[word]] == ["class:film"], word
    assert graph["films"][0].description == "all films"


def test_no_two_classes_share_a_name():
    names = [
        normalise(name)
        for row in table("classes")
        for name in (row["class"], *row["aliases"].split("|"))
    ]
    assert len(names) == len(set(names))
