"""Bringing a graph: what the page then says, what goes wrong, and what others see."""

import json
from types import SimpleNamespace

import gradio as gr
import pytest

from kgqa.errors import GraphError
from kgqa.ui.guard.arrivals import Arrivals, File
from kgqa.ui.guard.rules import Uploads as Taken
from kgqa.ui.handlers import SHOWN, Handlers
from kgqa.ui.service import Card, Example, Service, Uploads
from kgqa.ui.visitors import Visitors
from tests.ui import page_traces as traces
from tests.ui.parts import IMAGE, SCRIPT

FIRM = Card(
    graph=f"firm {IMAGE}",
    entities=7,
    triples=9,
    kinds=("supplier", SCRIPT),
    read=(f"a.csv: {SCRIPT}",),
    notes=(f"2 header rows ({IMAGE})",),
    examples=(Example(f"Who supplies {IMAGE}?", "one hop"),),
    unseen=True,
    visitors=True,
)
CHIPS = 12


class Request:
    headers, query_params, client = {"host": "h"}, {}, SimpleNamespace(host="10.0.0.1")

    def __init__(self, visitor: str):
        self.session_hash = visitor


def opened(files) -> Service:
    ((name, content),) = files
    if content == b"broken":
        raise GraphError(f"{name} is broken {IMAGE}")
    if content == b"bug":
        raise RuntimeError("a secret of the server")
    return Service(traces.answer, FIRM)


@pytest.fixture
def visitors() -> Visitors:
    do = Handlers(Service(traces.answer, traces.CARD))
    arrivals = Arrivals(Taken(size=100, files=1))
    return Visitors(do, Uploads(opened, 100, 10), arrivals, CHIPS)


def take(visitors: Visitors, content: bytes, visitor: str = "ann") -> tuple:
    visitors.arrivals.put("t" * 36, (File("a.csv", content),))
    event = SimpleNamespace(_data={"token": "t" * 36})
    return visitors.take(event, Request(visitor))


def test_the_page_is_then_about_that_graph_for_this_visitor(visitors):
    report, back, *values = take(visitors, b"x")
    assert "a.csv" in report and "header rows" in report and "not trained" in report
    assert back["visible"] and len(values) == 12 + CHIPS + SHOWN + 2
    page = report + "".join(values[:5])  # what is HTML; the rest is text and data
    assert "<img" not in page and "<script" not in page and "film" not in page.lower()
    assert values[8]["visible"] is False  # the toy graph has the page's relations
    do = visitors.do
    assert do.room(Request("ann")).service.card == FIRM
    assert do.room(Request("bob")).service.card == traces.CARD
    shown = do.show(traces.answer(traces.MONA), Request("ann"))
    assert "not trained on this graph" in shown[2]
    place = json.loads(shown[8])
    assert place["link"] == "" == shown[11]  # no link or code leads to this graph
    assert place["query"].endswith("&graph=yours")  # and no question of it to another
    report, back, *values = visitors.back(Request("ann"))
    assert report == "" and not back["visible"] and "84,211" in values[0]
    assert do.room(Request("ann")).service.card == traces.CARD


@pytest.mark.parametrize(
    "content, words", [(b"broken", "a.csv is broken"), (b"bug", "has been noted")]
)
def test_files_that_cannot_be_opened_are_a_sentence(visitors, content, words, caplog):
    report, *rest = take(visitors, content)
    assert words in report and "<img" not in report and "secret" not in report
    assert all(value == gr.skip() for value in rest)
    assert len(rest) == len(visitors.back(Request("ann"))) - 1
    assert visitors.do.room(Request("ann")).service.card == traces.CARD


@pytest.mark.parametrize("data", [None, {}, {"token": "unknown" * 5}, {"token": ["x"]}])
def test_a_token_that_nobody_sent_files_under_opens_nothing(visitors, data):
    report, *_ = visitors.take(SimpleNamespace(_data=data), Request("ann"))
    assert "bring them again" in report


def test_a_graph_that_is_gone_is_said_to_be_gone(visitors):
    take(visitors, b"x")
    visitors.do.rooms._close("ann")
    with pytest.raises(gr.Error, match="no longer here"):
        next(visitors.do.ask("Who?", Request("ann")))


def test_a_page_that_is_loaded_again_is_about_the_same_graph(visitors):
    take(visitors, b"x")
    key = visitors.do.room(Request("ann")).key
    wrong = visitors.take(SimpleNamespace(_data={"room": "k" * 32}), Request("bob"))
    assert "no longer here" in wrong[0] and visitors.do.room(Request("bob")).service.card != FIRM
    report, back, *values = visitors.take(SimpleNamespace(_data={"room": key}), Request("ann2"))
    assert "a.csv" in report and back["visible"] and len(values) == 12 + CHIPS + SHOWN + 2
    assert visitors.do.room(Request("ann2")).service.card == FIRM
    place = json.loads(next(v for v in values if isinstance(v, str) and '"room"' in v))
    assert place["room"] == key and place["how"] == "replace"
