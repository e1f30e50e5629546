"""A page with hand-built traces, served on a free port in this process."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from kgqa.ui.guard.front import Front, tighten
from kgqa.ui.page import build_page
from kgqa.ui.service import Service
from kgqa.ui.theme import launch_options
from tests.ui import page_traces as traces

API = "/gradio_api"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextlib.contextmanager
def served(
    answer: Callable[..., Any] = traces.answer,
    front: Front = Front(),
    more: Mapping[str, Any] = MappingProxyType({}),
    **options: Any,
) -> Iterator[tuple[str, Any]]:
    """(address, page); ``more`` of the service; options are those of ``build_page``."""
    known = {"neighbourhood": traces.about, "search": traces.search, **more}
    service = Service(answer, traces.CARD, **known)
    page = build_page(service, **options)
    port = free_port()
    page.launch(
        server_name="127.0.0.1",
        server_port=port,
        prevent_thread_lock=True,
        quiet=True,
        **launch_options(front),
    )
    tighten(page.server)
    try:
        yield f"http://127.0.0.1:{port}", page
    finally:
        page.close(verbose=False)


HOP = {"connection", "transfer-encoding", "keep-alive"}


class Proxy(BaseHTTPRequestHandler):
    """Strips ``/kg``, passes everything on as it comes, and has nothing elsewhere."""

    target, protocol_version = "", "HTTP/1.0"

    def _pass(self) -> None:
        if not self.path.startswith("/kg/"):
            return self.send_error(404)
        server = HTTPConnection(urlsplit(self.target).netloc, timeout=60)
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {k: v for k, v in self.headers.items() if k.lower() not in HOP}
        server.request(self.command, self.path.removeprefix("/kg"), body, headers)
        reply = server.getresponse()
        self.send_response(reply.status)
        for name, value in reply.getheaders():
            if name.lower() not in HOP | {"date", "server"}:
                self.send_header(name, value)
        self.end_headers()
        while part := reply.read1(65_536):
            self.wfile.write(part)
            self.wfile.flush()

    do_GET = do_POST = do_HEAD = _pass

    def log_message(self, *arguments: object) -> None: ...


@contextlib.contextmanager
def proxied(target: str) -> Iterator[str]:
    """The address below which a proxy serves another address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("To", (Proxy,), {"target": target}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/kg"
    finally:
        server.shutdown()
