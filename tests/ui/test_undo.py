"""Undo and redo: each edit is a step, and an address is found on the way."""

from __future__ import annotations

import gradio as gr
import pytest

from kgqa.edits import Edits
from kgqa.errors import DataError
from kgqa.ui import undo
from kgqa.ui.handlers import Handlers
from kgqa.ui.kept import Asked
from kgqa.ui.service import Service
from tests.ui import page_traces as traces

ONE, TWO = Edits(intersect=False), Edits(intersect=False, readout="count")
STEPS = undo.edited(undo.edited(Asked("Who?"), ONE), TWO)


def test_edits_are_undone_and_redone_one_after_another():
    assert STEPS.edits == TWO and STEPS.past == (Edits(), ONE)
    first = undo.back(undo.back(STEPS))
    assert first.edits == Edits() and first.past == () and first.future == (TWO, ONE)
    assert undo.again(undo.again(first)) == STEPS and undo.again(first).edits == ONE
    for move, end in ((undo.back, first), (undo.again, STEPS)):
        with pytest.raises(DataError, match="There is no edit to"):
            move(end)


def test_a_new_edit_ends_what_could_be_redone_and_the_same_edit_is_no_step():
    other = undo.edited(undo.back(STEPS), Edits(readout="count"))
    assert other.future == () and other.past == (Edits(), ONE)
    assert undo.edited(STEPS, TWO) is STEPS


def test_the_way_back_is_bounded():
    now = Asked("Who?")
    for i in range(undo.MOST + 20):
        now = undo.edited(now, Edits().leaving_out(0, i + 1))
    assert len(now.past) == undo.MOST and now.past[-1].leave_out[0].end == undo.MOST + 19


def test_an_address_on_the_way_is_walked_to():
    start = undo.visited(STEPS, "Who?", Edits())
    assert start.past == () and start.future == (TWO, ONE)
    assert undo.visited(start, "Who?", TWO).past == STEPS.past
    assert undo.visited(STEPS, "Who?", TWO) is STEPS


def test_an_address_elsewhere_begins_a_new_way_whose_edits_can_be_undone():
    for before in (None, STEPS):
        other = undo.visited(before, "What?", ONE)
        assert (other.question, other.edits, other.past) == ("What?", ONE, (Edits(),))
    assert undo.visited(STEPS, "What?", Edits()).past == ()


def test_the_page_undoes_redoes_and_goes_back_by_address():
    class Request:
        headers, query_params, session_hash = {"host": "h"}, {}, "s"

    def respond(before, **data):
        return do.respond(before, gr.EventData(None, data), Request())[3]

    do = Handlers(Service(traces.answer, traces.CARD))
    asked = do.kept.keep(traces.portman())
    off = respond(asked, action="intersect", on="")
    counted = respond(off, action="readout", readout="count")
    assert counted.edits == TWO and counted.past == (Edits(), ONE)
    undone = respond(counted, action="back")
    assert undone.edits == ONE and respond(undone, action="again").edits == TWO
    query = "q=" + traces.PORTMAN.replace(" ", "+")
    before = respond(counted, action="visit", query=query)
    assert before.edits == Edits() and before.future == (TWO, ONE)
    assert respond(counted, action="visit", query="tab=learn") is None  # before the first question
    assert respond(asked, action="back") == gr.skip()
    Request.query_params = {"q": traces.PORTMAN, "meet": "no"}  # the session is lost: the address
    assert respond(None, action="readout", readout="count").edits == TWO
