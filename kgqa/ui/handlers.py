"""What happens on each event: from what a visitor did to what the page then shows.

What a visitor asked last is in the visitor's ``gr.State``; :mod:`kgqa.ui.kept` has its trace. Which
graph a visitor asks is known by the session (:mod:`kgqa.ui.rooms`).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import gradio as gr

from kgqa.edits import Edits
from kgqa.errors import DataError
from kgqa.trace import STAGES, Trace
from kgqa.ui import bar, events, link, visits
from kgqa.ui.controls import reply
from kgqa.ui.drawing import ask_about, show
from kgqa.ui.drawing.canvas import pack
from kgqa.ui.drawing.show import drawn
from kgqa.ui.html.escape import clean
from kgqa.ui.kept import Asked
from kgqa.ui.rooms import Room, Rooms
from kgqa.ui.service import Card, Service
from kgqa.ui.views import (
    answer,
    candidates,
    edits,
    effect,
    hops,
    intersection,
    question,
    snippets,
    spans,
    why,
)

#: The views in the order of the page: the question, the answer, the visitor's edits, the steps.
VIEWS = (spans, answer, edits, question, candidates, hops, intersection)
ABOVE = 3  #: how many of them stand above the steps
SHOWN = len(VIEWS) + 10  #: number of values that a new trace changes, the trace among them
TABS = ("explore", "learn", "about", "yours")
READABLE = 100  #: answers in the JSON panel; the file has all
#: {ending of a file of facts: its media type}
TYPES = {
    ".graphml": "application/graphml+xml",
    ".nt": "application/n-triples",
    ".csv": "text/csv",
}

Values = tuple[Any, ...]  #: one for each component that an event changes


def _skip(count: int) -> Values:
    """Leave this many components as they are."""
    return tuple(gr.skip() for _ in range(count))


class Handlers:
    """The events of the page around one service, and the graphs that visitors bring."""

    def __init__(self, service: Service, rooms: Rooms | None = None):
        self.rooms = rooms or Rooms(service)
        self.service, self.kept = service, self.rooms.house.kept

    def room(self, request: gr.Request | None) -> Room:
        """The graph that this visitor asks. Raises ``gr.Error`` if it was closed meanwhile."""
        try:
            return self.rooms.of(getattr(request, "session_hash", None))
        except DataError as error:
            raise gr.Error(str(error), title="Not answered", print_exception=False) from None

    def left(self, request: gr.Request) -> None:
        """A visitor closed the page."""
        self.rooms.away(str(request.session_hash or ""))

    def ask(self, asked: str | None, request: gr.Request) -> Iterator[Values]:
        """Show what is known as it is computed; at the end, the answer, its steps and its graph.

        Values that the next ones overtake are not sent (:mod:`kgqa.ui.guard.queue`), so each tuple
        stands for itself.
        """
        room = self.room(request)
        for trace in room.service.ask_in_stages(clean(asked or "")):
            partial = trace.outcome in STAGES
            yield self._partly(trace) if partial else self.show(trace, request)

    def _partly(self, trace: Trace) -> Values:
        """What a trace has so far; the graph and the link stay as they are until the answer.

        The meanings of names come with it: they are folded, and would be sent twice.
        """
        views = _rendered(trace)
        views[VIEWS.index(candidates)] = ""
        return gr.skip(), *views, *_skip(SHOWN - 1 - len(views))

    def show(
        self, trace: Trace, request: gr.Request, way: Asked | None = None, how: str = "push"
    ) -> Values:
        """Everything that a new trace changes on the page.

        These are values and no updates of properties, for which Gradio makes the component anew
        here and looks through all that it holds in the browser. What is empty is hidden by
        ``static/screen.css``. The graph is the last of them: to draw it, the browser lays out all
        that came before. ``way``: what was asked, with the way there. ``how``: see
        :func:`kgqa.ui.bar.value`.
        """
        room = self.room(request)
        card = room.service.card
        asked = room.kept.keep(trace, way.saved if way else "")
        asked = replace(asked, past=way.past, future=way.future) if way else asked
        code = "" if card.visitors else str(snippets.render(trace, link.server(request.headers)))
        return (
            asked,
            *_rendered(trace, card),
            bar.value(asked, request.headers, room=room.key * card.visitors, how=how),
            gr.update(open=False),  # the trace as JSON: empty until it is opened
            None,
            code,
            str(why.waiting(trace)),
            "",  # offers: they come later
            *drawn(trace, card.labels),
        )

    def respond(self, before: Asked | None, data: gr.EventData, request: gr.Request) -> Values:
        """An edit, or a question that a control asks: (tab, box, reply, what ``show`` returns)."""
        done, stay, seen = reply(), _skip(2), None
        try:
            event = events.parse(data._data)
            room = self.room(request)
            if event.action == "visit":
                return self._visit(before, event.query, done, request)
            asked = self._asked(event, room.service)
            if asked is not None:
                stay = (gr.update(selected=TABS[0]), asked.question)
            elif event.action not in events.ASKS:
                seen = room.kept.find(before) if before else None
                asked = visits.changed(before or visits.lost(request.query_params), event)
            if asked is None:
                return *stay, done, *_skip(SHOWN)
            trace = room.kept.find(asked) or room.service.ask(asked.question, asked.edits)
            done = reply(effect.effect(seen, trace)) if seen else done
            return *stay, done, *self.show(trace, request, asked)
        except DataError as error:
            gr.Warning(str(error))
        return *_skip(2), done, *_skip(SHOWN)

    def _asked(self, event: events.Event, service: Service) -> Asked | None:
        """The question that an event asks, if it asks one."""
        if event.action == "ask":
            return Asked(clean(event.question))
        if event.action == "ask_of":
            named = Edits().using(event.start, event.end, event.entity)
            return Asked(clean(event.question), Edits.read(named.plain()))
        if event.action == "ask_about":
            known = service.neighbourhood(event.entity)
            return Asked(*ask_about.question(known)) if known else None
        return None

    def _visit(self, before: Asked | None, query: str, done: str, request: gr.Request) -> Values:
        """The page of an address, by Back or Forward: (tab, box, reply, what ``show`` returns)."""
        room = self.room(request)
        asked = visits.visited(before, query, own=room.service.card.visitors)
        if asked is None:
            own = room.key * room.service.card.visitors
            return gr.skip(), "", done, *nothing_shown("replace", own)
        stay = gr.update(selected=TABS[0]), asked.question
        return *stay, done, *self.show(room.kept.get(asked), request, asked, how="replace")

    def linked(self, request: gr.Request) -> Values:
        """The question in the page's address, the tab that it names, and a sign of life.

        Without a question the box is left alone: a visitor may have typed one by now.
        """
        tab = str(request.query_params.get("tab") or "")
        selected = gr.update(selected=tab) if tab in TABS else gr.skip()
        return clean(link.asked(request.query_params)) or gr.skip(), selected, reply()

    def ask_if_linked(self, request: gr.Request) -> Values:
        """Ask the question of the address with the edits of the address, if it has one."""
        asked, note = visits.linked(request.query_params)
        if asked is None:
            return _skip(SHOWN)
        trace = self.service.ask(asked.question, asked.edits)
        trace = replace(trace, notes=(*trace.notes, note)) if note else trace
        return self.show(trace, request, asked, how="replace")

    def export(self, kind: str, asked: Asked | None, request: gr.Request | None = None) -> Any:
        """The graph as a "png", "svg" or "html" file, for the saver."""
        if asked is None:
            return gr.skip()
        room = self.room(request)
        return saved(*show.file(kind, room.kept.get(asked), room.service.card.labels))

    def as_json(self, asked: Asked | None, request: gr.Request | None = None) -> dict | None:
        """The trace as the documented JSON object, for reading: of many answers, the first."""
        if asked is None:
            return None
        trace = self.room(request).kept.get(asked)
        return replace(trace, answers=trace.answers[:READABLE]).to_dict()

    def save_json(self, asked: Asked | None, request: gr.Request | None = None) -> Any:
        """The whole trace as a file, for the saver."""
        if asked is None:
            return gr.skip()
        trace = self.room(request).kept.get(asked)
        text = json.dumps(trace.to_dict(), ensure_ascii=False, indent=1)
        return saved("trace.json", "application/json", text)

    def facts(self, ending: str) -> Callable[[Asked | None, gr.Request], Any]:
        """Makes a file of the facts that the answer rests on, for the saver; see TYPES."""

        def save(asked: Asked | None, request: gr.Request) -> Any:
            if asked is None:
                return gr.skip()
            room = self.room(request)
            text = room.service.exports[ending](room.kept.get(asked).facts)
            return saved(f"facts{ending}", TYPES.get(ending, "text/plain"), text)

        return save

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


def _rendered(trace: Trace, card: Card = Card()) -> list[str]:
    """The HTML of each view; of those that have nothing to show, an empty text."""
    return [str(answer.render(trace, card) if v is answer else v.render(trace)) for v in VIEWS]


def nothing_shown(how: str = "push", room: str = "") -> Values:
    """The page before the first question, in the order of ``Handlers.show``."""
    views = ("" for _ in VIEWS)
    rest = gr.update(open=False), None, "", "", "", *("", "", None)  # the drawing is the end
    return None, *views, bar.value(how=how, room=room), *rest


def saved(name: str, type: str, text: str) -> str | None:
    """A file for the saver; the nonce makes a second press save it again."""
    return pack({"name": name, "type": type, "text": text, "nonce": time.time_ns()})
