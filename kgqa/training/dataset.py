"""Link every question and search its explanations once; the result is kept beside the run, so that a run resumes at once."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
from collections.abc import Iterator
from pathlib import Path

from kgqa.graph import Graph
from kgqa.linking import Linker
from kgqa.programs.explanation import Explanation, Seed
from kgqa.programs.program import Branch, Chain
from kgqa.programs.search import Searcher
from kgqa.questions import Question

SEARCH_VERSION = 4  # of kgqa.programs.search; another one searches anew
_state: dict = {}


def _start(folder: Path, complete: bool) -> None:
    graph = Graph.load(folder)
    _state["link"], _state["search"] = Linker(graph), Searcher(graph, complete=complete)
    _state["graph"] = graph


def _one(question: Question) -> list:
    answers = _state["graph"].find_all(question.answers)
    if question.answers and not answers:
        return []
    return [_row(e) for e in _state["search"](_state["link"](question.question), answers)]


def explanations(
    questions: list[Question],
    graph_folder: Path,
    cache: Path,
    *,
    workers: int = 2,
    complete: bool = True,
    progress=iter,
) -> list[list[Explanation]]:
    """Explanations of each question, in order; read from ``cache`` if it is for these very questions."""
    fingerprint = json.loads((graph_folder / "graph.json").read_text(encoding="utf-8"))[
        "fingerprint"
    ]
    digest = hashlib.sha256(
        json.dumps([[q.question, q.answers] for q in questions]).encode()
    ).hexdigest()
    header = json.dumps([fingerprint, SEARCH_VERSION, complete, len(questions), digest])
    if cache.is_file():
        lines = cache.read_text(encoding="utf-8").splitlines()
        if lines and lines[0] == header and len(lines) == len(questions) + 1:
            return [_read(json.loads(line)) for line in lines[1:]]
    with multiprocessing.get_context("spawn").Pool(
        workers, _start, (graph_folder, complete)
    ) as pool:
        rows = list(progress(pool.imap(_one, questions, chunksize=64)))
    cache.parent.mkdir(parents=True, exist_ok=True)
    temporary = cache.with_suffix(".tmp")
    temporary.write_text(
        "\n".join([header, *(json.dumps(row) for row in rows)]) + "\n", encoding="utf-8"
    )
    temporary.replace(cache)
    return [_read(row) for row in rows]


def _row(e: Explanation) -> list:
    branches = [[b.start.span, b.start.candidate, b.chain.relations] for b in e.program.branches]
    return [branches, e.program.after.relations, e.exclude, round(e.f1, 4)]


def _read(rows: list) -> list[Explanation]:
    return [
        Explanation.of(
            *(Branch(Seed(s, c), Chain.of(*path)) for s, c, path in branches),
            after=Chain.of(*after),
            exclude=exclude,
            f1=f1,
        )
        for branches, after, exclude, f1 in rows
    ]


def batches(order: list[int], size: int, lengths: list[int]) -> Iterator[list[int]]:
    """Batches of question indices: within each run of 16 batches questions are sorted by length, to pad less."""
    for low in range(0, len(order), 16 * size):
        window = sorted(order[low : low + 16 * size], key=lambda i: lengths[i])
        yield from (window[i : i + size] for i in range(0, len(window), size))
