"""Does the edge budget change answers? Dev questions of the default graph, answered with it and without."""

from __future__ import annotations

import torch

from kgqa import checkpoint
from kgqa.films.writer import Writer
from kgqa.linking import Linker
from kgqa.model.batch import Batcher
from kgqa.walk.predict import Settings, adjacency, predict_one, run

UNLIMITED = 2**62


def measure(where: str, *, questions: int = 1_000, device: str = "cpu") -> dict:
    """``same``: percent of questions with the same answer set. ``cut``: percent where the budget left any edge unread."""
    model, tokenizer, graph = checkpoint.load(
        checkpoint.locate(where), device=checkpoint.pick_device(device)
    )
    model.eval()
    per_kind = max(1, -(-questions // 200))
    asked = [q.question for q in Writer(graph).write("dev", per_kind, 1)][:questions]
    batcher, linker, kept = (
        Batcher(graph, tokenizer, model.config.profile),
        Linker(graph),
        adjacency(graph),
    )
    same = cut = count = 0
    for indices, batch, output in run(model, batcher, [batcher.encode(linker(q)) for q in asked]):
        for b in range(len(indices)):
            with torch.inference_mode():
                found = [
                    predict_one(
                        kept,
                        batch,
                        output,
                        b,
                        model.config.answer_threshold,
                        Settings(budget=budget),
                    )
                    for budget in (Settings().budget, UNLIMITED)
                ]
            count += 1
            same += set(found[0].answers.ids.tolist()) == set(found[1].answers.ids.tolist())
            walk = found[0].walk
            chains = (*walk.branches, *((walk.after,) if walk.after else ())) if walk else ()
            cut += any(hop.dropped > 0 for chain in chains for hop in chain.hops)
    percent = {"same": round(100 * same / count, 2), "cut": round(100 * cut / count, 2)}
    return {"questions": count, "edge_budget": Settings().budget, **percent}
