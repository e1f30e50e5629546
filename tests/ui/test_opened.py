"""A saved trace is shown again, says what it is, and never stands for what the model answers."""

from __future__ import annotations

import json
from dataclasses import replace

import gradio as gr
import pytest

from kgqa.edits import Edits
from kgqa.errors import DataError
from kgqa.ui import kept
from kgqa.ui.afterwards import Afterwards
from kgqa.ui.handlers import SHOWN, Handlers
from kgqa.ui.kept import Asked
from kgqa.ui.opened import Opened
from kgqa.ui.service import Service
from kgqa.ui.views import saved_trace
from tests.ui import page_traces as traces
from tests.ui.parts import HOSTILE

OTHER = replace(traces.portman(), message="Another one.", model="other <b>", why=())


class Request:
    headers, query_params, session_hash = {"host": "h"}, {}, "s"


@pytest.fixture
def do():
    return Handlers(Service(traces.answer, traces.CARD, check=lambda trace: "other graph"))


def take(do: Handlers, text: object):
    return Opened(do).take(gr.EventData(None, {"text": text}), Request())


def opened(do: Handlers, trace) -> tuple[Asked, list]:
    """What is asked then, and the HTML of all parts of the page."""
    _, _, told, asked, *rest = take(do, json.dumps(trace.to_dict()))
    assert json.loads(told)["problem"] == ""
    return asked, [str(r.get("value", "")) if isinstance(r, dict) else str(r) for r in rest]


def test_answer_and_steps_are_those_of_the_file(do):
    asked, shown = opened(do, traces.portman())
    page = "".join(shown)
    for part in ("Padmé Amidala", "The names in the question", "What the paths have in common"):
        assert part in page
    assert "A saved trace, shown as it was saved" in page and "another graph" in page
    _, in_words, drawing = shown[-3:]
    assert "Padmé Amidala" in drawing and "Natalie Portman" in in_words
    assert do.as_json(asked, Request())["question"] == traces.PORTMAN


def test_it_is_the_visitors_alone_and_an_edit_asks_the_model(do):
    own = do.kept.keep(traces.portman())
    asked, _ = opened(do, OTHER)
    assert asked != own and asked.saved and do.kept.get(own).model != OTHER.model
    assert do.kept.get(asked).model == OTHER.model
    event = gr.EventData(None, {"action": "intersect", "on": False})
    after = do.respond(asked, event, Request())[3]
    assert after == Asked(traces.PORTMAN, Edits(intersect=False)) and not after.saved


def test_neither_a_link_nor_offers_nor_feedback_come_with_it(do):
    asked, shown = opened(do, OTHER)
    bar = next(json.loads(text) for text in shown if text.startswith('{"query"'))
    assert bar["link"] == "" and bar["query"]
    later = Afterwards(do)
    assert later.further(asked, None, Request()) == ("", None)
    assert "no counterfactuals" in later.why(asked, Request())


def test_what_is_wrong_is_said_and_nothing_changes(do):
    for text in ("{", 7, None, "x" * 10**6, json.dumps({"question": "Who?"})):
        tab, box, told, *rest = take(do, text)
        assert json.loads(told)["problem"] and len(rest) == SHOWN
        assert all(value == gr.skip() for value in (tab, box, *rest))


def test_a_view_that_fails_is_a_sentence(do, monkeypatch):
    monkeypatch.setattr(saved_trace, "render", lambda *_: 1 / 0)
    monkeypatch.setattr(do, "show", lambda *_: 1 / 0)
    told = take(do, json.dumps(traces.portman().to_dict()))[2]
    assert "do not fit together" in json.loads(told)["problem"]


def test_hostile_labels_are_text(do):
    _, shown = opened(do, replace(traces.hostile(), version=HOSTILE))
    page = "".join(shown[:-1])  # the drawing, which is the last, is data, and is drawn as text
    assert "<script" not in page and "<img" not in page and "<b>kind" not in page


def test_what_holds_is_said():
    for holds, words in (("same", "give the same answer"), ("differs", "do not give this answer")):
        assert words in str(saved_trace.render(OTHER, traces.CARD, holds))
    html = str(saved_trace.render(OTHER, traces.CARD, "not checked"))
    assert "other &lt;b&gt;" in html and "was not checked" in html


def test_one_that_had_to_make_room_is_not_answered_by_another(do, monkeypatch):
    asked, _ = opened(do, OTHER)
    monkeypatch.setattr(kept, "TRACES", 1)
    do.kept.keep(traces.mona_lisa())
    with pytest.raises(DataError, match="open its file again"):
        do.kept.get(asked)
