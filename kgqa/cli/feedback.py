"""``feedback``: what people said of answers, listed or written as train.jsonl; and what a run
needs to learn from it.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kgqa import feedback, files, questions
from kgqa.cli.common import Commands, add_command
from kgqa.errors import DataError
from kgqa.text import plain, printable

if TYPE_CHECKING:
    from kgqa.graph import Graph
    from kgqa.questions import Question
    from kgqa.training import TrainConfig

DEV = 160  #: written questions that tell whether anything was forgotten
PER_KIND = 1  #: of the default graph's kinds of question, of which there are some 600


def add(commands: Commands) -> None:
    """The arguments."""
    parser = add_command(
        commands,
        "feedback",
        "List what people said of answers on the page, or write it as questions to train on.",
        run,
        "FILE",
        "FILE --out DIR     # DIR/train.jsonl",
    )
    parser.add_argument("file", metavar="FILE", help="as the page says where it keeps it")
    parser.add_argument("--out", metavar="DIR", help="folder for train.jsonl")


def run(options: argparse.Namespace) -> int:
    """List, or write one file."""
    entries = _entries(options.file)
    counts = Counter(entry.said for entry in entries)
    said = f"{counts[feedback.RIGHT]} right, {counts[feedback.WRONG]} wrong"
    print(f"{len(entries)} entries: {said}, {counts[feedback.SHOULD]} with the right answer")
    if options.out:
        rows = feedback.lessons(entries)
        path = Path(options.out) / "train.jsonl"
        questions.write(path, rows)
        print(f"{len(rows)} questions in {printable(path)}")
        return 0
    for entry in entries:
        print(f"  {entry.said:<7}{plain(entry.question.question)}  {entry.answer}".rstrip())
    return 0


def _entries(file: str) -> list[feedback.Entry]:
    """Of a file that has some. Raises :class:`DataError`."""
    entries = feedback.FeedbackFile(file).entries()
    if not entries:
        raise DataError(
            f"{files.name_of(file)} has nothing that people said of answers. The page keeps it "
            "with kgqa serve --feedback FILE."
        )
    return entries


def mix(
    file: str,
    out: Path,
    *,
    graph: Path,
    data: str | None,
    config: TrainConfig,
) -> TrainConfig:
    """Write train.jsonl and dev.jsonl into ``out``: what people said, and questions beside them.

    Args:
        file: as the page keeps it.
        data: a folder with the questions beside them; without it they are written for the graph.

    Returns the options of a run of the length that suits them. Raises :class:`DataError`.
    """
    from kgqa.graph import Graph
    from kgqa.training.config import FEEDBACK_MOST, FEEDBACK_SHARE, FEEDBACK_STEPS, REHEARSED

    opened = Graph.load(graph)
    said = _known(opened, feedback.lessons(_entries(file)), file)
    train, dev = _beside(opened, data, out.parent)
    asked = {question.question.casefold() for question in said}
    train = [q for q in _some(train, REHEARSED) if q.question.casefold() not in asked]
    with files.replacing(out) as new:
        questions.write(new / "train.jsonl", [*train, *said])
        questions.write(new / "dev.jsonl", _some(dev, DEV))
    print(f"{len(said)} questions of people, and {len(train)} others beside them", flush=True)
    most = FEEDBACK_MOST * len(said), len(train) * FEEDBACK_SHARE / (1 - FEEDBACK_SHARE)
    per_pass = len(train) + max(len(said), min(most))
    epochs = FEEDBACK_STEPS * config.batch_size / per_pass if config.epochs is None else None
    return replace(config, epochs=config.epochs or epochs)


def _known(graph: Graph, rows: list[Question], file: str) -> list[Question]:
    """Those whose answers the graph has; the others are counted.

    Raises :class:`DataError` if none is left.
    """
    known = [q for q in rows if not q.answers or len(graph.find_all(q.answers)) == len(q.answers)]
    if not known:
        raise DataError(
            f"{files.name_of(file)} says of no question what its answer should be, in the graph "
            f"{plain(graph.name)!r}. If it is about another graph, give that with --graph."
        )
    if len(known) < len(rows):
        print(f"{len(rows) - len(known)} left out: their answers are not in this graph")
    return known


def _beside(graph: Graph, data: str | None, out: Path) -> tuple[list[Question], list[Question]]:
    """Questions for train and dev: of a folder, or written."""
    if data is not None:
        folder = Path(data)
        return questions.read(folder / "train.jsonl"), questions.read(folder / "dev.jsonl")
    from kgqa.cli import data as written

    if written.is_default(graph):
        return (
            written.default_questions(graph, "train", PER_KIND),
            written.default_questions(graph, "dev", 1),
        )
    both = written.generic(graph, out / written.WORDINGS)
    return both.train, both.dev


def _some(rows: list[Question], most: int) -> list[Question]:
    """At most so many, always the same."""
    return rows if len(rows) <= most else random.Random(0).sample(rows, most)
