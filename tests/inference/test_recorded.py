"""The committed checkpoint answers as it did when its traces were recorded (see recorder.py)."""

from __future__ import annotations

import pytest

from kgqa.edits import Edits
from tests.inference.recorder import essence, read

ROWS = read()


def near(value):
    """Recorded values, numbers to five digits."""
    if isinstance(value, float):
        return pytest.approx(value, abs=1e-5)
    if isinstance(value, dict):
        return {k: near(v) for k, v in value.items()}
    return [near(v) for v in value] if isinstance(value, list) else value


@pytest.mark.checkpoint
@pytest.mark.parametrize("group", sorted({row["group"] for row in ROWS}))
def test_recorded_traces_come_out_the_same(pipeline, group):
    for row in ROWS:
        if row["group"] == group:
            trace = pipeline.answer(row["question"], edits=Edits.read(row["edits"]))
            assert essence(trace) == near(row["trace"]), (row["question"], row["edits"])


def test_the_recording_has_a_hundred_questions_of_every_group():
    groups = {row["group"] for row in ROWS}
    assert groups == {"dev", "written by hand", "edits", "bad input"} and len(ROWS) == 100
