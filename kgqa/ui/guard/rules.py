"""Which requests the page needs. All others are refused: Gradio serves a lot that no page asks for.

Only the queue reaches the model. Called without it are the page's own ``linked`` and the server
functions of its components, which are cheap; how many of them run at a time is bounded.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from inspect import signature
from typing import Any

import gradio as gr

MAX_BODY = 1_000_000  #: bytes of a request
MAX_CALL = 64_000  #: bytes of a call without the queue
FILES = "/page/files"  #: where visitors bring files
VIS = "page/vis-network.min.js"  #: address of vis-network, below the page's
_API = "/gradio_api"
_READ = re.compile(
    r"/|/config/?|/theme\.css|/favicon\.ico|/robots\.txt|/manifest\.json|/pwa_icon(/\d+)?"
    r"|/(assets|static)/.+|/page/[\w.-]+"
    rf"|{_API}/(info/?|openapi\.json|app_id/?|startup-events|theme\.css|queue/(data|status))"
    rf"|{_API}/heartbeat/[\w-]{{1,64}}|{_API}/call/(v2/)?\w{{1,64}}/[\w-]{{1,64}}"
)
WATCHING = re.compile(rf"{_API}/(heartbeat|mcp)/")  #: streams of a page while nothing is asked
RESULTS = re.compile(rf"{_API}/(queue/data|call/)")  #: streams that bring results
_EVENT = re.compile(rf"{_API}/call/(?:v2/)?\w+/([\w-]+)")
_WRITE = re.compile(
    rf"{_API}/(queue/join|cancel|reset/?|run/predict/?|component_server/?|call/(v2/)?\w{{1,64}}/?)"
)
_CALL = re.compile(rf"{_API}/call/(v2/)?(\w+)/?")
_SESSION = re.compile(r"[\w-]{1,64}")
NO_FILES = "This page takes no files."
BY_QUEUE = "Questions are answered in turn: post them to /gradio_api/call/answer."


@dataclass(frozen=True)
class Uploads:
    """Files that visitors may bring to :data:`FILES`; by default none are taken.

    Gradio's own way to take files, which writes them to the disk, stays closed.
    """

    size: int = 0  #: bytes of a request, which brings all files of a graph
    files: int = 0  #: in a request
    waiting: int = 6  #: requests whose files may wait to be taken: in memory, so they are few


class Refused(Exception):
    """A request that is not answered; the sentence says why."""

    def __init__(self, status: int, sentence: str, **headers: str):
        super().__init__(sentence)
        self.status, self.sentence, self.headers = status, sentence, headers


class Rules:
    """What is allowed on a page."""

    def __init__(self, page: gr.Blocks, uploads: Uploads = Uploads()):
        self.uploads, self.queue, self.mcp = uploads, page._queue, bool(page.mcp_server)
        self.parameters: dict[str, list[str]] = {
            str(fn.api_name): list(signature(fn.fn).parameters)
            for fn in page.fns.values()
            if fn.api_visibility == "public" and fn.fn
        }
        self.direct = {id for id, fn in page.fns.items() if fn.fn and not fn.queue}
        self.functions = {
            (id, name)
            for id, block in page.blocks.items()
            for name in dir(block)
            if getattr(vars(block).get(name), "_is_server_fn", False)
        }

    def check(self, method: str, path: str) -> int:
        """How many bytes the body of a request may have. Raises :class:`Refused`."""
        if self.mcp and path.startswith(f"{_API}/mcp"):
            return MAX_BODY
        if path.startswith(f"{_API}/upload") or path == FILES:
            if self.uploads.files and path == FILES and method == "POST":
                return self.uploads.size
            raise Refused(403, NO_FILES)
        if method in ("GET", "HEAD") and _READ.fullmatch(path):
            self._check_event(path)
            return 0
        if method == "OPTIONS":
            return 0
        if method == "POST" and _WRITE.fullmatch(path):
            cheap = "/run/" in path or "/component_server" in path
            return MAX_CALL if cheap else MAX_BODY
        if re.match(rf"({_API})?/(run|api)/", path):
            raise Refused(403, BY_QUEUE)
        raise Refused(404, "There is nothing here.")

    def check_body(self, path: str, body: bytes) -> bool:
        """Whether the call bypasses the queue. Raises :class:`Refused`."""
        if not _WRITE.fullmatch(path):  # of MCP, or a file where these are taken
            return False
        try:
            values = json.loads(body)
        except (ValueError, RecursionError):
            raise Refused(400, "The body must be JSON.") from None
        if not isinstance(values, dict):
            raise Refused(400, "The body must be a JSON object.")
        session = values.get("session_hash")
        if session is not None and not (isinstance(session, str) and _SESSION.fullmatch(session)):
            raise Refused(400, "session_hash must be a short text.")
        if "/run/" in path:
            if values.get("fn_index") not in list(self.direct):
                raise Refused(403, BY_QUEUE)
            return True
        if "/component_server" in path:
            called = [values.get("component_id"), values.get("fn_name")]
            if called not in [list(known) for known in self.functions] or session is None:
                raise Refused(404, "The page has no such function.")
            return True
        if call := _CALL.fullmatch(path):
            self._check_call(call[2], values, by_name=bool(call[1]))
        return False

    def _check_call(self, name: str, values: dict[str, Any], *, by_name: bool) -> None:
        parameters = self.parameters.get(name)
        if parameters is None:
            raise Refused(404, f"There is no endpoint {name[:40]!r}; see {_API}/info.")
        if not by_name:
            if not isinstance(values.get("data"), list):
                raise Refused(400, 'The body must be {"data": [...]}, a list of values.')
            return
        unknown = sorted(set(values) - set(parameters) - {"oauth_token"})
        known = " and ".join(parameters)
        if unknown:
            raise Refused(400, f"There is no value {unknown[0][:40]!r}; there are {known}.")
        if parameters[0] not in values:
            raise Refused(400, f"The value {parameters[0]!r} is missing.")

    def _check_event(self, path: str) -> None:
        """A result can be read once: the stream of one that is not there would stay open."""
        event, queue = _EVENT.fullmatch(path), self.queue
        if event is None or event[1] in queue.event_ids_to_events:
            return
        if not any(event[1] in ids for ids in queue.pending_event_ids_session.values()):
            raise Refused(404, "There is no such result, or it has been read already.")
