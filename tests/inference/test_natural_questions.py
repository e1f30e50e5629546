"""A hundred questions written by hand, in nobody's template: what the trained checkpoint makes of them.

The file has the layout of the benchmarks; `python -m kgqa evaluate --data tests/questions --split natural` prints the scores.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from kgqa.data import questions

NATURAL = Path(__file__).parents[1] / "questions" / "natural.jsonl"
pytestmark = pytest.mark.checkpoint


@pytest.fixture(scope="module")
def answered(pipeline):
    return [(q, pipeline.answer(q.question)) for q in questions.read(NATURAL)]


def test_most_of_the_answerable_questions_get_a_right_first_answer(answered):
    rows = [(q, trace) for q, trace in answered if q.answers]
    right = [bool(trace.answers) and trace.answers[0].entity.id in q.answers for q, trace in rows]
    assert len(rows) == 80
    assert sum(right) >= 72, [q.question for (q, _), ok in zip(rows, right, strict=True) if not ok]


def test_most_of_the_unanswerable_questions_get_no_answer(answered):
    rows = [(q, trace) for q, trace in answered if not q.answers]
    assert len(rows) == 20
    assert sum(not trace.answers for _, trace in rows) >= 18
