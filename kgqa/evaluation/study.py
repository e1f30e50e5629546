"""One row of the results table: several seeds on one data set.

Each seed's checkpoint is run as in use, with gold topics, and without intersection. The ceiling of
the graph and the popularity baseline are measured for comparison.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean

from kgqa.checkpoint import Checkpoint
from kgqa.evaluation import metrics
from kgqa.evaluation.baseline import popularity
from kgqa.evaluation.diagnose import ceiling
from kgqa.evaluation.evaluator import Evaluator
from kgqa.graph import Graph
from kgqa.programs.search import Searcher
from kgqa.questions import Question
from kgqa.walk import Settings

FIGURES = "hits_at_1 hits_at_5 exact_match f1 resolved refused_answerable".split()
GROUPS = "by_hops by_kind by_mentions by_topics_and_answers by_need".split()


@dataclass(frozen=True)
class Variant:
    """A way to run the same checkpoint."""

    name: str
    settings: Settings = Settings()
    gold_topics: bool = False


VARIANTS = (
    Variant("end to end"),
    Variant("gold topics", gold_topics=True),
    Variant("without intersection", Settings(intersect=False)),
)


def measure(
    runs: Sequence[Path],
    questions: Sequence[Question],
    train: Sequence[Question],
    *,
    device: str = "auto",
) -> dict:
    """The JSON of ``benchmark``: the mean and the spread (largest minus smallest) of all runs.

    ``runs``: checkpoints over one graph. ``train``: the training questions, for the baseline and
    to tell which questions are new.
    """
    first = Evaluator(Checkpoint.load(runs[0], device=device), questions)
    graph = first.checkpoint.graph
    need = needs_all(graph, questions)
    reports: dict[str, list[dict]] = {variant.name: [] for variant in VARIANTS}
    for run in runs:
        checkpoint = Checkpoint.load(run, device=device, graph=graph)
        evaluator = Evaluator(checkpoint, questions, items=first.items)
        for v in VARIANTS:
            evaluation = evaluator(settings=v.settings, gold_topics=v.gold_topics)
            by_need = metrics.grouped(evaluation.scores, need)
            report = evaluation.report(train=train)
            report["by_need"] = {name: asdict(summary) for name, summary in by_need.items()}
            reports[v.name].append(report)
    return {
        "questions": len(questions),
        "runs": len(runs),
        "ceiling": asdict(ceiling(graph, questions)),
        "popularity": popularity(graph, train, questions),
        **{name: _merge(rows) for name, rows in reports.items()},
    }


def needs_all(graph: Graph, questions: Sequence[Question]) -> list[str]:
    """Each question's group: "needs all mentions" if no single gold topic explains it as well."""
    searcher = Searcher(graph)
    return ["needs all mentions" if _needs_all(searcher, q) else "" for q in questions]


def _needs_all(searcher: Searcher, question: Question) -> bool:
    ids = [searcher.graph.find(topic) for topic in question.topics]
    topics = [topic for topic in ids if topic is not None]
    answers = searcher.graph.find_all(question.answers)
    if len(topics) < 2 or not answers:
        return False
    best = searcher.between(topics, answers)
    alone = max((e.f1 for e in best if len(e.program.branches) == 1), default=0.0)
    joint = max((e.f1 for e in best if len(e.program.branches) > 1), default=0.0)
    return joint > alone


def _merge(reports: list[dict]) -> dict:
    """Mean and spread of each figure over the runs, in all and by group."""
    merged = _figures(reports)
    speed = mean(report["questions_per_second"] for report in reports)
    merged["questions_per_second"] = round(speed, 1)
    for group in GROUPS:
        names = reports[0][group]
        merged[group] = {name: _figures([r[group][name] for r in reports]) for name in names}
    return merged


def _figures(rows: list[dict]) -> dict:
    figures: dict = {"questions": rows[0]["questions"]}
    for figure in FIGURES:
        values = [row[figure] for row in rows]
        if None not in values:
            spread = round(max(values) - min(values), 2)
            figures[figure] = {"mean": round(mean(values), 2), "spread": spread, "runs": values}
    return figures
