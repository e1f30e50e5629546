"""``train``: one run from a folder of questions."""

from __future__ import annotations

from pathlib import Path

from kgqa.cli.main import DEFAULT
from kgqa.errors import DataError
from kgqa.graph.build import from_tables
from kgqa.model.checkpoint import pick_device
from kgqa.training.loop import TrainConfig, Trainer


def train(options) -> int:
    from tqdm import tqdm

    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    graph = Path(options.graph) if options.graph else None
    if options.data:
        data = Path(options.data)
    else:
        graph, data = graph or Path(DEFAULT) / "graph", out / "data"
        if not (data / "train.jsonl").is_file():
            from kgqa.cli.sources import write

            write(str(graph), str(data))
    if graph is None:
        if not (data / "entities.tsv").is_file():
            raise DataError(
                f"{data} has no entities.tsv; give the graph with --graph, or a folder with entities.tsv and triples.tsv."
            )
        graph = out / "graph"
        if not (graph / "graph.json").is_file():
            from_tables(data).write(graph)
    changes = {
        k: getattr(options, k)
        for k in ("epochs", "follow_epochs", "batch_size", "evaluate_every")
        if getattr(options, k) is not None
    }
    config = TrainConfig(seed=options.seed, complete=not options.incomplete_answers, **changes)

    def progress(rows, **more):
        return tqdm(rows, mininterval=5, dynamic_ncols=True, **more)

    trainer = Trainer(
        graph, data, out, config, pick_device(options.device), name=options.name or out.name, progress=progress, say=tqdm.write
    )
    best = trainer.run()
    print(f"best dev: hits@1 {best['hits_at_1']}, exact {best['exact_match']}, f1 {best['f1']} at step {best['step']}, in {out}")
    return 0
