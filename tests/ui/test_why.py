"""What the answer would be otherwise, on the page."""

from __future__ import annotations

import re
from dataclasses import replace

import gradio as gr

from kgqa.edits import Edits
from kgqa.ui.afterwards import Afterwards
from kgqa.ui.handlers import Handlers
from kgqa.ui.service import Service
from kgqa.ui.views import why
from kgqa.why import Counterfactual
from tests.ui import page_traces as traces
from tests.ui.parts import IMAGE, SCRIPT

WITHOUT = Edits().leaving_out(28, 37)
WHY = (
    Counterfactual("without “Star Wars”", "10 characters", False, WITHOUT),
    Counterfactual("without “Natalie Portman”", "Padmé Amidala", True, Edits().adding(0, 3)),
)
PORTMAN = replace(traces.portman(), why=WHY)


class Request:
    headers, query_params, session_hash = {"host": "h"}, {}, "s"


def test_each_counterfactual_is_a_button_that_makes_its_edits():
    html = str(why.render(PORTMAN, 1.0))
    assert html.count('data-action="become"') == 2 and "10 characters" in html
    assert "the same" in html and "Padmé Amidala" not in html
    assert "the whole answer" in html
    do = Handlers(Service(traces.answer, traces.CARD))
    asked = do.kept.keep(traces.portman())
    query = re.findall(r'data-query="([^"]+)"', html)[0].replace("&amp;", "&")
    event = gr.EventData(None, {"action": "become", "query": query})
    after = do.respond(asked, event, Request())[3]
    assert after.edits == WITHOUT and after.past == (Edits(),)


def test_what_is_drawn_is_a_share_in_one_sentence():
    assert "39% of the answer’s membership" in str(why.render(PORTMAN, 0.387))
    assert "drawn" not in str(why.render(PORTMAN, None))
    assert str(why.render(traces.nothing("no_mention"), None)) == ""
    assert "No other decision" in str(why.render(traces.portman(), None))  # its place stays


def test_its_place_is_kept_from_the_start_and_a_failure_leaves_the_answer():
    do = Handlers(Service(traces.answer, why=lambda t, network: replace(t, why=WHY)))
    asked = do.kept.keep(traces.portman())
    shown = do.show(traces.portman(), Request())
    assert str(why.waiting(traces.portman())) in shown
    assert "what the answer would be otherwise" in str(why.waiting(traces.portman()))
    later = Afterwards(do)
    assert "10 characters" in later.why(asked) and do.kept.get(asked).why == WHY
    assert "10 characters" in later.why(asked) and later.why(None) == gr.skip()
    do = Handlers(Service(traces.answer, why=lambda t, network: 1 / 0))
    failed = Afterwards(do).why(do.kept.keep(traces.portman()))
    assert "could not be computed" in failed and "what-if" not in failed  # its place stays


def test_hostile_conditions_are_text():
    one = Counterfactual(SCRIPT * 20, IMAGE * 20, False, Edits().using(0, 3, IMAGE))
    html = str(why.render(replace(traces.hostile(), why=(one,)), 0.5))
    assert "<img" not in html and "<script" not in html and len(html) < 5_000


def test_the_network_is_not_run_for_it_while_others_wait():
    allowed = []
    service = Service(traces.answer, why=lambda t, network: (allowed.append(network), t)[1])
    do = Handlers(service)
    for crowded in (True, False):
        Afterwards(do, lambda crowded=crowded: crowded).why(do.kept.keep(traces.portman()))
    assert allowed == [False, True]
