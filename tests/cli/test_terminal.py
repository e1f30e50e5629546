"""Labels, relations, kinds, names and files from anywhere cannot steer a terminal."""

from __future__ import annotations

import io
import json
import re

import pytest

from kgqa.checkpoint import Checkpoint
from kgqa.cli.progress import Bars
from kgqa.graph import Graph
from kgqa.graph.builder import GraphBuilder
from kgqa.graph.names import KIND
from kgqa.graph.relation import Relation
from kgqa.questions import Question, write
from kgqa.text import json_line, printable
from tests import models

#: Colours, a window title, a C1 introducer, backspaces, a NUL, and reordering.
STEERING = "\x1b[31m\x1b]0;title\x07\x9b2J\b\b\x00\u202e\u2066\u061c"
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory, tokenizer):
    """A checkpoint of a random model whose graph steers terminals wherever it has words."""
    folder = tmp_path_factory.mktemp("hostile")
    knows = Relation(f"knows{STEERING}", f"knows{STEERING}", f"known{STEERING} by")
    builder = GraphBuilder(f"people{STEERING}", [knows])
    ann, bob, cara = (
        builder.entity(
            f"person{STEERING}", f"{name} {STEERING}Lee", description=f"who{STEERING}", key=key
        )
        for name, key in (("Ann", "a"), ("Bob", "b"), ("Cara", f"c{STEERING}"))
    )
    for entity, name in ((ann, "Ann Lee"), (bob, "Bob Lee"), (cara, "Cara Lee")):
        builder.alias(entity, name, KIND["other name"])
    for head, tail in ((ann, bob), (bob, cara), (cara, ann)):
        builder.triple(head, knows.id, tail)
    builder.write(folder / "graph")
    graph = Graph.load(folder / "graph")
    model = models.tiny_model(graph, sharp=8.0)
    Checkpoint(model, tokenizer, graph).save(folder / "checkpoint", graph=str(folder / "graph"))
    return folder


def safe(*texts: str) -> bool:
    return not any(UNSAFE.search(text) for text in texts)


def test_ask_prints_no_steering_characters(run, hostile):
    options = ("--checkpoint", hostile / "checkpoint", "--device", "cpu")
    code, out, err = run("ask", f"Whom does {STEERING}Ann Lee know?", *options)
    assert code == 0 and safe(out, err) and "Ann" in out and "Lee" in out


def test_ask_json_is_valid_and_holds_no_steering_characters(run, hostile, monkeypatch):
    options = ("--checkpoint", hostile / "checkpoint", "--device", "cpu")
    questions = "Whom does Ann\u2028 Lee know?\nBob Lee \u2029 \ud800 \x85 Lee\n\ufeffCara\x7f\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(questions, newline="\n"))
    code, out, err = run("ask", "--json", *options)
    assert code == 0 and safe(out, err) and not re.search("[\u2028\u2029\ud800-\udfff]", out)
    rows = [json.loads(line) for line in out.split("\n")[:-1]]
    assert len(rows) == 3 and any(row["mentions"] for row in rows)
    labels = [c["label"] for row in rows for m in row["mentions"] for c in m["candidates"]]
    assert any(STEERING in label for label in labels)  # the values are what they were


def test_graph_info_prints_no_steering_characters(run, hostile):
    code, out, err = run("graph", "info", "--out", hostile / "graph")
    assert code == 0 and safe(out, err)
    assert all(word in out for word in ("people", "person", "knows", "known"))


def test_evaluate_prints_no_steering_characters(run, hostile, tmp_path):
    kind = f"kind{STEERING}"
    rows = [
        Question(str(i), f"Whom does {n} Lee{STEERING} know?", (f"c{STEERING}",), (), kind, 1)
        for i, n in enumerate(("Ann", "Bob", "Cara"))
    ]
    write(tmp_path / "dev.jsonl", rows)
    options = ("--checkpoint", hostile / "checkpoint", "--device", "cpu", "--errors", 5)
    code, out, err = run("evaluate", "--data", tmp_path, *options)
    assert code == 0 and safe(out, err) and "kind" in out and "wrong first answer" in out
    assert "expected" in out


@pytest.mark.parametrize(
    ("name", "triples"),
    [
        (f"x{STEERING.replace(chr(0), '')}.tsv", "a\tb\n"),
        ("x.nt", f"<a{STEERING}> <b> .\n"),
        ("x.tsv", f"a{STEERING}\tb\tc\n"),  # is not in the table of entities
    ],
)
def test_an_error_quotes_files_without_steering_characters(run, tmp_path, name, triples):
    (tmp_path / name).write_text(triples, encoding="utf-8")
    (tmp_path / "entities.tsv").write_text("c\tCara\n", encoding="utf-8")
    options = ("--entities", tmp_path / "entities.tsv", "--out", tmp_path / "graph")
    code, out, err = run("graph", "build", "--triples", tmp_path / name, *options)
    assert code == 2 and safe(out, err) and "line 1" in err and err.count("\n") == 1


def test_wrong_arguments_are_quoted_without_steering_characters(run):
    for arguments in (("ask", "--x" + STEERING), ("graph", STEERING), (STEERING,)):
        code, out, err = run(*arguments)
        assert code == 2 and safe(out, err)


def test_progress_shows_no_steering_characters(capsys):
    bars = Bars()
    bars.say(f"a line{STEERING}\nanother")
    list(bars.over([1], f"a name{STEERING}", total=1))
    bars.note(f"a note{STEERING}")
    out, err = capsys.readouterr()
    assert safe(out, err.replace("\r", "")) and "a line" in out


def test_a_message_keeps_its_lines_and_punctuation():
    message = "a: 'b' (c/d), é — “f”…\n\tg"
    assert printable(message) == message
    assert (
        printable(f"a{STEERING}b") == "a\ufffd[31m\ufffd]0;title\ufffd\ufffd2J\ufffd\ufffd\ufffdb"
    )


def test_a_line_of_json_is_the_value_again():
    value = {"a": f"é 🎬 {STEERING}\u2028\u2029\ud800\x7f", "b": [1.5, None]}
    assert json.loads(json_line(value)) == value
    assert safe(json_line(value)) and "é 🎬" in json_line(value)


def test_input_that_is_not_utf8_is_read(run, hostile, monkeypatch):
    stdin = io.TextIOWrapper(io.BytesIO(b"Ann Lee \xff\n"), encoding="utf-8")
    monkeypatch.setattr("sys.stdin", stdin)
    options = ("--checkpoint", hostile / "checkpoint", "--device", "cpu")
    code, out, _ = run("ask", "--json", *options)
    assert code == 0 and json.loads(out)["question"] == "Ann Lee \ufffd"
