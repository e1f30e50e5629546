"""Where the page is served, and the options of ``Blocks.launch`` that follow from it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import Route

from kgqa.ui.drawing.network import vis_script
from kgqa.ui.guard.arrivals import Arrivals
from kgqa.ui.guard.connections import hurried
from kgqa.ui.guard.guard import Guard
from kgqa.ui.guard.policy import ANCESTORS, Policy, ScriptHashes
from kgqa.ui.guard.rules import FILES, VIS, Uploads
from kgqa.ui.guard.sessions import Sessions


@dataclass(frozen=True)
class Front:
    """Where the page is served."""

    root_path: str = ""  #: "/kg" if a proxy serves the page below this prefix and strips it
    proxy: bool = False  #: whether X-Forwarded-Host and the like are believed
    ancestors: str = ANCESTORS  #: pages that may show this one in a frame, as in frame-ancestors
    arrivals: Arrivals = field(default_factory=lambda: Arrivals(Uploads()))  #: takes no files

    def options(self) -> dict[str, Any]:
        """Arguments of ``Blocks.launch``."""
        policy = Policy(self.ancestors)

        @asynccontextmanager
        async def guarded(app: Any) -> AsyncIterator[None]:
            """Wrap all of Gradio's own layers, so that no response leaves without the headers."""
            page = app.get_blocks()
            app.state_holder = Sessions(page, rooms=getattr(page, "rooms", None))
            trusted = self.proxy or bool(self.root_path)
            app.middleware_stack = Guard(
                app.middleware_stack, page, policy, self.arrivals.uploads, trusted=trusted
            )
            yield

        return {
            "root_path": self.root_path or None,
            "max_file_size": 1,  # Gradio's own uploads are closed
            "app_kwargs": {
                "lifespan": guarded,
                "middleware": [Middleware(ScriptHashes, policy=policy)],
                "routes": [
                    Route(f"/{VIS}", _vis),
                    Route(FILES, self.arrivals.receive, methods=["POST"]),
                ],
            },
        }


def tighten(server: Any) -> None:
    """What ``Blocks.launch`` has no option for; its server reads it for each new connection."""
    server.config.http_protocol_class = hurried(server.config.http_protocol_class)
    server.config.encoded_headers.clear()  # the name of the server software


async def _vis(request: Request) -> FileResponse:
    """The copy of vis-network that pyvis ships."""
    return FileResponse(vis_script(), headers={"Cache-Control": "max-age=86400"})
