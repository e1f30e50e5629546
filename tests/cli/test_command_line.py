"""The command line: help with an example, errors in one sentence, questions in and traces out."""

from __future__ import annotations

import io
import json
import subprocess
import sys

import pytest

from kgqa import __version__
from kgqa import questions as question_files
from kgqa.cli import main
from kgqa.trace import OUTCOMES

COMMANDS = ["graph", "data", "train", "evaluate", "ask", "bench"]


@pytest.fixture
def run(capsys):
    """run("ask", ...) -> (exit code, output, errors)."""

    def call(*arguments):
        try:
            code = main([str(a) for a in arguments])
        except SystemExit as stop:
            code = stop.code
        out = capsys.readouterr()
        return code, out.out, out.err

    return call


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_each_command_shows_an_example(run, command):
    code, out, _ = run(command, "--help")
    assert code == 0
    assert "example:" in out and f"python -m kgqa {command}" in out.split("example:")[1]


def test_the_help_lists_every_command_and_an_example(run):
    code, out, _ = run("--help")
    assert code == 0 and all(command in out for command in COMMANDS) and "python -m kgqa ask" in out


def test_the_version(run):
    assert run("--version")[:2] == (0, __version__ + "\n")


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("fly",),
        ("ask", "--colour", "red", "x"),
        ("graph", "paint"),
        ("evaluate", "--max-hops", "two"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_so(run, arguments):
    code, out, err = run(*arguments)
    assert code == 2 and out == "" and "usage:" in err


def sentence(err: str) -> bool:
    return err.startswith("kgqa: ") and err.count("\n") == 1 and "Traceback" not in err


@pytest.mark.parametrize(
    "command", [("ask", "Who directed Sully?"), ("evaluate",), ("bench", "pipeline")]
)
def test_an_unknown_checkpoint_ends_with_2_and_one_sentence(run, command):
    code, out, err = run(*command, "--checkpoint", "no-such-folder", "--device", "cpu")
    assert code == 2 and out == "" and sentence(err) and "no-such-folder" in err


def test_a_real_process_prints_no_traceback():
    done = subprocess.run(
        [sys.executable, "-m", "kgqa", "ask", "x", "--checkpoint", "no-such-folder"],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stdout) == (2, "") and sentence(done.stderr)


def test_a_folder_that_is_no_checkpoint_is_a_sentence(run, tmp_path):
    code, _, err = run("ask", "Who?", "--checkpoint", tmp_path)
    assert code == 2 and sentence(err) and "config.json" in err


def test_ask_without_a_question_says_how(run, tiny_checkpoint):
    code, _, err = run("ask", "--checkpoint", tiny_checkpoint)
    assert code == 2 and sentence(err) and "python -m kgqa ask" in err


# -- ask -------------------------------------------------------------------------------------------


def test_ask_prints_a_readable_trace(run, tiny_checkpoint):
    code, out, err = run(
        "ask", "Who directed Sully?", "--checkpoint", tiny_checkpoint, "--device", "cpu"
    )
    assert (code, err) == (0, "")
    assert out.startswith("Who directed Sully?\n") and "Sully" in out.split("\n", 1)[1]
    assert "ms: link" in out


@pytest.mark.parametrize("question", ["", "hello there", "🎬", "x" * 600])
def test_ask_says_why_there_is_no_answer(run, tiny_checkpoint, question):
    code, out, _ = run("ask", question, "--checkpoint", tiny_checkpoint, "--device", "cpu")
    assert code == 0 and any(message in out for message in OUTCOMES.values())


def test_ask_json_reads_lines_and_keeps_their_order(run, tiny_checkpoint, monkeypatch):
    lines = [
        "Who directed Sully?",
        "",
        "Where is the Louvre?",
        "hello",
        "Padmé Amidala 🎬",
        "x" * 501,
    ]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines) + "\n"))
    code, out, _ = run("ask", "--json", "--checkpoint", tiny_checkpoint, "--device", "cpu")
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 0 and len(rows) == len(lines)
    assert [r["question"] for r in rows[:5]] == lines[:5]
    assert [rows[i]["outcome"] for i in (1, 3, 5)] == ["empty_question", "no_mention", "too_long"]
    assert "Padmé Amidala 🎬" in out  # readable, not escaped


def test_ask_json_with_a_question_answers_it_alone(run, tiny_checkpoint):
    code, out, _ = run(
        "ask", "--json", "Where is the Louvre?", "--checkpoint", tiny_checkpoint, "--device", "cpu"
    )
    assert code == 0 and json.loads(out)["question"] == "Where is the Louvre?"


def test_a_reader_that_goes_away_is_no_error(tiny_checkpoint, tmp_path):
    """ "... | head -1": the pipe closes after the first line."""
    (tmp_path / "q.txt").write_text("Where is the Louvre?\n" * 100, encoding="utf-8")
    ask = f"{sys.executable} -m kgqa ask --json --device cpu --checkpoint {tiny_checkpoint}"
    command = f"{ask} < {tmp_path / 'q.txt'} | head -1"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, timeout=120
    )
    assert json.loads(done.stdout)["question"] == "Where is the Louvre?"
    assert "Traceback" not in done.stderr and "Exception ignored" not in done.stderr


