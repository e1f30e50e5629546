"""Plurals of classes: "cities" names the class "city"."""

from __future__ import annotations

import pytest

from kgqa.graph import Relation
from kgqa.graph.builder import GraphBuilder
from kgqa.graph.names import KIND
from kgqa.linking import Linker
from kgqa.linking.linker import singulars


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("states", ["state"]),
        ("cities", ["city", "citie"]),
        ("classes", ["class", "classe"]),
        ("boxes", ["box", "boxe"]),
        ("churches", ["church", "churche"]),
        ("movies", ["movy", "movie"]),
        ("glass", []),
        ("gas", []),  # too short to be cut
        ("state", []),
        ("children", []),
    ],
)
def test_the_singulars_that_a_word_may_be_the_plural_of(word, forms):
    assert singulars(word) == forms


@pytest.fixture(scope="module")
def countries() -> Linker:
    """Classes "city" and "river basin", a city, and a person whose name is like a plural's."""
    builder = GraphBuilder("places", [Relation("is a", "is a", "instance")])
    city, basin = (builder.entity("class", name) for name in ("city", "river basin"))
    builder.entity("person", "Glory")
    for name in ("Provo", "Salem"):
        builder.triple(builder.entity("city", name), "is a", city)
    builder.triple(builder.entity("basin", "Amazon Basin"), "is a", basin)
    return Linker(builder.build())


def named(linker: Linker, question: str) -> dict[str, list[str]]:
    """{text of a mention: ids of its candidates}."""
    link, graph = linker(question), linker.graph
    return {link.text(p): [graph.key(e) for e in p.entities] for p in link.proposals}


def test_a_plural_names_a_class(countries):
    assert named(countries, "Which Cities are there?") == {"Cities": ["class:city"]}
    assert named(countries, "all river basins") == {"river basins": ["class:river basin"]}
    assert named(countries, "which city") == {"city": ["class:city"]}


def test_a_plural_names_nothing_but_classes(countries):
    """Nobody says "Glories" of a person called Glory; "Provos" may be misspelt."""
    assert named(countries, "Glories") == {}
    (proposal,) = countries("Provos").proposals
    assert proposal.alias_kinds == (KIND["misspelling"],)


def test_a_plural_is_another_name_beside_what_is_called_so(countries):
    link = countries("cities")
    (proposal,) = link.proposals
    assert proposal.alias_kinds == (KIND["other name"],)
