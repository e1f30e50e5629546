"""What happens on each event: functions from what a visitor did to what the page then shows.

They keep nothing: the trace of a question travels in the visitor's ``gr.State`` and in what an event returns.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import gradio as gr

from kgqa.datatypes import Trace
from kgqa.ui import answer as answer_view
from kgqa.ui import candidates, hops, intersection, link, network, outline, select
from kgqa.ui import question as question_view
from kgqa.ui.canvas import pack
from kgqa.ui.escape import clean

#: The views in the order of the page; the answer comes first.
VIEWS = (answer_view, question_view, candidates, hops, intersection)
SHOWN = len(VIEWS) + 7  #: number of outputs of ``ask``
READABLE = 100  #: answers in the JSON panel; the file has all

log = logging.getLogger(__name__)


class Handlers:
    """The events of the page around one answering function."""

    def __init__(self, answer: Callable[[str], Trace]):
        self.answer = answer

    def ask(self, question: str | None, request: gr.Request) -> tuple[Any, ...]:
        """The trace, the views, and which parts of the page there are to show."""
        trace = self.answer(clean(question or ""))
        views = [str(view.render(trace)) for view in VIEWS]
        address = link.share(trace.question, request.headers)
        return (
            trace,
            gr.update(visible=False),  # the welcome
            *(gr.update(value=html, visible=bool(html)) for html in views),
            gr.update(visible=any(views[1:])),  # the steps
            gr.update(visible=bool(trace.branches)),  # the graph
            gr.update(value=address, visible=bool(address)),
            gr.update(visible=True, open=False),  # the trace as JSON, closed and empty until it is opened
            None,
        )

    def linked(self, request: gr.Request) -> str:
        """The question in the page's address."""
        return clean(link.asked(request.query_params))

    def ask_if_linked(self, question: str | None, request: gr.Request) -> Any:
        """Ask the question of the address, if it has one."""
        return self.ask(question, request) if question else tuple(gr.skip() for _ in range(SHOWN))

    def draw(self, trace: Trace | None) -> tuple[Any, ...]:
        """The graph, its legend, and the same in words. Whatever happens here, the answer stands."""
        if trace is None:
            return gr.skip(), gr.skip(), gr.skip()
        try:
            chosen = select.select(trace)
            return (
                pack(network.drawing(trace, chosen)),
                str(outline.legend(trace, chosen)),
                str(outline.in_words(trace, chosen)),
            )
        except Exception:
            log.exception("The graph of a trace could not be drawn")
            return None, '<p class="quiet">This graph could not be drawn; the answer is not affected.</p>', ""

    def export(self, trace: Trace | None) -> Any:
        """The graph as one HTML file, for the saver."""
        if trace is None:
            return gr.skip()
        text = network.standalone(trace, select.select(trace))
        return pack({"name": "graph.html", "type": "text/html", "text": text, "nonce": time.time_ns()})

    def as_json(self, trace: Trace | None) -> dict | None:
        """The trace as the documented JSON object, for reading: of very many answers, the first."""
        return replace(trace, answers=trace.answers[:READABLE]).to_dict() if trace else None

    def save_json(self, trace: Trace | None) -> Any:
        """The whole trace as a file, for the saver."""
        if trace is None:
            return gr.skip()
        text = json.dumps(trace.to_dict(), ensure_ascii=False, indent=1)
        return pack({"name": "trace.json", "type": "application/json", "text": text, "nonce": time.time_ns()})

    def api(self, question: str) -> dict:
        """Answer a question over the knowledge graph.

        Args:
            question: a question in English, at most 500 characters
        Returns:
            the trace: outcome, message, answers with paths, mentions, branches, intersection, timings
        """
        return self.answer(clean(question or "")).to_dict()
