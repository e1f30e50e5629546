"""Run a checkpoint over a list of questions; ``python -m kgqa evaluate`` prints the report."""

from __future__ import annotations

import random
import resource
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass

import torch

from kgqa.checkpoint import Checkpoint
from kgqa.evaluation import metrics
from kgqa.evaluation.calibration import calibration_error
from kgqa.evaluation.oracle import impose_topics
from kgqa.graph.operators import same_value, value_nodes
from kgqa.inference.calibration import calibrated, features
from kgqa.inference.reader import Reader
from kgqa.linking import Linker
from kgqa.model.batch import Encoded
from kgqa.model.outputs import Reading
from kgqa.questions import Question
from kgqa.walk import Prediction, Settings, predict

BATCH = 64  # questions in one pass
CALIBRATED = 20  # answers of each question that count for the calibration


@dataclass(frozen=True)
class Answered:
    """The result of one question."""

    score: metrics.Score
    topics: tuple[int, ...]  #: the entities chosen for mentions
    answers: tuple[int, ...]  #: the first five answers
    confidence: tuple[tuple[tuple[float, ...], bool], ...]  #: features of answers; whether right


@dataclass(frozen=True)
class Evaluation:
    """The result of one run, in the order of the questions."""

    questions: Sequence[Question]
    answered: tuple[Answered, ...]
    seconds: float
    calibration: tuple[float, ...]  #: the weights of the checkpoint

    @property
    def scores(self) -> list[metrics.Score]:
        return [a.score for a in self.answered]

    @property
    def confidence(self) -> list[tuple[tuple[float, ...], bool]]:
        """Features of all answers, and whether each is right; what a calibration is fitted on."""
        return [pair for a in self.answered for pair in a.confidence]

    def report(
        self,
        *,
        train: Sequence[Question] = (),
        shapes: Callable[[Question], str] | None = None,
    ) -> dict:
        """The JSON of ``evaluate``: scores in all and by group, speed and memory.

        With training questions, also by whether a question's (topics, answers) occur among them.
        ``shapes`` names the group of a question in the results table; default: :func:`shape`.
        """
        trained = {(frozenset(q.topics), frozenset(q.answers)) for q in train}

        def seen(q: Question) -> str:
            inside = (frozenset(q.topics), frozenset(q.answers)) in trained
            return f"{'' if inside else 'not '}in train" if train else ""

        def by(group: Callable[[Question], str]) -> dict[str, dict]:
            groups = metrics.grouped(self.scores, [group(q) for q in self.questions])
            return {name: asdict(summary) for name, summary in groups.items()}

        pairs = [(calibrated(p, self.calibration), right) for p, right in self.confidence]
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return {
            **asdict(metrics.summary(self.scores)),
            "questions_per_second": round(len(self.answered) / self.seconds, 1),
            "peak_memory_mb": round(memory / 1024),
            "calibration_error": calibration_error(pairs),
            "by_shape": by(shapes or shape),
            "by_hops": by(lambda q: str(q.hops) if q.hops else ""),
            "by_mentions": by(lambda q: str(len(q.topics)) if q.topics and q.answerable else ""),
            "by_topics_and_answers": by(seen),
            "by_kind": by(lambda q: q.kind),
        }


