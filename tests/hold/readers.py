"""The linker and the readers of files, given any bytes: a result that holds, or a sentence."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from kgqa import files, questions
from kgqa.edits import Edits
from kgqa.errors import DataError, FileError, GraphError
from kgqa.graph import Graph
from kgqa.graph.importer import build, formats, lines
from kgqa.inference.pipeline import clean
from kgqa.linking import Linker
from tests.toy import toy_builder

FACT = b"<http://e/a> <http://e/b> <http://e/c> .\n"
COMMENT = b"# \\ud800\n<http://e/a> <http://e/b> <http://e/c> . # \\U00110000\n"
LABEL = b'_:b <http://www.w3.org/2000/01/rdf-schema#label> "\\u00e9 \\"x\\""@en-GB . # y\n'
NUMBER = b'<http://e/a> <http://e/n> "1.5"^^<http://www.w3.org/2001/XMLSchema#decimal> .\n'


@cache
def linker() -> Linker:
    return Linker(toy_builder().build())


@cache
def folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="kgqa-fuzz-"))


def link(data: bytes) -> None:
    question = clean(data.decode("utf-8", "surrogateescape"))
    link = linker()(question)
    assert all(link.text(p) and p.entities for p in link.proposals)
    assert all(p.first <= p.last for p in link.proposals)
    ends = [-1, *(place for start, end, _ in link.words for place in (start, end))]
    assert ends == sorted(ends) and ends[-1] <= len(question)


def question_file(data: bytes) -> None:
    path, again = folder() / "q.jsonl", folder() / "again.jsonl"
    path.write_bytes(data)
    try:
        rows = questions.read(path)
    except DataError:
        return
    questions.write(again, rows)
    assert questions.read(again) == rows


def edits(data: bytes) -> None:
    try:
        value = Edits.read(data.decode("utf-8", "surrogatepass"))
    except (DataError, UnicodeDecodeError):
        return
    assert Edits.read(value.plain()) == value


def json_file(data: bytes) -> None:
    (folder() / "x.json").write_bytes(data)
    try:
        files.read_json(folder() / "x.json")
    except FileError:
        return


def source_lines(data: bytes) -> None:
    """What Python reads of a source file; the name is drawn by the first byte."""
    name = ["x.nt", "x.tsv", "x.nt.gz", "x.tsv.gz"][data[0] % 4 if data else 0]
    (folder() / name).write_bytes(data[1:])
    check = lines.statement if ".nt" in name else lines.cells(3, 3, 3)
    for act in (
        lambda: lines.verify(folder() / name),
        lambda: formats.refuse_other(folder() / name, "triples", check),
        lambda: lines.refuse(folder() / name, check),
    ):
        try:
            act()
        except GraphError:
            continue
    for line in data.decode("utf-8", "replace").split("\n"):
        statement = re.match(lines.STATEMENT, line)
        if statement and lines.statement(line) is None:  # what a comment holds is never unescaped
            for term in statement.groups():
                lines.unescape(term).encode()


def graph(data: bytes) -> None:
    """A whole build: DuckDB and Python agree on what is well formed."""
    name = ["x.nt", "x.tsv", "x.tsv"][data[0] % 3 if data else 0]
    listed = data[:1] >= b"\xaa" and name == "x.tsv"
    triples, _, entities = data[1:].partition(b"\0\0")
    (folder() / name).write_bytes(triples)
    (folder() / "entities.tsv").write_bytes(entities)
    table = folder() / "entities.tsv" if listed else None
    try:
        build(folder() / name, folder() / "graph", entities=table, threads=1)
    except GraphError as error:
        assert "could not be read" not in str(error), error
        return
    built = Graph.load(folder() / "graph")
    for entity in range(min(built.num_entities, 20)):
        str(built.entity(entity)).encode()
        assert built.find(built.key(entity)) == entity


#: What is tried, how often among sixteen, and where it begins.
TARGETS: list[tuple[Callable[[bytes], None], int, list[bytes]]] = [
    (link, 5, ["Who directed Sully’s J. Edgar & Star Wars II?".encode(), b"tom hnks, La Gioconda"]),
    (question_file, 3, [b'\xef\xbb\xbf{"id": 1, "question": "a\\ud800", "answers": ["x"]}\n\n']),
    (edits, 2, [b'{"use": [{"start": 1, "end": 2, "entity": "x"}], "intersect": false}']),
    (json_file, 1, [b'{"a": [1, "\\ud83d\\ude00"]}', b"[" * 70]),
    (
        source_lines,
        4,
        [b"\0" + FACT + LABEL + NUMBER, b"\1a\tb\tc\r\nd\te\tf\n", b"\1a,b,c\n", b"\0" + COMMENT],
    ),
    (
        graph,
        1,
        [b"\0" + FACT + LABEL + NUMBER, b"\1a\tb\tc\n", b"\xfda\tb\tc\n\0\0a\tA\nc\tC\td\n"],
    ),
]
_TURNS = [target for target, turns, _ in TARGETS for _ in range(turns)]


def one_input(data: bytes) -> None:
    """The first byte chooses the target."""
    if data:
        _TURNS[data[0] % len(_TURNS)](data[1:])


def without_builds(data: bytes) -> None:
    """The same, quick enough for thousands of inputs a second."""
    if data and _TURNS[data[0] % len(_TURNS)] is not graph:
        one_input(data)


def seeds() -> list[bytes]:
    """Well-formed inputs, of every target as many as its turns."""
    return [
        bytes([_TURNS.index(target)]) + examples[turn % len(examples)]
        for target, turns, examples in TARGETS
        for turn in range(max(turns, len(examples)))
    ]
