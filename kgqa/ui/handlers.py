"""What happens on each event: from what a visitor did to what the page then shows.

What a visitor asked last is in the visitor's ``gr.State``; :mod:`kgqa.ui.kept` has its trace.
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
from kgqa.ui import events, link
from kgqa.ui.drawing import ask_about, network, select
from kgqa.ui.drawing.canvas import pack
from kgqa.ui.html.escape import clean
from kgqa.ui.kept import Asked, Kept
from kgqa.ui.service import Service
from kgqa.ui.tabs import learn, toy
from kgqa.ui.views import answer, candidates, edits, hops, intersection, outline, question, snippets

#: The views in the order of the page: first the answer and the visitor's edits, then the steps.
VIEWS = (answer, edits, question, candidates, hops, intersection)
ABOVE = 2  #: how many of them stand above the steps
SHOWN = len(VIEWS) + 8  #: number of values that a new trace changes, the trace among them
TABS = ("explore", "learn", "about")
READABLE = 100  #: answers in the JSON panel; the file has all
GONE = "The server no longer knows this page's question. Please ask it again."

log = logging.getLogger(__name__)
Values = tuple[Any, ...]  #: one for each component that an event changes


def _skip(count: int) -> Values:
    """Leave this many components as they are."""
    return tuple(gr.skip() for _ in range(count))


class Handlers:
    """The events of the page around one service."""

    def __init__(self, service: Service):
        self.service, self.kept = service, Kept(service.ask)

    def ask(self, asked: str | None) -> Iterator[Values]:
        """Show what is known as it is computed; at the end, keep the trace for :meth:`shown`.

        The answer itself is left to a second event: gradio sends the last values of a generator
        twice, and may drop values that follow closely. So each tuple stands for itself, and the
        last is small.
        """
        views = _skip(SHOWN - 1)
        for trace in self.service.ask_in_stages(clean(asked or "")):
            done = trace.outcome not in STAGES
            views = views if done else self._partly(trace)
            yield (self.kept.keep(trace) if done else gr.skip()), *views

    def _partly(self, trace: Trace) -> Values:
        """What a trace has so far; the graph and the link stay as they are until the answer."""
        shown = (
            gr.update(visible=False),
            *_updates(trace),
            gr.update(visible=bool(trace.mentions)),
        )
        return *shown, *_skip(SHOWN - 1 - len(shown))

    def shown(self, asked: Asked | None, request: gr.Request) -> Values:
        """The answer to the question that was asked."""
        return _skip(SHOWN) if asked is None else self.show(self.kept.get(asked), request)

    def show(self, trace: Trace, request: gr.Request) -> Values:
        """Everything that a new trace changes on the page."""
        views = _updates(trace)
        address = link.share(trace.question, request.headers, trace.edits)
        return (
            self.kept.keep(trace),
            gr.update(visible=False),  # the welcome
            *views,
            gr.update(visible=any(view["visible"] for view in views[ABOVE:])),  # the steps
            gr.update(visible=bool(trace.branches)),  # the graph
            gr.update(value=address, visible=bool(address)),
            gr.update(visible=True, open=False),  # the trace as JSON: empty until it is opened
            None,
            str(snippets.render(trace, link.server(request.headers))),
        )

    def respond(self, before: Asked | None, data: gr.EventData, request: gr.Request) -> Values:
        """An edit, or a question that a control asks: (tab, box, done, what ``show`` returns)."""
        done, stay = str(time.monotonic_ns()), _skip(2)
        try:
            event = events.parse(data._data)
            asked = self._asked(event)
            if asked is not None:
                stay, (text, changed) = (gr.update(selected=TABS[0]), asked[0]), asked
            elif before and before.question and event.action not in ("ask", "ask_about"):
                text, changed = before.question, events.edited(before.edits, event)
            else:
                if before is None and event.action not in ("ask", "ask_about"):
                    gr.Warning(GONE)
                return *stay, done, *_skip(SHOWN)
            return *stay, done, *self.show(self.service.ask(text, changed), request)
        except DataError as error:
            gr.Warning(str(error))
        return *_skip(2), done, *_skip(SHOWN)

    def _asked(self, event: events.Event) -> tuple[str, Edits] | None:
        """The question that an event asks, if it asks one."""
        if event.action == "ask":
            return clean(event.question), Edits()
        if event.action == "ask_about":
            known = self.service.neighbourhood(event.entity)
            return ask_about.question(known) if known else None
        return None

    def linked(self, request: gr.Request) -> Values:
        """The question in the page's address, the tab that it names, and a sign of life.

        Without a question the box is left alone: a visitor may have typed one by now.
        """
        tab = str(request.query_params.get("tab") or "")
        selected = gr.update(selected=tab) if tab in TABS else gr.skip()
        return clean(link.asked(request.query_params)) or gr.skip(), selected, "loaded"

    def ask_if_linked(self, request: gr.Request) -> Values:
        """Ask the question of the address with the edits of the address, if it has one."""
        asked = link.asked(request.query_params)
        if not asked:
            return _skip(SHOWN)
        try:
            trace = self.service.ask(clean(asked), link.edits(request.query_params))
        except DataError as error:
            trace = self.service.ask(clean(asked))
            note = f"The edits in the link are not readable. {error}"
            trace = replace(trace, notes=(*trace.notes, note))
        return self.show(trace, request)

    def lesson(self) -> str:
        """The Learn tab, asked anew."""
        return str(learn.render(self.service))

    def toy(self, asked: str | None) -> str:
        """An answer over the toy graph with every number."""
        small, relations = self.service.toy, self.service.card.relations
        if small is None:
            return ""
        ids = {r.label: r.id for r in relations}
        return str(toy.render(small.answer(clean(asked or "")), small.facts, ids))

    def draw(self, asked: Asked | None) -> Values:
        """The graph, its legend, and the same in words."""
        return _skip(3) if asked is None else drawn(self.kept.get(asked))

    def export(self, asked: Asked | None) -> Any:
        """The graph as one HTML file, for the saver."""
        if asked is None:
            return gr.skip()
        trace = self.kept.get(asked)
        return _file("graph.html", "text/html", network.standalone(trace, select.select(trace)))

    def as_json(self, asked: Asked | None) -> dict | None:
        """The trace as the documented JSON object, for reading: of many answers, the first."""
        if asked is None:
            return None
        trace = self.kept.get(asked)
        return replace(trace, answers=trace.answers[:READABLE]).to_dict()

    def save_json(self, asked: Asked | None) -> Any:
        """The whole trace as a file, for the saver."""
        if asked is None:
            return gr.skip()
        text = json.dumps(self.kept.get(asked).to_dict(), ensure_ascii=False, indent=1)
        return _file("trace.json", "application/json", text)

    def answer(self, question: str, edits: dict | None = None) -> dict:
        """Answer a question over the knowledge graph and show how.

        Args:
            question: a question in English, at most 500 characters
            edits: what to decide instead of the model, as in the "edits" of a trace; optional
        Returns:
            the trace: outcome, message, answers with paths, value (a number, or yes or no, that is
            read off the answers) and readout (how), mentions, branches, intersection, united,
            unused (words without effect), given_up (mentions), timings, edits
        """
        try:
            checked = Edits.read(edits)
        except DataError as error:
            raise gr.Error(str(error), print_exception=False) from None
        return self.service.ask(clean(question or "")[:2_100], checked).to_dict()


def drawn(trace: Trace) -> Values:
    """The graph, its legend, and the same in words. If drawing fails, the answer stands."""
    try:
        picture = select.select(trace)
        legend, in_words = outline.legend(trace, picture), outline.in_words(trace, picture)
        return pack(network.drawing(trace, picture)), str(legend), str(in_words)
    except Exception:
        log.exception("The graph of a trace could not be drawn")
        sorry = "This graph could not be drawn; the answer is not affected."
        return None, f'<p class="quiet">{sorry}</p>', ""


def _updates(trace: Trace) -> list[dict]:
    """An update of each view; those that have nothing to show are hidden."""
    rendered = (str(view.render(trace)) for view in VIEWS)
    return [gr.update(value=html, visible=bool(html)) for html in rendered]


def _file(name: str, type: str, text: str) -> str | None:
    """A file for the saver; the nonce makes a second press save it again."""
    return pack({"name": name, "type": type, "text": text, "nonce": time.time_ns()})