# -- graph and data --------------------------------------------------------------------------------


def test_graph_info_shows_what_the_default_graph_holds(run, default, default_folder):
    code, out, _ = run("graph", "info", "--out", default_folder)
    assert code == 0
    first, kinds, *relations = out.splitlines()
    assert (
        f"{default.num_entities:,} entities" in first
        and f"{default.num_triples:,} triples" in first
        and "MB" in first
    )
    assert (
        sum(int(part.split()[0].replace(",", "")) for part in kinds.split(", "))
        == default.num_entities
    )
    assert "17,470 film" in kinds and "740 artwork" in kinds and "318 museum" in kinds
    assert len(relations) == len(default.relations)
    assert any("cast member  / acted in" in line for line in relations) and any(
        "run time  (literal)" in line for line in relations
    )


def test_graph_info_of_no_graph_is_a_sentence(run, tmp_path):
    code, out, err = run("graph", "info", "--out", tmp_path)
    assert code == 2 and out == "" and sentence(err) and "graph.json" in err


def test_graph_build_from_tables(run, tmp_path):
    (tmp_path / "entities.tsv").write_text("a\tAnn\nb\tBob\n", encoding="utf-8")
    (tmp_path / "triples.tsv").write_text("a\tknows\tb\n", encoding="utf-8")
    code, out, _ = run("graph", "build", "--tables", tmp_path, "--out", tmp_path / "graph")
    assert code == 0 and "2 entities, 1 triples" in out and "fingerprint" in out


def test_graph_build_names_a_malformed_line(run, tmp_path):
    (tmp_path / "entities.tsv").write_text("a\tAnn\nb\n", encoding="utf-8")
    (tmp_path / "triples.tsv").write_text("a\tknows\ta\n", encoding="utf-8")
    code, _, err = run("graph", "build", "--tables", tmp_path, "--out", tmp_path / "graph")
    assert code == 2 and sentence(err) and "entities.tsv, line 2" in err
    assert not (tmp_path / "graph" / "graph.json").exists()


def test_data_writes_three_files(run, default_folder, tmp_path, monkeypatch):
    from kgqa.films import phrasings

    few = [k for k in phrasings.read() if k.name in {"country-capital", "no-chitchat"}]
    monkeypatch.setattr(phrasings, "read", lambda *_: few)
    code, out, _ = run(
        "data",
        "--graph",
        default_folder,
        "--out",
        tmp_path / "q",
        "--per-kind",
        3,
        "--per-kind-held-out",
        2,
    )
    assert code == 0 and all(f"{s}:" in out for s in ("train", "dev", "test"))
    assert len(question_files.read(tmp_path / "q" / "train.jsonl")) == 6
    assert len(question_files.read(tmp_path / "q" / "test.jsonl")) == 4


# -- evaluate, bench, train ------------------------------------------------------------------------


@pytest.fixture
def data(toy_questions, tmp_path):
    for split, rows in zip(("train", "dev"), toy_questions, strict=True):
        question_files.write(tmp_path / "data" / f"{split}.jsonl", rows)
    return tmp_path / "data"


def test_evaluate_prints_a_table_and_writes_json(run, tiny_checkpoint, data, tmp_path):
    options = ("--json", tmp_path / "r.json", "--errors", 2)
    code, out, _ = run(
        "evaluate", "--checkpoint", tiny_checkpoint, "--data", data, "--device", "cpu", *options
    )
    report = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert (
        code == 0
        and report["questions"] == 4
        and report["split"] == "dev"
        and report["topics"] == "model"
    )
    assert report["intersection"] is True and report["max_hops"] == 3
    assert any(line.startswith("all") for line in out.splitlines()) and "calibration error" in out


def test_evaluate_records_its_ablations(run, tiny_checkpoint, data, tmp_path):
    options = (
        "--no-intersection",
        "--max-hops",
        1,
        "--topics",
        "gold",
        "--json",
        tmp_path / "r.json",
    )
    code, _, _ = run(
        "evaluate", "--checkpoint", tiny_checkpoint, "--data", data, "--device", "cpu", *options
    )
    report = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert code == 0
    assert (report["intersection"], report["max_hops"], report["topics"]) == (False, 1, "gold")
    assert all(
        f" {option}" in report["command"]
        for option in ("--topics gold", "--no-intersection", "--max-hops 1")
    )


def test_evaluate_without_hops_records_zero(run, tiny_checkpoint, data, tmp_path):
    options = ("--max-hops", 0, "--json", tmp_path / "r.json")
    code, _, _ = run(
        "evaluate", "--checkpoint", tiny_checkpoint, "--data", data, "--device", "cpu", *options
    )
    report = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert code == 0 and report["max_hops"] == 0


def test_fewer_than_no_hops_is_wrong_usage(run, tiny_checkpoint, data):
    code, out, err = run(
        "evaluate",
        "--checkpoint",
        tiny_checkpoint,
        "--data",
        data,
        "--device",
        "cpu",
        "--max-hops",
        "-1",
    )
    assert code == 2 and out == "" and "max-hops" in err


