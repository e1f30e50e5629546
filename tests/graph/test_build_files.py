"""Files of any kind, several at once, packed or not: one call, one graph."""

from __future__ import annotations

import bz2
import gzip
import io
import zipfile

import pytest

from kgqa.errors import GraphError
from kgqa.graph import Graph
from kgqa.graph.importer import build_files
from kgqa.linking import Linker
from tests.graph.built import facts, graph_of, notes

FACTS = "Oslo,capital of,Norway\nBern,capital of,Switzerland\n"
TTL = "@prefix ex: <http://e/> .\nex:Oslo ex:capitalOf ex:Norway .\n"
PEOPLE = "id,name,boss\n1,Ann,\n2,Bo,1\n"


def zipped(files: dict[str, str | bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return data.getvalue()


@pytest.mark.parametrize(
    ("name", "pack"), [("f.csv.gz", gzip.compress), ("f.csv.bz2", bz2.compress), ("f", bytes)]
)
def test_packed_files_are_read_whatever_they_are_called(tmp_path, name, pack):
    graph = graph_of(tmp_path, {name: pack(FACTS.encode())})
    assert facts(graph) == {("Oslo", "capital of", "Norway"), ("Bern", "capital of", "Switzerland")}


def test_an_archive_of_tables_is_one_graph_and_what_else_it_holds_is_counted(tmp_path):
    data = zipped(
        {
            "staff.csv": PEOPLE,
            "logo.png": b"\x89PNG\r\n\x1a\n",
            "README.txt": "Our staff, and where they work.\nNo more than that.\n",
            "sub/towns.csv": "id,name\n1,Bern\n",
        }
    )
    (tmp_path / "firm.zip").write_bytes(data)
    build_files([tmp_path / "firm.zip"], tmp_path / "graph")
    graph = Graph.load(tmp_path / "graph")
    assert graph.name == "firm" and ("Bo", "boss", "Ann") in facts(graph)
    assert graph.read == (
        "firm.zip: staff.csv: a table of staff",
        "firm.zip: sub/towns.csv: a table of towns",
    )
    assert [e.label for e in graph["towns"]] == ["town"]
    assert notes(graph) == {"files that are no part of a graph": 2}


def test_a_firm_is_found_without_its_legal_form(tmp_path):
    graph = graph_of(tmp_path, {"f.csv": b"Harrogate Pottery Ltd,based in,Harrogate\n"})
    proposals = Linker(graph)("where is harrogate pottery").proposals
    linked = {entity for proposal in proposals for entity in proposal.entities}
    assert graph.find("Harrogate Pottery Ltd") in linked


def test_a_folder_stands_for_its_files(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data/entities.tsv").write_text("o\tOslo\nn\tNorway\n", encoding="utf-8")
    (tmp_path / "data/triples.tsv").write_text("\ufeffo\tcapital of\tn\n", encoding="utf-8")
    (tmp_path / "data/dev.jsonl").write_text('{"question": "?"}\n', encoding="utf-8")
    build_files([tmp_path / "data"], tmp_path / "graph")
    graph = Graph.load(tmp_path / "graph")
    assert facts(graph) == {("Oslo", "capital of", "Norway")} and graph.name == "data"
    assert notes(graph) == {"files that are no part of a graph": 1, "byte-order marks": 1}


def test_statements_are_read(tmp_path):
    graph = graph_of(tmp_path, {"x.data": TTL})
    assert facts(graph) == {("Oslo", "capital of", "Norway")} and graph.read == ("x.data: Turtle",)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"a.ttl": TTL, "b.csv": FACTS}, r"a\.ttl is statements \(RDF\), and b\.csv is delimited"),
        ({"a.csv": FACTS, "b.graphml": "<graphml/>"}, r"b\.graphml is GraphML, and a\.csv is"),
        ({"a.json": '{"a": 1}'}, r"a\.json seems to be JSON"),
        ({"a.csv": ""}, r"a\.csv is empty"),
        ({}, r"No files were given"),
    ],
)
def test_what_cannot_be_read_together_or_at_all_is_refused(tmp_path, files, message):
    with pytest.raises(GraphError, match=message):
        graph_of(tmp_path, files)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == set(files)  # nothing is left behind


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(GraphError, match=r"none\.csv is missing"):
        build_files([tmp_path / "none.csv"], tmp_path / "graph")


def test_the_same_files_give_the_same_graph(tmp_path):
    files = {"staff.csv": PEOPLE, "towns.csv": "id,name,mayor_id\n1,Bern,2\n"}
    first = graph_of(tmp_path, files).fingerprint
    assert graph_of(tmp_path, files).fingerprint == first


def test_malformed_statements_are_skipped_if_told_so(tmp_path):
    files = {"x.nt": "<http://e/a> <http://e/b> <http://e/c> .\n<http://e/a> <http://e/b\n"}
    with pytest.raises(GraphError, match=r"x\.nt, line 2"):
        graph_of(tmp_path, files)
    graph = graph_of(tmp_path, files, skip_malformed=True)
    assert facts(graph) == {("a", "b", "c")} and 1 in notes(graph).values()


def test_more_than_is_allowed_is_refused(tmp_path):
    with pytest.raises(GraphError, match="more than the"):
        graph_of(tmp_path, {"f.csv": FACTS * 100}, largest=1000)
