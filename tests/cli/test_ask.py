"""kgqa ask: questions in, readable traces or JSON out."""

from __future__ import annotations

import io
import json
import subprocess
import sys

import pytest

from kgqa.trace import OUTCOMES
from tests.cli.running import sentence


def test_ask_without_a_question_says_how(run, tiny_checkpoint):
    code, _, err = run("ask", "--checkpoint", tiny_checkpoint)
    assert code == 2 and sentence(err) and "python -m kgqa ask" in err


def test_ask_prints_a_readable_trace(ask):
    code, out, err = ask("Who directed Sully?")
    assert (code, err) == (0, "")
    assert out.startswith("Who directed Sully?\n") and "Sully" in out.split("\n", 1)[1]
    assert "ms: link" in out


@pytest.mark.parametrize(
    ("question", "outcome"),
    [
        ("", "empty_question"),
        ("hello there", "no_mention"),
        ("🎬", "no_mention"),
        ("x" * 600, "too_long"),
    ],
)
def test_ask_says_why_there_is_no_answer(ask, question, outcome):
    code, out, _ = ask(question)
    assert code == 0 and OUTCOMES[outcome] in out


def test_ask_json_reads_lines_and_keeps_their_order(ask, monkeypatch):
    lines = ["Who directed Sully?", "", "Where is the Louvre?", "hello", "Padmé Amidala 🎬"]
    lines.append("x" * 501)
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines) + "\n"))
    code, out, _ = ask("--json")
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 0 and len(rows) == len(lines)
    assert [r["question"] for r in rows[:5]] == lines[:5]
    assert [rows[i]["outcome"] for i in (1, 3, 5)] == ["empty_question", "no_mention", "too_long"]
    assert "Padmé Amidala 🎬" in out  # readable, not escaped


def test_ask_json_with_a_question_answers_it_alone(ask):
    code, out, _ = ask("--json", "Where is the Louvre?")
    assert code == 0 and json.loads(out)["question"] == "Where is the Louvre?"


def test_a_reader_that_goes_away_is_no_error(tiny_checkpoint, tmp_path):
    """ "... | head -1": the pipe closes after the first line."""
    (tmp_path / "q.txt").write_text("Where is the Louvre?\n" * 100, encoding="utf-8")
    ask = f"{sys.executable} -m kgqa ask --json --device cpu --checkpoint {tiny_checkpoint}"
    command = f"{ask} < {tmp_path / 'q.txt'} | head -1"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True
    )
    assert json.loads(done.stdout)["question"] == "Where is the Louvre?"
    assert "Traceback" not in done.stderr and "Exception ignored" not in done.stderr


def test_ask_writes_the_facts_that_an_answer_rests_on(ask, tmp_path):
    code, _, err = ask("Who directed Sully?", "--facts", tmp_path / "facts.csv")
    assert (code, err) == (0, "")
    assert (tmp_path / "facts.csv").read_text().startswith("head,relation,tail,")


def test_ask_writes_facts_of_one_question_to_files_of_known_endings(ask, tmp_path):
    for arguments in (("Who?", "--facts", tmp_path / "x.pdf"), ("--json", "--facts", "x.csv")):
        code, _, err = ask(*arguments)
        assert code == 2 and sentence(err)


def test_ask_over_files_of_ones_own(run, tiny_checkpoint, tmp_path, monkeypatch):
    table = tmp_path / "suppliers.csv"
    table.write_text("id,name,city\nS1,Norfield Metals,Leeds\n", encoding="utf-8")
    over = ("--checkpoint", tiny_checkpoint, "--device", "cpu", "--graph", table)
    code, out, err = run("ask", "Which city has Norfield Metals?", "--json", *over)
    assert code == 0 and "read suppliers.csv" in err
    assert "Norfield Metals" in {mention["text"] for mention in json.loads(out)["mentions"]}
    monkeypatch.setattr("sys.stdin", io.StringIO("Norfield Metals?\nhello there\n"))
    code, out, _ = run("ask", *over)
    assert code == 0 and "Norfield Metals?" in out and OUTCOMES["no_mention"] in out
    code, _, err = run("ask", *over, "Which city has Norfield Metals?")
    assert code == 2 and sentence(err) and "put it before --graph" in err
    code, _, err = run("ask", "Who?", *over[:-1], tmp_path / "none.csv")
    assert code == 2 and sentence(err) and "none.csv" in err