@pytest.mark.parametrize("command", ["data", "evaluate"])
def test_questions_written_for_the_default_graph_need_it(
    run, toy_folder, tiny_checkpoint, tmp_path, command
):
    """Another graph lacks the relations of the phrasings: a sentence, not a KeyError."""
    options = {
        "data": ("--graph", toy_folder, "--out", tmp_path / "q"),
        "evaluate": ("--checkpoint", tiny_checkpoint, "--device", "cpu"),
    }
    code, _, err = run(command, *options[command])
    assert code == 2 and sentence(err)


def test_an_unknown_split_of_the_written_questions_is_a_sentence(run, tiny_checkpoint):
    code, _, err = run(
        "evaluate", "--checkpoint", tiny_checkpoint, "--device", "cpu", "--split", "nonsense"
    )
    assert code == 2 and "nonsense" in err and "Traceback" not in err


def test_evaluate_on_a_missing_split_is_a_sentence(run, tiny_checkpoint, data):
    code, _, err = run(
        "evaluate",
        "--checkpoint",
        tiny_checkpoint,
        "--data",
        data,
        "--split",
        "test",
        "--device",
        "cpu",
    )
    assert code == 2 and sentence(err) and "test.jsonl" in err


def test_evaluate_on_a_malformed_file_is_a_sentence(run, tiny_checkpoint, data):
    (data / "dev.jsonl").write_text(
        '{"question": "x", "answers": []}\n{"question":\n', encoding="utf-8"
    )
    code, _, err = run(
        "evaluate", "--checkpoint", tiny_checkpoint, "--data", data, "--device", "cpu"
    )
    assert code == 2 and sentence(err) and "dev.jsonl, line 2" in err


def test_bench_times_every_part(run, tiny_checkpoint, toy_questions, monkeypatch, tmp_path):
    from kgqa.films import writer

    monkeypatch.setattr(
        writer, "Writer", lambda graph: type("W", (), {"write": lambda *_: toy_questions[0]})()
    )
    options = ("--questions", 12, "--device", "cpu", "--json", tmp_path / "b.json")
    code, out, _ = run("bench", "pipeline", "--checkpoint", tiny_checkpoint, *options)
    report = json.loads((tmp_path / "b.json").read_text(encoding="utf-8"))
    assert (
        code == 0
        and "milliseconds" in out
        and "times the throughput" in out
        and report["questions"] == 12
    )
    for way in ("one", "together"):
        parts = report[way]["ms"]
        assert set(parts) == {"link", "encode", "hops", "trace", "page", "total"}
        assert (
            all(0 <= row["p50"] <= row["p95"] for row in parts.values())
            and parts["encode"]["p50"] > 0
        )
        assert sum(row["share"] for part, row in parts.items() if part != "total") == pytest.approx(
            1, abs=1e-3
        )


def test_train_needs_a_graph(run, data, tmp_path):
    code, _, err = run("train", "--data", data, "--out", tmp_path / "run", "--device", "cpu")
    assert code == 2 and sentence(err) and "entities.tsv" in err


def test_train_from_a_folder_of_the_benchmark_layout(
    run, tmp_path, tokenizer, new_encoder, monkeypatch
):
    """entities.tsv, triples.tsv, train.jsonl, dev.jsonl: the run holds its graph and is a checkpoint."""
    from kgqa import checkpoint
    from kgqa.training import dataset as prepare
    from kgqa.training import loop

    def in_process(questions, graph_folder, cache, *, complete=True, **_):
        prepare._start(graph_folder, complete)
        return [prepare._read(prepare._one(q)) for q in questions]

    monkeypatch.setattr(checkpoint, "base_encoder", lambda: (new_encoder(), tokenizer))
    monkeypatch.setattr(loop, "explanations", in_process)
    data, out = tmp_path / "bench", tmp_path / "run"
    data.mkdir()
    (data / "entities.tsv").write_text("a\tAnn\nb\tBob\nc\tCara\n", encoding="utf-8")
    (data / "triples.tsv").write_text("a\tknows\tb\nb\tknows\tc\n", encoding="utf-8")
    rows = [
        ("Who does Ann know?", "b"),
        ("Who does Bob know?", "c"),
        ("Who knows Cara?", "b"),
        ("Who knows Bob?", "a"),
    ]
    for split in ("train", "dev"):
        lines = [json.dumps({"question": q, "answers": [a]}) for q, a in rows]
        (data / f"{split}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    options = (
        "--epochs",
        3,
        "--follow-epochs",
        1,
        "--batch-size",
        2,
        "--evaluate-every",
        4,
        "--device",
        "cpu",
    )
    code, text, _ = run("train", "--data", data, "--out", out, *options)
    assert code == 0 and "best dev" in text and (out / "graph" / "graph.json").is_file()
    code, text, _ = run(
        "ask", "--json", "Who does Ann know?", "--checkpoint", out, "--device", "cpu"
    )
    assert code == 0 and json.loads(text)["model"] == "run"
