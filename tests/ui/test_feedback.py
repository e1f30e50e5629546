"""What visitors say of answers: checked, kept, and shown to those whose it is."""

from __future__ import annotations

import json
from types import SimpleNamespace

import gradio as gr
import pytest

from kgqa.graph.export import FORMATS
from kgqa.ui import feedback
from kgqa.ui.handlers import Handlers
from kgqa.ui.said import Verdict
from kgqa.ui.service import Service
from kgqa.ui.views import feedback as view
from tests.ui import page_traces as traces
from tests.ui.book import Book
from tests.ui.parts import IMAGE
from tests.ui.test_escape import OWN_TAGS, tags

MONA = traces.MONA


class Request:
    def __init__(self, visitor: str = "ann"):
        self.session_hash = visitor


def page(book: Book) -> tuple[feedback.Visitors, Handlers]:
    do = Handlers(Service(traces.answer, traces.CARD, feedback=book.feedback, exports=FORMATS))
    return feedback.Visitors(do, book.feedback), do


def say(visitors: feedback.Visitors, asked, visitor: str = "ann", **event):
    event = {"question": getattr(asked, "question", ""), **event}
    return visitors.say(asked, SimpleNamespace(_data=event), Request(visitor))


def test_a_verdict_is_kept_and_said(monkeypatch):
    book = Book()
    visitors, do = page(book)
    asked = do.kept.keep(traces.answer(MONA))
    strip = visitors.shown(asked, Request())
    assert strip["visible"] and "f.jsonl" in strip["value"] and "Kept:" not in strip["value"]
    strip, file = say(visitors, asked, say="right")
    assert book.verdicts == [Verdict("right")] and file == gr.skip()
    assert "Kept: this answer is right." in strip["value"]
    assert 'data-say="right" aria-pressed="true"' in strip["value"]
    strip, _ = say(visitors, asked, say="should", kind="names", entities=["paris", "louvre"])
    assert book.verdicts[-1] == Verdict("should", ("paris", "louvre"))
    assert "should be paris, louvre" in strip["value"] and "train it" in strip["value"]
    assert "Right" in strip["value"] and len(book.said) == 1
    _, file = say(visitors, asked, say="export")
    assert json.loads(file)["name"] == "train.jsonl" and json.loads(file)["text"] == "{}\n"
    strip, _ = say(visitors, asked, say="forget", id="id2")
    assert not book.said and "Kept:" not in strip["value"]


@pytest.mark.parametrize(
    ("event", "verdict"),
    [
        ({"kind": "yes"}, Verdict("should", value=True)),
        ({"kind": "no"}, Verdict("should", value=False)),
        ({"kind": "none"}, Verdict("should", none=True)),
        ({"kind": "number", "number": " 1,200.5 "}, Verdict("should", value=1200.5)),
        ({"kind": "number", "number": "-30"}, Verdict("should", value=-30.0)),
    ],
)
def test_an_answer_can_be_more_than_names(event, verdict):
    assert feedback.verdict({"say": "should", **event}) == verdict


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ({"say": "should", "kind": "names", "entities": []}, "Choose between 1 and 200"),
        ({"say": "should", "kind": "names", "entities": "paris"}, "Choose between 1 and 200"),
        ({"say": "should", "kind": "names", "entities": ["x"] * 201}, "Choose between 1 and 200"),
        ({"say": "should", "kind": "number", "number": "1,5"}, "Type a number"),
        ({"say": "should", "kind": "number", "number": "nan"}, "Type a number"),
        ({"say": "should", "kind": "number", "number": "9" * 400}, "Type a number"),
        ({"say": "should", "kind": ["x"]}, "does not know this action"),
        ({"say": {}}, "does not know this action"),
        ({"say": "right", "question": "another"}, "shows another answer by now"),
    ],
)
def test_what_cannot_be_kept_is_a_sentence(event, words):
    book = Book()
    visitors, do = page(book)
    strip, file = say(visitors, do.kept.keep(traces.answer(MONA)), **event)
    assert words in strip["value"] and not book.said and file == gr.skip()


def test_hostile_questions_answers_and_problems_stay_text():
    book = Book()
    visitors, do = page(book)
    asked = do.kept.keep(traces.hostile())
    strip, _ = say(visitors, asked, say="right")
    assert tags(strip["value"]) <= OWN_TAGS and "&lt;img" in strip["value"]
    book.problem = IMAGE
    strip, _ = say(visitors, asked, say="wrong")
    assert tags(strip["value"]) <= OWN_TAGS and "&lt;img" in strip["value"]


def test_on_a_page_for_several_nobody_sees_or_changes_what_others_said():
    book = Book(alone=False)
    visitors, do = page(book)
    asked = do.kept.keep(traces.answer(MONA))
    say(visitors, asked, "ann", say="right")
    strip, _ = say(visitors, asked, "bob", say="wrong")
    assert [s.said for s in book.said] == ["right", "wrong"]
    assert "of 1 answer" in strip["value"] and "f.jsonl" not in strip["value"]
    assert "train it" not in strip["value"]
    say(visitors, asked, "bob", say="forget", id="id1")
    assert [s.id for s in book.said] == ["id1", "id2"]
    strip, file = say(visitors, asked, "bob", say="export")
    assert file == gr.skip() and "does not know this action" in strip["value"]
    say(visitors, asked, "bob", say="right")
    assert [s.id for s in book.said] == ["id1", "id3"]
    assert "Kept:" not in visitors.shown(asked, Request("carol"))["value"]


def test_nothing_is_asked_before_an_answer_or_of_a_graph_that_a_visitor_brought():
    visitors, do = page(Book())
    assert visitors.shown(None, Request())["visible"] is False
    assert say(visitors, None, say="right")[0]["visible"] is False
    asked = do.kept.keep(traces.answer(""))
    assert visitors.shown(asked, Request())["visible"] is False
    do.rooms.enter("ann", Service(traces.answer, traces.CARD))
    asked = do.kept.keep(traces.answer(MONA))
    assert visitors.shown(asked, Request("ann"))["visible"] is False
    assert visitors.shown(asked, Request("bob"))["visible"] is True


@pytest.mark.parametrize("ending", FORMATS)
def test_the_facts_of_an_answer_are_saved_in_each_format(ending):
    _, do = page(Book())
    asked = do.kept.keep(traces.answer(MONA))
    file = json.loads(do.facts(ending)(asked, Request()))
    assert file["name"] == f"facts{ending}" and "Mona Lisa" in file["text"]
    assert file["text"] == FORMATS[ending](traces.answer(MONA).facts)
    assert do.facts(ending)(None, Request()) == gr.skip()


def test_a_path_below_the_home_folder_names_nobody(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert view._at_home(str(tmp_path / ".kgqa" / "a.jsonl")) == "~/.kgqa/a.jsonl"
    assert view._at_home("/srv/said.jsonl") == "/srv/said.jsonl"
