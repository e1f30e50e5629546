"""Graphs from a folder with the tables of entities and triples."""

from __future__ import annotations

import pytest

from kgqa.errors import GraphError
from kgqa.graph import Graph
from kgqa.graph.importer import build_tables
from kgqa.graph.names import KIND

CITIES = "m1\tParis\tcapital of France\tcity\nm2\tFrance\tcountry\tcountry\nm3\tLouvre\n"


def tables(folder, entities: str, triples: str):
    folder.mkdir(exist_ok=True)
    (folder / "entities.tsv").write_text(entities, encoding="utf-8")
    (folder / "triples.tsv").write_text(triples, encoding="utf-8")
    return folder


def test_a_graph_from_a_folder_of_tables(tmp_path):
    folder = tables(tmp_path / "t", CITIES, "m1\tlocated_in\tm2\nm3\tlocated_in\tm1\n\n")
    build_tables(folder, tmp_path / "graph")
    graph = Graph.load(tmp_path / "graph")
    assert (graph.num_entities, graph.num_triples, graph.name) == (3, 2, "t")
    assert graph.relation_label(0) == "located in"
    paris = graph.find("m1")
    assert graph.entity(paris).description == "capital of France" and graph.kind_of(paris) == "city"
    assert graph.tails(paris, graph.relation_index["-located_in"]).tolist() == [graph.find("m3")]


def test_windows_line_ends_are_read(tmp_path):
    folder = tables(tmp_path, CITIES.replace("\n", "\r\n"), "m1\tin\tm2\r\n")
    build_tables(folder, tmp_path / "graph")
    graph = Graph.load(tmp_path / "graph")
    assert list(map(graph.label, range(3))) == ["Paris", "France", "Louvre"]


@pytest.mark.parametrize(
    ("entities", "triples", "file", "line"),
    [
        (CITIES, "m1\tin\tm2\nm1\tin\n", "triples.tsv", 2),
        (CITIES, "m1\tin\tm2\n\nm1\tin\tm2\textra\n", "triples.tsv", 3),  # blank lines count
        (CITIES, "m1\tin\tm9\n", "triples.tsv", 1),  # unknown entity
        ("m1\tParis\nm2\n", "m1\tin\tm1\n", "entities.tsv", 2),
        ("m1 Paris\n", "m1\tin\tm1\n", "entities.tsv", 1),  # spaces for a tab
    ],
)
def test_a_malformed_line_is_named_by_file_and_number(tmp_path, entities, triples, file, line):
    with pytest.raises(GraphError, match=rf"{file}, line {line}:"):
        build_tables(tables(tmp_path, entities, triples), tmp_path / "graph")


@pytest.mark.parametrize("missing", ["entities.tsv", "triples.tsv"])
def test_a_missing_table_is_named(tmp_path, missing):
    (tables(tmp_path, CITIES, "m1\tin\tm2\n") / missing).unlink()
    with pytest.raises(GraphError, match=missing):
        build_tables(tmp_path, tmp_path / "graph")


def test_a_table_that_is_not_utf8_is_named(tmp_path):
    tables(tmp_path, CITIES, "m1\tin\tm2\n")
    (tmp_path / "entities.tsv").write_bytes(b"m1\tParis \xff\n")
    with pytest.raises(GraphError, match=r"entities\.tsv"):
        build_tables(tmp_path, tmp_path / "graph")


def test_empty_tables_do_not_make_a_graph(tmp_path):
    with pytest.raises(GraphError, match="at least one triple"):
        build_tables(tables(tmp_path, "", ""), tmp_path / "graph")


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("m3\tX\r\n", "X"),  # one line of many with a Windows end
        ("m3\tA\rB\n", "A B"),
        ("m3\tA\0B\n", "A B"),
        ("m3\tA\x01B\n", "A\x01B"),
        ("m3\tA\u2028B\x85C\n", "A\u2028B\x85C"),
        ('m3\t"A ""b"" \'c\n', '"A ""b"" \'c'),
        ("m3\t\n", ""),
        ("m3\tno line end", "no line end"),
    ],
)
def test_any_characters_may_stand_in_a_label(tmp_path, line, label):
    data = tables(tmp_path / "t", "", "m3\tin\tm1\n")
    (data / "entities.tsv").write_bytes((CITIES.rsplit("m3", 1)[0] + line).encode())
    build_tables(data, tmp_path / "graph")
    graph = Graph.load(tmp_path / "graph")
    assert graph.label(graph.find("m3")) == label and graph.num_entities == 3


def test_parts_of_names_are_aliases_where_they_are_asked_for(tmp_path):
    data = tables(tmp_path / "t", "o\tBarack Obama\nh\tHonolulu\n", "o\tborn_in\th\n")
    build_tables(data, tmp_path / "whole")
    build_tables(data, tmp_path / "parts", part_names=True)
    whole, some = Graph.load(tmp_path / "whole"), Graph.load(tmp_path / "parts")
    assert whole.aliases.find("obama") < 0
    assert some.entries(some.aliases.find("obama")) == [(some.find("o"), KIND["part of name"])]


def test_an_entity_of_kind_value_can_be_named(tmp_path):
    """Only the values of N-Triples, which are literals, cannot."""
    data = tables(tmp_path / "t", "a\tHonesty\t\tvalue\nb\tAnn\n", "b\thas\ta\n")
    build_tables(data, tmp_path / "graph")
    assert [e.id for e in Graph.load(tmp_path / "graph")["honesty"]] == ["a"]


def test_the_model_reads_more_of_a_relation_than_is_shown(tmp_path):
    (tmp_path / "entities.tsv").write_text("a\tAlien\nb\tHorror\n", encoding="utf-8")
    (tmp_path / "triples.tsv").write_text("a\t/film/film/genre\tb\n", encoding="utf-8")
    build_tables(tmp_path, tmp_path / "graph")
    graph = Graph.load(tmp_path / "graph")
    assert [graph.relation_label(r) for r in (0, 1)] == ["genre", "genre of"]
    assert [graph.relation_words(r) for r in (0, 1)] == ["genre: film", "genre of: film"]
