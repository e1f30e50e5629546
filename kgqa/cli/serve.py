"""``serve``: the page, in a browser."""

from __future__ import annotations

import argparse

from kgqa.cli.common import Commands, add_command
from kgqa.serve import add_options, read_options, serve


def add(commands: Commands) -> None:
    """The arguments; they are those of app.py."""
    examples = "--checkpoint RUN --port 7861", "--graph suppliers.csv products.csv orders.csv"
    text = "Serve the page of a checkpoint, or of files of your own, until Ctrl+C."
    parser = add_command(commands, "serve", text, run, *examples)
    parser.set_defaults(parser=parser)
    add_options(parser)


def run(options: argparse.Namespace) -> int:
    """Serve until the person stops it."""
    serve(options.checkpoint, read_options(options.parser, options))
    return 0
