"""Training questions: linked, encoded, and with the programs that explain their answers.

Explanations are searched once for a list of questions, in several processes, and kept in a file, so
that a run resumes at once and several seeds share the search.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from kgqa import files
from kgqa.checkpoint import Checkpoint
from kgqa.graph import Graph
from kgqa.graph import folder as folders
from kgqa.linking import Linker
from kgqa.model.batch import Batcher, Encoded
from kgqa.programs.explanation import Explanation, Seed
from kgqa.programs.operator_search import OperatorSearch
from kgqa.programs.program import Branch, Chain
from kgqa.programs.search import Searcher
from kgqa.programs.target import Target
from kgqa.questions import Question
from kgqa.training.agreement import agreement
from kgqa.training.config import AGREED, EXACT, SEARCH_VERSION, WINDOW
from kgqa.training.progress import Progress

MANY = 4_000  # questions that are worth starting processes to link
_process: dict[str, Any] = {}  # what a process of the search, or of the linking, works with


@dataclass(frozen=True)
class Example:
    """A training question."""

    item: Encoded
    explanations: tuple[Explanation, ...]  #: at least one
    answers: Tensor  #: entities, int64 [A] ascending; empty if there is none
    value: float | bool | None = None  #: the answer, where it is a number or yes or no
    beyond: bool | None = None  #: no model could answer; None where that is not said
    priors: tuple[float, ...] = ()  #: log-weight of each explanation

    def names(self, num_entities: int) -> set[tuple[int, int]]:
        """First and last word of the entities that the best explanation starts from."""
        link, best = self.item.link, self.explanations[0]
        starts = [branch.start for branch in best.program.branches]
        return {
            (link.proposals[s.span].first, link.proposals[s.span].last)
            for s in starts
            if s.entity(link) < num_entities
        }


@dataclass(frozen=True)
class TrainingSet:
    """The questions that have an explanation."""

    examples: tuple[Example, ...]

    @classmethod
    def link(
        cls,
        checkpoint: Checkpoint,
        questions: Sequence[Question],
        explanations: Sequence[tuple[Explanation, ...]],
        progress: Progress = Progress(),
        *,
        workers: int = 1,
        agree: bool = False,
    ) -> TrainingSet:
        """Link the questions.

        Args:
            explanations: of each question; one without any is left out.
            agree: weigh them by how they agree with those of other questions.
        """
        usable = [(q, e) for q, e in zip(questions, explanations, strict=True) if e]
        linked = encoded(checkpoint, [q for q, _ in usable], workers)
        items = list(progress.over(linked, "link", total=len(usable)))
        explained = [e for _, e in usable]
        priors = [(0.0,) * len(own) for own in explained]
        if agree:
            links = [item.link for item in items]
            priors = agreement(links, explained, checkpoint.graph)
            explained, priors = _best(explained, priors)
        find = checkpoint.graph.find_all
        return cls(
            tuple(
                Example(
                    item,
                    own,
                    torch.tensor(sorted(find(question.answers)), dtype=torch.long),
                    question.value,
                    question.refusal == "model" if question.refusal else None,
                    weights,
                )
                for item, (question, _), own, weights in zip(
                    items, usable, explained, priors, strict=True
                )
            )
        )

    def __len__(self) -> int:
        return len(self.examples)

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


def _best(
    explanations: list[tuple[Explanation, ...]], priors: list[tuple[float, ...]]
) -> tuple[list[tuple[Explanation, ...]], list[tuple[float, ...]]]:
    """The explanations that agree best, and their priors."""
    kept, weights = [], []
    for own, prior in zip(explanations, priors, strict=True):
        order = sorted(range(len(own)), key=lambda i: -prior[i])[:AGREED]
        kept.append(tuple(own[i] for i in order))
        weights.append(tuple(prior[i] for i in order))
    return kept, weights


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


class Explainer:
    """Explains single questions; each process of the search has one."""

    def __init__(self, graph: Path, complete: bool, operators: bool):
        self.graph = Graph.load(graph)
        self.linker = Linker(self.graph)
        self.search = Searcher(self.graph, complete=complete)
        self.operators = OperatorSearch(self.graph) if operators else None

    def __call__(self, question: Question) -> tuple[Explanation, ...]:
        """Nothing for answers that the graph does not have: that is no reason to refuse."""
        answers = self.graph.find_all(question.answers)
        if question.answers and not answers:
            return ()
        link = self.linker(question.question)
        if question.value is not None:
            target = Target(value=question.value)
            return tuple(self.operators(link, target)) if self.operators else ()
        plain = self.search(link, answers)
        if not answers or self.operators is None:
            return tuple(plain)
        exact = any(e.f1 >= EXACT for e in plain)
        more = self.operators(link, Target(frozenset(answers)), light=exact)
        return (*(plain if exact or not more else ()), *more)


def explain(
    questions: Sequence[Question],
    graph: Path,
    file: Path,
    *,
    workers: int = 2,
    complete: bool = True,
    operators: bool = False,
    progress: Progress = Progress(),
) -> list[tuple[Explanation, ...]]:
    """Explanations of each question, in order.

    They are read from ``file`` if it was written for the same questions, answers and graph, and
    searched and written there if not. ``graph`` is a folder.
    """
    header = _header(questions, graph, complete, operators)
    if files.is_file(file):
        first, _, body = file.read_text(encoding="utf-8", errors="replace").partition("\n")
        if first == _line(header, body):
            return [_read(line) for line in body.splitlines()]
    pool = multiprocessing.get_context("spawn").Pool(workers, _start, (graph, complete, operators))
    with pool:
        rows = pool.imap(_explain, questions, chunksize=64)
        lines = list(progress.over(rows, "search", total=len(questions)))
    body = "".join(line + "\n" for line in lines)
    files.write_text(file, _line(header, body) + "\n" + body)
    return [_read(line) for line in lines]


def _start(graph: Path, complete: bool, operators: bool) -> None:
    _process["explainer"] = Explainer(graph, complete, operators)


def _explain(question: Question) -> str:
    return _row(_process["explainer"](question))


def _line(header: Sequence[object], body: str) -> str:
    """The first line of the file: what the explanations depend on, and the checksum of the rest."""
    return json.dumps([*header, hashlib.sha256(body.encode()).hexdigest()])


def _header(
    questions: Sequence[Question], graph: Path, complete: bool, operators: bool
) -> list[object]:
    """What the explanations depend on."""
    asked = json.dumps([[q.question, q.answers, q.value] for q in questions])
    digest = hashlib.sha256(asked.encode()).hexdigest()
    fingerprint = folders.describe(graph).fingerprint
    return [fingerprint, SEARCH_VERSION, complete, operators, len(questions), digest]


def _row(explanations: Sequence[Explanation]) -> str:
    """One line of the file."""
    rows = []
    for e in explanations:
        program = e.program
        branches = [
            [b.start.span, b.start.candidate, b.chain.relations, int(b.negated)]
            for b in program.branches
        ]
        after, f1 = program.after.relations, round(e.f1, 4)
        rows.append([branches, after, e.exclude, f1, program.combine, program.readout])
    return json.dumps(rows)


def _read(line: str) -> tuple[Explanation, ...]:
    return tuple(
        Explanation.of(
            *(
                Branch(Seed(span, c), Chain.of(*path), bool(negated))
                for span, c, path, negated in branches
            ),
            after=Chain.of(*after),
            exclude=exclude,
            f1=f1,
            combine=combine,
            readout=readout,
        )
        for branches, after, exclude, f1, combine, readout in json.loads(line)
    )
