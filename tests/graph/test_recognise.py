"""Formats are known by content, whatever a file is called; others are refused by their names."""

from __future__ import annotations

import pytest

from kgqa.errors import GraphError
from kgqa.graph.importer.parts import Format, Part
from kgqa.graph.importer.recognise import recognise

NT = "<http://e/a> <http://e/b> <http://e/c> .\n"
XML = '<?xml version="1.0"?>\n<!-- a graph -->\n'
TTL = "@prefix ex: <http://e/> .\nex:a ex:b ex:c .\n"


def found(tmp_path, name: str, content: str | bytes) -> Format:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return recognise(Part(path, name))


@pytest.mark.parametrize("name", ["x", "x.txt", "x.csv", "x.nt"])
@pytest.mark.parametrize(
    ("content", "format"),
    [
        (NT, Format.NTRIPLES),
        ("# a comment\n\n" + NT, Format.NTRIPLES),
        ("\ufeff" + NT, Format.NTRIPLES),
        (NT.replace(" .", " <http://e/g> ."), Format.NQUADS),
        (TTL, Format.TURTLE),
        ("PREFIX ex: <http://e/>\nex:a a ex:C ;\n  ex:b 'x' .\n", Format.TURTLE),
        ("<http://e/a> a <http://e/B> ;\n <http://e/c> 3 .\n", Format.TURTLE),
        (TTL + "ex:g { ex:a ex:b ex:c . }\n", Format.TRIG),
        (XML + '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>', Format.RDFXML),
        (XML + '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"/>', Format.GRAPHML),
        ('{"@context": {"name": "http://schema.org/name"}, "@id": "http://e/a"}', Format.JSONLD),
        ("Oslo,capital of,Norway\n", Format.DELIMITED),
        ("a\tb\tc\n".encode("utf-16"), Format.DELIMITED),
    ],
)
def test_a_format_is_known_by_its_content(tmp_path, name, content, format):
    if format is Format.DELIMITED:
        name = name.replace(".nt", ".tsv")  # text named .nt is left to the reader of N-Triples
    assert found(tmp_path, name, content) is format


def test_where_the_content_says_nothing_the_name_does(tmp_path):
    assert found(tmp_path, "x.nt", "<http://e/a> <http://e b> <http://e/c> .\n") is Format.NTRIPLES
    assert found(tmp_path, "x.ttl", "no turtle\n") is Format.TURTLE


def test_a_file_with_one_malformed_line_is_still_what_it_is(tmp_path):
    bad = "<http://e/a> <http://e/b> <http://e/a b|c> .\n"
    assert found(tmp_path, "x", NT + bad + NT) is Format.NTRIPLES


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"PAR1\x15", "Parquet; save it as CSV"),
        (b"SQLite format 3\0", "an SQLite database"),
        (b"$HDT\x01", "HDT"),
        (b"\x80\x04\x95", "a Python pickle, which is never opened"),
        (b"\x89PNG\r\n", "a picture"),
        (bytes(range(32)) * 40, "no text"),
        ("digraph G { a -> b }", r"Graphviz \(DOT\)"),
        ("graph [\n node [ id 1 ]\n]", "GML; save it as GraphML"),
        ("CREATE (a:Person {name: 'Ann'})\n", "Cypher"),
        ("CREATE TABLE t (a int);\nINSERT INTO t VALUES (1);\n", "SQL"),
        (XML + "<gexf/>", "GEXF"),
        (XML + "<!DOCTYPE html>\n<html></html>", "a web page"),
        (XML + "<catalogue/>", "XML, with the element 'catalogue'"),
        ('{"nodes": [1]}', "JSON without the keys of JSON-LD"),
    ],
)
def test_what_is_not_read_is_refused_by_its_name(tmp_path, content, name):
    with pytest.raises(GraphError, match=rf"^x\.dat seems to be {name}.* Graphs are read from"):
        found(tmp_path, "x.dat", content)


def test_an_empty_file_is_refused(tmp_path):
    with pytest.raises(GraphError, match=r"x\.csv is empty"):
        found(tmp_path, "x.csv", " \n")


@pytest.mark.parametrize("text", ["\n" * 2**16, " " * 2**16 + "{", "<" * 2**16, "a:" * 2**15])
def test_no_content_takes_long_to_recognise(tmp_path, text):
    """A quadratic pattern would take minutes of any of these."""
    try:
        assert found(tmp_path, "x.txt", text + ".") is Format.DELIMITED
    except GraphError as error:
        assert "x.txt" in str(error)
