"""``benchmark``: train several seeds on one data set and measure them: a row of a results table."""

from __future__ import annotations

import argparse
from pathlib import Path

from kgqa.cli.common import Commands, add_command, write_report
from kgqa.cli.train import add_training, folders, overrides
from kgqa.text import plain

FIGURES = "hits_at_1 hits_at_5 exact_match f1 resolved".split()
GROUPS = {
    "by_hops": "{} hops",
    "by_kind": "{}",
    "by_need": "{}",
    "by_topics_and_answers": "topics and answers {}",
}


def add(commands: Commands) -> None:
    """The arguments."""
    parser = add_command(
        commands,
        "benchmark",
        "Train and measure several seeds on one data set: scores, ablations, ceiling, baseline.",
        run,
        "--data DIR --out RUN --seeds 3 --split dev",
    )
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--split", default="dev")
    text = "write the report there; default: RUN/SPLIT.json"
    parser.add_argument("--json", metavar="FILE", help=text)
    add_training(parser)


def run(options: argparse.Namespace) -> int:
    """Train what is not trained yet, then measure all seeds."""
    from kgqa.cli.progress import Bars
    from kgqa.evaluation.study import measure
    from kgqa.questions import read
    from kgqa.training import TrainConfig, train
    from kgqa.training.run import Run
    from kgqa.training.survey import prepare

    out, config, progress = Path(options.out), TrainConfig(**overrides(options)), Bars()
    data, graph = folders(options.data, options.graph, out)
    source = prepare(data, out, graph, config.complete, progress)
    results = []
    for seed in range(options.seeds):
        folder = out / f"seed-{seed}"
        result = Run(folder).result() or train(
            data,
            folder,
            graph=source.graph,
            config=TrainConfig(**overrides(options) | {"seed": seed, "complete": source.complete}),
            name=options.name or "",
            device=options.device,
            explanations=out / "explanations.jsonl",
            progress=progress,
        )
        results.append(result)
    measured = measure(
        [result.folder for result in results],
        read(data / f"{options.split}.jsonl"),
        read(data / "train.jsonl"),
        device=options.device,
    )
    report = {
        "command": f"python -m kgqa {options.typed}",
        "data": data.name,
        "split": options.split,
        **measured,
        "training_minutes": [round(result.seconds / 60, 1) for result in results],
        "training_steps": results[0].steps,
    }
    _show(report)
    write_report(options.json or out / f"{options.split}.json", report)
    return 0


def _show(report: dict) -> None:
    title = f"{plain(report['data'])} {report['split']}, {report['runs']} seeds"
    print(f"\n{title}: mean (largest minus smallest)")
    print(f"{'':<44}{'n':>6}" + "".join(f"{figure:>15}" for figure in FIGURES))
    for variant in ("end to end", "gold topics", "without intersection"):
        row = report[variant]
        print(_line(variant, row))
        for group, name in GROUPS.items():
            for key, values in row[group].items():
                print(_line("  " + name.format(plain(key)), values))
    print(f"ceiling (best walk from the gold topics): {report['ceiling']}")
    print(f"popularity baseline (gold topics), hits@1: {report['popularity']}")
    speed = report["end to end"]["questions_per_second"]
    print(f"training minutes {report['training_minutes']}, {speed} questions a second")


def _line(name: str, row: dict) -> str:
    cells = [f"{row[f]['mean']:.1f} ({row[f]['spread']:.1f})" if f in row else "" for f in FIGURES]
    return f"{name:<44}{row['questions']:>6}" + "".join(f"{cell:>15}" for cell in cells)
