"""One row of the results table: several seeds on one data set, with their ablations, their ceiling and what chance would give."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from pathlib import Path

from kgqa.checkpoint import Checkpoint
from kgqa.evaluation import metrics
from kgqa.evaluation.baseline import popularity
from kgqa.evaluation.diagnose import ceiling
from kgqa.evaluation.evaluator import Evaluator
from kgqa.graph import Graph
from kgqa.programs.search import Searcher
from kgqa.questions import Question
from kgqa.walk import Settings

FIGURES = ("hits_at_1", "hits_at_5", "exact_match", "f1", "resolved", "refused_answerable")


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


def measure(runs: list[Path], questions: list[Question], train: list[Question], *, device) -> dict:
    """Scores of each run's checkpoint and their mean and spread (largest minus smallest), by variant and group."""
    rows: list[dict] = []
    need: list[str] = []
    items = None
    for run in runs:
        checkpoint = Checkpoint.load(run, device=device)
        evaluator = Evaluator(checkpoint, questions, items=items)
        items = evaluator.items
        need = need or needs_all(checkpoint.graph, questions)
        reports = {}
        for variant in VARIANTS:
            evaluation = evaluator(settings=variant.settings, gold_topics=variant.gold_topics)
            by_need = metrics.grouped(evaluation.scores, need)
            reports[variant.name] = evaluation.report(train=train) | {"by_need": by_need}
        rows.append(reports)
    graph = checkpoint.graph
    return {
        "questions": len(questions),
        "runs": len(runs),
        "ceiling": ceiling(graph, questions),
        "popularity": popularity(graph, train, questions),
        **{v.name: _merge([row[v.name] for row in rows]) for v in VARIANTS},
    }


def needs_all(graph: Graph, questions: list[Question]) -> list[str]:
    """For questions whose answers no single gold topic explains as well as all of them together "needs all mentions", else ""."""
    searcher, found = Searcher(graph), []
    for question in questions:
        topics = [t for t in map(graph.find, question.topics) if t is not None]
        answers = graph.find_all(question.answers)
        if len(topics) < 2 or not answers:
            found.append("")
            continue
        best = searcher.between(topics, answers)
        alone = max((e.f1 for e in best if len(e.program.branches) == 1), default=0.0)
        joint = max((e.f1 for e in best if len(e.program.branches) > 1), default=0.0)
        found.append("needs all mentions" if joint > alone else "")
    return found


def _merge(reports: list[dict]) -> dict:
    """Mean and spread of each figure over the seeds, in all and by group."""
    merged = _figures(reports) | {
        "questions_per_second": round(
            statistics.mean(r["questions_per_second"] for r in reports), 1
        )
    }
    for group in ("by_hops", "by_kind", "by_mentions", "by_topics_and_answers", "by_need"):
        names = reports[0][group]
        merged[group] = {name: _figures([r[group][name] for r in reports]) for name in names}
    return merged


def _figures(rows: list[dict]) -> dict:
    found: dict = {"questions": rows[0]["questions"]}
    for figure in FIGURES:
        values = [row[figure] for row in rows]
        if None not in values:
            mean, spread = round(statistics.mean(values), 2), round(max(values) - min(values), 2)
            found[figure] = {"mean": mean, "spread": spread, "runs": values}
    return found
