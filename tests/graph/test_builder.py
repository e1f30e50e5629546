"""What the builder collects."""

from __future__ import annotations

import pytest

from kgqa.errors import GraphError
from kgqa.films.tables import table
from kgqa.graph import Graph
from kgqa.graph.builder import GraphBuilder
from kgqa.graph.names import KIND
from kgqa.graph.relation import Relation


def test_an_entity_is_added_once(builder):
    before = len(builder.labels)
    assert builder.entity("museum", "Louvre") == builder.find("museum:Louvre")
    assert len(builder.labels) == before


def test_a_triple_is_kept_once(builder):
    before = len(builder.triples)
    builder.triple(builder.find("museum:Louvre"), "located in", builder.find("city:Paris"))
    assert len(builder.triples) == before


def test_the_most_faithful_kind_of_an_alias_is_kept(builder):
    louvre = builder.find("museum:Louvre")
    builder.alias(louvre, "LOUVRE", KIND["surname"])
    assert builder.aliases["louvre", louvre] == KIND["label"]


def test_a_name_of_punctuation_alone_is_no_alias(builder):
    before = len(builder.aliases)
    builder.alias(builder.find("museum:Louvre"), "?!", KIND["other name"])
    assert len(builder.aliases) == before


def test_unnameable_entities_have_no_alias(builder):
    index = builder.entity("rating", "PG-13", nameable=False)
    assert not [form for form, e in builder.aliases if e == index]


def test_outgoing_gives_the_tails_of_a_relation(builder):
    tails = builder.outgoing("exhibited at")
    assert tails == {builder.find("artwork:Mona Lisa"): [builder.find("museum:Louvre")]}


def test_a_graph_in_memory_is_the_graph_on_disk(builder, toy):
    graph = builder.build()
    assert (graph.num_entities, graph.num_triples) == (toy.num_entities, toy.num_triples)
    assert graph.facts("film:Sully") == toy.facts("film:Sully") and len(graph.words) == len(
        toy.words
    )


def test_a_graph_without_nameable_entities_is_written(tmp_path):
    builder = GraphBuilder("numbers", [Relation("less", "less than", "more than")])
    one, two = (builder.entity("number", n, nameable=False) for n in "12")
    builder.triple(one, "less", two)
    builder.write(tmp_path)
    graph = Graph.load(tmp_path)
    assert len(graph.aliases) == len(graph.words) == 0 and "one" not in graph.words
    assert graph["1"] == () and graph.facts("number:1") == graph.facts("number:2")


def test_more_kinds_than_a_graph_can_keep_are_refused():
    builder = GraphBuilder("kinds", [Relation("r", "r", "")])
    first, *_ = (builder.entity(f"kind {i}", "x") for i in range(257))
    builder.triple(first, "r", first)
    with pytest.raises(GraphError, match="kinds"):
        builder.build()


def test_namesakes_are_listed_with_the_best_connected_first(toy):
    entry = toy.aliases.find("tom hanks")
    first = int(toy.alias_entity[int(toy.alias_entry[entry])])
    assert (
        toy.key(first) == "person:Tom Hanks"
    )  # the actor has four films, the namesakes one field each


def test_a_supplement_line_with_too_many_cells_is_named(tmp_path):
    (tmp_path / "museums.tsv").write_text(
        "museum\tcity\nLouvre\tParis\n\nPrado\tMadrid\tSpain\n", encoding="utf-8"
    )
    with pytest.raises(GraphError, match=r"museums\.tsv, line 4: expected 2 cells, found 3"):
        table("museums", folder=tmp_path)


def test_a_supplement_line_may_leave_out_its_last_cells(tmp_path):
    (tmp_path / "museums.tsv").write_text(
        "museum\tcity\taliases\nLouvre\tParis\n", encoding="utf-8"
    )
    assert table("museums", folder=tmp_path) == [
        {"museum": "Louvre", "city": "Paris", "aliases": ""}
    ]


def test_a_missing_supplement_is_named(tmp_path):
    with pytest.raises(GraphError, match=r"roles\.tsv is missing"):
        table("roles", folder=tmp_path)


def test_a_relation_may_have_numbers_beside_its_triples():
    builder = GraphBuilder("one film", [Relation("year", "year", "films of the year")])
    jaws = builder.entity("film", "Jaws")
    builder.triple(jaws, "year", builder.entity("year", "1975"))
    builder.measure(jaws, "year", 1975)
    graph = builder.build()
    assert graph.numbers.of(0, [jaws]).tolist() == [1975.0] and graph.num_triples == 1
    for value in (float("nan"), float("inf")):
        with pytest.raises(GraphError, match="no number to compare"):
            builder.measure(jaws, "year", value)
