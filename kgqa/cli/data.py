"""``data``: questions for the default graph, from phrasings."""

from __future__ import annotations

import argparse
from pathlib import Path

from kgqa.cli.common import GRAPH, Commands, add_command
from kgqa.text import printable

PER_KIND, HELD_OUT, SEED = 150, 12, 1
REFUSALS = 3  # questions of each kind that must be refused, for one of the others


def add(commands: Commands) -> None:
    """The arguments."""
    parser = add_command(
        commands,
        "data",
        "Write questions for the default graph: train, dev and test.",
        run,
        "--out runs/films/data --per-kind 150",
    )
    parser.add_argument("--graph", default=GRAPH)
    parser.add_argument("--out", default="runs/films/data")
    text = "training questions of each kind; a quarter as many of a kind with operators"
    parser.add_argument("--per-kind", type=int, default=PER_KIND, help=text)
    text = "dev and test questions of each kind"
    parser.add_argument("--per-kind-held-out", type=int, default=HELD_OUT, help=text)
    parser.add_argument("--seed", type=int, default=SEED)


def run(options: argparse.Namespace) -> int:
    """Write three files."""
    write(
        Path(options.graph),
        Path(options.out),
        per_kind=options.per_kind,
        held_out=options.per_kind_held_out,
        seed=options.seed,
    )
    return 0


def write(
    graph: Path, out: Path, *, per_kind: int = PER_KIND, held_out: int = HELD_OUT, seed: int = SEED
) -> None:
    """The questions of a graph folder that holds the default graph: all three files or none."""
    from kgqa import files, questions
    from kgqa.films.refusals import Refusals
    from kgqa.films.writer import Writer
    from kgqa.graph import Graph

    writer = Writer(Graph.load(graph))
    refusals = Refusals(writer.graph, writer) if writer.operators else None
    with files.replacing(out) as new:
        for split in ("train", "dev", "test"):
            count = per_kind if split == "train" else held_out
            rows = writer.write(split, count, seed)
            if refusals:
                rows += refusals.write(split, REFUSALS * count, seed)
            questions.write(new / f"{split}.jsonl", rows)
            print(
                f"{split}: {len(rows):,} questions for {printable(out)}/{split}.jsonl", flush=True
            )
