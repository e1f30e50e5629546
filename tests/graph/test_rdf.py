"""Files of RDF become N-Triples: every syntax, what is left out, what is refused."""

from __future__ import annotations

import bz2
from pathlib import Path

import pytest

from kgqa.errors import GraphError
from kgqa.graph import Graph
from kgqa.graph.importer import build_files, lines
from kgqa.graph.importer.parts import Format, ImportOptions, Part
from kgqa.graph.importer.rdf import to_ntriples
from kgqa.graph.notes import Notes

FILES = Path(__file__).parent / "rdf_files"
FORMATS = {
    "family.nt": Format.NTRIPLES,
    "family.ttl": Format.TURTLE,
    "family.trig": Format.TRIG,
    "family.nq": Format.NQUADS,
    "family.rdf": Format.RDFXML,
    "family.jsonld": Format.JSONLD,
}
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/"'


ABC = "<http://e/a> <http://e/b> <http://e/c> .\n"


def converted(tmp_path, *texts, options=ImportOptions(), notes=None) -> list[str]:
    """The lines for (format, text) pairs, each a file of its own."""
    parts = []
    for i, (format_, text) in enumerate(texts):
        path = tmp_path / f"{i}.txt"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        parts.append(Part(path, f"given{i}.x", format_))
    target = to_ntriples(parts, tmp_path / "facts.nt", options, notes or Notes())
    written = target.read_text(encoding="utf-8").splitlines()
    assert all(lines.statement(line) is None for line in written)
    return [line.removesuffix(" .") for line in written]


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_that_rdflib_wrote_holds_the_same_statements_in_every_syntax(tmp_path, name):
    part = Part(FILES / name, name, FORMATS[name])
    target = to_ntriples([part], tmp_path / "facts.nt", ImportOptions(), Notes())
    assert (target == part.path) == (name == "family.nt")  # which is not copied

    def without_blanks(path: Path) -> set[str]:
        rows = path.read_text(encoding="utf-8").splitlines()
        return {row for row in rows if row and "_:" not in row}

    assert without_blanks(target) == without_blanks(FILES / "family.nt")
    assert len(target.read_text(encoding="utf-8").split("\n")) >= 20


def test_names_of_graphs_are_left_out_and_counted(tmp_path):
    for format_, text in {
        Format.TRIG: "<http://e/g> { <http://e/a> <http://e/b> 1 , 2 } " + ABC,
        Format.NQUADS: '<http://e/a> <http://e/b> "1" <http://e/g> .\n'
        '<http://e/a> <http://e/b> "2" _:g .\n# a comment\n\n<http://e/a> <http://e/b> "3" .',
    }.items():
        notes = Notes()
        assert len(converted(tmp_path, (format_, text), notes=notes)) == 3
        assert [(n.what, n.count) for n in notes.found] == [
            ("statements in named graphs, whose names are left out", 2)
        ]


def test_blank_nodes_of_several_files_are_kept_apart(tmp_path):
    files = [
        (Format.TURTLE, "_:a <http://e/b> [ <http://e/c> 1 ] ."),
        (Format.NTRIPLES, '_:a <http://e/b> "x" .'),
        (Format.NQUADS, '_:a <http://e/b> "x" .'),
    ]
    found = converted(tmp_path, *files)
    assert found == converted(tmp_path, *files)  # not named at random
    assert len({word for line in found for word in line.split() if word.startswith("_:")}) == 4


def test_relative_names_begin_with_the_name_of_the_file(tmp_path):
    for format_, text in {
        Format.TURTLE: "<#ann> <http://e/b> <bob> .",
        Format.JSONLD: '{"@id": "#ann", "http://e/b": {"@id": "bob"}}',
        Format.RDFXML: f'<rdf:RDF {RDF}><rdf:Description rdf:ID="ann">'
        '<e:b rdf:resource="bob"/></rdf:Description></rdf:RDF>',
    }.items():
        found = "<file:///given0.x#ann> <http://e/b> <file:///bob>"
        assert converted(tmp_path, (format_, text)) == [found]


def test_statements_about_statements_are_left_out(tmp_path):
    text = "<http://e/a> <http://e/b> <http://e/c> {| <http://e/since> 1999 |} ."
    notes = Notes()
    assert converted(tmp_path, (Format.TURTLE, text), notes=notes) == [
        "<http://e/a> <http://e/b> <http://e/c>"
    ]
    assert [(n.what, n.count) for n in notes.found] == [("statements about statements", 2)]


