"""Learning from use: what visitors say of answers, checked, and kept where the service says.

    box     the component under the answer
    bind    its events

Alone at the page, a person sees all that the file holds. On a page for several, visitors see and
remove what they said themselves, and nothing of others.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import gradio as gr

from kgqa.errors import DataError, KGQAError
from kgqa.trace import Entity, Trace
from kgqa.ui.controls import LONGEST, brief
from kgqa.ui.handlers import Handlers, saved
from kgqa.ui.kept import Asked
from kgqa.ui.said import Feedback, Said, Verdict
from kgqa.ui.static import read
from kgqa.ui.views import feedback as view

SESSIONS = 5_000  #: visitors whose entries are remembered as theirs
CHOSEN = 200  #: names that an answer can have
_GONE = "The page shows another answer by now. Please say it of the new one."
_PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
_OWN: dict[str, Any] = {**_PRIVATE, "concurrency_limit": 4, "concurrency_id": "feedback"}

_NUMBER = re.compile(r"[+-]?(\d{1,15}|\d{1,3}(,\d{3}){1,4})(\.\d{1,9})?", re.ASCII)


def box(search: Callable[[str], tuple[Entity, ...]], **options: Any) -> gr.HTML:
    """The component; its value is HTML of :mod:`kgqa.ui.views.feedback`."""

    def find_names(text: str) -> list[dict[str, str]]:
        """Entities with a name like this."""
        return [brief(e) for e in search(str(text)[:LONGEST])]

    return gr.HTML(
        html_template='<div class="said-box"></div>',  # what is in it JavaScript draws
        js_on_load=read("feedback.js"),
        apply_default_css=False,
        server_functions=[find_names],
        visible=False,
        **options,
    )


def bind(do: Handlers, state: gr.State, shown: gr.HTML, file: gr.HTML) -> None:
    """The strip follows the answer; nothing happens where the service keeps nothing."""
    if do.service.feedback is None:
        return
    visitors = Visitors(do, do.service.feedback)
    state.change(visitors.shown, state, shown, **_OWN)
    shown.edit(visitors.say, state, [shown, file], **_OWN)


class Visitors:
    """Who said what, as long as their page is open."""

    def __init__(self, do: Handlers, kept: Feedback):
        self.do, self.feedback = do, kept
        self._own: OrderedDict[str, dict[str, None]] = OrderedDict()
        self._lock = threading.Lock()

    def shown(self, asked: Asked | None, request: gr.Request) -> Any:
        """The strip for a new answer."""
        trace = self._trace(asked, request)
        return gr.update(visible=False) if trace is None else self._strip(trace, request)

    def say(self, asked: Asked | None, data: gr.EventData, request: gr.Request) -> Any:
        """An action of the visitor: (the strip, a file to save)."""
        trace, event = self._trace(asked, request), data._data
        if trace is None or not isinstance(event, dict):
            return gr.update(visible=False), gr.skip()
        try:
            match event.get("say"):
                case "export" if self.feedback.alone:
                    text = self.feedback.export()
                    return gr.skip(), saved("train.jsonl", "application/jsonl", text)
                case "forget":
                    self._forget(str(event.get("id")), request)
                case _:
                    self._keep(trace, event, request)
        except KGQAError as error:
            return self._strip(trace, request, problem=str(error)), gr.skip()
        return self._strip(trace, request), gr.skip()

    def _trace(self, asked: Asked | None, request: gr.Request) -> Trace | None:
        """What the visitor sees; None for nothing, and for a graph or trace that one brought."""
        room = self.do.room(request)
        if asked is None or not asked.question or room is not self.do.rooms.house or asked.saved:
            return None
        trace = room.kept.get(asked)
        return None if trace.outcome in ("empty_question", "too_long") else trace

    def _keep(self, trace: Trace, event: dict, request: gr.Request) -> None:
        if str(event.get("question")) != trace.question:
            raise DataError(_GONE)
        own = None if self.feedback.alone else self._ids(request)
        id = self.feedback.keep(trace, verdict(event), own)
        with self._lock:
            self._own.setdefault(str(request.session_hash), {})[id] = None
            self._own.move_to_end(str(request.session_hash))
            while len(self._own) > SESSIONS:
                self._own.popitem(last=False)

    def _forget(self, id: str, request: gr.Request) -> None:
        if self.feedback.alone or id in self._ids(request):
            self.feedback.remove(id)

    def _ids(self, request: gr.Request) -> tuple[str, ...]:
        with self._lock:
            return tuple(self._own.get(str(request.session_hash), ()))

    def _strip(self, trace: Trace, request: gr.Request, *, problem: str = "") -> Any:
        entries: list[Said] = []
        try:
            entries = list(self.feedback.entries())
        except KGQAError as error:
            problem = problem or str(error)
        if not self.feedback.alone:
            own = self._ids(request)
            entries = [said for said in entries if said.id in own]
        asked = trace.question.casefold()
        said = next((s for s in reversed(entries) if s.question.casefold() == asked), None)
        html = view.render(trace, self.feedback, entries, said=said, problem=problem)
        return gr.update(value=str(html), visible=True)


def verdict(event: dict) -> Verdict:
    """What JavaScript sent, checked. Raises :class:`DataError`."""
    said, kind = event.get("say"), event.get("kind")
    if said in ("right", "wrong"):
        return Verdict(str(said))
    if said != "should" or str(kind) not in view.KINDS:
        raise DataError("The page does not know this action.")
    if kind in ("yes", "no"):
        return Verdict("should", value=kind == "yes")
    if kind == "none":
        return Verdict("should", none=True)
    if kind == "number":
        return Verdict("should", value=number(str(event.get("number") or "")))
    ids = event.get("entities")
    names = tuple(str(id) for id in ids[: CHOSEN + 1]) if isinstance(ids, list) else ()
    if not 0 < len(names) <= CHOSEN:
        raise DataError(f"Choose between 1 and {CHOSEN} names of the graph.")
    return Verdict("should", names)


def number(text: str) -> float:
    """A number as people write it. Raises :class:`DataError`."""
    if not _NUMBER.fullmatch(text.strip()):
        raise DataError("Type a number, such as 1975 or 3.5 or 1,200.")
    return float(text.replace(",", ""))
