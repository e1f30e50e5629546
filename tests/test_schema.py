"""The schema of a trace is written from its types, and real traces keep to it."""

from __future__ import annotations

import jsonschema
import pytest

from kgqa.edits import Edits
from kgqa.schema import FILE, text, trace_schema
from tests.script import hanks, mona_lisa, padme
from tests.toy import HANKS, PADME

AT = HANKS.index("Tom"), HANKS.index("Tom") + len("Tom Hanks")
EDITS = Edits().using(*AT, "person:Tom Hanks (theology)").following(*AT, 1, "-cast member")


def test_the_shipped_schema_is_that_of_the_types():
    again = "kgqa schema > kgqa/trace.schema.json"
    assert FILE.read_text(encoding="utf-8") == text(), f"write it again: {again}"


@pytest.mark.parametrize("script_of", [mona_lisa, hanks, padme])
def test_a_scripted_trace_keeps_to_it(script, trace_of, script_of):
    jsonschema.validate(trace_of(script_of(script)).to_dict(), trace_schema())


@pytest.mark.parametrize("question", ["", "?!", "x" * 600, "Is Paris nice?"])
def test_every_outcome_keeps_to_it(tiny, question):
    jsonschema.validate(tiny.answer(question).to_dict(), trace_schema())


def test_edits_and_stages_keep_to_it(tiny):
    for trace in tiny.stages(HANKS, edits=EDITS):
        jsonschema.validate(trace.to_dict(), trace_schema())
    assert trace.to_dict()["edits"]["use"] == [
        {"start": AT[0], "end": AT[1], "entity": "person:Tom Hanks (theology)"}
    ]


@pytest.mark.checkpoint
def test_real_traces_keep_to_it(pipeline):
    questions = [HANKS, PADME, "What city is the Mona Lisa in?", "comedies by Woody Allen in 1975"]
    for trace in pipeline.answer_many(questions):
        jsonschema.validate(trace.to_dict(), trace_schema())


def test_what_is_not_a_trace_is_refused(tiny):
    trace = tiny.answer(HANKS).to_dict()
    for broken in (
        {**trace, "outcome": 3},
        {**trace, "colour": "red"},
        {**trace, "answers": [{"label": "Jaws"}]},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, trace_schema())
