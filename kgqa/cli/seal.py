"""``seal``: record the sizes and checksums of a checkpoint, which are checked at every opening."""

from __future__ import annotations

import argparse

from kgqa.cli.common import CHECKPOINT, Commands, add_command
from kgqa.files import name_of


def add(commands: Commands) -> None:
    """The arguments."""
    text = (
        "Record sizes and checksums of a checkpoint that has none (of version 0.1) or that you "
        "changed by hand. Do so only if you trust its files: from then on damage is noticed."
    )
    parser = add_command(commands, "seal", text, run, "--checkpoint RUN")
    parser.add_argument("--checkpoint", default=CHECKPOINT, help="a folder")


def run(options: argparse.Namespace) -> int:
    """See that it opens, and record what it is."""
    from kgqa.checkpoint import seal

    seal(options.checkpoint)
    print(f"sealed {name_of(options.checkpoint)}")
    return 0
