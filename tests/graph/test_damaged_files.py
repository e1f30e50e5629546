"""Source files that are damaged, hostile or of another format: a sentence, or the right graph."""

from __future__ import annotations

import gzip
import os
from codecs import BOM_UTF8
from pathlib import Path

import pytest

from kgqa.errors import GraphError
from kgqa.graph import Graph
from kgqa.graph.importer import build, lines

FACT = b"<http://e/a> <http://e/b> <http://e/c> .\n"
LABEL = b"<http://e/a> <http://www.w3.org/2000/01/rdf-schema#label> "


def graph_of(folder: Path, name: str, content: bytes, entities: bytes | None = None) -> Graph:
    (folder / name).write_bytes(content)
    if entities is not None:
        (folder / "entities.tsv").write_bytes(entities)
    listed = folder / "entities.tsv" if entities is not None else None
    build(folder / name, folder / "graph", entities=listed, threads=1)
    return Graph.load(folder / "graph")


def ids(graph: Graph) -> list[str]:
    return [graph.key(entity) for entity in range(graph.num_entities)]


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("x.tsv", b"a\tb\tc\n", ["a", "c"]),
        ("x.tsv", b"a\tb\tc\r\nd\tb\tc\nd\tb\te\n", ["a", "c", "d", "e"]),  # read line by line
        ("x.nt", FACT, ["http://e/a", "http://e/c"]),
        ("x.nt", b"# a comment\n" + FACT, ["http://e/a", "http://e/c"]),
    ],
)
def test_a_byte_order_mark_is_dropped(tmp_path, name, content, expected, packed):
    content = BOM_UTF8 + content
    if packed:
        name, content = f"{name}.gz", gzip.compress(content)
    assert ids(graph_of(tmp_path, name, content)) == expected


@pytest.mark.parametrize("content", [b"a\tb\tc\r.", b"a\tb\t\rc.", b"a\tb\rb\tc"])
def test_a_carriage_return_in_the_only_line_of_a_file_is_a_space(tmp_path, content):
    """DuckDB takes it for the end of a line where a file has no other."""
    assert "a" in ids(graph_of(tmp_path, "x.tsv", content))


def test_a_byte_order_mark_is_no_part_of_an_id_or_of_a_malformed_line(tmp_path):
    graph = graph_of(tmp_path, "x.tsv", b"a\tb\tc\n", BOM_UTF8 + b"a\tAnn\nc\tCara\n")
    assert ids(graph) == ["a", "c"]
    with pytest.raises(GraphError, match=r"x\.nt, line 2: expected a statement"):
        graph_of(tmp_path, "x.nt", BOM_UTF8 + FACT + b"<http://e/a> .\n")


@pytest.mark.parametrize(
    "escape", [r"\uD800", r"\udfff", r"\U0000D800", r"\U00110000", r"\UFFFFFFFF"]
)
@pytest.mark.parametrize(
    "line", ["<http://e/a> <http://e/b> {} .", "{} <http://e/b> <http://e/c> ."]
)
def test_an_escape_that_is_no_character_is_named_by_its_line(tmp_path, escape, line):
    term = f'"x{escape}y"@en' if line.endswith("{} .") else f"<http://e/x{escape}>"
    with pytest.raises(GraphError) as caught:
        graph_of(tmp_path, "x.nt", FACT + line.format(term).encode() + b"\n")
    assert f"line 2: the escape {escape} stands for no character" in str(caught.value)


def test_the_last_characters_before_and_after_surrogates_are_read(tmp_path):
    text = r'"\uD7FF\uE000\U0001F600\U0010FFFF \\uD800"@EN .'
    graph = graph_of(tmp_path, "x.nt", FACT + LABEL + text.encode() + b"\n")
    assert graph.label(graph.find("http://e/a")) == "\ud7ff\ue000\U0001f600\U0010ffff \\uD800"


def test_the_label_of_an_escaped_iri_is_in_letters(tmp_path):
    graph = graph_of(tmp_path, "x.nt", rb"<http://e/Beyonc\u00E9_K> <http://e/b> <http://e/c> .")
    assert "Beyoncé K" in [graph.label(entity) for entity in range(graph.num_entities)]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.nt", FACT + b"<> <http://e/b> <http://e/c> .\n", r"line 2: an IRI is empty"),
        ("x.nt", FACT + b"<http://e/b> <> <http://e/c> .\n", r"line 2: an IRI is empty"),
        ("x.tsv", b"a\tb\tc\n  \tb\tc\n", r"line 2: cell 1 is empty"),
        ("x.tsv", b"a\tb\tc\na\tb\t\n", r"line 2: cell 3 is empty"),
    ],
)
def test_an_empty_id_is_named_by_its_line(tmp_path, name, content, message):
    with pytest.raises(GraphError, match=message):
        graph_of(tmp_path, name, content)


@pytest.mark.parametrize("name", ["x.tsv", "x.nt", "x.tsv.gz"])
def test_a_line_of_20_megabytes_is_named(tmp_path, name):
    long = b"a\tb\t" if ".tsv" in name else b'<http://e/a> <http://e/b> "'
    content = (b"a\tb\tc\n" if ".tsv" in name else FACT) + long + b"c" * 20_000_000 + b"\n"
    content = gzip.compress(content, 1) if name.endswith(".gz") else content
    with pytest.raises(GraphError, match=r"line 2: longer than 16,777,216 bytes"):
        graph_of(tmp_path, name, content)


