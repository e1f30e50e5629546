"""``card``: the model card of a checkpoint, as the Hub shows it."""

from __future__ import annotations

import argparse

from kgqa.cli.common import Commands, add_checkpoint, add_command


def add(commands: Commands) -> None:
    """--checkpoint, --device."""
    text = "Print the model card of a checkpoint, made from its metrics.json and its graph."
    add_checkpoint(add_command(commands, "card", text, run, "> checkpoints/films/README.md"))


def run(options: argparse.Namespace) -> int:
    """Print it."""
    from kgqa.checkpoint import Checkpoint
    from kgqa.evaluation.model_card import model_card

    print(model_card(Checkpoint.load(options.checkpoint, device=options.device)), end="")
    return 0
