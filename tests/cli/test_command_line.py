"""Help with an example, wrong usage, and errors in one sentence."""

from __future__ import annotations

import subprocess
import sys

import pytest

from kgqa import __version__
from kgqa.schema import FILE
from tests.cli.running import sentence

COMMANDS = "ask serve train evaluate benchmark graph data bench schema".split()


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_each_command_shows_an_example(run, command):
    code, out, _ = run(command, "--help")
    assert code == 0
    assert "example:" in out and f"python -m kgqa {command}" in out.split("example:")[1]


def test_the_help_lists_every_command_and_an_example(run):
    code, out, _ = run("--help")
    assert code == 0 and all(command in out for command in COMMANDS) and "python -m kgqa ask" in out


def test_schema_prints_the_schema_that_is_shipped(run):
    assert run("schema")[:2] == (0, FILE.read_text(encoding="utf-8"))


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
    )
    assert (done.returncode, done.stdout) == (2, "") and sentence(done.stderr)


def test_a_folder_that_is_no_checkpoint_is_a_sentence(run, tmp_path):
    code, _, err = run("ask", "Who?", "--checkpoint", tmp_path)
    assert code == 2 and sentence(err) and "config.json" in err
