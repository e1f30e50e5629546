"""Graphs from files: the graph that the builder gives, N-Triples, numbers of malformed lines."""

from __future__ import annotations

import gzip

import numpy as np
import pytest

from kgqa.errors import GraphError
from kgqa.graph import Graph
from kgqa.graph.builder import GraphBuilder
from kgqa.graph.importer import build, lines
from kgqa.graph.importer.npy import NpyWriter, StringsWriter
from kgqa.graph.relation import relation_of
from kgqa.graph.strings import Strings
from kgqa.linking import Linker

ENTITIES = (
    "m1\tParis\tcapital of France\tcity\nm2\tFrance\n"
    "m3\tLouvre: The Museum\t\tmuseum\nm4\tThe Louvre\n"
)
TRIPLES = "m3\tin\tm1\nm1\tin\tm2\nm2\tcapital_city\tm1\nm3\tin\tm1\n\nm1\tin\tm4\n"
NT = r"""# people
<http://e/Mona_Lisa> <http://e/creator> <http://e/Leonardo> .
<http://e/Mona_Lisa> <http://www.w3.org/2000/01/rdf-schema#label> "La Joconde"@fr .
<http://e/Leonardo> <http://www.w3.org/2000/01/rdf-schema#label> "Leonardo da \"Vinci\""@en .
<http://e/Leonardo> <http://www.w3.org/2004/02/skos/core#altLabel> "L\u00e9onard" . # a comment

<http://e/Leonardo> <http://schema.org/description> "painter"@en .
<http://e/Mona_Lisa> <http://e/yearMade> "1503"^^<http://www.w3.org/2001/XMLSchema#integer> .
<http://e/Mona_Lisa> <http://e/motto> "tab\there"@it .
_:b1 <http://e/creator> <http://e/Leonardo> .
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "entities.tsv").write_text(ENTITIES, encoding="utf-8")
    (tmp_path / "triples.tsv").write_text(TRIPLES, encoding="utf-8")
    return tmp_path


def test_files_give_the_graph_that_the_builder_gives(folder):
    """Byte by byte: every array, and the description."""
    build(folder / "triples.tsv", folder / "imported", entities=folder / "entities.tsv", name="x")
    builder = GraphBuilder("x", [relation_of("capital_city"), relation_of("in")])
    for line in ENTITIES.splitlines():
        key, label, description, kind, *_ = (*line.split("\t"), "", "")
        builder.entity(kind or "entity", label, key=key, description=description, title=True)
    for line in filter(None, TRIPLES.splitlines()):
        head, relation, tail = line.split("\t")
        builder.triple(builder.find(head), relation, builder.find(tail))
    builder.write(folder / "built")
    imported, built = (
        {path.name: path.read_bytes() for path in (folder / name).iterdir()}
        for name in ("imported", "built")
    )
    assert imported == built


def test_the_same_files_give_the_same_bytes_packed_or_not(folder):
    first = build(folder / "triples.tsv", folder / "a", entities=folder / "entities.tsv")
    with gzip.open(folder / "triples.tsv.gz", "wt", encoding="utf-8") as file:
        file.write(TRIPLES.replace("\n", "\r\n"))
    assert build(folder / "triples.tsv.gz", folder / "b", entities=folder / "entities.tsv") == first


def test_without_a_table_of_entities_every_id_is_one(folder):
    (folder / "facts.tsv").write_text("Tom_Hanks\tacts in\tSully\n", encoding="utf-8")
    build(folder / "facts.tsv", folder / "graph")
    graph = Graph.load(folder / "graph")
    assert sorted(graph.label(e) for e in range(graph.num_entities)) == ["Sully", "Tom Hanks"]
    assert [p.entities for p in Linker(graph)("Where is tom hnks?").proposals] == [
        (graph.find("Tom_Hanks"),)
    ]


def test_n_triples_bring_labels_names_descriptions_and_values(tmp_path):
    with gzip.open(tmp_path / "art.nt.gz", "wt", encoding="utf-8") as file:
        file.write(NT)
    build(tmp_path / "art.nt.gz", tmp_path / "graph")
    graph = Graph.load(tmp_path / "graph")
    leonardo, mona_lisa = graph.find("http://e/Leonardo"), graph.find("http://e/Mona_Lisa")
    assert (
        graph.entity(leonardo).label == 'Leonardo da "Vinci"'
        and graph.entity(leonardo).description == "painter"
    )
    assert graph.label(mona_lisa) == "La Joconde"  # it has no other name than in its id
    assert [entity.id for entity in graph["Mona Lisa"]] == ["http://e/Mona_Lisa"]
    assert graph.aliases.find("leonard") >= 0 and graph.aliases.find("b1") < 0
    year = graph.tails(mona_lisa, graph.relation_index["http://e/yearMade"])
    assert [(graph.label(e), graph.kind_of(e)) for e in year.tolist()] == [("1503", "value")]
    assert (graph.numbers.entity.tolist(), graph.numbers.value.tolist()) == ([mona_lisa], [1503.0])
    assert {r.label: r.literal for r in graph.relations} == {
        "creator": False,
        "year made": True,
        "motto": True,
    }
    assert (
        graph.label(int(graph.tails(mona_lisa, graph.relation_index["http://e/motto"])[0]))
        == "tab\there"
    )
    assert len(graph.tails(leonardo, graph.relation_index["-http://e/creator"])) == 2


def test_a_literal_that_is_not_a_number_is_kept_as_a_word_alone(tmp_path):
    double = "^^<http://www.w3.org/2001/XMLSchema#double>"
    lines_ = [
        f'<http://e/a> <http://e/x> "{value}"{double} .\n' for value in ("NaN", "-INF", "2.5")
    ]
    (tmp_path / "x.nt").write_text("".join(lines_), encoding="utf-8")
    build(tmp_path / "x.nt", tmp_path / "graph")
    graph = Graph.load(tmp_path / "graph", verify=True)
    assert graph.numbers.value.tolist() == [2.5] and graph.num_triples == 3


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("x.tsv", "a\tb\tc\n\na\tb\n", r"x\.tsv, line 3: expected 3 tab-separated cells, found 2"),
        ("x.tsv", "a\tb\tc\na\tb\tc\td\n", r"line 2: expected 3 tab-separated cells, found 4"),
        ("x.tsv", "a\t\tc\n", r"line 1: cell 2 is empty"),
        ("x.tsv", b"a\tb\tc\nx\xff\tb\tc\n", r"line 2: not UTF-8 text"),
        (
            "x.nt",
            NT + "<http://e/a> <b c> <http://e/d> .\n",
            r"x\.nt, line 11: expected a statement of N-Triples",
        ),
        ("x.nt", NT + "<http://e/a> <http://e/b> <http://e/c>\n<a> .\n", r"line 11: .* line 12: "),
        ("x.nt", '<http://e/a> <http://e/b> "open .\n', r"line 1: expected a statement"),
        ("x.nt", "# nothing\n\n", r"at least one triple"),
    ],
)
def test_malformed_lines_are_refused_by_number(tmp_path, name, text, message):
    (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(GraphError, match=message):
        build(tmp_path / name, tmp_path / "graph")
    assert not (tmp_path / "graph").exists() and [p.name for p in tmp_path.iterdir()] == [
        name
    ]  # nothing is left behind


def test_only_the_first_malformed_lines_are_listed(tmp_path):
    (tmp_path / "x.tsv").write_text("a\n" * 40, encoding="utf-8")
    with pytest.raises(GraphError, match="line 5: .* There may be more") as caught:
        build(tmp_path / "x.tsv", tmp_path / "graph")
    assert "line 6" not in str(caught.value)


def test_an_entity_that_is_not_listed_is_named_with_its_line(folder):
    (folder / "triples.tsv").write_text(TRIPLES + "m1\tin\tm44\nm1\tin\tm5\n", encoding="utf-8")
    with pytest.raises(
        GraphError, match=r"triples\.tsv, line 7: entity id 'm44' is not in the table"
    ):
        build(folder / "triples.tsv", folder / "graph", entities=folder / "entities.tsv")


def test_a_missing_file_and_a_broken_archive_are_named(folder):
    with pytest.raises(GraphError, match=r"none\.tsv is missing"):
        build(folder / "none.tsv", folder / "graph")
    packed = gzip.compress(TRIPLES.encode() * 100)
    (folder / "t.tsv.gz").write_bytes(packed[: len(packed) // 2])
    with pytest.raises(
        GraphError, match=r"t\.tsv\.gz, after line \d+: the compressed data is damaged"
    ):
        build(folder / "t.tsv.gz", folder / "graph")


def test_a_graph_that_is_there_stays_until_the_new_one_is_whole(folder):
    build(folder / "triples.tsv", folder / "graph")
    before = Graph.load(folder / "graph").fingerprint
    (folder / "bad.tsv").write_text("a\n", encoding="utf-8")
    with pytest.raises(GraphError):
        build(folder / "bad.tsv", folder / "graph")
    assert Graph.load(folder / "graph").fingerprint == before


def test_every_stage_is_reported_to_its_end(folder):
    stages: dict[str, float] = {}
    build(
        folder / "triples.tsv",
        folder / "graph",
        bar=lambda stage, share: stages.update({stage: share}),
    )
    assert {"reading triples", "sorting edges", "writing entities"} <= set(stages) and set(
        stages.values()
    ) == {1.0}


@pytest.mark.parametrize("text", [r"plain", r"a\tb\n", r"\u00e9\U0001F3AC", r"\"quoted\" \\"])
def test_escapes_are_read(text):
    assert lines.unescape(text) == text.encode("ascii").decode("unicode_escape")


def test_arrays_written_in_pieces_are_plain_arrays(tmp_path):
    writer = NpyWriter(tmp_path / "x.npy", np.int32)
    for part in ([1, 2], [], [3]):
        writer.append(part)
    writer.close()
    assert np.load(tmp_path / "x.npy", mmap_mode="r").tolist() == [1, 2, 3]
    strings = StringsWriter(tmp_path, "word")
    strings.extend(["a", "é"])
    strings.extend([""])
    strings.close()
    text, offset = (np.load(tmp_path / f"word_{part}.npy") for part in ("text", "offset"))
    assert offset.dtype == np.uint32 and [Strings(text, offset)[i] for i in range(3)] == [
        "a",
        "é",
        "",
    ]
