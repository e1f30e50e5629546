"""Examples for a graph that has none: written from its relations, and kept if they are answered.

A question is offered only if the model answers it as it was written: the very entities, the number,
yes or no, or a refusal. So a visitor's first click works, whatever the graph.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain, zip_longest
from typing import TYPE_CHECKING

from kgqa.errors import KGQAError

if TYPE_CHECKING:
    from kgqa.inference import Pipeline
    from kgqa.questions import Question
    from kgqa.trace import Trace
    from kgqa.ui.service import Example

MOST = 8
PATIENCE = 20.0  #: seconds, after which what was found has to do
EACH = 2  #: of a kind
TRIED = 12  #: questions of a kind that are asked at most
BATCH = 16  #: questions that are asked at a time
LONGEST = 90  #: characters of a question
#: A plain question begins so; terse and spoken manners are for other places.
ASKING = ("Who ", "What ", "Which ", "Where ", "When ", "How ", "Does ", "Is ", "Are ", "Did ")
#: Kinds of question in the order of their first examples; others come after them.
ORDER = ("one hop", "and", "two hops", "count", "extreme", "bound", "class", "yes or no", "compare")
REFUSED = ("missing attribute",)  #: one of them shows, last, how a refusal looks


def written(
    pipeline: Pipeline, *, most: int = MOST, patience: float = PATIENCE
) -> tuple[Example, ...]:
    """Examples of several kinds, none of them wrong; () where nothing was answered in time."""
    found: list[Example] = []
    end = time.monotonic() + patience
    worker = threading.Thread(target=_fill, args=(pipeline, found, most, end), daemon=True)
    worker.start()
    worker.join(patience)
    return tuple(found)


def _fill(pipeline: Pipeline, found: list[Example], most: int, end: float) -> None:
    """Add examples until there are enough, or until the time is up."""
    from kgqa.ui.service import Example

    try:
        groups = _groups(pipeline)
    except KGQAError:  # no relation with words
        return
    refused = [question for kind in REFUSED for question in groups.pop(kind, [])[:TRIED]]
    given: dict[str, int] = defaultdict(int)
    for question in _answered(pipeline, list(_in_turn(groups)), end):
        if given[question.kind] < EACH and len(found) < most - 1:
            found.append(Example(question.question, question.kind))
            given[question.kind] += 1
        if len(found) == most - 1:
            break
    for question in _answered(pipeline, refused, end):
        found.append(Example(question.question, "not in the graph"))
        break


def _answered(pipeline: Pipeline, questions: list[Question], end: float) -> Iterator[Question]:
    """Those that the model answers as they were written, until the time is up."""
    for low in range(0, len(questions), BATCH):
        if time.monotonic() > end:
            return
        batch = questions[low : low + BATCH]
        traces = pipeline.answer_many([question.question for question in batch])
        yield from (q for q, trace in zip(batch, traces, strict=True) if right(trace, q))


def _groups(pipeline: Pipeline) -> dict[str, list[Question]]:
    """{kind: questions}, the plainest of each kind first; of refusals only :data:`REFUSED`."""
    from kgqa.writer import generic_wordings, write_questions

    graph = pipeline.graph
    groups: dict[str, list[Question]] = defaultdict(list)
    for question in write_questions(graph, generic_wordings(graph), per_relation=1).train:
        fits = question.kind in REFUSED or not question.refusal
        if fits and len(question.question) <= LONGEST:
            groups[question.kind].append(question)

    def odd(question: Question) -> tuple[int, int, int]:
        text = question.question
        names = [graph.label(e) for e in map(graph.find, question.topics) if e is not None]
        plain = text.startswith(ASKING) and text.endswith("?")
        return sum(name not in text for name in names), not plain, len(question.answers)

    for questions in groups.values():
        questions.sort(key=odd)
    return groups


def _in_turn(groups: dict[str, list[Question]]) -> Iterator[Question]:
    """One question of each kind, then the second of each, and so on."""
    kinds = [k for k in ORDER if k in groups] + [k for k in groups if k not in ORDER]
    turns = zip_longest(*(groups[kind][:TRIED] for kind in kinds))
    return (question for question in chain.from_iterable(turns) if question is not None)


def right(trace: Trace, question: Question) -> bool:
    """Whether a trace answers as the question was written."""
    if question.refusal:
        return trace.outcome in ("not_in_graph", "not_possible")
    if trace.outcome != "answered":
        return False
    if question.value is None:
        wanted = set(question.answers)
        return trace.value is None and {a.entity.id for a in trace.answers} == wanted
    return trace.value is not None and trace.value.number == float(question.value)
