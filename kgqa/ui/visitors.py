"""Graphs that visitors bring: their files are opened, and from then on their questions go there.

    take    the files that just arrived, opened; the page is then about that graph
    back    the page is about its own graph again

Other visitors see nothing of it. Whatever goes wrong is a sentence at the place of the report.
"""

from __future__ import annotations

import json
import logging

import gradio as gr

from kgqa.errors import DataError, KGQAError
from kgqa.ui import learning
from kgqa.ui.controls import lists
from kgqa.ui.guard.arrivals import Arrivals
from kgqa.ui.handlers import Handlers, Values, nothing_shown
from kgqa.ui.service import Service, Uploads
from kgqa.ui.tabs import about, explore, frame, yours

EXPIRED = "The files did not arrive, or waited too long. Please bring them again."
BROKEN = "These files could not be read, for a reason that is the page's own. It has been noted."

log = logging.getLogger(__name__)


class Visitors:
    """The events of the part of the page that takes files."""

    def __init__(self, do: Handlers, uploads: Uploads, arrivals: Arrivals, chips: int):
        """``chips``: how many examples the page can show."""
        self.do, self.uploads, self.arrivals, self.chips = do, uploads, arrivals, chips

    def take(self, data: gr.EventData, request: gr.Request) -> Values:
        """(report, back button, what :meth:`about` returns)."""
        visitor = str(request.session_hash or "")
        if isinstance(data._data, dict) and "room" in data._data:
            return self._again(visitor, str(data._data["room"])[:200])
        token = data._data.get("token") if isinstance(data._data, dict) else None
        files = self.arrivals.take(token)
        try:
            if not files or not visitor:
                raise DataError(EXPIRED)
            address = request.client.host if request.client else ""
            self.do.rooms.check(visitor, address)
            service = self.uploads.open([(file.name, file.content) for file in files])
            room = self.do.rooms.enter(visitor, service, address)
        except KGQAError as error:
            return self._failed(str(error))
        except Exception:
            log.exception("A visitor's files could not be opened")
            return self._failed(BROKEN)
        about = self.about(room.service, key=room.key)
        return str(yours.report(room.service.card)), gr.update(visible=True), *about

    def _again(self, visitor: str, key: str) -> Values:
        """As :meth:`take`, for a page that was loaded again; its address is kept."""
        try:
            room = self.do.rooms.come_back(visitor, key)
        except DataError as error:
            return self._failed(str(error))
        about = self.about(room.service, how="replace", key=room.key)
        return str(yours.report(room.service.card)), gr.update(visible=True), *about

    def back(self, request: gr.Request) -> Values:
        """As :meth:`take`, for the page's own graph."""
        service = self.do.rooms.leave(str(request.session_hash or "")).service
        return "", gr.update(visible=False), *self.about(service)

    def _failed(self, sentence: str) -> Values:
        rest = len(self.about(self.do.service)) + 1
        return str(yours.failed(sentence)), *(gr.skip() for _ in range(rest))

    def about(self, service: Service, how: str = "push", key: str = "") -> Values:
        """What changes with the graph: frame and tabs, lists of edits, examples, all answers.

        ``how``: of :func:`kgqa.ui.bar.value`. ``key``: of the visitor's room.
        """
        card = service.card
        questions = [example.question for example in card.examples][: self.chips]
        rest = self.chips - len(questions)
        return (
            str(frame.header(card)),
            str(about.render(card)),
            str(frame.footer(card)),
            *learning.about(service),
            gr.update(value="", placeholder=explore.asks(card)),
            str(frame.covers(card)),
            json.dumps(lists(card), ensure_ascii=False),
            *(gr.update(value=question, visible=True) for question in questions),
            *(gr.update(visible=False) for _ in range(rest)),
            *nothing_shown(how, key),
            None,  # what was answered before
            None,  # the list of a long answer
        )
