"""The outermost layer of the server. What it lets through is in ``rules``."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import gradio as gr
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kgqa.text import plain
from kgqa.ui.guard.connections import SLOWEST, Bringing, streams
from kgqa.ui.guard.policy import NAME, Policy
from kgqa.ui.guard.rules import FILES, Refused, Rules, Uploads
from kgqa.ui.rooms import session

AT_ONCE = 4  #: calls without the queue that run at a time
WAITING = 100  #: and that wait for their turn
SLOWEST_FILES = 120  #: seconds in which files have to arrive
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin-allow-popups",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
FORWARDED = (b"x-forwarded-", b"forwarded", b"x-gradio-server", b"x-real-ip")
BROKEN = "Something went wrong on the server. It has been noted; please try again."

log = logging.getLogger(__name__)


class Guard:
    """Refuses what the page does not need, and sets the headers of every response."""

    def __init__(
        self,
        app: ASGIApp,
        page: gr.Blocks,
        policy: Policy = Policy(),
        uploads: Uploads = Uploads(),
        *,
        trusted: bool = False,
    ):
        self.app, self.rules, self.trusted = app, Rules(page, uploads), trusted
        self.headers = {**HEADERS, NAME: policy.other()}
        self.turns, self.waiting = asyncio.Semaphore(AT_ONCE), 0
        self.pages, self.results = streams()
        self.bringing = Bringing()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; an error is one line in the log, and a sentence if none was sent."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        started = broken = False

        async def reply(message: Message) -> None:
            nonlocal started, broken
            if message["type"] == "http.response.start":
                if message["status"] == 500 and not broken:  # in Gradio's words
                    broken = True
                    await _send(reply, 500, BROKEN, {})
                    return
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            elif broken and message.get("body") != _sentence(BROKEN):
                return
            await send(message)

        try:
            await self._answer(scope, receive, reply)
        except Refused as refused:
            _note(scope, refused.sentence)
            await _send(reply, refused.status, refused.sentence, refused.headers)
        except Exception as error:
            _note(scope, f"{type(error).__name__}: {error}")
            if not started:
                broken = True
                await _send(reply, 500, BROKEN, {})

    async def _answer(self, scope: Scope, receive: Receive, reply: Send) -> None:
        path = scope["path"].removeprefix(scope.get("root_path", "").rstrip("/"))
        most = self.rules.check(scope["method"], path)
        if not self.trusted:
            kept = [h for h in scope["headers"] if not h[0].lower().startswith(FORWARDED)]
            scope = {**scope, "headers": kept}
        if scope["method"] != "POST":
            with self.pages.counted(scope, path), self.results.counted(scope, path):
                return await self.app(scope, receive, reply)
        if path == FILES:
            with self.bringing.counted(scope):
                body = await _read(scope, receive, most, SLOWEST_FILES)
                return await self.app(scope, _again(body, receive), reply)
        body = await _read(scope, receive, most)
        if not self.rules.check_body(path, body):
            return await self.app(scope, _again(body, receive), reply)
        session.set(str(json.loads(body).get("session_hash") or ""))
        if self.waiting >= WAITING:
            raise Refused(503, "The page is busy. Please try again in a moment.", **_later(2))
        self.waiting += 1
        try:
            async with self.turns:
                return await self.app(scope, _again(body, receive), reply)
        finally:
            self.waiting -= 1


async def _read(scope: Scope, receive: Receive, most: int, slowest: int = SLOWEST) -> bytes:
    """The body of a request. Raises :class:`Refused` if it is too long or too slow."""
    headers = dict(scope["headers"])
    length = headers.get(b"content-length", b"0")
    too_long = Refused(413, f"A request may have {most:,} bytes.", connection="close")
    if not length.isdigit() or len(length) > 15 or int(length) > most:
        raise too_long
    body = bytearray()
    try:
        async with asyncio.timeout(slowest):
            while True:
                message = await receive()
                body += message.get("body", b"")
                if len(body) > most:
                    raise too_long
                if message["type"] == "http.disconnect" or not message.get("more_body"):
                    return bytes(body)
    except TimeoutError:
        raise Refused(408, "The request took too long to arrive.", connection="close") from None


def _again(body: bytes, receive: Receive) -> Receive:
    """Gives a body that was read, and then what else the client does."""
    left: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return left.pop() if left else await receive()

    return again


def _later(seconds: int) -> dict[str, str]:
    return {"retry-after": str(seconds)}


def _note(scope: Scope, text: str) -> None:
    """One line in the log, whatever the client has sent."""
    log.warning("%s %s: %s", scope["method"], plain(scope["path"], 120), plain(text, 300))


async def _send(reply: Send, status: int, sentence: str, headers: dict[str, Any]) -> None:
    body = _sentence(sentence)
    extra = [(name.encode(), value.encode()) for name, value in headers.items()]
    lines = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await reply({"type": "http.response.start", "status": status, "headers": [*lines, *extra]})
    await reply({"type": "http.response.body", "body": body})


def _sentence(sentence: str) -> bytes:
    """As JSON: ``detail`` is FastAPI's name for it, ``error`` that of Gradio's page."""
    return json.dumps({"detail": sentence, "error": sentence}).encode()
