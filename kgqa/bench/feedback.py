"""Do thirty corrections help? On an invented graph that the checkpoint never saw.

A person corrects six answers about each of the five relations of which a checkpoint answers the
fewest questions. Asked afterwards: the other questions about these relations, those in wordings
that are for dev alone, and all others of dev. Two runs of ``kgqa train --feedback`` are compared:
with the corrections, and with one answer that was right anyway; both have the same written
questions beside, and as many steps.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kgqa import feedback, questions
from kgqa.checkpoint import Checkpoint
from kgqa.errors import DataError
from kgqa.evaluation.evaluator import Evaluator
from kgqa.evaluation.metrics import summary
from kgqa.graph import Graph
from kgqa.questions import Question
from kgqa.training.config import EXACT
from kgqa.training.explanations import Explainer

RELATIONS, EACH = 5, 6  #: relations, and corrections of each
FEWEST = 20  #: questions of a relation that is taken
PER_RELATION = 90  #: questions written for each direction of a relation, of all kinds
Run = Callable[[list[str]], int]  #: of a command line


@dataclass(frozen=True)
class Plan:
    """Which questions are corrected, and which are asked afterwards."""

    corrected: list[Question]
    asked: dict[str, list[Question]]


def measure(
    checkpoint: str, folder: Path, run: Run, *, field: str = "orders", seed: int = 5
) -> dict[str, dict[str, float | None]]:
    """{state of the checkpoint: {questions: Hits@1 in percent}}; ``run`` runs commands.

    Raises ``DataError`` if no relation of the field has questions enough.
    """
    command = ["domains", "--only", field, "--graphs", "1", "--seed", str(seed)]
    run([*command, "--per-relation", str(PER_RELATION), "--out", str(folder)])
    data = folder / f"{field}-{seed}"
    graph = data / "graph"
    run(["graph", "build", "--tables", str(data), "--out", str(graph)])
    before = Checkpoint.load(checkpoint, device="cpu").over(Graph.load(graph))
    chosen = plan(before, data, graph)
    report = {"as it came": _scores(before, chosen.asked)}
    right = [q for q in chosen.asked["others"] if _hits(before, [q])[0] == 1.0][:1]
    files = {"one answer confirmed": right, "30 answers corrected": chosen.corrected}
    for state, said in files.items():
        name = state.replace(" ", "-")
        _write(data / f"{name}.jsonl", said)
        command = ["train", "--feedback", str(data / f"{name}.jsonl"), "--start", checkpoint]
        run([*command, "--graph", str(graph), "--out", str(data / name), "--device", "cpu"])
        report[state] = _scores(Checkpoint.load(data / name, device="cpu"), chosen.asked)
    return report


def plan(checkpoint: Checkpoint, data: Path, graph: Path) -> Plan:
    """The weakest relations of a checkpoint over a graph: what is corrected and what is asked.

    Raises ``DataError`` if no relation has ``FEWEST`` questions of one hop, some of them in dev.
    """
    explain = Explainer(graph, True, True)
    train, dev = (questions.read(data / f"{split}.jsonl") for split in ("train", "dev"))
    held_out = {q.id for q in dev}
    about: dict[str, list[Question]] = defaultdict(list)
    for question in [q for q in (*train, *dev) if q.kind == "one hop"]:
        exact = [e.program for e in explain(question) if e.f1 >= EXACT]
        if exact and len(exact[0].branches) == 1:
            about[str(exact[0].branches[0].chain)].append(question)
    every = [q for rows in about.values() for q in rows]
    hits = dict(zip((q.id for q in every), _hits(checkpoint, every), strict=True))
    enough = [
        rows
        for rows in about.values()
        if len(rows) >= FEWEST and any(q.id in held_out for q in rows)
    ]
    if not enough:
        raise DataError(f"No relation has {FEWEST} questions of one hop in {data}, some in dev.")
    enough.sort(key=lambda rows: sum(hits[q.id] for q in rows) / len(rows))
    rng, corrected, others, wordings = random.Random(0), [], [], []
    for rows in enough[:RELATIONS]:
        known = [q for q in rows if q.id not in held_out]
        rng.shuffle(known)
        known.sort(key=lambda q: hits[q.id])  # a person corrects what is wrong
        corrected += known[:EACH]
        others += known[EACH:]
        wordings += [q for q in rows if q.id in held_out]
    used = {q.id for q in wordings}
    asked = {
        "same relations": others,
        "in other wordings": wordings,
        "others": [q for q in dev if q.id not in used],
    }
    return Plan(corrected, asked)


def _write(path: Path, said: Sequence[Question]) -> None:
    """A file of feedback; a run that has ended is not trained again, so it is kept."""
    if path.is_file():
        return
    for q in said:
        row = feedback.entry(q.question, feedback.SHOULD, q.answers, value=q.value)
        feedback.FeedbackFile(path).add(row)


def _scores(checkpoint: Checkpoint, asked: Mapping[str, list[Question]]) -> dict[str, float | None]:
    return {
        name: summary(Evaluator(checkpoint, rows)().scores).hits_at_1
        for name, rows in asked.items()
    }


def _hits(checkpoint: Checkpoint, rows: Sequence[Question]) -> list[float]:
    return [score.hits_at_1 for score in Evaluator(checkpoint, list(rows))().scores]
