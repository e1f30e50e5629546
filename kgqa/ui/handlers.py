"""What happens on each event: functions from what a visitor did to what the page then shows.

They keep nothing: the trace of a question travels in the visitor's ``gr.State`` and in what an event returns.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import gradio as gr

from kgqa.edits import Edits
from kgqa.errors import DataError
from kgqa.trace import STAGES, Trace
from kgqa.ui import link
from kgqa.ui.drawing import ask_about, network, select
from kgqa.ui.drawing.canvas import pack
from kgqa.ui.html.escape import clean
from kgqa.ui.service import Service
from kgqa.ui.tabs import learn, toy
from kgqa.ui.views import answer as answer_view
from kgqa.ui.views import candidates, hops, intersection, outline, snippets
from kgqa.ui.views import edits as act
from kgqa.ui.views import question as question_view

#: The views in the order of the page; the answer comes first, then what was changed by hand.
VIEWS = (answer_view, act, question_view, candidates, hops, intersection)
ABOVE = 2  #: how many of them stand above the steps
SHOWN = len(VIEWS) + 8  #: number of values that a new trace changes, the trace among them
TABS = ("explore", "learn", "about")
READABLE = 100  #: answers in the JSON panel; the file has all

log = logging.getLogger(__name__)


class Handlers:
    """The events of the page around one service."""

    def __init__(self, service: Service):
        self.service = service

    def ask(self, question: str | None) -> Iterator[tuple[Any, ...]]:
        """What is known of the answer as it is computed, in the first views; in the end also the trace, for :meth:`shown`.

        The whole answer is left to a second event, because gradio sends the last values of a generator twice, and what comes
        close upon another not always: every tuple has to stand for itself, and the last to be small.
        """
        views: tuple[Any, ...] = tuple(gr.skip() for _ in range(SHOWN - 1))
        for trace in self.service.ask_in_stages(clean(question or "")):
            done = trace.outcome not in STAGES
            views = views if done else self.partly(trace)
            yield (trace if done else gr.skip()), *views

    def partly(self, trace: Trace) -> tuple[Any, ...]:
        """What a trace has so far; the graph and the link stay as they are until the answer is there."""
        views = [
            gr.update(value=html, visible=bool(html))
            for html in (str(view.render(trace)) for view in VIEWS)
        ]
        shown = (gr.update(visible=False), *views, gr.update(visible=bool(trace.mentions)))
        return *shown, *(gr.skip() for _ in range(SHOWN - 1 - len(shown)))

    def shown(self, trace: Trace | None, request: gr.Request) -> tuple[Any, ...]:
        """The answer to the question that was asked: the views, and which parts of the page there are to show."""
        return (
            tuple(gr.skip() for _ in range(SHOWN)) if trace is None else self.show(trace, request)
        )

    def show(self, trace: Trace, request: gr.Request) -> tuple[Any, ...]:
        """Everything that a new trace changes on the page."""
        views = [str(view.render(trace)) for view in VIEWS]
        address = link.share(trace.question, request.headers, trace.edits)
        return (
            trace,
            gr.update(visible=False),  # the welcome
            *(gr.update(value=html, visible=bool(html)) for html in views),
            gr.update(visible=any(views[ABOVE:])),  # the steps
            gr.update(visible=bool(trace.branches)),  # the graph
            gr.update(value=address, visible=bool(address)),
            gr.update(
                visible=True, open=False
            ),  # the trace as JSON, closed and empty until it is opened
            None,
            str(snippets.render(trace, link.server(request.headers))),
        )

    def act(self, trace: Trace | None, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        """A change by hand, or a question about a node: (the tab, the box, a sign that it is done, what ``ask`` returns)."""
        wish = event._data if isinstance(event._data, dict) else {}
        done, explore = str(time.monotonic_ns()), gr.update(selected=TABS[0])
        try:
            if wish.get("do") == "ask":
                found = self.service.about(str(wish.get("id", ""))[:300])
                if found is not None:
                    question, edits = ask_about.question(found)
                    return (
                        explore,
                        question,
                        done,
                        *self.show(self.service.ask(question, edits), request),
                    )
            elif wish.get("do") == "try":
                question = clean(str(wish.get("question", ""))[:500])
                return explore, question, done, *self.show(self.service.ask(question), request)
            elif trace is not None and trace.question:
                edits = act.changed(trace.edits, wish)
                return (
                    gr.skip(),
                    gr.skip(),
                    done,
                    *self.show(self.service.ask(trace.question, edits), request),
                )
        except DataError as error:
            gr.Warning(str(error))
        return gr.skip(), gr.skip(), done, *(gr.skip() for _ in range(SHOWN))

    def linked(self, request: gr.Request) -> tuple[str, Any]:
        """The question in the page's address, and the tab that it names."""
        tab = str(request.query_params.get("tab") or "")
        return clean(link.asked(request.query_params)), gr.update(
            selected=tab
        ) if tab in TABS else gr.skip()

    def lesson(self) -> str:
        """The Learn tab, asked anew."""
        return str(learn.render(self.service))

    def toy(self, question: str | None) -> str:
        """An answer over the toy graph with every number."""
        relations = {
            r["label"]: r["id"]
            for r in self.service.card.get("relations", ())
            if not r["id"].startswith("-")
        }
        return str(
            toy.render(self.service.toy(clean(question or "")), self.service.toy_facts, relations)
        )

    def ask_if_linked(self, question: str | None, request: gr.Request) -> tuple[Any, ...]:
        """Ask the question of the address with the edits of the address, if it has one."""
        if not question:
            return tuple(gr.skip() for _ in range(SHOWN))
        try:
            return self.show(
                self.service.ask(clean(question), link.changed(request.query_params)), request
            )
        except DataError as error:
            trace = self.service.ask(clean(question))
            return self.show(
                replace(
                    trace, notes=(*trace.notes, f"The edits in the link are not readable. {error}")
                ),
                request,
            )

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
            return (
                None,
                '<p class="quiet">This graph could not be drawn; the answer is not affected.</p>',
                "",
            )

    def export(self, trace: Trace | None) -> Any:
        """The graph as one HTML file, for the saver."""
        if trace is None:
            return gr.skip()
        text = network.standalone(trace, select.select(trace))
        return pack(
            {"name": "graph.html", "type": "text/html", "text": text, "nonce": time.time_ns()}
        )

    def as_json(self, trace: Trace | None) -> dict | None:
        """The trace as the documented JSON object, for reading: of very many answers, the first."""
        return replace(trace, answers=trace.answers[:READABLE]).to_dict() if trace else None

    def save_json(self, trace: Trace | None) -> Any:
        """The whole trace as a file, for the saver."""
        if trace is None:
            return gr.skip()
        text = json.dumps(trace.to_dict(), ensure_ascii=False, indent=1)
        return pack(
            {
                "name": "trace.json",
                "type": "application/json",
                "text": text,
                "nonce": time.time_ns(),
            }
        )

    def answer(self, question: str, edits: dict | None = None) -> dict:
        """Answer a question over the knowledge graph and show how.

        Args:
            question: a question in English, at most 500 characters
            edits: what to decide by hand instead of the model, as in the "edits" of a trace; optional
        Returns:
            the trace: outcome, message, answers with paths, mentions, branches, intersection, timings, edits
        """
        try:
            wanted = Edits.read(edits)
        except DataError as error:
            raise gr.Error(str(error), print_exception=False) from None
        return self.service.ask(clean(question or "")[:2_100], wanted).to_dict()
