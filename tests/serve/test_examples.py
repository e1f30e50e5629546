"""Examples for a graph that has none: only such as are answered as they were written."""

from dataclasses import replace

import pytest

from kgqa.inference import Pipeline
from kgqa.questions import Question
from kgqa.serve import examples
from kgqa.serve.examples import right, written
from kgqa.trace import Value
from tests.ui import page_traces as traces


@pytest.fixture
def pipeline(new_checkpoint):
    return Pipeline(new_checkpoint())


def test_only_questions_that_are_answered_as_written_are_examples(pipeline, monkeypatch):
    def agree(trace, question):
        return len(question.question) % 2 == 0

    monkeypatch.setattr(examples, "right", agree)
    found = written(pipeline, most=6)
    assert len(found) == 6 and all(len(e.question) % 2 == 0 for e in found)
    assert len({e.kind for e in found}) >= 3
    monkeypatch.setattr(examples, "right", lambda trace, question: False)
    assert written(pipeline) == ()


def test_time_runs_out(pipeline):
    assert written(pipeline, patience=0.0) == ()


def test_what_is_right():
    trace = traces.answer(traces.MONA)
    id = trace.answers[0].entity.id
    assert right(trace, Question("1", "?", (id,)))
    assert not right(trace, Question("1", "?", (id, "other")))
    assert not right(trace, Question("1", "?", (), refusal="graph"))
    number = replace(trace, value=Value("number", 3.0, "", "3", 1.0))
    assert right(number, Question("1", "?", (), value=3))
    assert not right(number, Question("1", "?", (), value=4))
    assert not right(number, Question("1", "?", (id,)))
    refused = traces.nothing("not_in_graph")
    assert right(refused, Question("1", "?", (), refusal="graph"))
    assert not right(refused, Question("1", "?", (id,)))
