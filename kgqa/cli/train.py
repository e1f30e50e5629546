"""``train``: one run from a folder of questions. ``benchmark``: several, measured."""

from __future__ import annotations

import json
from pathlib import Path

from tqdm import tqdm

from kgqa.checkpoint import pick_device
from kgqa.cli.main import DEFAULT
from kgqa.errors import DataError
from kgqa.questions import read
from kgqa.training.loop import TrainConfig, Trainer
from kgqa.training.survey import survey


def train(options) -> int:
    out = Path(options.out)
    best = _run(options, *_sources(options, out), out, options.seed)
    print(
        f"best dev: hits@1 {best['hits_at_1']}, exact {best['exact_match']}, f1 {best['f1']} at step {best['step']}, in {out}"
    )
    return 0


def benchmark(options) -> int:
    from kgqa.evaluation.study import measure

    out = Path(options.out)
    graph, data, complete = _sources(options, out)
    runs = [out / f"seed-{seed}" for seed in range(options.seeds)]
    found = [
        json.loads(path.read_text()) if (path := run / "summary.json").is_file() else None
        for run in runs
    ]
    for seed, run in enumerate(runs):
        found[seed] = found[seed] or _run(
            options, graph, data, complete, run, seed, out / "explanations.jsonl"
        )
    questions, known = read(data / f"{options.split}.jsonl"), read(data / "train.jsonl")
    report = measure(runs, questions, known, device=pick_device(options.device))
    report = {
        "command": "python -m kgqa " + " ".join(options.typed),
        "data": data.name,
        "split": options.split,
        **report,
        "training_minutes": [round(summary["seconds"] / 60, 1) for summary in found],
        "training_steps": found[0]["steps"],
    }
    _show(report)
    file = Path(options.json) if options.json else out / f"{options.split}.json"
    file.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def _show(report: dict) -> None:
    print(
        f"\n{report['data']} {report['split']}, {report['runs']} seeds: mean (largest minus smallest)"
    )
    figures = ("hits_at_1", "hits_at_5", "exact_match", "f1", "resolved")
    print(f"{'':<44}{'n':>6}" + "".join(f"{f:>15}" for f in figures))

    def line(name: str, row: dict) -> None:
        cells = (
            f"{row[f]['mean']:.1f} ({row[f]['spread']:.1f})" if f in row else "" for f in figures
        )
        print(f"{name:<44}{row['questions']:>6}" + "".join(f"{cell:>15}" for cell in cells))

    for variant in ("end to end", "gold topics", "without intersection"):
        row = report[variant]
        line(variant, row)
        for group, name in (
            ("by_hops", "{} hops"),
            ("by_kind", "{}"),
            ("by_need", "{}"),
            ("by_topics_and_answers", "topics and answers {}"),
        ):
            for key, values in row[group].items():
                line("  " + name.format(key), values)
    print(f"ceiling (best walk from the gold topics): {report['ceiling']}")
    print(f"popularity baseline (gold topics), hits@1: {report['popularity']}")
    print(
        f"training minutes {report['training_minutes']}, {report['end to end']['questions_per_second']} questions a second"
    )


def _sources(options, out: Path) -> tuple[Path, Path, bool]:
    """(graph folder, folder of questions, whether answers are complete), made if they are not there yet."""
    out.mkdir(parents=True, exist_ok=True)
    complete = None if options.incomplete_answers is None else not options.incomplete_answers
    graph = Path(options.graph) if options.graph else None
    if options.data:
        data = Path(options.data)
    else:
        graph, data = graph or Path(DEFAULT) / "graph", out / "data"
        if not (data / "train.jsonl").is_file():
            from kgqa.cli.graph import write

            write(str(graph), str(data))
    if graph is None:
        if not (data / "entities.tsv").is_file():
            raise DataError(
                f"{data} has no entities.tsv; give the graph with --graph, or a folder with entities.tsv and triples.tsv."
            )
        graph = out / "graph"
        found = survey(data, read(data / "train.jsonl"), graph)
        complete = found.complete if complete is None else complete
        tqdm.write(
            f"survey of the questions: {100 * found.explained:.0f}% can be explained, the best explanation has a mean F1 of "
            f"{found.best_f1:.2f}; parts of names {'' if found.part_names else 'not '}used, answers "
            f"{'' if complete else 'not '}taken as complete"
        )
    return graph, data, complete is not False


def _run(
    options,
    graph: Path,
    data: Path,
    complete: bool,
    out: Path,
    seed: int,
    explanations: Path | None = None,
) -> dict:
    changes = {
        k: getattr(options, k)
        for k in (
            "epochs",
            "follow_epochs",
            "batch_size",
            "evaluate_every",
            "start",
        )
        if getattr(options, k) is not None
    }
    out.mkdir(parents=True, exist_ok=True)
    trainer = Trainer(
        graph,
        data,
        out,
        TrainConfig(seed=seed, complete=complete, **changes),
        pick_device(options.device),
        name=options.name or out.name,
        explanations_file=explanations,
        progress=lambda rows, **more: tqdm(rows, mininterval=5, dynamic_ncols=True, **more),
        say=tqdm.write,
    )
    return trainer.run()
