"""What the server keeps of a visitor.

Gradio keeps a copy of the whole page for each session, and each call over the API is a session: the
settings of all components, and every value that they show. Only "deep links" need it, which this
page does not offer. So a session here has the values of ``gr.State`` and nothing else.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from typing import Any

import gradio as gr
from gradio.state_holder import SessionState, StateHolder

from kgqa.ui.rooms import Rooms

MOST = int(os.environ.get("KGQA_SESSIONS") or 5_000)  #: beyond it the oldest goes
CLOSED = 3_600  #: seconds that a session stays after its page was closed


class Session(SessionState):
    """The values of ``gr.State`` for one visitor."""

    def __init__(self, page: gr.Blocks):
        self.blocks_config = page.default_config  # shared: this page adds no component later
        self.config_values: dict[int, Any] = {}
        self.state_data: dict[int, Any] = {}
        self._state_ttl: dict[int, Any] = {}
        self._last: tuple[int, Any] = (-1, None)
        self.is_closed = False
        self.STATE_TTL_WHEN_CLOSED = CLOSED

    def __setitem__(self, key: int, value: Any) -> None:
        """Keep a value of ``gr.State``; of components only the last, which Gradio reads back."""
        if isinstance(self.blocks_config.blocks.get(key), gr.State):
            super().__setitem__(key, value)
            self.config_values.clear()
        else:
            self._last = (key, value)

    def __getitem__(self, key: int) -> Any:
        """A value of ``gr.State``, or a component."""
        return self._last[1] if self._last[0] == key else super().__getitem__(key)

    def _update_config(self, key: int) -> None:
        pass

    def _update_value_in_config(self, key: int, value: Any) -> None:
        pass


class Sessions(StateHolder):
    """The sessions of a page, at most :data:`MOST`."""

    def __init__(self, page: gr.Blocks, most: int = MOST, rooms: Rooms | None = None):
        """``rooms``: graphs that visitors brought, which go with their sessions."""
        super().__init__()
        self.set_blocks(page)
        self.capacity, self.rooms = most, rooms

    def __getitem__(self, session_id: str) -> SessionState:
        """The session with this name, which begins if there is none."""
        if session_id not in self.session_data:
            self.session_data[session_id] = Session(self.blocks)
        return super().__getitem__(session_id)

    def update(self, session_id: str) -> None:
        """Note that a session is used, and make room."""
        with self.lock:
            if session_id in self.session_data:
                self.session_data.move_to_end(session_id)
            while len(self.session_data) > self.capacity:
                self.forget(next(iter(self.session_data)))

    def delete_all_expired_state(self) -> None:
        """Forget the sessions whose page was closed long ago; Gradio calls this every second."""
        if self.rooms is not None:
            self.rooms.sweep()
        old = datetime.now() - timedelta(seconds=CLOSED)
        with self.lock:
            for id, session in list(self.session_data.items()):
                if session.is_closed and self.time_last_used.get(id, old) <= old:
                    self.forget(id)

    def forget(self, session_id: str) -> None:
        """Drop a session. Whatever else is kept of a visitor, such as files, goes here, too."""
        self.session_data.pop(session_id, None)
        self.time_last_used.pop(session_id, None)
        if self.rooms is not None:
            self.rooms.leave(session_id)