@pytest.mark.parametrize("control", [*range(9), *range(11, 32), 127])
def test_a_line_with_a_control_byte_makes_a_graph(tmp_path, control):
    """Whoever shows the label cleans it (``kgqa.text``)."""
    graph = graph_of(tmp_path, "x.tsv", b"a\tb\tc" + bytes([control]) + b"d\nx\tb\tz\n")
    assert graph.num_triples == 2 and len(ids(graph)) == 4


def test_a_packed_file_with_one_wrong_bit_is_refused(tmp_path):
    """The bit is in a letter, so that every line is still well formed."""
    packed = bytearray(gzip.compress(b"Ann\tknows\tBob\n", 0))
    packed[packed.index(b"Bob")] ^= 1
    with pytest.raises(GraphError, match=r"x\.tsv\.gz, after line \d: .* damaged \(CRC"):
        graph_of(tmp_path, "x.tsv.gz", bytes(packed))


def test_a_packed_file_cut_anywhere_is_refused(tmp_path):
    packed = gzip.compress(b"Ann\tknows\tBob\nBob\tknows\tAnn\n")
    for length in range(1, len(packed)):
        (tmp_path / "x.tsv.gz").write_bytes(packed[:length])
        with pytest.raises(GraphError, match="damaged"):
            lines.verify(tmp_path / "x.tsv.gz")


def test_what_is_no_regular_file_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe.tsv")
    (tmp_path / "folder.tsv").mkdir()
    (tmp_path / "endless.tsv").symlink_to("/dev/zero")
    for name in ("pipe.tsv", "folder.tsv", "endless.tsv"):
        with pytest.raises(GraphError, match=f"{name} is no regular file"):
            build(tmp_path / name, tmp_path / "graph")
    with pytest.raises(GraphError, match="cannot be read"):
        build(tmp_path / ("x" * 5_000), tmp_path / "graph")


@pytest.mark.parametrize("name", ["facts[1].tsv", "f*.tsv", "f?cts1.tsv", "it's.tsv"])
def test_a_name_is_no_pattern(tmp_path, name):
    """DuckDB would read facts1.tsv."""
    (tmp_path / "facts1.tsv").write_bytes(b"wrong\twrong\twrong\n")
    assert ids(graph_of(tmp_path, name, b"a\tb\tc\n")) == ["a", "c"]


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("x.csv", b'Paris,capital of,France\n"Lyon, city",located in,France\n', "commas"),
        ("x.csv", b"Paris;capital of;France\n", "semicolons"),
        ("x.txt", b"Paris|capital_of|France\n", "vertical bars"),
        ("x.csv", b":START_ID,:END_ID,:TYPE\n1,2,KNOWS\n", "a Neo4j export"),
        ("x.ttl", b"@prefix ex: <http://ex.org/> .\nex:a ex:likes ex:b .\n", "Turtle"),
        ("x.jsonld", b'{"@context": {}, "@id": "http://e/a"}\n', "JSON-LD"),
        ("x.json", b'[["a", "b", "c"]]\n', "JSON"),
        ("x.rdf", b'<?xml version="1.0"?>\n<rdf:RDF>\n', "XML"),
        ("x.nq", FACT[:-2] + b"<http://e/g> .\n", "N-Quads"),
        ("x.tsv", FACT, "N-Triples, but its name does not end in .nt"),
        ("x.nt", b"a\tb\tc\n", "tab-separated text, but its name ends in .nt"),
        (
            "x.tsv",
            gzip.compress(b"a\tb\tc\n", mtime=0),
            "compressed, but its name does not end in .gz",
        ),
        ("x.tsv", "a\tb\tc\n".encode("utf-16"), "UTF-16 text, which has to be saved as UTF-8"),
        ("x.xlsx", b"PK\x03\x04\xff\xff", "a zip archive or a spreadsheet"),
        ("x.cypher", b"CREATE (a:Person {name: 'Ann'})\n", "Cypher"),
        ("x.parquet", b"PAR1\x15\x04", "Parquet"),
    ],
)
def test_a_file_of_another_format_is_named_as_what_it_seems_to_be(tmp_path, name, content, kind):
    with pytest.raises(GraphError) as caught:
        graph_of(tmp_path, name, content)
    message = str(caught.value)
    assert kind in message and "seems to be" in message and "tab-separated text (.tsv" in message
    assert "line 1" not in message


def test_a_table_of_entities_in_another_format_says_what_such_a_table_is(tmp_path):
    with pytest.raises(GraphError, match=r"entities\.tsv seems to be .* \(\.tsv: id, label"):
        graph_of(tmp_path, "x.tsv", b"a\tb\tc\n", b"a,Ann\nc,Cara\n")


def test_one_malformed_line_does_not_make_a_file_one_of_another_format(tmp_path):
    for name, content in (("x.nt", FACT + b"a,b,c\n"), ("x.tsv", b"a\tb\tc\n{}\n")):
        with pytest.raises(GraphError, match="line 2: expected"):
            graph_of(tmp_path, name, content)
