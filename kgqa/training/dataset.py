"""Training questions: linked, encoded, and with the programs that explain their answers."""

from __future__ import annotations

import multiprocessing
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from kgqa import feedback
from kgqa.checkpoint import Checkpoint
from kgqa.errors import DataError
from kgqa.graph import Graph
from kgqa.linking import Link, Linker
from kgqa.model.batch import Batcher, Encoded
from kgqa.programs.explanation import Explanation
from kgqa.questions import Question
from kgqa.training.agreement import agreement
from kgqa.training.config import (
    AGREED,
    EXACT,
    FAR,
    FEEDBACK_MOST,
    FEEDBACK_SHARE,
    FEW,
    MAX_REACHED,
    WINDOW,
    TrainConfig,
)
from kgqa.training.explanations import explain
from kgqa.training.progress import Progress
from kgqa.training.recombine import recombine

MANY = 4_000  # questions that are worth starting processes to link
_process: dict[str, Any] = {}  # what a process of the linking works with


@dataclass(frozen=True)
class Example:
    """A training question."""

    item: Encoded
    explanations: tuple[Explanation, ...]  #: none if none were searched
    answers: Tensor  #: entities, int64 [A] ascending; empty if there is none
    value: float | bool | None = None  #: the answer, where it is a number or yes or no
    beyond: bool | None = None  #: no model could answer; None where that is not said
    priors: tuple[float, ...] = ()  #: log-weight of each explanation
    reached: tuple[int, ...] = ()  #: by the best explanation, where that is more than the answers

    def names(self, num_entities: int) -> set[tuple[int, int]]:
        """First and last word of the entities that the best explanation starts from."""
        if not self.explanations:
            return set()
        link, best = self.item.link, self.explanations[0]
        starts = [branch.start for branch in best.program.branches]
        return {
            (link.proposals[s.span].first, link.proposals[s.span].last)
            for s in starts
            if s.entity(link) < num_entities
        }


@dataclass(frozen=True)
class TrainingSet:
    """The questions that have an explanation, or all if none were searched."""

    examples: tuple[Example, ...]

    @classmethod
    def link(
        cls,
        checkpoint: Checkpoint,
        questions: Sequence[Question],
        explanations: Sequence[tuple[Explanation, ...]] | None,
        progress: Progress = Progress(),
        *,
        workers: int = 1,
        agree: bool = False,
    ) -> TrainingSet:
        """Link the questions.

        Args:
            explanations: of each question; one without any is left out. None: they were not
                searched, and questions are left out whose answers the graph does not have.
            agree: weigh them by how they agree with those of other questions.
        """
        find = checkpoint.graph.find_all
        usable: list[tuple[Question, tuple[Explanation, ...]]]
        if explanations is None:
            agree, usable = False, [(q, ()) for q in questions if not q.answers or find(q.answers)]
        else:
            usable = [(q, e) for q, e in zip(questions, explanations, strict=True) if e]
        linked = encoded(checkpoint, [q for q, _ in usable], workers)
        items = list(progress.over(linked, "link", total=len(usable)))
        explained = [e for _, e in usable]
        priors = [(0.0,) * len(own) for own in explained]
        if agree:
            links = [item.link for item in items]
            priors = agreement(links, explained, checkpoint.graph)
            explained, priors = _best(explained, priors)
        return cls(
            tuple(
                Example(
                    item,
                    own,
                    torch.tensor(sorted(find(question.answers)), dtype=torch.long),
                    question.value,
                    question.refusal == "model" if question.refusal else None,
                    weights,
                    _reached(checkpoint.graph, item.link, own[0]) if own else (),
                )
                for item, (question, _), own, weights in zip(
                    items, usable, explained, priors, strict=True
                )
            )
        )

    def __len__(self) -> int:
        return len(self.examples)

    def with_more(self, of: Sequence[bool]) -> TrainingSet:
        """The same with the marked examples so often that they are FEEDBACK_SHARE of a pass."""
        marked = sum(of)
        if not marked:
            return self
        wanted = FEEDBACK_SHARE / (1 - FEEDBACK_SHARE) * (len(of) - marked)
        times = min(FEEDBACK_MOST, max(1, round(wanted / marked)))
        more = (e for e, often in zip(self.examples, of, strict=True) if often)
        return TrainingSet((*self.examples, *(times - 1) * tuple(more)))

    def stream(self, seed: int, size: int) -> Iterator[list[int]]:
        """Batches of indices for ever, pass after pass; the same for the same seed."""
        lengths = [len(example.item.tokens) for example in self.examples]
        for epoch in count():
            source = random.Random(f"{seed}-{epoch}")
            order = list(range(len(self)))
            source.shuffle(order)
            shuffled = list(batches(order, size, lengths))
            source.shuffle(shuffled)
            yield from shuffled


