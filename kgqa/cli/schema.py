"""``schema``: what a trace in JSON looks like."""

from __future__ import annotations

import argparse

from kgqa.cli.common import Commands, add_command


def add(commands: Commands) -> None:
    """No arguments."""
    text = "Print the JSON Schema of a trace, as ask --json writes it."
    add_command(commands, "schema", text, run, "> trace.schema.json")


def run(options: argparse.Namespace) -> int:
    """Print it."""
    from kgqa.schema import text

    print(text(), end="")
    return 0
