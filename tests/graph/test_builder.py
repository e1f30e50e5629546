"""The builder and graphs from tables."""

from __future__ import annotations

import pytest

from kgqa.errors import GraphError
from kgqa.films.tables import table
from kgqa.graph import Graph
from kgqa.graph.builder import from_tables
from kgqa.graph.names import KIND


def tables(folder, entities: str, triples: str):
    folder.mkdir(exist_ok=True)
    (folder / "entities.tsv").write_text(entities, encoding="utf-8")
    (folder / "triples.tsv").write_text(triples, encoding="utf-8")
    return folder


ENTITIES = "m1\tParis\tcapital of France\tcity\nm2\tFrance\tcountry\tcountry\nm3\tLouvre\n"


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
    found = builder.outgoing("exhibited at")
    assert found == {builder.find("artwork:Mona Lisa"): [builder.find("museum:Louvre")]}


def test_namesakes_are_listed_with_the_best_connected_first(toy):
    entry = toy.aliases.find("tom hanks")
    first = int(toy.alias_entity[int(toy.alias_entry[entry])])
    assert (
        toy.key(first) == "person:Tom Hanks"
    )  # the actor has four films, the namesakes one field each


def test_a_graph_from_tables(tmp_path):
    folder = tables(tmp_path / "t", ENTITIES, "m1\tlocated_in\tm2\nm3\tlocated_in\tm1\n\n")
    from_tables(folder).write(tmp_path / "graph")
    graph = Graph.load(tmp_path / "graph")
    assert (graph.num_entities, graph.num_triples, graph.name) == (3, 2, "t")
    assert graph.relation_label(0) == "located in"
    paris = graph.index_of["m1"]
    assert graph.entity(paris).description == "capital of France" and graph.kind_of(paris) == "city"
    assert graph.tails(paris, graph.relation_index["-located_in"]).tolist() == [
        graph.index_of["m3"]
    ]


def test_windows_line_ends_are_read(tmp_path):
    folder = tables(tmp_path, ENTITIES.replace("\n", "\r\n"), "m1\tin\tm2\r\n")
    assert from_tables(folder).labels == ["Paris", "France", "Louvre"]


@pytest.mark.parametrize(
    ("entities", "triples", "file", "line"),
    [
        (ENTITIES, "m1\tin\tm2\nm1\tin\n", "triples.tsv", 2),
        (ENTITIES, "m1\tin\tm2\n\nm1\tin\tm2\textra\n", "triples.tsv", 3),  # blank lines count
        (ENTITIES, "m1\tin\tm9\n", "triples.tsv", 1),  # unknown entity
        ("m1\tParis\nm2\n", "m1\tin\tm1\n", "entities.tsv", 2),
        ("m1 Paris\n", "m1\tin\tm1\n", "entities.tsv", 1),  # spaces for a tab
    ],
)
def test_a_malformed_line_is_named_by_file_and_number(tmp_path, entities, triples, file, line):
    with pytest.raises(GraphError, match=rf"{file}, line {line}:"):
        from_tables(tables(tmp_path, entities, triples))


@pytest.mark.parametrize("missing", ["entities.tsv", "triples.tsv"])
def test_a_missing_table_is_named(tmp_path, missing):
    (tables(tmp_path, ENTITIES, "m1\tin\tm2\n") / missing).unlink()
    with pytest.raises(GraphError, match=missing):
        from_tables(tmp_path)


def test_a_table_that_is_not_utf8_is_named(tmp_path):
    tables(tmp_path, ENTITIES, "m1\tin\tm2\n")
    (tmp_path / "entities.tsv").write_bytes(b"m1\tParis \xff\n")
    with pytest.raises(GraphError, match=r"entities\.tsv"):
        from_tables(tmp_path)


def test_empty_tables_do_not_make_a_graph(tmp_path):
    with pytest.raises(GraphError, match="at least one triple"):
        from_tables(tables(tmp_path, "", "")).write(tmp_path / "graph")


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


def test_the_model_reads_more_of_a_relation_than_is_shown(tmp_path):
    (tmp_path / "entities.tsv").write_text("a\tAlien\nb\tHorror\n", encoding="utf-8")
    (tmp_path / "triples.tsv").write_text("a\t/film/film/genre\tb\n", encoding="utf-8")
    from_tables(tmp_path).write(tmp_path / "graph")
    graph = Graph.load(tmp_path / "graph")
    assert [graph.relation_label(r) for r in (0, 1)] == ["genre", "genre of"]
    assert [graph.relation_words(r) for r in (0, 1)] == ["genre: film", "genre of: film"]
