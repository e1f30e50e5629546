"""``ask``: a question answered with a readable trace, or many as JSON lines."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from kgqa.cli.common import Commands, add_checkpoint, add_command, add_graph, add_verify, opened
from kgqa.errors import DataError
from kgqa.text import json_line, plain
from kgqa.trace import Trace


def add(commands: Commands) -> None:
    """The arguments."""
    parser = add_command(
        commands,
        "ask",
        "Answer a question with a readable trace, or many as JSON lines.",
        run,
        '"Who wrote films starring Tom Hanks?"',
        "--json < questions.txt",
        '"Who supplies bolts?" --graph suppliers.csv products.csv',
    )
    text = "left out with --json or --graph: one question a line on standard input"
    parser.add_argument("question", nargs="?", help=text)
    parser.add_argument("--json", action="store_true", help="one trace a line as JSON")
    text = "write the facts that the answer rests on: .graphml, .nt (N-Triples) or .csv"
    parser.add_argument("--facts", metavar="FILE", help=text)
    add_checkpoint(parser)
    add_graph(parser)
    add_verify(parser)


def run(options: argparse.Namespace) -> int:
    """Answer; a question without an answer is no error."""
    _check(options)
    from kgqa.inference import Pipeline

    graph = opened(options) if options.graph else None
    pipeline = Pipeline.load(
        options.checkpoint, device=options.device, verify=options.verify, graph=graph
    )
    lines = [options.question] if options.question is not None else sys.stdin
    for line in lines:
        trace = pipeline.answer(line.rstrip("\n"))
        trace = pipeline.why(trace, network=not options.json)  # of many lines only what is cheap
        print(json_line(trace.to_dict()) if options.json else trace, flush=True)
        _write_facts(trace, options)
    return 0


def _check(options: argparse.Namespace) -> None:
    """Raise :class:`DataError` if there is nothing to answer."""
    if options.facts:
        from kgqa.graph.export import format_of

        format_of(options.facts)
    if options.question is not None:
        return
    last = options.graph[-1] if options.graph else ""
    if " " in last and not Path(last).exists():
        raise DataError(
            f"{plain(last)!r} is no file. If it is the question, put it before --graph."
        )
    if not options.json and not (options.graph and not sys.stdin.isatty()):
        raise DataError(
            'Give a question, such as: python -m kgqa ask "Who directed Titanic?"; or --json and '
            "questions on standard input."
        )
    if options.facts:
        raise DataError("--facts is for one question, given on the command line.")


def _write_facts(trace: Trace, options: argparse.Namespace) -> None:
    """Write the facts behind an answer, if a file is given."""
    if options.facts:
        from kgqa.graph.export import write_facts

        write_facts(options.facts, trace.facts)
