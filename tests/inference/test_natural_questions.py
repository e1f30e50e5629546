"""Questions written by hand, in nobody's template: what the trained checkpoint makes of them.

``natural``: a hundred about everything. ``known``: what people are known for, roles, places. README
says how many are right, with the command that prints it; fewer must not be.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kgqa import questions

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.checkpoint


def claimed(split: str) -> tuple[int, int]:
    """(questions, how many are right), of the row of README's table that names the split."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    row = rf"\| (\d+) \| \*\*([\d.]+)\*\* \|[^\n]*--data tests/questions --split {split}`"
    total, percent = re.findall(row, text)[0]
    return int(total), round(int(total) * float(percent) / 100)


@pytest.mark.parametrize("split", ["natural", "known"])
def test_as_many_are_right_as_readme_says(pipeline, split):
    """Right is an answer first that is expected, and no answer where none is."""
    asked = questions.read(ROOT / "tests" / "questions" / f"{split}.jsonl")
    traces = pipeline.answer_many([q.question for q in asked])
    firsts = [trace.answers[0].entity.id if trace.answers else None for trace in traces]
    wrong = [
        (q.question, first)
        for q, first in zip(asked, firsts, strict=True)
        if first not in (q.answers or (None,))
    ]
    total, right = claimed(split)
    assert len(asked) == total and total - len(wrong) >= right, wrong
