"""Files that a visitor sends: one request, kept in memory until the page's event takes them.

The body is a line of JSON, ``[{"name": "a.csv", "size": 120}, ...]``, and then the bytes of the
files one after another. The browser makes up a token of its own, sends the files under it, and then
lets the page take them through the queue; nobody else knows it. Nothing is written to the disk.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kgqa.ui.guard.rules import Refused, Uploads

PATIENCE = 180  #: seconds that files wait to be taken
EACH = 2  #: requests of an address whose files may wait
_TOKEN = re.compile(r"[\w-]{20,64}")
_HEAD = 20_000  #: bytes of the line of JSON
_MALFORMED = "The files did not arrive as this page sends them."


@dataclass(frozen=True)
class File:
    """A file of a visitor's, with the name that it had there: untrusted text."""

    name: str
    content: bytes


class Arrivals:
    """Files that wait to be taken, of a bounded number of visitors."""

    def __init__(self, uploads: Uploads):
        self.uploads = uploads
        self._waiting: dict[str, tuple[float, tuple[File, ...], str]] = {}
        self._lock = threading.Lock()

    def put(self, token: str, files: tuple[File, ...], address: str = "") -> None:
        """Keep files. Raises :class:`Refused` if too many wait, of all or of an address."""
        if not _TOKEN.fullmatch(token) or not self.uploads.files:
            raise Refused(400, _MALFORMED)
        with self._lock:
            now = time.monotonic()
            self._waiting = {t: w for t, w in self._waiting.items() if now - w[0] < PATIENCE}
            mine = sum(waiting[2] == address for waiting in self._waiting.values())
            full = len(self._waiting) >= self.uploads.waiting or mine >= EACH
            if token in self._waiting or full:
                busy = "Other visitors are bringing files. Please try again in a minute."
                raise Refused(503, busy, **{"retry-after": "60"})
            self._waiting[token] = now, files, address

    def take(self, token: object) -> tuple[File, ...]:
        """The files that were sent under a token, once; () if there are none."""
        with self._lock:
            return self._waiting.pop(str(token), (0.0, (), ""))[1]

    async def receive(self, request: Request) -> Response:
        """Answer the request that brings files."""
        body = await request.body()
        try:
            address = request.client.host if request.client else ""
            self.put(str(request.query_params.get("token")), split(body, self.uploads), address)
        except Refused as refused:
            told = {"detail": str(refused), "error": str(refused)}
            return JSONResponse(told, refused.status, refused.headers)
        return JSONResponse({"arrived": True})


def split(body: bytes, uploads: Uploads) -> tuple[File, ...]:
    """The files in a body. Raises :class:`Refused` with a sentence if they are too many or none."""
    head, newline, rest = body[:_HEAD].partition(b"\n")
    try:
        listed = json.loads(head)
    except (ValueError, RecursionError):
        listed = None
    if not newline or not isinstance(listed, list) or not all(map(_entry, listed)):
        raise Refused(400, _MALFORMED)
    if not 0 < len(listed) <= uploads.files:
        raise Refused(400, f"Between 1 and {uploads.files} files are taken; {len(listed)} came.")
    start, files = len(head) + 1, []
    for entry in listed:
        content = body[start : start + entry["size"]]
        if len(content) != entry["size"]:
            raise Refused(400, _MALFORMED)
        files.append(File(entry["name"], content))
        start += entry["size"]
    if start != len(body):
        raise Refused(400, _MALFORMED)
    return tuple(files)


def _entry(value: Any) -> bool:
    if not isinstance(value, Mapping) or not isinstance(value.get("name"), str):
        return False
    size = value.get("size")
    return isinstance(size, int) and not isinstance(size, bool) and size >= 0
