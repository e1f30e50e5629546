"""``evaluate``: score a checkpoint on a file of questions."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from kgqa import __version__
from kgqa.cli.common import Commands, add_checkpoint, add_command, add_verify, count, write_report
from kgqa.cli.data import default_questions
from kgqa.text import plain

if TYPE_CHECKING:
    from kgqa.evaluation.diagnose import Wrong
    from kgqa.evaluation.evaluator import Evaluator
    from kgqa.graph import Graph
    from kgqa.questions import Question
    from kgqa.walk import Settings

#: figures of the table, and their titles
SHOWN = {
    "hits_at_1": "hits_at_1",
    "hits_at_5": "hits_at_5",
    "exact_match": "exact_mat",
    "f1": "f1",
    "resolved": "resolved",
    "refused_answerable": "ref.answe",
    "recognised_unanswerable": "unanswera",
}
GROUPS = {
    "by_kind": "{}",
    "by_hops": "{} hops",
    "by_shape": "{}",
    "by_topics_and_answers": "topics and answers {}",
}


def add(commands: Commands) -> None:
    """The arguments."""
    parser = add_command(
        commands,
        "evaluate",
        "Score a checkpoint on a file of questions.",
        run,
        "--checkpoint checkpoints/films --split dev --json dev.json",
    )
    text = "folder of SPLIT.jsonl; default: questions written for the default graph"
    parser.add_argument("--data", metavar="DIR", help=text)
    parser.add_argument("--split", default="dev")
    text = "gold: impose the gold topic entities (oracle)"
    parser.add_argument("--topics", choices=["model", "gold"], default="model", help=text)
    text = "a built graph that the checkpoint was not trained on; default: its own"
    parser.add_argument("--graph", metavar="DIR", help=text)
    text = "always answer, however likely it is that there is no answer"
    parser.add_argument("--no-refusal", action="store_true", help=text)
    text = "ablation: unite the branches (element-wise maximum) instead of intersecting them"
    parser.add_argument("--no-intersection", action="store_true", help=text)
    text = "ablation: at most this many hops of a branch"
    parser.add_argument("--max-hops", type=count, help=text)
    text = "report oracle entities, no intersection and two hops, too"
    parser.add_argument("--ablations", action="store_true", help=text)
    text = "report what the best walk from the gold topics reaches, whatever the model"
    parser.add_argument("--ceiling", action="store_true", help=text)
    parser.add_argument("--json", metavar="FILE", help="write the report there")
    text = "sort wrong answers by kind of error, and print N of each kind"
    parser.add_argument("--errors", type=int, default=0, metavar="N", help=text)
    add_checkpoint(parser)
    add_verify(parser)


def run(options: argparse.Namespace) -> int:
    """Measure, print the table and write the report."""
    from kgqa.checkpoint import Checkpoint
    from kgqa.evaluation.diagnose import ceiling, diagnose
    from kgqa.evaluation.evaluator import Evaluator
    from kgqa.graph import Graph
    from kgqa.walk import Settings

    checkpoint = Checkpoint.load(options.checkpoint, device=options.device, verify=options.verify)
    if options.graph:
        checkpoint = checkpoint.over(Graph.load(options.graph, verify=options.verify))
    config, graph = checkpoint.config, checkpoint.graph
    questions, train = _questions(graph, options.data, options.split)
    evaluator = Evaluator(checkpoint, questions)
    settings = Settings(
        intersect=not options.no_intersection,
        max_hops=options.max_hops,
        refuse=not options.no_refusal,
    )
    evaluation = evaluator(settings=settings, gold_topics=options.topics == "gold")
    report = {
        "command": f"python -m kgqa {options.typed}",
        "version": __version__,
        "model": config.name,
        "graph": graph.fingerprint,
        "split": options.split,
        "topics": options.topics,
        "intersection": not options.no_intersection,
        "refusal": not options.no_refusal,
        "trained_on_this_graph": not checkpoint.unseen,
        "max_hops": config.max_hops if options.max_hops is None else options.max_hops,
        **evaluation.report(train=train, shapes=_shapes(options.data)),
    }
    if options.ceiling:
        report["ceiling"] = asdict(ceiling(graph, questions))
    if options.ablations:
        report["ablations"] = _ablations(evaluator, settings)
    _show(report)
    if options.errors:
        _show_errors(diagnose(evaluator, settings), len(questions), options.errors)
    if options.json:
        write_report(options.json, report)
    return 0


def _questions(graph: Graph, data: str | None, split: str) -> tuple[list[Question], list[Question]]:
    """The questions of a split, and those of training if they are there."""
    if data is None:
        return default_questions(graph, split), []
    from kgqa.questions import read

    train = Path(data) / "train.jsonl"
    questions = read(Path(data) / f"{split}.jsonl")
    return questions, read(train) if split != "train" and train.is_file() else []


def _shapes(data: str | None) -> Callable[[Question], str] | None:
    """The groups of questions that are written for the default graph: by operator, too."""
    if data is not None:
        return None
    from kgqa.evaluation.evaluator import shape
    from kgqa.films.groups import by_operator

    return lambda question: by_operator().get(question.kind) or shape(question)


def _ablations(evaluator: Evaluator, settings: Settings) -> dict[str, dict]:
    from kgqa.walk import Settings

    reports = {
        "gold topics (oracle entities)": evaluator(settings=settings, gold_topics=True).report(),
        "without intersection": evaluator(settings=Settings(intersect=False)).report(),
        "at most two hops": evaluator(settings=Settings(max_hops=2)).report(),
    }
    for name in ("without intersection", "at most two hops"):
        del reports[name]["by_kind"]
    return reports


def _show(report: dict) -> None:
    print(f"{'':<34}{'n':>7}" + "".join(f"{title:>10}" for title in SHOWN.values()))
    for group, name in GROUPS.items():
        for key, row in report[group].items():
            print(_line(name.format(plain(key)), row))
    print(_line("all", report))
    for name, ablation in report.get("ablations", {}).items():
        print(f"\n{name}")
        for group, row in ablation["by_shape"].items():
            print(_line(f"  {plain(group)}", row))
        print(_line("  all", ablation))
    if "ceiling" in report:
        best = report["ceiling"]
        print(f"ceiling, the best walk of up to three hops from the gold topics: {best}")
    print(
        f"{report['questions_per_second']} questions a second, "
        f"peak memory {report['peak_memory_mb']} MB, "
        f"calibration error {report['calibration_error']}"
    )


def _line(name: str, row: dict) -> str:
    cells = ["" if row[figure] is None else f"{row[figure]:.1f}" for figure in SHOWN]
    return f"{name[:34]:<34}{row['questions']:>7}" + "".join(f"{cell:>10}" for cell in cells)


def _show_errors(errors: dict[str, list[Wrong]], questions: int, limit: int) -> None:
    from kgqa.evaluation.diagnose import ERRORS

    total = sum(map(len, errors.values()))
    print(f"\n{total} of {questions} questions have a wrong first answer:")
    for error, wrong in errors.items():
        print(f"\n{len(wrong)} x {ERRORS[error]}")
        for each in wrong[:limit]:
            chosen, answers, gold = (
                list(map(plain, labels)) for labels in (each.chosen, each.answers, each.gold)
            )
            print(f"  {plain(each.question.question)}")
            print(f"    took {chosen}, answered {answers}, expected {gold}")
