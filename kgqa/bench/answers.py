"""Does the edge budget change answers? Dev questions of the default graph, with it and without."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from kgqa.bench.budget import UNLIMITED
from kgqa.checkpoint import Checkpoint
from kgqa.films import writer
from kgqa.inference.reader import Reader
from kgqa.linking import Linker
from kgqa.walk import Prediction, Settings, predict

BATCH = 64
KINDS = 200  # kinds of question that the writer knows, about


@dataclass(frozen=True)
class Answers:
    """The report of ``bench budget``; shares in percent of the questions."""

    questions: int
    edge_budget: int
    same: float  #: the same answer set
    cut: float  #: the budget left an edge unread


def dev_questions(checkpoint: Checkpoint, count: int) -> list[str]:
    """``count`` dev questions of the default graph, of all kinds."""
    rows = writer.Writer(checkpoint.graph).write("dev", max(1, -(-count // KINDS)), 1)
    return [question.question for question in rows][:count]


def measure(checkpoint: str, *, questions: int = 1_000, device: str = "cpu") -> Answers:
    """Answer questions with the edge budget and without."""
    opened = Checkpoint.load(checkpoint, device=device)
    asked = dev_questions(opened, questions)
    linker, reader, limit = Linker(opened.graph), Reader(opened), Settings().budget
    same = cut = 0
    for low in range(0, len(asked), BATCH):
        reading = reader.read([linker(question) for question in asked[low : low + BATCH]])
        with torch.inference_mode():
            limited = predict(opened.graph, reading, Settings(budget=limit))
            exact = predict(opened.graph, reading, Settings(budget=UNLIMITED))
        for a, b in zip(limited, exact, strict=True):
            same += set(a.answers.ids.tolist()) == set(b.answers.ids.tolist())
            cut += _cut(a)
    count = len(asked)
    return Answers(count, limit, round(100 * same / count, 2), round(100 * cut / count, 2))


def _cut(prediction: Prediction) -> bool:
    """Whether a hop left edges unread."""
    walk = prediction.walk
    if walk is None:
        return False
    chains = [*walk.branches, *([walk.after] if walk.after else [])]
    return any(hop.dropped > 0 for chain in chains for hop in chain.hops)
