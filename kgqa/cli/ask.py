"""``ask``: a question answered with a readable trace, or many as JSON lines."""

from __future__ import annotations

import argparse
import sys

from kgqa.cli.common import Commands, add_checkpoint, add_command, add_verify
from kgqa.errors import DataError
from kgqa.text import json_line


def add(commands: Commands) -> None:
    """The arguments."""
    parser = add_command(
        commands,
        "ask",
        "Answer a question with a readable trace, or many as JSON lines.",
        run,
        '"Who wrote films starring Tom Hanks?"',
        "--json < questions.txt",
    )
    parser.add_argument(
        "question", nargs="?", help="left out with --json: one question a line on standard input"
    )
    parser.add_argument("--json", action="store_true", help="one trace a line as JSON")
    add_checkpoint(parser)
    add_verify(parser)


def run(options: argparse.Namespace) -> int:
    """Answer; a question without an answer is no error."""
    if not options.json and options.question is None:
        raise DataError(
            'Give a question, such as: python -m kgqa ask "Who directed Titanic?"; or --json and '
            "questions on standard input."
        )
    from kgqa.inference import Pipeline

    pipeline = Pipeline.load(options.checkpoint, device=options.device, verify=options.verify)
    if not options.json:
        print(pipeline.answer(options.question))
        return 0
    lines = [options.question] if options.question is not None else sys.stdin
    for line in lines:
        trace = pipeline.answer(line.rstrip("\n"))
        print(json_line(trace.to_dict()), flush=True)
    return 0
