"""``data``: questions for a graph: for the default one from phrasings, else from wordings."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from kgqa.cli.common import GRAPH, Commands, add_command, count
from kgqa.errors import DataError
from kgqa.text import printable

if TYPE_CHECKING:
    from kgqa.graph import Graph
    from kgqa.questions import Question
    from kgqa.writer import Written

PER_KIND, HELD_OUT, SEED = 150, 12, 1
REFUSALS = 3  # questions of each kind that must be refused, for one of the others
WORDINGS = "wordings.txt"
_COMMENT = """How people ask about each relation of this graph. Change it and write anew.

[relation]                  its id
who does {} work for?       a question: {} is an entity at its head, asked for is the tail
the employer of {}          a phrase (no "?"), which questions of several steps are made of
< who works for {}?         the other direction: {} is a tail, asked for are the heads
< people who work for {}    best: a class word and what is said of it
does {} work for {}?        yes or no
"""


def add(commands: Commands) -> None:
    """The arguments."""
    parser = add_command(
        commands,
        "data",
        "Write questions for a graph, to train on: train and dev; test for the default graph.",
        run,
        "--out runs/films/data --per-kind 150",
        "--graph my-graph --out my-data              # also writes my-data/wordings.txt, to edit",
        "--graph my-graph --wordings my-data/wordings.txt --out my-data",
    )
    parser.add_argument("--graph", default=GRAPH, metavar="DIR", help="a built graph folder")
    parser.add_argument("--out", default="runs/films/data", metavar="DIR")
    text = "how people ask about each relation; default: OUT/wordings.txt, made if it is not there"
    parser.add_argument("--wordings", metavar="FILE", help=text)
    text = "training questions for each direction of a relation; not for the default graph"
    parser.add_argument("--per-relation", type=count, metavar="N", help=text)
    text = "default graph: training questions of each kind; half as many with operators"
    parser.add_argument("--per-kind", type=int, default=PER_KIND, help=text)
    text = "default graph: dev and test questions of each kind"
    parser.add_argument("--per-kind-held-out", type=int, default=HELD_OUT, help=text)
    parser.add_argument("--seed", type=int, default=SEED)


def run(options: argparse.Namespace) -> int:
    """Write two or three files."""
    from kgqa.graph import Graph

    graph, out = Graph.load(options.graph), Path(options.out)
    if options.wordings is None and is_default(graph):
        held_out = options.per_kind_held_out
        _films(graph, out, per_kind=options.per_kind, held_out=held_out, seed=options.seed)
    else:
        wordings = Path(options.wordings) if options.wordings else out / WORDINGS
        _any(graph, out, wordings, per_relation=options.per_relation, seed=options.seed)
    return 0


def write(graph: Path, out: Path, wordings: Path) -> None:
    """The questions of a graph folder; unless it is the default graph, also its wordings."""
    from kgqa.graph import Graph

    loaded = Graph.load(graph)
    if is_default(loaded):
        _films(loaded, out)
    else:
        _any(loaded, out, wordings)


def is_default(graph: Graph) -> bool:
    """Whether the phrasings of the default graph are for this one."""
    from kgqa.films import phrasings

    used = {relation for kind in phrasings.read() for relation in kind.program.relations}
    return used <= graph.relation_index.keys()


def _any(
    graph: Graph, out: Path, wordings: Path, *, per_relation: int | None = None, seed: int = SEED
) -> None:
    """Both files or none."""
    from kgqa import files, questions

    written = generic(graph, wordings, per_relation=per_relation, seed=seed)
    with files.replacing(out) as new:
        for split, rows in (("train", written.train), ("dev", written.dev)):
            questions.write(new / f"{split}.jsonl", rows)
            name = f"{printable(out)}/{split}.jsonl"
            print(f"{split}: {len(rows):,} questions for {name}", flush=True)


def generic(
    graph: Graph, wordings: Path, *, per_relation: int | None = None, seed: int = SEED
) -> Written:
    """Questions in the words of a file, which is read if it is there, else it is written."""
    from kgqa import files
    from kgqa.writer import generic_wordings, read_wordings, write_questions, write_wordings
    from kgqa.writer.write import PER_RELATION

    if not files.is_file(wordings):
        write_wordings(wordings, generic_wordings(graph), comment=_COMMENT)
        print(f"how people ask about its relations: {printable(wordings)}", flush=True)
    count = PER_RELATION if per_relation is None else per_relation
    read = read_wordings(wordings)
    try:
        return write_questions(graph, read, per_relation=count, seed=seed)
    except DataError as error:
        raise DataError(f"{files.name_of(wordings)}: {error}") from None


def _films(
    graph: Graph, out: Path, *, per_kind: int = PER_KIND, held_out: int = HELD_OUT, seed: int = SEED
) -> None:
    """The questions of the default graph: all three files or none."""
    from kgqa import files, questions

    with files.replacing(out) as new:
        for split in ("train", "dev", "test"):
            rows = default_questions(graph, split, per_kind if split == "train" else held_out, seed)
            questions.write(new / f"{split}.jsonl", rows)
            print(
                f"{split}: {len(rows):,} questions for {printable(out)}/{split}.jsonl", flush=True
            )


def default_questions(
    graph: Graph, split: str, per_kind: int = HELD_OUT, seed: int = SEED
) -> list[Question]:
    """Questions of a split for the default graph, with those that must be refused."""
    from kgqa.films.refusals import Refusals
    from kgqa.films.writer import Writer

    writer = Writer(graph)
    rows = writer.write(split, per_kind, seed)
    if writer.operators:
        rows += Refusals(graph, writer).write(split, REFUSALS * per_kind, seed)
    return rows
