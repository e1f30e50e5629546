"""Explanations: the programs that reach the answers of each training question.

They are searched once for a list of questions, in several processes, and kept in a file, so that a
run resumes at once and several seeds share the search.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kgqa import files
from kgqa.graph import Graph
from kgqa.graph import folder as folders
from kgqa.linking import Linker
from kgqa.programs.explanation import Explanation, Seed
from kgqa.programs.operator_search import OperatorSearch
from kgqa.programs.program import Branch, Chain
from kgqa.programs.search import Searcher
from kgqa.programs.target import Target
from kgqa.questions import Question
from kgqa.training.config import EXACT, SEARCH_VERSION
from kgqa.training.progress import Progress

_process: dict[str, Any] = {}  # what a process of the search works with


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
    known = _known(file, header)
    if known is not None:
        return known
    pool = multiprocessing.get_context("spawn").Pool(workers, _start, (graph, complete, operators))
    with pool:
        rows = pool.imap(_explain, questions, chunksize=64)
        lines = list(progress.over(rows, "search", total=len(questions)))
    return _keep(file, header, lines)


def explain_here(
    questions: Sequence[Question], graph: Path, file: Path
) -> list[tuple[Explanation, ...]]:
    """:func:`explain` with operators, in this process: for a small graph among many."""
    header = _header(questions, graph, True, True)
    known = _known(file, header)
    if known is not None:
        return known
    explainer = Explainer(graph, True, True)
    return _keep(file, header, [_row(explainer(question)) for question in questions])


def _known(file: Path, header: Sequence[object]) -> list[tuple[Explanation, ...]] | None:
    """What a file holds, if it was written for the same."""
    if not files.is_file(file):
        return None
    first, _, body = file.read_text(encoding="utf-8", errors="replace").partition("\n")
    if first != _line(header, body):
        return None
    return [_read(line) for line in body.splitlines()]


def _keep(
    file: Path, header: Sequence[object], lines: Sequence[str]
) -> list[tuple[Explanation, ...]]:
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
