"""The queue, as strangers may use it.

It refuses a question when too many wait, with a sentence that says how long to wait, and values
that make no sense, with one that says which. A page and ``gradio_client`` read the sentence where
they read answers; a post to ``/gradio_api/call/...`` gets it as the response. Results that nobody
fetches are dropped, so that they cannot fill the memory.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import gradio as gr
from gradio import route_utils
from gradio.data_classes import PredictBodyInternal
from gradio.queueing import Event, Queue
from gradio.server_messages import (
    EventMessage,
    ProcessCompletedMessage,
    ProcessGeneratingMessage,
)
from starlette.exceptions import HTTPException
from starlette.requests import Request

from kgqa.errors import DataError
from kgqa.text import plain

UNREAD = 200  #: results that may wait to be fetched
PATIENCE = 120  #: seconds that they may wait
HELD = 0.25  #: seconds for which values wait for those that overtake them
LIGHT = 4  #: as many light events (drawing, saving) may wait for each question that may
BUSY = "{waiting} questions wait for an answer already. Please ask again in about {seconds}."
NO_FUNCTION = "The page has no such function."
TITLE = "Not answered"

Check = Callable[[list[Any]], list[Any]]
log = logging.getLogger(__name__)


class PageQueue(Queue):
    """Gradio's queue with bounds.

    Args:
        page: whose queue it becomes
        waiting: how many questions may wait
        checks: {name of an endpoint: what checks its values and returns them}; raises DataError
    """

    def __init__(self, page: gr.Blocks, waiting: int, checks: dict[str, Check]):
        super().__init__(
            live_updates=True,
            concurrency_count=page.max_threads,
            update_intervals=1,
            max_size=None,
            blocks=page,
        )
        self.waiting, self.checks = waiting, checks
        self.held: dict[str, list[ProcessGeneratingMessage]] = {}  #: by event
        self.finished: OrderedDict[str, float] = OrderedDict()  #: {session: when it got a result}

    async def push(
        self, body: PredictBodyInternal, request: Any, username: str | None
    ) -> tuple[bool, Any, Any]:
        """Let an event wait for its turn, or refuse it with a sentence."""
        self._drop_unread()
        try:
            fn = route_utils.get_fn(self.blocks, None, body)
        except (KeyError, TypeError, ValueError):
            self._note(request, NO_FUNCTION)
            return False, NO_FUNCTION, "error"
        try:
            body.data = self._values(fn, list(body.data))
        except DataError as error:
            return self._refuse(fn, body, request, str(error))
        most = self.waiting * (1 if fn.concurrency_id == "model" else LIGHT)
        line = self.event_queue_per_concurrency_id.get(fn.concurrency_id)
        if line is not None and len(line.queue) >= most:
            delay = self.delay(line)
            sentence = BUSY.format(waiting=len(line.queue), seconds=_seconds(delay))
            return self._refuse(fn, body, request, sentence, delay)
        return await super().push(body, request, username)

    async def process_events(self, events: list[Event], *arguments: Any) -> None:
        """Run an event, and remember that its result has to be fetched."""
        try:
            await super().process_events(events, *arguments)
        finally:
            for event in events:
                self._finish(event.session_hash)

    def send_message(self, event: Event, event_message: EventMessage) -> None:
        """Send a message; values that an event shows on its way only if its end is not near.

        Gradio sends the last values of a generator twice, and a browser that puts up values which
        the next ones replace at once is the slower for it.
        """
        if isinstance(event_message, ProcessGeneratingMessage) and not event.streaming:
            self.held.setdefault(event._id, []).append(event_message)
            if len(self.held[event._id]) == 1:
                asyncio.get_running_loop().call_later(HELD, self._let_go, event)
            return
        if isinstance(event_message, ProcessCompletedMessage):
            self._overtake(self.held.pop(event._id, []), event_message.output)
        super().send_message(event, event_message)

    def _let_go(self, event: Event) -> None:
        for message in self.held.pop(event._id, []):
            if event.session_hash in self.pending_messages_per_session:  # it reads them still
                super().send_message(event, message)

    @staticmethod
    def _overtake(held: list[ProcessGeneratingMessage], output: dict[str, Any]) -> None:
        """The end of an event has all its values; of those held, what they changed is kept."""
        if "changed_state_ids" in output:
            changed = [id for m in held for id in (m.output or {}).get("changed_state_ids", ())]
            output["changed_state_ids"] = [*dict.fromkeys(changed + output["changed_state_ids"])]

    def crowded(self) -> bool:
        """Whether a question waits for its answer, or several offers of questions for theirs."""
        lines = self.event_queue_per_concurrency_id
        waiting = {name: len(lines[name].queue) for name in ("model", "further") if name in lines}
        return waiting.get("model", 0) > 0 or waiting.get("further", 0) > 2

    def delay(self, line: Any) -> float:
        """About how many seconds a line of events takes."""
        times = [t.avg_time for t in map(self.process_time_per_fn.get, _functions(line)) if t]
        mean = sum(times) / len(times) if times else 1.0
        return mean * len(line.queue) / (line.concurrency_limit or 1)

    def _values(self, fn: Any, values: list[Any]) -> list[Any]:
        """Checked values. Raises :class:`DataError` with a sentence that names the wrong one."""
        check = self.checks.get(str(fn.api_name))
        if check is not None:
            return check(values)
        if len(values) < len(fn.inputs):
            raise DataError(f"{len(fn.inputs)} values are expected; {len(values)} came.")
        return values

    def _refuse(
        self,
        fn: Any,
        body: PredictBodyInternal,
        request: Request,
        sentence: str,
        delay: float | None = None,
    ) -> tuple[bool, Any, Any]:
        """As Gradio's own refusals where a response is read, else as the end of an event.

        ``delay``: seconds until it is worth asking again; None if asking again is of no use.
        """
        self._note(request, sentence)
        if not request.url.path.rstrip("/").endswith("/queue/join"):
            if delay is None:
                return False, sentence, "error"
            raise HTTPException(503, sentence, {"Retry-After": str(_whole(delay))})
        event = Event(body.session_hash, fn, request, None)
        session = event.session_hash
        if session not in self.pending_messages_per_session:
            self.pending_messages_per_session[session] = asyncio.Queue()
        self.pending_event_ids_session.setdefault(session, set()).add(event._id)
        output = {"error": sentence, "title": TITLE, "duration": 15, "visible": True}
        self.send_message(event, ProcessCompletedMessage(output=output, title=TITLE, success=False))
        self._finish(session)
        return True, event._id, "success"

    @staticmethod
    def _note(request: Request, sentence: str) -> None:
        log.warning("%s: %s", plain(request.url.path, 120), plain(sentence, 300))

    def _finish(self, session: str) -> None:
        self.finished[session] = time.monotonic()
        self.finished.move_to_end(session)

    def _drop_unread(self) -> None:
        """Forget the results that were not fetched in time; of too many, the oldest."""
        busy = {event.session_hash for event in list(self.event_ids_to_events.values())}
        old = time.monotonic() - PATIENCE
        unread = [s for s in self.finished if self.pending_event_ids_session.get(s)]
        for session in list(self.finished):
            if self.finished[session] > old and len(unread) <= UNREAD:
                break
            if session in busy:
                continue
            if self.pending_event_ids_session.pop(session, None):
                self.pending_messages_per_session.pop(session, None)
                unread.remove(session)
            del self.finished[session]


def _functions(line: Any) -> set[Any]:
    return {event.fn for event in line.queue}


def _whole(seconds: float) -> int:
    return max(math.ceil(seconds), 1)


def _seconds(seconds: float) -> str:
    """At least one, in full; minutes from two on."""
    whole = _whole(seconds)
    if whole >= 120:
        return f"{math.ceil(whole / 60)} minutes"
    return "1 second" if whole == 1 else f"{whole} seconds"
