"""Questions written by hand, in nobody's template: what the trained checkpoint makes of them.

``natural``: a hundred about everything. ``known``: what people are known for, roles, places.
`python -m kgqa evaluate --data tests/questions --split natural` prints the scores.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from kgqa import questions

FOLDER = Path(__file__).parents[1] / "questions"
pytestmark = pytest.mark.checkpoint


@pytest.fixture(scope="module")
def answered(pipeline):
    traces = {}
    for split in ("natural", "known"):
        asked = questions.read(FOLDER / f"{split}.jsonl")
        traces[split] = list(
            zip(asked, pipeline.answer_many([q.question for q in asked]), strict=True)
        )
    return traces


@pytest.mark.parametrize(("split", "total", "least"), [("natural", 80, 75), ("known", 66, 61)])
def test_most_of_the_answerable_questions_get_a_right_first_answer(answered, split, total, least):
    rows = [(q, trace) for q, trace in answered[split] if q.answers]
    right = [bool(trace.answers) and trace.answers[0].entity.id in q.answers for q, trace in rows]
    assert len(rows) == total
    assert sum(right) >= least, [
        q.question for (q, _), ok in zip(rows, right, strict=True) if not ok
    ]


@pytest.mark.parametrize(("split", "total", "least"), [("natural", 20, 18), ("known", 10, 9)])
def test_most_of_the_unanswerable_questions_get_no_answer(answered, split, total, least):
    rows = [(q, trace) for q, trace in answered[split] if not q.answers]
    assert len(rows) == total
    assert sum(not trace.answers for _, trace in rows) >= least, [
        q.question for q, trace in rows if trace.answers
    ]
