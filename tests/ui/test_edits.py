"""Edits on the page: the events that ask for them, how they read, how links carry them."""

from dataclasses import replace

import gradio as gr
import pytest

from kgqa.edits import Edits, UseEntity
from kgqa.errors import DataError
from kgqa.ui import events
from kgqa.ui.handlers import SHOWN, Handlers
from kgqa.ui.service import Service
from kgqa.ui.views import edits as edits_view
from kgqa.ui.views import intersection
from tests.ui import operator_traces
from tests.ui import page_traces as traces

SPAN = {"start": 25, "end": 34}


class Request:
    headers, query_params = {"host": "h"}, {"q": traces.HANKS, "edits": '{"intersect":false}'}


@pytest.fixture
def do():
    service = Service(traces.answer, traces.CARD, neighbourhood=traces.about, search=traces.search)
    return Handlers(service)


def after(edits: Edits, **data: object) -> Edits:
    return events.edited(edits, events.parse(data))


def test_events_become_edits():
    edits = after(Edits(), action="use", **SPAN, entity="person:x")
    assert edits.use == (UseEntity(25, 34, "person:x"),)
    edits = after(edits, action="follow", **SPAN, hop=2, relation="-director")
    edits = after(edits, action="intersect", on="")
    assert not edits.intersect and len(edits.follow) == 1
    assert after(edits, action="undo", field="use", index=0).use == ()
    assert after(edits, action="undo", field="intersect", index=0).intersect
    assert after(edits, action="leave_out", **SPAN).follow == ()
    assert after(edits, action="add", start="1", end="4").add[0].end == 4
    assert after(edits, action="reset") == Edits()


def test_events_about_operators_become_edits():
    edits = after(Edits(), action="negate", **SPAN, on="1")
    assert edits == Edits().negating(*SPAN.values())
    kept = after(edits, action="negate", **SPAN, on="")
    assert kept == Edits().negating(*SPAN.values(), negated=False)
    assert after(edits, action="undo", field="negate", index=0) == Edits()
    assert after(kept, action="undo", field="keep", index=0) == Edits()
    for choice, unite in (("either", True), ("both", False), ("", None)):
        edits = after(Edits(intersect=False), action="unite", choice=choice)
        assert edits == Edits(unite=unite)
        assert after(edits, action="undo", field="unite", index=0) == Edits()
    for readout in ("count", "verify", "sum(run time)", ""):
        edits = after(Edits(), action="readout", readout=readout)
        assert edits.readout == readout and edits
        assert after(edits, action="undo", field="readout", index=0) == Edits()
    edits = after(Edits(), action="follow", **SPAN, hop=2, relation="most(run time, 2)")
    assert edits.follow[0].relation == "most(run time, 2)"


@pytest.mark.parametrize(
    "data",
    [
        {},
        None,
        [1],
        {"action": [1]},
        {"action": "use", **SPAN},
        {"action": "use", **SPAN, "entity": "x" * 400},
        {"action": "undo", "field": "__class__", "index": 0},
        {"action": "undo", "field": "use"},
        {"action": "follow", **SPAN, "hop": None, "relation": "x"},
        {"action": "nothing", **SPAN},
        {"action": "ask", "question": "x"},
        {"action": "add", "start": 0, "end": 10**12},
        {"action": "unite", "choice": "maybe"},
        {"action": "unite"},
        {"action": "readout", "readout": "x" * 400},
        {"action": "negate", "start": 0, "end": 3},
        {"action": "undo", "field": "intersect_", "index": 0},
    ],
)
def test_events_that_make_no_sense_are_refused(data):
    with pytest.raises(DataError):
        events.edited(Edits(), events.parse(data))


def test_edits_are_listed_with_a_way_back():
    edits = Edits(intersect=False).using(*SPAN.values(), "tom-hanks-seismologist")
    edits = edits.following(*SPAN.values(), 2, "director").leaving_out(0, 3).adding(4, 9)
    html = str(edits_view.render(replace(traces.hanks(), edits=edits, notes=("A note.",))))
    for words in (
        "stands for Tom Hanks, American seismologist",
        "hop 2 follows",
        "is left out",
        "takes part",
        "is off",
        "A note.",
    ):
        assert words in html
    assert html.count('data-action="undo"') == 5 and 'data-action="reset"' in html
    assert str(edits_view.render(traces.hanks())) == ""


def test_edits_of_operators_are_listed_with_a_way_back():
    edits = Edits(unite=True, readout="count").negating(*SPAN.values())
    edits = edits.following(*SPAN.values(), 2, "most(run time, 2)")
    html = str(edits_view.render(replace(traces.hanks(), edits=edits)))
    for words in (
        "What “Tom Hanks” leads to is taken away.",
        "Either path is enough.",
        "The answer is how many.",
        "hop 2 keeps the most “run time” (number 2).",
    ):
        assert words in html
    assert html.count('data-action="undo"') == 4
    edits = Edits(unite=False, readout="").negating(*SPAN.values(), negated=False)
    html = str(edits_view.render(replace(traces.hanks(), edits=edits)))
    assert "is not taken away" in html and "Every path counts." in html


def test_a_hop_offers_a_rank_where_one_means_something():
    plain = str(edits_view.relation_list(2, "Follow instead", selected="director", name="x"))
    assert 'data-action="rank"' not in plain
    html = str(edits_view.relation_list(2, "Follow instead", selected="most(area, 3)", name="x"))
    assert 'data-action="rank" data-hop="2"' in html
    assert '<option value="3" selected>third</option>' in html


def test_what_a_path_reaches_can_be_taken_away_and_kept():
    trace = operator_traces.answer(operator_traces.WITHOUT)
    kept, away = trace.branches
    html = str(edits_view.branch_controls(trace, kept))
    assert 'data-action="negate" data-on="1"' in html and "hidden" in html
    assert 'data-action="negate" data-on=""' in str(edits_view.branch_controls(trace, away))


def test_the_intersection_is_switched_and_its_last_column_named():
    assert 'aria-checked="true"' in str(intersection.render(traces.portman()))
    off = str(intersection.render(replace(traces.portman(), edits=Edits(intersect=False))))
    assert 'aria-checked="false"' in off and ">Maximum<" in off and "You switched it off" in off


def test_responding_returns_as_many_values_as_the_page_shows(do):
    asked = do.kept.keep(traces.hanks())
    for data in (
        {"action": "use", **SPAN, "entity": "x"},
        {"action": "ask_about", "entity": "x"},
        {"action": "ask", "question": traces.MONA},
        {"action": "ask_of", "question": traces.HANKS, **SPAN, "entity": "x"},
        {"action": "ask_of", "question": traces.HANKS, **SPAN},
        {"action": "ask_of", "question": traces.HANKS, "start": -5, "end": 1, "entity": "x"},
        {"action": "nonsense"},
        {},
        None,
        [1],
    ):
        assert len(do.respond(asked, gr.EventData(None, data), Request())) == SHOWN + 3
    reset = gr.EventData(None, {"action": "reset"})
    assert len(do.respond(None, reset, Request())) == SHOWN + 3
    off = gr.EventData(None, {"action": "intersect", "on": ""})
    assert do.respond(asked, off, Request())[3].edits == Edits(intersect=False)


def test_a_link_brings_its_edits(do):
    assert do.ask_if_linked(Request())[0].edits == Edits(intersect=False)


def test_programs_may_edit_too_and_hear_of_mistakes(do):
    assert do.answer(traces.PORTMAN, {"intersect": False})["edits"]["intersect"] is False
    with pytest.raises(gr.Error, match="Edits must be"):
        do.answer(traces.PORTMAN, {"bad": 1})
