"""The vocabulary of a hop: ids that are read back, positions, and words."""

from __future__ import annotations

import pytest

from kgqa.errors import GraphError
from kgqa.graph import Graph, Relation
from kgqa.graph.builder import GraphBuilder
from kgqa.graph.operators import (
    NAMES,
    Operator,
    operator_at,
    operator_words,
    position_of,
    vocabulary_ids,
    vocabulary_words,
)


@pytest.fixture
def graph() -> Graph:
    """One film with a director and a run time."""
    long = Relation(
        "run time", "run time", "", literal=True, unit="minutes", most="longest", least="shortest"
    )
    builder = GraphBuilder("one film", [Relation("director", "director", "directed"), long])
    jaws = builder.entity("film", "Jaws")
    builder.triple(jaws, "director", builder.entity("person", "Steven Spielberg"))
    builder.number(jaws, "run time", 124, "124 minutes")
    return builder.build()


def test_ids_stand_in_the_order_of_the_vocabulary(graph):
    relations = ["director", "run time", "-director", "-run time"]
    ids = vocabulary_ids(graph)
    assert ids == [
        *relations,
        *(f"{name}({r})" for name in ("most", "least", "often") for r in relations),
    ]
    assert [position_of(graph, Operator.parse(id)) for id in ids] == list(range(16))


@pytest.mark.parametrize(
    ("id", "name", "relation", "rank"),
    [
        ("director", "follow", "director", 1),
        ("most(run time)", "most", "run time", 1),
        ("least(-cast member, 3)", "least", "-cast member", 3),
        ("often(area (km²))", "often", "area (km²)", 1),
    ],
)
def test_an_id_is_read_and_written(id, name, relation, rank):
    operator = Operator.parse(id)
    assert operator == Operator(name, relation, rank) and str(operator) == id


def test_a_rank_is_a_vocabulary_further(graph):
    second = Operator.parse("most(run time, 2)")
    position = len(NAMES) * graph.num_relations + 5
    assert position_of(graph, second) == position and operator_at(graph, position) == second
    with pytest.raises(GraphError, match="no relation 'height'"):
        position_of(graph, Operator.parse("most(height)"))


def test_an_attribute_is_largest_and_edges_are_most(graph):
    words = vocabulary_words(graph)
    assert words[:4] == [graph.relation_words(r) for r in range(4)]
    assert (
        tuple(words[4:])
        == operator_words(graph)
        == (
            "the most director",
            "the longest run time",
            "the most directed",
            "the most -run time",
            "the fewest director",
            "the shortest run time",
            "the fewest directed",
            "the fewest -run time",
            "most often director",
            "most often run time",
            "most often directed",
            "most often -run time",
        )
    )


def test_an_attribute_without_words_of_its_own_is_largest_and_smallest():
    builder = GraphBuilder("a hill", [Relation("height", "height", "", literal=True)])
    builder.number(builder.entity("hill", "Montmartre"), "height", 130, "130")
    words = operator_words(builder.build())
    assert (words[0], words[2]) == ("the largest height", "the smallest height")


@pytest.mark.parametrize(
    ("unit", "most", "words"),
    [
        ("year", "newest", "the newest made in"),
        ("year", "", "the latest made in"),
        ("date", "", "the latest made in"),
        ("km²", "", "the largest made in"),
    ],
)
def test_years_and_dates_are_latest_without_words_of_their_own(unit, most, words):
    relation = Relation("made", "made in", "", literal=True, unit=unit, most=most)
    builder = GraphBuilder("a car", [relation])
    builder.number(builder.entity("car", "Beetle"), "made", 1938, "1938")
    assert operator_words(builder.build())[0] == words
