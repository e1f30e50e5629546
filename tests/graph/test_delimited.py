"""Delimited text: facts, edge lists, and what is refused."""

from __future__ import annotations

import codecs

import pytest

from kgqa.errors import GraphError
from kgqa.graph.importer import build
from tests.graph.built import FIRM, facts, graph_of, kinds, notes

CAPITALS = {("Oslo", "capital of", "Norway"), ("Bergen, city", "located in", "Norway")}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("f.csv", 'Oslo,capital of,Norway\n"Bergen, city",located in,Norway\n'),
        ("f.csv", 'Oslo;capital of;Norway\r\n"Bergen, city";located in;Norway\r\n'),
        ("f.txt", "Oslo|capital of|Norway\n\nBergen, city|located in|Norway\n"),
        ("f.tsv", "Oslo\tcapital of\tNorway\nBergen, city\tlocated in\tNorway\n"),
        (
            "f.dat",
            "head\trelation\ttail\nOslo\tcapital of\tNorway\nBergen, city\tlocated in\tNorway",
        ),
        (
            "f.csv",
            'subject,predicate,object\nOslo,capital of,Norway\n"Bergen, city",located in,Norway',
        ),
        ("f.csv", 'tail,head,relation\nNorway,Oslo,capital of\nNorway,"Bergen, city",located in\n'),
        ("f.csv", 'source,target,type\nOslo,Norway,capital of\n"Bergen, city",Norway,located in\n'),
        ("f.csv", 'sep=;\nOslo;capital of;Norway\n"Bergen, city";located in;Norway\n'),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_facts_are_read_whatever_parts_their_cells(tmp_path, name, content, encoding):
    assert facts(graph_of(tmp_path, {name: content.encode(encoding)})) == CAPITALS


def test_what_a_reader_of_facts_changes_is_counted(tmp_path):
    text = "head,relation,tail\na,likes,b\nb,,c\nb,likes\n"
    graph = graph_of(tmp_path, {"f.csv": codecs.BOM_UTF8 + text.encode()})
    assert facts(graph) == {("a", "likes", "b")}
    assert notes(graph) == {
        "byte-order marks": 1,
        "header rows": 1,
        "facts with an empty cell": 2,
        "rows with fewer cells than others": 1,
    }


def test_tab_separated_facts_take_the_path_that_they_took_before(tmp_path):
    text = 'Oslo\tcapital of\tNorway\n"x\tis\ty\n'
    (tmp_path / "f.tsv").write_text(text, encoding="utf-8")
    before = build(tmp_path / "f.tsv", tmp_path / "before")
    assert graph_of(tmp_path, {"f.tsv": text}).fingerprint == before


def test_commas_give_the_graph_that_tabs_give(tmp_path):
    """The same arrays, so the same fingerprint."""
    tabs = graph_of(tmp_path, {"f.tsv": "Oslo\tin\tNorway\nBern\tin\tSwitzerland\n"}).fingerprint
    commas = graph_of(tmp_path, {"f.csv": "Oslo,in,Norway\nBern,in,Switzerland\n"}).fingerprint
    assert tabs == commas


def test_text_of_windows_is_read_and_counted(tmp_path):
    graph = graph_of(tmp_path, {"f.csv": "Café,in,Köln\n".encode("cp1252")})
    assert facts(graph) == {("Café", "in", "Köln")}
    assert notes(graph) == {"files that are not UTF-8, read as Windows-1252": 1}


def test_a_row_that_is_too_long_is_refused_by_its_line_or_skipped(tmp_path):
    files = {"f.csv": "Oslo,in,Norway\nBern,in,Switzerland,x\n"}
    with pytest.raises(GraphError, match=r"f\.csv, line 2: 4 cells, expected 3\. Skip"):
        graph_of(tmp_path, files)
    graph = graph_of(tmp_path, files, skip_malformed=True)
    assert facts(graph) == {("Oslo", "in", "Norway")}
    assert notes(graph) == {"rows that could not be read": 1}


def test_an_edge_list_without_types_is_named_after_its_file(tmp_path):
    graph = graph_of(tmp_path, {"works_with.csv": "from,to,weight\nAnn,Bo,3\nBo,Cy,\n"})
    assert facts(graph) == {("Ann", "works with", "Bo"), ("Bo", "works with", "Cy")}
    assert notes(graph) == {"header rows": 1, "properties of edges, which are left out": 1}


def test_nodes_and_edges_of_plain_tables_are_one_graph(tmp_path):
    graph = graph_of(
        tmp_path,
        {
            "nodes.csv": "id,name,type,born\n1,Ann,Person,1980\n2,Acme,Company,\n",
            "edges.csv": "source,target,relation\n1,2,works at\n1,9,knows\n",
        },
    )
    assert facts(graph) == {
        ("Ann", "works at", "Acme"),
        ("Ann", "knows", "9"),
        ("Ann", "born", "1980"),
    }
    assert kinds(graph)["person"] == {"Ann"} and kinds(graph)["company"] == {"Acme"}
    assert [e.label for e in graph["companies"]] == ["company"]


def test_words_of_relations_may_lie_beside_facts(tmp_path):
    files = {"f.csv": "Ann,f_17,Bo\n", "relations.csv": "id,label,inverse\nf_17,boss,boss of\n"}
    graph = graph_of(tmp_path, files)
    assert facts(graph) == {("Ann", "boss", "Bo")} and graph.relations[0].inverse == "boss of"


def test_edges_beside_tables_of_a_firm_change_nothing_of_these(tmp_path):
    files = {**FIRM, "distances.csv": "source,target,type\nOslo,Bern,far from\n"}
    graph = graph_of(tmp_path, files)
    assert {("Bo Ray", "manager", "Ann Lee"), ("Oslo", "far from", "Bern")} <= facts(graph)
    assert len(graph["Bern"]) == 1  # the city of the customer


def test_entities_beside_facts_have_no_need_of_a_header(tmp_path):
    graph = graph_of(
        tmp_path, {"names.csv": "s1,Nordic Fish\np1,Herring\n", "facts.csv": "s1,supplies,p1\n"}
    )
    assert facts(graph) == {("Nordic Fish", "supplies", "Herring")}


def test_columns_without_names_are_refused(tmp_path):
    with pytest.raises(GraphError, match=r"x\.csv has 4 columns without names\. Its first row"):
        graph_of(tmp_path, {"x.csv": "1,Ann,4,5.5\n2,Bo,7,6.5\n"})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("just one column\nof words\n", r"x\.csv is text, but neither commas"),
        ("\n\n", r"x\.csv is empty"),
        ('a,b,"c\n' + "x" * 2**21, r"x\.csv could not be read: field larger .* quote not closed"),
    ],
)
def test_text_that_has_no_columns_is_refused(tmp_path, content, message):
    with pytest.raises(GraphError, match=message):
        graph_of(tmp_path, {"x.csv": content})
