"""Fuzzed questions and edits: always an outcome, soon, in bounded memory, and no contradiction."""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kgqa.edits import Edits
from kgqa.errors import DataError
from kgqa.inference import Pipeline
from kgqa.text import json_line
from kgqa.trace import OUTCOMES, Trace
from tests.hold.fuzz import Fuzz
from tests.inference.test_replay import contradiction

SECONDS = 2  #: of processor time for a question
GROWTH = 24e6  #: bytes by which the second half may grow; measured: under 8e6


def resident() -> int:
    """Bytes of memory that this process holds."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096


def check(pipeline: Pipeline, ask: Callable[[], Trace]) -> Trace:
    """What holds of every trace."""
    start = time.process_time()
    trace = ask()
    assert time.process_time() - start < SECONDS
    assert trace.outcome in OUTCOMES and (trace.outcome == "answered") == bool(trace.answers)
    assert all(m.text == trace.question[m.start : m.end] for m in trace.mentions)
    value = trace.to_dict()
    json.dumps(value, allow_nan=False)
    assert json.loads(json_line(value)) == json.loads(json.dumps(value))
    assert all(c.isprintable() or c == "\n" for c in str(trace) if c not in "\u200d")
    assert contradiction(trace, pipeline) is None
    return trace


@contextmanager
def flat_memory(cases: int) -> Iterator[Callable[[int], None]]:
    """Call the value after each case; fails if the second half needed ever more memory."""
    middle = 0

    def count(case: int) -> None:
        nonlocal middle
        if case == cases // 2:
            middle = resident()

    yield count
    assert resident() - middle < GROWTH


def fuzzed_questions(pipeline: Pipeline, cases: int, seed: int) -> None:
    fuzz = Fuzz(pipeline.graph, seed)
    outcomes = set()
    with flat_memory(cases) as count:
        for case in range(cases):
            question = fuzz.question()
            trace = check(pipeline, lambda question=question: pipeline.answer(question))
            outcomes.add(trace.outcome)
            count(case)
    assert {"answered", "no_mention", "empty_question", "too_long"} <= outcomes


@pytest.mark.cases(200, 10_000)
def test_fuzzed_questions_have_an_outcome(tiny, cases):
    fuzzed_questions(tiny, cases, 1)


@pytest.mark.checkpoint
@pytest.mark.cases(30, 500)
def test_fuzzed_questions_to_the_trained_model_have_an_outcome(pipeline, cases):
    fuzzed_questions(pipeline, cases, 2)


@pytest.mark.cases(100, 3_000)
def test_fuzzed_edits_have_an_outcome_or_a_sentence(tiny, cases):
    fuzz = Fuzz(tiny.graph, 3)
    traces = [tiny.answer(fuzz.question()) for _ in range(50)]
    answered = refused = 0
    with flat_memory(cases) as count:
        for case in range(cases):
            before = fuzz.random.choice(traces)
            try:
                edits = Edits.read(fuzz.edits(before))
            except DataError:
                refused += 1
            else:
                trace = check(
                    tiny,
                    lambda before=before, edits=edits: tiny.answer(before.question, edits=edits),
                )
                answered += bool(trace.answers)
            count(case)
    assert answered > cases / 20 and refused > cases / 20


@pytest.mark.cases(100, 2_000)
def test_fuzzed_questions_together_are_answered_as_alone(tiny, cases):
    fuzz = Fuzz(tiny.graph, 4)
    questions = [fuzz.question() for _ in range(cases)]
    for question, trace in zip(questions, tiny.answer_many(questions), strict=True):
        alone = tiny.answer(question)
        assert (trace.outcome, trace.question) == (alone.outcome, alone.question)
        assert [m.text for m in trace.mentions] == [m.text for m in alone.mentions]
