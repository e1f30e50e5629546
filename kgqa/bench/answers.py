"""Does the edge budget change answers? Dev questions of the default graph, answered with it and without."""

from __future__ import annotations

import torch

from kgqa.checkpoint import Checkpoint
from kgqa.films.writer import Writer
from kgqa.inference.reader import Reader
from kgqa.linking import Linker
from kgqa.walk import Settings, predict

UNLIMITED = 2**62
BATCH = 64


def measure(where: str, *, questions: int = 1_000, device: str = "cpu") -> dict:
    """``same``: percent of questions with the same answer set. ``cut``: percent where the budget left any edge unread."""
    checkpoint = Checkpoint.load(where, device=device)
    per_kind = max(1, -(-questions // 200))
    rows = Writer(checkpoint.graph).write("dev", per_kind, 1)
    asked = [q.question for q in rows][:questions]
    linker, reader = Linker(checkpoint.graph), Reader(checkpoint)
    same = cut = 0
    for low in range(0, len(asked), BATCH):
        reading = reader.read([linker(q) for q in asked[low : low + BATCH]])
        with torch.inference_mode():
            limited, exact = (
                predict(checkpoint.graph, reading, Settings(budget=budget))
                for budget in (Settings().budget, UNLIMITED)
            )
        for a, b in zip(limited, exact, strict=True):
            same += set(a.answers.ids.tolist()) == set(b.answers.ids.tolist())
            walk = a.walk
            chains = (*walk.branches, *((walk.after,) if walk.after else ())) if walk else ()
            cut += any(hop.dropped > 0 for chain in chains for hop in chain.hops)
    count = len(asked)
    percent = {"same": round(100 * same / count, 2), "cut": round(100 * cut / count, 2)}
    return {"questions": count, "edge_budget": Settings().budget, **percent}
