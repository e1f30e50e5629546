"""Whatever is typed has an outcome."""

from __future__ import annotations

import json

import pytest

from kgqa.inference.pipeline import MAX_CHARACTERS, clean
from kgqa.linking import Linker
from kgqa.trace import OUTCOMES, Trace

# -- anything may be typed -------------------------------------------------------------------------

BAD = [
    *"? ... 🎬🎥 東京はどこ भारत Ω -1 nan \x00 a\x00b \u202e\u200f \ud800".split(" "),
    *("", "   ", "\n\t\r", "كم عمر", "e\u0301" * 100, "x" * 20_000),
    *("' OR 1=1 --", "<script>alert(1)</script>", "{0} %s $(ls)"),
    *("Tom Hanks" * 60, "Tom Hanks " * 40, " " * 20_000 + "Tom Hanks", "😀Tom Hanks😀"),
    *("TOM HANKS", "tom   hanks", "Tom\nHanks", "Star Wars Paris Tom Hanks Sully Louvre " * 12),
    *(None, 42, 3.5, b"Paris", ["Paris"]),
]


@pytest.mark.parametrize("question", BAD, ids=[repr(q)[:24] for q in BAD])
def test_whatever_is_typed_has_an_outcome_and_the_next_question_works(tiny, question):
    trace = tiny.answer(question)
    assert isinstance(trace, Trace) and trace.outcome in OUTCOMES
    assert trace.message == OUTCOMES[trace.outcome]
    assert (trace.outcome == "answered") == bool(trace.answers)
    json.dumps(trace.to_dict(), allow_nan=False).encode("utf-8")
    assert any(m.text == "Louvre" for m in tiny.answer("Where is the Louvre?").mentions)


@pytest.mark.parametrize(
    ("question", "outcome"),
    [
        ("", "empty_question"),
        (" \n ", "empty_question"),
        (None, "empty_question"),
        ("\x00\x07", "empty_question"),
        ("\ud800", "empty_question"),
        ("?!", "no_mention"),
        ("hello there", "no_mention"),
        ("🎬", "no_mention"),
        ("x" * 501, "too_long"),
        ("Paris " * 100, "too_long"),
    ],
)
def test_questions_that_need_no_model(tiny, question, outcome):
    trace = tiny.answer(question)
    assert (trace.outcome, trace.answers, trace.branches) == (outcome, (), ())
    assert set(trace.timings) == {"link", "encode", "hops", "trace", "total"}
    assert trace.graph == tiny.graph.fingerprint and trace.model == "tiny" and trace.version


def test_the_limit_is_500_characters_after_cleaning(tiny):
    assert tiny.answer("Paris" + "?" * (MAX_CHARACTERS - 5)).outcome != "too_long"
    assert tiny.answer("  Paris" + " " * 600).outcome != "too_long"
    assert tiny.answer("Paris" + "?" * (MAX_CHARACTERS - 4)).outcome == "too_long"


def test_cleaning_makes_one_printable_line():
    assert clean("  Tom\n\tHanks\x00 ") == "Tom Hanks"
    assert clean("a\u202eb") == "a b"
    assert clean("\ud800Paris") == "Paris"
    assert clean("👩\u200d🎤") == "👩\u200d🎤"  # joined emoji stay joined


@pytest.mark.parametrize("mark", ["\u200b", "\u200c", "\u2060", "\ufeff", "\u00ad", "\u200d"])
def test_a_character_without_width_does_not_hide_a_name(tiny, mark):
    trace = tiny.answer(f"{mark}Who directed Sul{mark}ly{mark}?")
    assert [m.candidates[0].entity.label for m in trace.mentions] == ["Sully"]
    assert mark == "\u200d" or trace.question == "Who directed Sully?"


@pytest.mark.parametrize("mark", ["\u200b", "\u00ad", "\ufeff"])
def test_a_label_with_a_character_without_width_is_found(builder, mark):
    film = builder.entity("film", f"Dun{mark}kirk", title=True)
    builder.triple(film, "release year", builder.find("year:2016"))
    assert Linker(builder.build())("When was Dunkirk made?").proposals[0].entities == (film,)


@pytest.mark.checkpoint
@pytest.mark.parametrize("question", BAD, ids=[repr(q)[:24] for q in BAD])
def test_the_trained_model_stands_any_input(pipeline, question):
    assert pipeline.answer(question).outcome in OUTCOMES
