"""``evaluate``."""

from __future__ import annotations

import json
from pathlib import Path

from kgqa import __version__, questions
from kgqa.checkpoint import Checkpoint
from kgqa.evaluation.diagnose import ERRORS, ceiling, diagnose
from kgqa.evaluation.evaluator import Evaluator
from kgqa.walk import Settings

SHOWN = (
    "hits_at_1",
    "hits_at_5",
    "exact_match",
    "f1",
    "resolved",
    "refused_answerable",
    "recognised_unanswerable",
)


def evaluate(options) -> int:
    checkpoint = Checkpoint.load(options.checkpoint, device=options.device)
    config, graph = checkpoint.config, checkpoint.graph
    train: list[questions.Question] = []
    if options.data:
        found = questions.read(Path(options.data) / f"{options.split}.jsonl")
        if options.split != "train" and (known := Path(options.data) / "train.jsonl").is_file():
            train = questions.read(known)
    else:
        from kgqa.films.writer import Writer

        found = Writer(graph).write(options.split, 12, 1)
    evaluator = Evaluator(checkpoint, found)
    settings = Settings(intersect=not options.no_intersection, max_hops=options.max_hops)
    report = {
        "command": "python -m kgqa " + " ".join(options.typed),
        "version": __version__,
        "model": config.name,
        "graph": graph.fingerprint,
        "split": options.split,
        "topics": options.topics,
        "intersection": not options.no_intersection,
        "max_hops": config.max_hops if options.max_hops is None else options.max_hops,
        **evaluator(settings=settings, gold_topics=options.topics == "gold").report(train=train),
    }
    if options.ceiling:
        report["ceiling"] = ceiling(graph, found)
    if options.ablations:
        report["ablations"] = {
            "gold topics (oracle entities)": evaluator(
                settings=settings, gold_topics=True
            ).report(),
            "without intersection": evaluator(settings=Settings(intersect=False)).report(),
            "at most two hops": evaluator(settings=Settings(max_hops=2)).report(),
        }
        for name, ablation in report["ablations"].items():
            if "gold" not in name:
                del ablation["by_kind"]
    _print(report)
    if options.errors:
        _errors(evaluator, settings, options.errors)
    if options.json:
        Path(options.json).write_text(
            json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )
    return 0


def _print(report: dict) -> None:
    def line(name: str, row: dict) -> str:
        cells = "".join(f"{'' if row[k] is None else format(row[k], '.1f'):>10}" for k in SHOWN)
        return f"{name[:34]:<34}{row['questions']:>7}{cells}"

    print(
        f"{'':<34}{'n':>7}"
        + "".join(
            f"{k.replace('recognised_un', 'un').replace('refused_', 'ref.')[:9]:>10}" for k in SHOWN
        )
    )
    for title in ("by_kind", "by_hops", "by_shape", "by_topics_and_answers"):
        for name, row in report[title].items():
            name = f"topics and answers {name}" if title == "by_topics_and_answers" else name
            print(line(f"{name} hops" if title == "by_hops" else name, row))
    print(line("all", report))
    for name, ablation in report.get("ablations", {}).items():
        print(f"\n{name}")
        for group, row in ablation["by_shape"].items():
            print(line(f"  {group}", row))
        print(line("  all", ablation))
    if "ceiling" in report:
        print(
            f"ceiling, the best walk of up to three hops from the gold topics: {report['ceiling']}"
        )
    print(
        f"{report['questions_per_second']} questions a second, peak memory {report['peak_memory_mb']} MB, "
        f"calibration error {report['calibration_error']}"
    )


def _errors(evaluator: Evaluator, settings: Settings, limit: int) -> None:
    found = diagnose(evaluator, settings)
    total = sum(map(len, found.values()))
    print(f"\n{total} of {len(evaluator.questions)} questions have a wrong first answer:")
    for error, wrong in found.items():
        print(f"\n{len(wrong)} x {ERRORS[error]}")
        for one in wrong[:limit]:
            print(f"  {one.question.question}")
            print(
                f"    took {list(one.chosen)}, said {list(one.answers)}, expected {list(one.gold)}"
            )
