"""Content-Security-Policy: what a browser lets the page do.

The page runs its own files, and the scripts that Gradio writes into the HTML, each allowed by its
hash: a script that got into the page in any other way does not run, nor does an ``onclick``.
``'unsafe-eval'`` has to stay, because Gradio compiles ``js_on_load`` and the templates of
``gr.HTML`` with ``new Function``; they come from this package, never from data. For styles
``'unsafe-inline'`` has to stay: Gradio adds style elements, and bars have their width as a style.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from dataclasses import dataclass

from starlette.datastructures import MutableHeaders, QueryParams
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kgqa.ui import link

ANCESTORS = "'self' https://huggingface.co https://*.hf.space"
NAME = "content-security-policy"
_SCRIPT = re.compile(rb"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.DOTALL)
#: Gradio's page names its manifest, and no icon, as if it were never below a prefix
_MANIFEST = (
    b'<link rel="manifest" href="/manifest.json" />',
    b'<link rel="manifest" href="manifest.json" /><link rel="icon" href="favicon.ico" />',
)
#: a page that comes with a question is marked, so that it can keep the answer's place free at once
_LINKED = (b"<html", b'<html class="linked"', 1)
_PAGE = """default-src 'none'; script-src 'self' 'unsafe-eval' {hashes}; \
style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; \
connect-src 'self'; manifest-src 'self'; base-uri 'self'; form-action 'none'; \
frame-ancestors {ancestors}"""


@dataclass(frozen=True)
class Policy:
    """The policy for whoever may show the page in a frame."""

    ancestors: str = ANCESTORS

    def page(self, html: bytes) -> str:
        """For an HTML page of Gradio's, with a hash for each script in it."""
        codes = [m["code"] for m in _SCRIPT.finditer(html) if b"src=" not in m["attributes"]]
        digests = [b64encode(hashlib.sha256(code).digest()).decode() for code in codes]
        hashes = " ".join(f"'sha256-{digest}'" for digest in dict.fromkeys(digests))
        return _PAGE.format(hashes=hashes, ancestors=self.ancestors)

    def other(self) -> str:
        """For all other responses, which are no pages."""
        return f"default-src 'none'; frame-ancestors {self.ancestors}"


class ScriptHashes:
    """Sets the policy of HTML pages; it has to see them before they are compressed."""

    def __init__(self, app: ASGIApp, policy: Policy):
        self.app, self.policy = app, policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; keep the start of an HTML response until its body is known."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        start: Message = {}
        body = b""

        async def watch(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                type = MutableHeaders(scope=message).get("content-type", "")
                if type.startswith("text/html"):
                    start = message
                    return
            elif start and message["type"] == "http.response.body":
                body += message.get("body", b"")
                if message.get("more_body"):
                    return
                body = body.replace(*_MANIFEST)
                if link.asked(QueryParams(scope.get("query_string", b""))).strip():
                    body = body.replace(*_LINKED)
                headers = MutableHeaders(scope=start)
                headers[NAME] = self.policy.page(body)
                headers["content-length"] = str(len(body))
                await send(start)
                start, message = {}, {"type": "http.response.body", "body": body}
            await send(message)

        return await self.app(scope, receive, watch)
