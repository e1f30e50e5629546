"""What the commands share: how one is added, arguments that several have, and reports as files."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from kgqa.files import to_json, write_text
from kgqa.serve.options import GRAPH_HELP, OUT_HELP, VERIFY
from kgqa.serve.progress import ProgressLine

if TYPE_CHECKING:
    from kgqa.graph import Graph

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

CHECKPOINT = "checkpoints/films"
GRAPH = f"{CHECKPOINT}/graph"


def add_command(
    commands: Commands,
    name: str,
    text: str,
    run: Callable[[argparse.Namespace], int],
    *examples: str,
) -> argparse.ArgumentParser:
    """A command with its help; ``examples``: what follows "python -m kgqa NAME"."""
    lines = "".join(f"\n  python -m kgqa {name} {example}".rstrip() for example in examples)
    parser = commands.add_parser(
        name,
        help=text,
        description=text,
        epilog=f"example:{lines}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)
    return parser


def add_checkpoint(parser: argparse.ArgumentParser) -> None:
    """--checkpoint and --device, for commands that open one."""
    parser.add_argument(
        "--checkpoint",
        default=os.environ.get("KGQA_CHECKPOINT", CHECKPOINT),
        help="a folder, or a Hub repository id such as owner/name or owner/name@revision",
    )
    add_device(parser)


def add_verify(parser: argparse.ArgumentParser) -> None:
    """--verify, for commands that open a graph."""
    parser.add_argument("--verify", action="store_true", help=VERIFY)


def add_device(parser: argparse.ArgumentParser) -> None:
    """--device."""
    default = os.environ.get("KGQA_DEVICE", "auto")
    parser.add_argument("--device", choices=["auto", "cpu", "cuda"], default=default)


def add_graph(parser: argparse.ArgumentParser) -> None:
    """--graph and --out, for commands that use a checkpoint over a graph of the person's own."""
    parser.add_argument("--graph", nargs="+", metavar="FILE", default=[], help=GRAPH_HELP)
    parser.add_argument("--out", metavar="FOLDER", help=OUT_HELP)


def opened(options: argparse.Namespace) -> Graph:
    """The graph that --graph names; what was read and left out is said on standard error.

    Raises :class:`kgqa.errors.GraphError`.
    """
    from kgqa.graph.given import described, open_graph

    with ProgressLine() as bar:
        graph = open_graph(options.graph, out=options.out, verify=options.verify, bar=bar)
    print("\n".join(described(graph)), file=sys.stderr)
    return graph


def count(text: str) -> int:
    """A whole number, for argparse."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"expected a whole number from 0 on, got {text!r}")
    return int(text)


def write_report(file: str | Path, report: dict) -> None:
    """A report as JSON, whole or not at all."""
    write_text(file, to_json(report))
