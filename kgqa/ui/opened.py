"""A saved trace that a visitor brings is shown again: answer, steps and graph, as it was saved.

The browser sends its text (``static/opened.js``); :mod:`kgqa.saved` reads it. What is wrong with it
is said beside the button, and the page stays as it is.
"""

from __future__ import annotations

import json
import logging
import secrets
import time
from typing import Any

import gradio as gr

from kgqa import saved
from kgqa.errors import DataError
from kgqa.trace import Trace
from kgqa.ui.handlers import SHOWN, TABS, VIEWS, Handlers, Values
from kgqa.ui.kept import Asked
from kgqa.ui.rooms import Room
from kgqa.ui.static import read
from kgqa.ui.views import saved_trace, spans

log = logging.getLogger(__name__)
_NOTHING = "No file came. Please choose it again."
_UNFIT = "This trace cannot be shown: its parts do not fit together."
_SPANS = 1 + VIEWS.index(spans)  #: where the question stands in what ``Handlers.show`` returns
_TEMPLATE = """
<div class="opened">
  <label for="kg-opened-file">Open a trace that was saved (JSON), or drop it anywhere here:</label>
  <input type="file" id="kg-opened-file" accept=".json,application/json">
  <span role="status"></span>
</div>
"""


def opener(**options: Any) -> gr.HTML:
    """The component: takes a file, sends its text in an event ``edit``, and says what came of it.

    Its value is what :func:`reply` writes.
    """
    return gr.HTML(
        html_template=_TEMPLATE,
        js_on_load=read("opened.js"),
        apply_default_css=False,
        most=saved.MOST,
        **options,
    )


def reply(problem: str = "") -> str:
    """The value after a file; the nonce makes the same file heard of twice."""
    return json.dumps({"nonce": time.monotonic_ns(), "problem": problem}, ensure_ascii=False)


class Opened:
    """The event of the component."""

    def __init__(self, do: Handlers):
        self.do = do

    def take(self, data: gr.EventData, request: gr.Request) -> Values:
        """A trace: (tab, box, reply, what ``Handlers.show`` returns); or why it is none."""
        event = data._data
        text = event.get("text") if isinstance(event, dict) else None
        room = self.do.room(request)
        try:
            if not isinstance(text, str):
                raise DataError(_NOTHING)
            trace = saved.read(text)
            shown = self._show(trace, room, request)
        except DataError as error:
            return *_skip(2), reply(str(error)), *_skip(SHOWN)
        return gr.update(selected=TABS[0]), trace.question, reply(), *shown

    def _show(self, trace: Trace, room: Room, request: gr.Request) -> Values:
        """The whole answer, and above it what it is. Raises :class:`DataError`."""
        asked = Asked(trace.question, trace.edits, saved=secrets.token_urlsafe(9))
        try:
            values = list(self.do.show(trace, request, asked))
            holds = room.service.check(trace)
        except Exception:  # whatever a stranger wrote into a file must not be an error of the page
            log.exception("A saved trace could not be shown")
            raise DataError(_UNFIT) from None
        banner = saved_trace.render(trace, room.service.card, holds)
        values[_SPANS] = str(banner) + values[_SPANS]
        return tuple(values)


def _skip(count: int) -> Values:
    return tuple(gr.skip() for _ in range(count))
