"""The tables that readers of other files write."""

from __future__ import annotations

from kgqa.graph import Graph
from kgqa.graph.importer import build_tables
from kgqa.graph.importer.wordings import RelationWords
from kgqa.graph.importer.writing import MAX_KINDS, TableWriter
from kgqa.graph.notes import Notes


def built(tmp_path, write) -> tuple[Graph, list[str]]:
    notes = Notes()
    with TableWriter(tmp_path, notes) as writer:
        write(writer)
    build_tables(tmp_path, tmp_path / "graph")
    return Graph.load(tmp_path / "graph", verify=True), [str(note) for note in notes.found]


def test_text_that_would_end_a_cell_does_not(tmp_path):
    def write(writer):
        writer.entity("a\tb", "A\nB\r\0", description="\ufeffx\ty", kind="k\t1")
        writer.name("a\tb", "\\n other")
        writer.triple("a\tb", "r\n1", "c\ud800")

    graph, notes = built(tmp_path, write)
    entity = graph.entity(graph.find("a b"))
    assert (entity.label, entity.description, entity.kind) == ("A B", "x y", "k 1")
    assert [r.id for r in graph.relations] == ["r 1"] and graph.find("c") is not None
    assert notes == ["1 entities without a name, called by their id (c)"]


def test_what_is_said_first_stays_and_another_label_is_another_name(tmp_path):
    def write(writer):
        writer.entity("a")
        writer.entity("a", "Ann", kind="person")
        writer.entity("a", "Annie", kind="robot", description="a person")
        writer.triple("a", "knows", "a")

    graph, _ = built(tmp_path, write)
    (ann,) = graph["Annie"]
    assert (ann.label, ann.kind, ann.description) == ("Ann", "person", "a person")


def test_a_number_that_is_there_twice_counts_once(tmp_path):
    def write(writer):
        writer.entity("a", "Ann")
        writer.triple("a", "knows", "a")
        for _ in range(2):
            writer.number("a", "age", "7")
        writer.describe("age", RelationWords("age", unit="years"))

    graph, _ = built(tmp_path, write)
    assert graph.numbers.value.tolist() == [7.0]
    assert {r.id: r.unit for r in graph.relations}["age"] == "years"


def test_a_graph_keeps_no_more_kinds_than_it_can(tmp_path):
    def write(writer):
        for number in range(MAX_KINDS + 9):
            writer.entity(f"e{number}", f"E{number}", kind=f"kind {number}")
        writer.triple("e0", "knows", "e1")

    graph, notes = built(tmp_path, write)
    assert len(graph.kinds) == MAX_KINDS + 1
    assert notes[0].startswith("9 kinds of entity that are too many, called entity")


def test_facts_alone_list_no_entities(tmp_path):
    with TableWriter(tmp_path, Notes()) as writer:
        writer.triple("a", "b", "c")
    assert [path.name for path in tmp_path.iterdir()] == ["triples.tsv"]