def test_the_context_of_schema_org_stands_for_its_terms(tmp_path):
    for context in ('"https://schema.org"', '["http://www.schema.org/", {"x": "http://e/x"}]'):
        text = f'{{"@context": {context}, "id": "http://e/a", "name": "Ann"}}'
        assert converted(tmp_path, (Format.JSONLD, text)) == [
            '<http://e/a> <http://schema.org/name> "Ann"'
        ]


def test_words_of_json_ld_without_a_context_are_counted(tmp_path):
    notes = Notes()
    text = '{"@id": "http://e/a", "http://e/p": "x", "name": "Ann"}'
    assert len(converted(tmp_path, (Format.JSONLD, text), notes=notes)) == 1
    assert [note.examples for note in notes.found] == [("name",)]


def test_a_byte_order_mark_and_a_packed_file_are_read(tmp_path):
    text = b"\xef\xbb\xbf<http://e/a> <http://e/b> <http://e/c> ."
    for format_ in (Format.TURTLE, Format.NQUADS):
        assert len(converted(tmp_path, (format_, text))) == 1
    assert len(converted(tmp_path, (Format.TURTLE, bz2.compress(text)))) == 1
    assert len(converted(tmp_path, (Format.JSONLD, b'\xef\xbb\xbf{"http://e/p": "x"}'))) == 1


def test_entities_that_stand_for_a_namespace_are_read_as_ontologies_use_them(tmp_path):
    text = (
        f'<!DOCTYPE rdf:RDF [<!ENTITY e "http://e/">]><rdf:RDF {RDF}>'
        '<rdf:Description rdf:about="&e;a"><e:b>x</e:b></rdf:Description></rdf:RDF>'
    )
    assert converted(tmp_path, (Format.RDFXML, text)) == ['<http://e/a> <http://e/b> "x"']


BOMB = '<!ENTITY a0 "aaaaaaaaaa">' + "".join(
    f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 9)
)


@pytest.mark.parametrize(
    ("format_", "text", "why"),
    [
        (Format.TURTLE, "<http://e/a> <http://e/b> 1 .\n<http://e/a> b 1 .", "line 2, column 14: "),
        (Format.TURTLE, "<http://e/a> <http://e/b c> 1 .", "line 1, column 14: .*code point"),
        (Format.TURTLE, "<http://e/a> <http://e/b> ", "line 1, column .*: Unexpected end"),
        (Format.TURTLE, b"<http://e/a> <http://e/b> '\xff' .", "line 1, column 28: "),
        (Format.TRIG, "<http://e/g> { <http://e/a> }", "line 1, column 29: "),
        (Format.NQUADS, "<http://e/a> <http://e/b> .\n", "line 1: expected a statement of N-Quads"),
        (Format.NQUADS, b'<http://e/a> <http://e/b> "\xff" .\n', "line 1: not UTF-8"),
        (Format.JSONLD, '{"@id": "http://e/a",\n "x": [1 2]}', "line 2, column 10: not well-form"),
        (Format.JSONLD, '{"@context": "http://e/c"}', "context lies at 'http://e/c', and nothing"),
        (Format.JSONLD, '{"a":' * 900 + "1" + "}" * 900, "within each other"),
        (Format.JSONLD, "[" * 10**5, "within each other"),
        (Format.JSONLD, b'{"a": "\xff"}', "not UTF-8"),
        (Format.RDFXML, f"<rdf:RDF {RDF}>\n<rdf:Description></rdf:RDF>", "line 2, column 20: "),
        (
            Format.RDFXML,
            f'<rdf:RDF {RDF}>\n<rdf:Description rdf:about="http://e/a b"/></rdf:RDF>',
            "line 2: .*code point",
        ),
        (Format.RDFXML, f"<!DOCTYPE x [{BOMB}]><x>&a8;</x>", "line 1: the entity 'a1' holds other"),
        (Format.RDFXML, '<!DOCTYPE x [<!ENTITY a SYSTEM "f">]><x>&a;</x>', "names another file"),
        (Format.RDFXML, '<!DOCTYPE x [<!ENTITY % a "f">]><x/>', "names another file"),
        (
            Format.RDFXML,
            f'<!DOCTYPE x [<!ENTITY a "{"a" * 300}">]><x>{"&a;" * 230_000}</x>',
            "too much text|amplification",
        ),
        (Format.RDFXML, "<x>" * 300 + "</x>" * 300, "more than 200 elements"),
        (Format.RDFXML, "<a/>".encode("utf-16")[:-1], "not well-formed"),
    ],
)
def test_what_is_malformed_or_unsafe_is_refused_by_one_sentence(tmp_path, format_, text, why):
    with pytest.raises(GraphError, match=why) as caught:
        converted(tmp_path, (format_, text))
    assert str(caught.value).startswith("given0.x") and len(str(caught.value).split("\n")) == 1
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    ("format_", "text", "left", "lost"),
    [
        (
            Format.TURTLE,
            f"{ABC}x b 1 .\n{ABC}",
            2,
            1,
        ),
        (Format.TURTLE, "<http://e/a> <http://e/b> <x y> .\n<http://e/a> <http://e/b> 3 .", 1, 1),
        (Format.TRIG, "<http://e/g> { x }\n<http://e/a> <http://e/b> 3 .", 1, 1),
        (Format.NQUADS, "x\n<http://e/a> <http://e/b> <http://e/c> <http://e/g> .\ny\n", 1, 2),
        (Format.NQUADS, b'"\xff\n<http://e/a> <http://e/b> <http://e/c> .\n', 1, 1),
        (
            Format.RDFXML,
            f'<rdf:RDF {RDF}><rdf:Description rdf:about="http://e/a"><e:b>x</e:b>'
            '<e:b rdf:resource="http://e/x y"/><e:b>y</e:b></rdf:Description></rdf:RDF>',
            2,
            1,
        ),
        (Format.JSONLD, '{"http://e/p": ["x", {"@id": "http://e/x y"}, "y"]}', 2, 1),
    ],
)
def test_reading_goes_on_where_that_is_asked_for(tmp_path, format_, text, left, lost):
    notes, options = Notes(), ImportOptions(skip_malformed=True)
    found = converted(tmp_path, (format_, text), options=options, notes=notes)
    counted = {note.what: note.count for note in notes.found}
    assert len(found) == left and counted["statements that could not be read"] == lost