class Evaluator:
    """Links and encodes questions once, so that a training run measures itself cheaply."""

    def __init__(
        self,
        checkpoint: Checkpoint,
        questions: Sequence[Question],
        *,
        items: Sequence[Encoded] | None = None,
    ):
        """``items``: the questions as another evaluator of the same graph encoded them."""
        self.checkpoint, self.questions = checkpoint, questions
        self.reader = Reader(checkpoint)
        started = time.perf_counter()
        linker, encode = Linker(checkpoint.graph), checkpoint.batcher.encode
        self.items = items or [encode(linker(q.question)) for q in questions]
        self.link_seconds = time.perf_counter() - started
        graph = checkpoint.graph

        def entities(ids: Iterable[str]) -> set[int]:
            return {-1 if (e := graph.find(i)) is None else e for i in ids}

        self.gold = [entities(q.answers) for q in questions]
        # Entities that are right; a number may be told by the node that stands for it.
        self.right = [
            gold if q.value is None else value_nodes(graph, q.value)
            for q, gold in zip(questions, self.gold, strict=True)
        ]
        self.topics = [entities(q.topics) if q.topics else None for q in questions]

    def __call__(
        self,
        *,
        settings: Settings = Settings(),
        gold_topics: bool = False,
        progress: Callable[[Iterable[list[int]]], Iterable[list[int]]] = iter,
    ) -> Evaluation:
        """Answer every question. ``gold_topics``: impose the gold entities (oracle)."""
        model = self.checkpoint.model
        was_training = model.training
        model.eval()
        order = sorted(range(len(self.items)), key=lambda i: len(self.items[i].tokens))
        batches = [order[low : low + BATCH] for low in range(0, len(order), BATCH)]
        answered: dict[int, Answered] = {}
        started = time.perf_counter()
        for indices in progress(batches):
            reading = self.reader.read_encoded([self.items[i] for i in indices])
            if gold_topics:
                reading = impose_topics(reading, [self._oracle(i) for i in indices])
            with torch.inference_mode():
                predictions = predict(self.checkpoint.graph, reading, settings)
            for b, (i, prediction) in enumerate(zip(indices, predictions, strict=True)):
                answered[i] = self._judge(i, reading, b, prediction)
        model.train(was_training)
        return Evaluation(
            self.questions,
            tuple(answered[i] for i in range(len(self.items))),
            time.perf_counter() - started + self.link_seconds,
            self.checkpoint.config.calibration,
        )

    def sample(self, count: int) -> Evaluator:
        """An evaluator of some of the questions, always the same ones."""
        size = len(self.questions)
        chosen = random.Random(0).sample(range(size), min(count, size))
        questions, items = [self.questions[i] for i in chosen], [self.items[i] for i in chosen]
        return Evaluator(self.checkpoint, questions, items=items)

    def _oracle(self, i: int) -> list[int] | None:
        """The gold topics of a question that has an answer."""
        topics = self.topics[i]
        return sorted(topics) if topics and self.gold[i] else None

    def _judge(self, i: int, reading: Reading, b: int, prediction: Prediction) -> Answered:
        ids, weights = prediction.answers.ids.tolist(), prediction.answers.weights.tolist()
        decision = prediction.decision
        spans = decision.spans
        candidates, entities = reading.output.candidates[b], reading.batch.entities[b]
        chosen = {int(entities[s][candidates[s].argmax()]) for s in spans}
        told = (*ids[:CALIBRATED],) if prediction.value is None else ()
        right = self.right[i]
        confidence = tuple(
            (features(decision.probability, w, weights[0], len(spans)), entity in right)
            for entity, w in zip(told, weights, strict=False)
        )
        return Answered(
            self._score(i, prediction, chosen), tuple(sorted(chosen)), tuple(ids[:5]), confidence
        )

    def _score(self, i: int, prediction: Prediction, chosen: set[int]) -> metrics.Score:
        spans, value = prediction.decision.spans, prediction.value
        ids, gold = prediction.answers.ids.tolist(), self.questions[i].value
        if value is None:
            if gold is None:
                return metrics.score(
                    ids, self.gold[i], chosen=chosen, topics=self.topics[i], mentions=len(spans)
                )
            right = bool(ids) and set(ids) <= self.right[i]
            return metrics.value_score(right, refused=not ids, mentions=len(spans))
        if gold is None and not self.questions[i].answers:
            return metrics.score([-2], set(), chosen=chosen, topics=None, mentions=len(spans))
        right = gold is not None and same_value(value, gold)
        return metrics.value_score(right, refused=False, mentions=len(spans))


def evaluate(
    checkpoint: Checkpoint,
    questions: Sequence[Question],
    *,
    settings: Settings = Settings(),
    gold_topics: bool = False,
) -> Evaluation:
    """Answer questions with known answers and score them.

    >>> evaluate(checkpoint, questions).report()["hits_at_1"]  # doctest: +SKIP
    96.3
    """
    return Evaluator(checkpoint, questions)(settings=settings, gold_topics=gold_topics)


def shape(question: Question) -> str:
    """The group of a question in the results table: hops, intersections, or no answer."""
    if not question.answerable:
        return "no answer in the graph"
    if len(question.topics) > 1:
        return f"intersection of {len(question.topics)}"
    return f"one mention, {question.hops} hop{'s' * (question.hops > 1)}" if question.hops else ""
