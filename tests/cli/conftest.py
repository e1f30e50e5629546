"""Runs the command line in this process."""

from __future__ import annotations

import json

import pytest

from kgqa import questions as question_files
from kgqa.cli import main


@pytest.fixture
def run(capsys):
    """run("ask", ...) -> (exit code, output, errors)."""

    def call(*arguments):
        try:
            code = main([str(a) for a in arguments])
        except SystemExit as stop:
            code = stop.code
        return code, *capsys.readouterr()

    return call


@pytest.fixture
def ask(run, tiny_checkpoint):
    """ask(question, option, ...) -> (exit code, output, errors), of a random model."""
    return lambda *arguments: run(
        "ask", *arguments, "--checkpoint", tiny_checkpoint, "--device", "cpu"
    )


@pytest.fixture
def data(toy_questions, tmp_path):
    """A folder of questions about the toy graph: train.jsonl and dev.jsonl."""
    for split, rows in zip(("train", "dev"), toy_questions, strict=True):
        question_files.write(tmp_path / "data" / f"{split}.jsonl", rows)
    return tmp_path / "data"


@pytest.fixture
def evaluate(run, tiny_checkpoint, data):
    """evaluate("--option value ...") -> (exit code, output, errors), of a random model."""
    fixed = ("--checkpoint", tiny_checkpoint, "--data", data, "--device", "cpu")
    return lambda options="": run("evaluate", *fixed, *options.split())


@pytest.fixture
def report(evaluate, tmp_path):
    """report("--option value ...") -> (the report that evaluate writes, its output)."""

    def make(options: str = ""):
        code, out, _ = evaluate(f"{options} --json {tmp_path / 'r.json'}")
        assert code == 0
        return json.loads((tmp_path / "r.json").read_text(encoding="utf-8")), out

    return make
