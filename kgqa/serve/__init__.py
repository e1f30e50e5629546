"""The page, served: one function for a script, a notebook, ``python app.py`` and ``kgqa serve``.

>>> from kgqa import serve
>>> serve("checkpoints/films")  # until Ctrl+C  # doctest: +SKIP
>>> serve("owner/name@revision", ServeOptions(port=8000))  # of the Hub  # doctest: +SKIP
>>> serve(options=ServeOptions(graph=("suppliers.csv", "orders.csv")))  # doctest: +SKIP

Each option can be given as an environment variable instead, as a Space does: KGQA_CHECKPOINT,
KGQA_DEVICE, KGQA_HOST, KGQA_PORT, KGQA_QUEUE, KGQA_AT_ONCE, KGQA_MCP, KGQA_VERIFY,
KGQA_ROOT_PATH, KGQA_PROXY, KGQA_FRAME_ANCESTORS, KGQA_GRAPH (paths, separated as in PATH),
KGQA_OUT, KGQA_UPLOAD, KGQA_FEEDBACK, and KGQA_ANALYTICS=True for Gradio's analytics, which are off
otherwise.

    options    what can be chosen          card        what the page gets
    examples   written and then answered   uploads     what becomes of the files of a visitor
    feedback   what people say of answers  publish     a checkpoint on the Hub, and a Space
"""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from kgqa.errors import KGQAError
from kgqa.serve.card import page_card, page_service
from kgqa.serve.options import OFF, ServeOptions, add_options, from_environment, read_options
from kgqa.serve.progress import ProgressLine

if TYPE_CHECKING:
    from kgqa.checkpoint import Checkpoint
    from kgqa.inference import Pipeline
    from kgqa.ui.said import Feedback

__all__ = ["ServeOptions", "add_options", "page_card", "page_service", "read_options", "serve"]
LENT = 15  #: seconds for which a lent GPU is asked for; a pass of the network takes well under one


def serve(
    checkpoint: str | Path | Checkpoint | Pipeline = "checkpoints/films",
    options: ServeOptions | None = None,
) -> None:
    """Serve the page of a checkpoint until Ctrl+C.

    Args:
        checkpoint: a folder, "owner/name@revision" on the Hub, or one that is open already.
        options: by default those of the environment.

    Raises:
        KGQAError: the checkpoint or the graph cannot be opened, the address cannot be listened on,
            or no folder for temporary files can be written.
    """
    options = from_environment() if options is None else options
    _check_machine(options)
    analytics = os.environ.get("KGQA_ANALYTICS") or "False"
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", analytics)  # gradio reads it when imported
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    proxy = options.proxy or bool(options.root_path)
    os.environ["FORWARDED_ALLOW_IPS"] = "*" if proxy else ""  # whom uvicorn believes
    lend = lender()
    pipeline = _open(checkpoint, options)
    from kgqa.ui import quick

    quick.gradio()
    from kgqa.serve.uploads import FILES, opener
    from kgqa.ui.guard.arrivals import Arrivals
    from kgqa.ui.guard.front import Front, tighten
    from kgqa.ui.guard.policy import ANCESTORS
    from kgqa.ui.guard.rules import Uploads
    from kgqa.ui.page import build_page
    from kgqa.ui.theme import launch_options

    arrivals = Arrivals(FILES if options.upload else Uploads())
    front = Front(options.root_path, proxy, options.frame_ancestors or ANCESTORS, arrivals)
    at_once = options.at_once or (2 if pipeline.checkpoint.device.type == "cpu" else 32)
    page = build_page(
        page_service(pipeline, lend, feedback=_feedback(pipeline, checkpoint, options)),
        at_once=at_once,
        waiting=options.queue,
        uploads=opener(pipeline, lend) if options.upload else None,
        arrivals=arrivals,
    )
    try:
        _, address, _ = page.launch(
            server_name=options.host,
            server_port=options.port,
            mcp_server=options.mcp,
            prevent_thread_lock=True,
            quiet=True,
            **launch_options(front),
        )
    except OSError as error:
        raise KGQAError(f"The page cannot be served: {error}") from None
    tighten(page.server)
    print(f"Open {address} in a browser. Stop with Ctrl+C.", flush=True)
    page.block_thread()


def _feedback(
    pipeline: Pipeline, checkpoint: str | Path | Checkpoint | Pipeline, options: ServeOptions
) -> Feedback | None:
    """What keeps what people say of answers, if that is wanted."""
    if options.feedback.lower() in OFF or not (options.feedback or options.alone):
        return None
    from kgqa.serve.feedback import keeper

    return keeper(
        pipeline,
        options.feedback,
        alone=options.alone,
        checkpoint=str(checkpoint) if isinstance(checkpoint, str | Path) else "",
        graph=(options.out or " ".join(options.graph)) if options.graph else "",
    )


def _check_machine(options: ServeOptions) -> None:
    """Raise an error for what would stop the server later, with a trace."""
    try:
        tempfile.gettempdir()
    except OSError:
        raise KGQAError(
            "No folder for temporary files can be written. Set TMPDIR to one that can."
        ) from None
    try:
        ((family, kind, *_, address), *_) = socket.getaddrinfo(
            options.host.strip("[]"), options.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        with socket.socket(family, kind) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise KGQAError(
            f"Nothing can listen on port {options.port} of {options.host[:100]!r} ({reason}). "
            "Choose others with --host and --port."
        ) from None


def lender() -> Callable[[Callable], Callable] | None:
    """Wraps a function so that it runs while the host lends its GPU (ZeroGPU); None elsewhere."""
    if not os.environ.get("SPACES_ZERO_GPU"):
        return None
    import spaces  # must be imported before torch

    return spaces.GPU(duration=LENT)


def _open(checkpoint: str | Path | Checkpoint | Pipeline, options: ServeOptions) -> Pipeline:
    """The pipeline, over the graph of the options where they name one."""
    from kgqa.inference import Pipeline

    graph = None
    if options.graph:
        from kgqa.graph.given import described, open_graph

        with ProgressLine() as bar:
            graph = open_graph(
                options.graph, out=options.out or None, verify=options.verify, bar=bar
            )
        print("\n".join(described(graph)), flush=True)
    if isinstance(checkpoint, str | Path):
        how = {"device": options.device, "verify": options.verify}
        return Pipeline.load(checkpoint, graph=graph, **how)
    opened = checkpoint.checkpoint if isinstance(checkpoint, Pipeline) else checkpoint
    if graph is None or graph.fingerprint == opened.graph.fingerprint:
        return checkpoint if isinstance(checkpoint, Pipeline) else Pipeline(opened)
    return Pipeline(opened.over(graph))


class _Module(ModuleType):
    """``kgqa.serve`` is this module; called, it is its function, however it was imported."""

    def __call__(self, *arguments: Any, **options: Any) -> None:
        serve(*arguments, **options)


sys.modules[__name__].__class__ = _Module
