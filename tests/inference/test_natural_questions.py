"""Questions written by hand, in nobody's template: what the trained checkpoint makes of them.

``natural``: a hundred about everything. ``known``: what people are known for, roles, places.
``operators``: counts, extremes, ranges and the like, and what cannot be answered. ``whether``:
yes or no, of names that are joined by another relation than the one asked for. README says how
many are right, with the command that prints it; fewer must not be.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kgqa import questions
from kgqa.trace import Trace

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.checkpoint


def claimed(split: str) -> tuple[int, int]:
    """(questions, how many are right), of the row of README's table that names the split."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    row = rf"\| (\d+) \| \*\*([\d.]+)\*\* \|[^\n]*--data tests/questions --split {split}`"
    total, percent = re.findall(row, text)[0]
    return int(total), round(int(total) * float(percent) / 100)


def first_of(trace: Trace) -> str | float | bool | None:
    """The first answer: an entity's id, a number, or yes or no."""
    if trace.value is not None:
        number = trace.value.number
        return bool(number) if trace.value.kind == "yes_no" else number
    return trace.answers[0].entity.id if trace.answers else None


@pytest.mark.parametrize("split", ["natural", "known", "operators", "whether"])
def test_as_many_are_right_as_readme_says(pipeline, float32, split):
    """Right is the number or yes or no that is expected, or an answer first that is; or none.

    In float32: processors with bfloat16 round differently.
    """
    asked = questions.read(ROOT / "tests" / "questions" / f"{split}.jsonl")
    traces = pipeline.answer_many([q.question for q in asked])
    said = [first_of(trace) for trace in traces]
    wrong = [
        (q.question, first)
        for q, first in zip(asked, said, strict=True)
        if first not in ((q.value,) if q.value is not None else q.answers or (None,))
    ]
    total, right = claimed(split)
    assert len(asked) == total and total - len(wrong) >= right, wrong


def test_all_who_wrote_a_film_with_tom_hanks_are_named(pipeline, float32):
    """Not only who wrote most of them, which the first answer would not show."""
    graph = pipeline.graph
    (hanks,) = (e for e in graph["Tom Hanks"] if e.id == "person:Tom Hanks")
    acted, wrote = (graph.relation_index[r] for r in ("-cast member", "screenwriter"))
    films = graph.tails(graph.find(hanks.id), acted).tolist()
    writers = {graph.entity(w).id for film in films for w in graph.tails(film, wrote).tolist()}
    found = {a.entity.id for a in pipeline.answer("Who wrote films starring Tom Hanks?").answers}
    assert found == writers and len(writers) > 50
