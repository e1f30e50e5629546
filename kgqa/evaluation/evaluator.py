"""Run a checkpoint over a file of questions and report; ``python -m kgqa evaluate`` prints what comes of it."""

from __future__ import annotations

import resource
import time

import torch

from kgqa.evaluation import metrics
from kgqa.graph import Graph
from kgqa.inference.calibration import UNFITTED, calibrated, features
from kgqa.linking import Linker
from kgqa.model.batch import Batcher, Encoded
from kgqa.model.network import KGQAModel
from kgqa.questions import Question
from kgqa.walk.predict import Settings, adjacency, oracle, predict_one, run


class Evaluator:
    """Holds linked questions, so that a training run measures itself cheaply again and again."""

    def __init__(
        self,
        graph: Graph,
        batcher: Batcher,
        questions: list[Question],
        *,
        items: list[Encoded] | None = None,
    ):
        self.graph, self.batcher, self.questions = graph, batcher, questions
        self.adjacency = adjacency(graph)
        started = time.perf_counter()
        linker = Linker(graph)
        self.items = items or [batcher.encode(linker(q.question)) for q in questions]
        self.link_seconds = time.perf_counter() - started
        index = graph.index_of
        self.gold = [{index.get(a, -1) for a in q.answers} for q in questions]
        self.topics = [
            {index.get(t, -1) for t in q.topics} if q.topics else None for q in questions
        ]

    def __call__(
        self,
        model: KGQAModel,
        *,
        settings: Settings = Settings(),
        gold_topics: bool = False,
        keep: bool = False,
        progress=iter,
    ):
        """(scores in question order, features and correctness of answers, seconds).

        With ``keep``, ``self.kept`` holds the (chosen entities, first answers) of each question by its index.
        """
        self.kept: dict[int, tuple[list[int], list[int]]] = {}
        was_training = model.training
        model.eval()
        scores: list[metrics.Score | None] = [None] * len(self.items)
        confidence: list[tuple[tuple[float, ...], bool]] = []
        started = time.perf_counter()
        for indices, batch, output in progress(run(model, self.batcher, self.items)):
            for b, i in enumerate(indices):
                said = output
                if gold_topics and self.topics[i] and self.gold[i]:
                    said = oracle(output, batch, b, self.items[i].link, sorted(self.topics[i]))
                with torch.inference_mode():
                    found = predict_one(
                        self.adjacency, batch, said, b, model.config.answer_threshold, settings
                    )
                ids, weights = found.answers.ids.tolist(), found.answers.weights.tolist()
                confidence += [
                    (
                        features(found.probability, w, weights[0], len(found.spans)),
                        a in self.gold[i],
                    )
                    for a, w in zip(ids[:20], weights, strict=False)
                ]
                chosen = {
                    int(batch.entities[b, s][said.candidates[b, s].argmax()]) for s in found.spans
                }
                if keep:
                    self.kept[i] = sorted(chosen), ids[:5]
                scores[i] = metrics.score(
                    ids,
                    self.gold[i],
                    chosen=chosen,
                    topics=self.topics[i],
                    mentions=len(found.spans),
                )
        model.train(was_training)
        return scores, confidence, time.perf_counter() - started

    def report(self, model: KGQAModel, *, train: list[Question] = (), **options) -> dict:
        """The JSON of ``evaluate``: scores in all, by kind and by hops, speed and memory.

        With the training questions, also by whether a question's (topics, answers) occur among them.
        """
        known = {(frozenset(q.topics), frozenset(q.answers)) for q in train}
        seen = [
            ""
            if not train
            else f"{'' if (frozenset(q.topics), frozenset(q.answers)) in known else 'not '}in train"
            for q in self.questions
        ]
        scores, confidence, seconds = self(model, **options)
        self.scores: list[metrics.Score] = scores
        seconds += self.link_seconds
        return {
            **metrics.summary(scores),
            "questions_per_second": round(len(scores) / seconds, 1),
            "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
            "calibration_error": calibration_error(
                [(calibrated(p, model.config.calibration), c) for p, c in confidence]
            ),
            "by_shape": metrics.grouped(scores, [shape(q) for q in self.questions]),
            "by_hops": metrics.grouped(
                scores, [str(q.hops) if q.hops else "" for q in self.questions]
            ),
            "by_mentions": metrics.grouped(
                scores,
                [str(len(q.topics)) if q.topics and q.answers else "" for q in self.questions],
            ),
            "by_topics_and_answers": metrics.grouped(scores, seen),
            "by_kind": metrics.grouped(scores, [q.kind for q in self.questions]),
        }


def shape(question: Question) -> str:
    """The group of a question in the results table: hops of a single mention, intersections, or no answer."""
    if not question.answers:
        return "no answer in the graph"
    if len(question.topics) > 1:
        return f"intersection of {len(question.topics)}"
    return f"one mention, {question.hops} hop{'s' * (question.hops > 1)}" if question.hops else ""


def calibration_error(pairs: list[tuple[float, bool]], bins: int = 10) -> float:
    """Expected calibration error in percent over equal-width bins."""
    total = 0.0
    for i in range(bins):
        inside = [
            (p, c) for p, c in pairs if i / bins <= p < (i + 1) / bins or (i == bins - 1 and p == 1)
        ]
        if inside:
            gap = sum(p for p, _ in inside) / len(inside) - sum(c for _, c in inside) / len(inside)
            total += abs(gap) * len(inside) / len(pairs)
    return round(100 * total, 2)


def fit_calibration(pairs: list[tuple[tuple[float, ...], bool]]) -> tuple[float, ...]:
    """Weights of :func:`kgqa.inference.calibration.calibrated` by maximum likelihood, with a light ridge."""
    values = torch.tensor([v for v, _ in pairs], dtype=torch.float64)
    right = torch.tensor([float(c) for _, c in pairs], dtype=torch.float64)
    weights = torch.tensor(UNFITTED, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=200, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        loss = (
            torch.nn.functional.binary_cross_entropy_with_logits(values @ weights, right)
            + 1e-3 * weights.square().sum()
        )
        loss.backward()
        return loss

    optimizer.step(closure)
    return tuple(round(w, 4) for w in weights.tolist())
