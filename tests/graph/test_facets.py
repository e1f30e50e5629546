"""What tells members of a set apart: years, and relations to one of a few entities."""

from __future__ import annotations

import pytest

from kgqa.graph.builder import GraphBuilder
from kgqa.graph.facets import GROUPS, MOST, facets
from kgqa.graph.relation import Relation

COUNTRIES = ["France", "Italy", "Peru"]


@pytest.fixture(scope="module")
def graph():
    relations = [
        Relation("is a", "is a", ""),
        Relation("country", "country", "of"),
        Relation("year", "release year", "", literal=True, unit="year"),
        Relation("run time", "run time", "", literal=True, unit="minutes"),
        Relation("star", "star", "stars in"),
        Relation("same", "same", "of all"),
    ]
    builder = GraphBuilder("films", relations)
    film = builder.entity("class", "film")
    same = builder.entity("thing", "same")
    countries = [builder.entity("country", name) for name in COUNTRIES]
    for i in range(60):
        one = builder.entity("film", f"Film {i}")
        builder.triple(one, "is a", film)
        builder.triple(one, "same", same)
        builder.triple(one, "star", builder.entity("person", f"Star {i}"))
        builder.number(one, "run time", 90 + i, f"{90 + i} minutes")
        if i != 7:
            builder.number(one, "year", 1950 + i, str(1950 + i))
            builder.triple(one, "country", countries[i % 3])
        if i == 3:
            builder.triple(one, "country", countries[2])
    builder.entity("place", "Nowhere")
    return builder.build()


def films(numbers) -> list[str]:
    return [f"film:Film {i}" for i in numbers]


def test_years_come_first_then_relations_with_few_values(graph):
    year, country = facets(graph, films(range(60)))
    assert (year.name, year.year) == ("release year", True)
    assert (country.name, country.year) == ("country", False)
    assert year.values[0] == ("1950",) and year.values[7] == () == country.values[7]
    assert set(country.values[3]) == {"France", "Peru"} and country.values[1] == ("Italy",)
    assert len(year.values) == len(country.values) == 60


def test_what_is_the_same_or_different_for_all_tells_nothing(graph):
    names = {facet.name for facet in facets(graph, films(range(60)))}
    assert not names & {"is a", "same", "star", "run time"}
    assert len(facets(graph, films(range(60)))) <= MOST and GROUPS < 60


def test_a_set_that_has_no_such_value_or_one_member_has_no_facets(graph):
    assert facets(graph, films([1])) == () == facets(graph, [])
    assert facets(graph, ["place:Nowhere", "no such id"]) == ()
    assert facets(graph, [f"country:{name}" for name in COUNTRIES]) == ()


def test_ids_that_the_graph_does_not_have_have_no_values(graph):
    (year, *_) = facets(graph, [*films(range(5)), "gone"])
    assert year.values[-1] == ()
