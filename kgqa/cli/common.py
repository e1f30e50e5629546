"""What the commands share: how one is added, arguments that several have, and reports as files."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from kgqa.files import to_json, write_text
from kgqa.serve import VERIFY

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
        help="a folder, or a Hub repository id such as owner/name@revision",
    )
    add_device(parser)


def add_verify(parser: argparse.ArgumentParser) -> None:
    """--verify, for commands that open a graph."""
    parser.add_argument("--verify", action="store_true", help=VERIFY)


def add_device(parser: argparse.ArgumentParser) -> None:
    """--device."""
    default = os.environ.get("KGQA_DEVICE", "auto")
    parser.add_argument("--device", choices=["auto", "cpu", "cuda"], default=default)


def count(text: str) -> int:
    """A whole number, for argparse."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"expected a whole number from 0 on, got {text!r}")
    return int(text)


def write_report(file: str | Path, report: dict) -> None:
    """A report as JSON, whole or not at all."""
    write_text(file, to_json(report))