def test_a_malformed_end_of_a_file_is_no_endless_loop(tmp_path):
    options = ImportOptions(skip_malformed=True)
    for text in ("<http://e/a> <http://e/b> 1 . <", "(" * 1000, "'''", "<http://e/a> <http://e/b"):
        try:
            converted(tmp_path, (Format.TURTLE, text), options=options)
        except GraphError:
            continue


def test_bounds_hold_for_what_is_written(tmp_path):
    text = "@prefix e: <http://" + "e" * 9_999 + "/> .\n" + "e:a e:b e:c .\n" * 99
    with pytest.raises(GraphError, match="written out, are too long"):
        converted(tmp_path, (Format.TURTLE, text), options=ImportOptions(largest=20_000))
    with pytest.raises(GraphError, match="more than 98 facts"):
        converted(tmp_path, (Format.TURTLE, text), options=ImportOptions(most_triples=98))
    assert len(converted(tmp_path, (Format.TURTLE, text))) == 99


def test_the_graph_is_the_same_from_every_syntax(tmp_path):
    found = set()
    for name in FORMATS:
        build_files([FILES / name], tmp_path / name)
        graph = Graph.load(tmp_path / name, verify=True)
        (ada,) = graph["Ada Arnadottir"]
        facts = {fact.sentence for fact in graph.facts(ada.id)}
        words = {(r.label, r.inverse, r.unit, r.triples) for r in graph.relations}
        found.add((frozenset(facts), frozenset(words), graph.num_entities, graph.kinds))
    ((facts, words, entities, kinds),) = found
    assert "Ada Árnadóttir, born on: 2 April 1931" in facts
    assert ("mother", "mother of", "", 2) in words
    assert ("born on", "born on, reversed", "date", 3) in words
    assert entities == 12 and set(kinds) == {"value", "entity", "person", "class"}


def test_files_of_several_syntaxes_are_one_graph(tmp_path):
    (tmp_path / "more.ttl").write_text(
        "@prefix e: <http://example.org/family/> . e:dee e:knows e:ada .", encoding="utf-8"
    )
    build_files([FILES / "family.rdf", tmp_path / "more.ttl"], tmp_path / "graph")
    graph = Graph.load(tmp_path / "graph")
    assert [fact.sentence for fact in graph.facts("http://example.org/family/dee")] == [
        "dee, knows: Ada Árnadóttir"
    ]
