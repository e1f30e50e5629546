"""What a graph covers is counted from the graph."""

from kgqa.graph.builder import GraphBuilder
from kgqa.graph.relation import Relation
from kgqa.serve import covers as module
from kgqa.serve.covers import covers
from kgqa.ui.service import Cover


def test_kinds_are_counted_those_with_years_first():
    builder = GraphBuilder("g", [Relation("year", "year", "", literal=True, unit="year")])
    for i in range(5):
        builder.entity("person", f"P{i}")
    for i in range(3):
        builder.number(builder.entity("film", f"F{i}"), "year", 1990 + i, str(1990 + i))
    builder.entity("city", "Paris")
    assert covers(builder.build()) == (
        Cover("films", 3, "1990", "1992"),
        Cover("people", 5),
        Cover("city", 1),
    )


def test_kinds_that_say_nothing_are_left_out_and_few_are_named():
    relations = [Relation("is", "is", "")]
    builder = GraphBuilder("g", relations)
    ids = [builder.entity(kind, "x") for kind in ("value", "class", "entity")]
    builder.triple(ids[0], "is", ids[1])
    assert covers(builder.build()) == ()
    for i in range(20):
        builder.entity(f"kind {i}", "x")
    assert len(covers(builder.build())) == module.MOST


def test_years_of_a_huge_graph_are_not_looked_up(monkeypatch):
    monkeypatch.setattr(module, "NUMBERS", 0)
    builder = GraphBuilder("g", [Relation("year", "year", "", literal=True, unit="year")])
    builder.number(builder.entity("film", "F"), "year", 1990, "1990")
    assert covers(builder.build()) == (Cover("film", 1),)