def batches(order: list[int], size: int, lengths: list[int]) -> Iterator[list[int]]:
    """Batches of indices; within each WINDOW of batches similar lengths are together."""
    for low in range(0, len(order), WINDOW * size):
        window = sorted(order[low : low + WINDOW * size], key=lambda i: lengths[i])
        yield from (window[i : i + size] for i in range(0, len(window), size))


def _reached(graph: Graph, link: Link, e: Explanation) -> tuple[int, ...]:
    """What an explanation reaches; () if that is the answers or too much."""
    if e.f1 >= EXACT or e.program.readout or not e.program.branches:
        return ()
    reached = e.program.run(graph, e.starts(graph, link))
    return tuple(reached) if 1 < len(reached) <= MAX_REACHED else ()


def _best(
    explanations: list[tuple[Explanation, ...]], priors: list[tuple[float, ...]]
) -> tuple[list[tuple[Explanation, ...]], list[tuple[float, ...]]]:
    """The explanations that agree best, and their priors."""
    kept, weights = [], []
    for own, prior in zip(explanations, priors, strict=True):
        order = sorted(range(len(own)), key=lambda i: -prior[i])[:AGREED]
        order = [i for i in order if prior[i] >= prior[order[0]] - FAR]
        kept.append(tuple(own[i] for i in order))
        weights.append(tuple(prior[i] for i in order))
    return kept, weights


def training_set(
    checkpoint: Checkpoint,
    questions: Sequence[Question],
    data: Path,
    file: Path,
    config: TrainConfig,
    progress: Progress = Progress(),
) -> TrainingSet:
    """Explain and link the questions, and more where there are few with operators.

    Args:
        data: the folder that the questions are from.
        file: keeps the explanations.

    Raises :class:`DataError` if no question can be explained, or has an answer in the graph.
    """
    if config.epochs == 0:
        every = TrainingSet.link(checkpoint, questions, None, progress, workers=config.workers)
        if not every:
            raise DataError(
                f"The graph has no answer of the {len(questions)} questions of "
                f"{data / 'train.jsonl'}; check entity ids."
            )
        return every
    graph, questions = Path(checkpoint.graph.folder), list(questions)
    options: dict[str, Any] = {
        "workers": config.workers,
        "complete": config.complete is not False,
        "operators": config.operators is True,
        "progress": progress,
    }
    explained = list(explain(questions, graph, file, **options))
    usable = sum(map(bool, explained))
    if not usable:
        raise DataError(
            f"None of the {len(questions)} questions of {data / 'train.jsonl'} has an explanation "
            "in the graph; check entity ids."
        )
    share = 100 * usable / len(questions)
    progress.say(f"{usable:,} questions have an explanation ({share:.1f}%)")
    told = any(question.kind == feedback.KIND for question in questions)
    if config.operators and len(questions) < FEW and not told:
        more = nested(checkpoint.graph, questions, explained, seed=config.seed)
        progress.say(f"{len(more):,} more, each a question about what another asks for")
        explained += explain(more, graph, file.with_name(f"nested-{file.name}"), **options)
        questions += more
    linked = TrainingSet.link(
        checkpoint,
        questions,
        explained,
        progress,
        workers=config.workers,
        agree=config.operators is True,
    )
    kinds = [q.kind for q, e in zip(questions, explained, strict=True) if e]
    return linked.with_more([kind == feedback.KIND for kind in kinds])


def nested(
    graph: Graph,
    questions: Sequence[Question],
    explanations: Sequence[tuple[Explanation, ...]],
    *,
    seed: int = 0,
) -> list[Question]:
    """More questions, each about what another one asks for (``kgqa.training.recombine``)."""
    usable = [(q, e) for q, e in zip(questions, explanations, strict=True) if e]
    links = list(map(Linker(graph), (q.question for q, _ in usable)))
    explained = [e for _, e in usable]
    best, priors = _best(explained, agreement(links, explained, graph))
    return recombine(graph, [q for q, _ in usable], links, best, priors, seed=seed)


def encoded(
    checkpoint: Checkpoint, questions: Sequence[Question], workers: int = 1
) -> Iterator[Encoded]:
    """The questions linked and encoded, in order; in several processes if they are many."""
    texts = [question.question for question in questions]
    if workers < 2 or len(texts) < MANY:
        linker, encode = Linker(checkpoint.graph), checkpoint.batcher.encode
        yield from (encode(linker(text)) for text in texts)
        return
    context = multiprocessing.get_context("spawn")
    parts = (str(checkpoint.graph.folder), checkpoint.tokenizer)
    with context.Pool(workers, _start_encoding, parts) as pool:
        yield from pool.imap(_encode, texts, chunksize=256)


def _start_encoding(graph: str, tokenizer) -> None:
    opened = Graph.load(graph)
    linker, encode = Linker(opened), Batcher(opened, tokenizer).encode
    _process["encode"] = lambda text: encode(linker(text))


def _encode(text: str) -> Encoded:
    return _process["encode"](text)
