"""``push``: a checkpoint to the Hub, and a Space that serves it."""

from __future__ import annotations

import argparse

from kgqa.cli.common import Commands, add_checkpoint, add_command
from kgqa.text import printable


def add(commands: Commands) -> None:
    """The arguments."""
    parser = add_command(
        commands,
        "push",
        "Upload a checkpoint with its graph and a model card to the Hub.",
        run,
        "owner/name --checkpoint runs/mine --private",
        "owner/name --checkpoint runs/mine --space",
    )
    parser.add_argument("repository", metavar="OWNER/NAME", help="made if it is not there")
    text = "of a repository that is made: for you alone"
    parser.add_argument("--private", action="store_true", help=text)
    text = "also upload a Space that serves it, by default of the same name"
    parser.add_argument("--space", nargs="?", const="", metavar="OWNER/NAME", help=text)
    text = "data sets on the Hub that the card names"
    parser.add_argument("--datasets", nargs="+", default=[], metavar="OWNER/NAME", help=text)
    parser.add_argument("--message", default="", help="of the commit")
    add_checkpoint(parser)


def run(options: argparse.Namespace) -> int:
    """Upload, and say where it is."""
    from kgqa.checkpoint import Checkpoint
    from kgqa.serve.publish import push, push_space

    repository, private = options.repository, options.private
    checkpoint = Checkpoint.load(options.checkpoint, device=options.device)
    model = push(
        checkpoint,
        repository,
        private=private,
        datasets=options.datasets,
        message=options.message,
    )
    print(printable(f'{model.address}\n  Pipeline.load("{model.place}")'))
    if options.space is not None:
        space = push_space(model, options.space or repository, private=private)
        print(printable(space.address))
        if private:
            print("  A private model needs a secret HF_TOKEN in the Space that may read it.")
    return 0
