"""The page, served: one function for a script, a notebook, ``python app.py`` and ``kgqa serve``.

>>> from kgqa import serve
>>> serve("checkpoints/films")  # until Ctrl+C  # doctest: +SKIP
>>> serve("owner/name@revision", ServeOptions(port=8000))  # of the Hub  # doctest: +SKIP

Each option can be given as an environment variable instead, as a Space does: KGQA_CHECKPOINT,
KGQA_DEVICE, KGQA_HOST, KGQA_PORT, KGQA_QUEUE, KGQA_AT_ONCE, KGQA_MCP, KGQA_VERIFY,
KGQA_ROOT_PATH, KGQA_PROXY, KGQA_FRAME_ANCESTORS, and KGQA_ANALYTICS=True for Gradio's analytics,
which are off otherwise.
"""

from __future__ import annotations

import argparse
import os
import re
import socket
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

from kgqa.errors import KGQAError

if TYPE_CHECKING:
    from kgqa.checkpoint import Checkpoint
    from kgqa.inference import Pipeline
    from kgqa.ui.service import Card, Service

T = TypeVar("T")
ON = "1 on true yes".split()
DEVICES = ("auto", "cpu", "cuda")
LENT = 15  #: seconds for which a lent GPU is asked for; a pass of the network takes well under one
MOST_EXAMPLES = 12
VERIFY = "check every byte of a graph of more than 100 MB, too (smaller ones always are)"


@dataclass(frozen=True)
class ServeOptions:
    """How the page is served."""

    host: str = "127.0.0.1"  #: address to listen on
    port: int = 7860
    queue: int = 64  #: visitors who may wait for an answer
    at_once: int = 0  #: questions answered at a time; 0: 2, or 32 on a GPU
    mcp: bool = False  #: also be an MCP server
    device: str = "auto"  #: where a checkpoint that is not opened yet runs
    root_path: str = ""  #: prefix that a proxy strips ("/kg"), or the page's whole address
    proxy: bool = False  #: believe X-Forwarded-Host and the like; a root path implies it
    frame_ancestors: str = ""  #: who may show the page in a frame; empty: itself and Spaces
    verify: bool = False  #: check every byte of a graph of more than 100 MB, too


def serve(
    checkpoint: str | Path | Checkpoint | Pipeline = "checkpoints/films",
    options: ServeOptions = ServeOptions(),
) -> None:
    """Serve the page of a checkpoint until Ctrl+C.

    Args:
        checkpoint: a folder, "owner/name@revision" on the Hub, or one that is open already.

    Raises:
        KGQAError: the checkpoint cannot be opened, the address cannot be listened on, or no folder
            for temporary files can be written.
    """
    _check_machine(options)
    analytics = os.environ.get("KGQA_ANALYTICS") or "False"
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", analytics)  # gradio reads it when imported
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    proxy = options.proxy or bool(options.root_path)
    os.environ["FORWARDED_ALLOW_IPS"] = "*" if proxy else ""  # whom uvicorn believes
    lend = lender()
    pipeline = _open(checkpoint, options)
    from kgqa.ui.guard.front import Front, tighten
    from kgqa.ui.guard.policy import ANCESTORS
    from kgqa.ui.page import build_page
    from kgqa.ui.theme import launch_options

    front = Front(options.root_path, proxy, options.frame_ancestors or ANCESTORS)
    at_once = options.at_once or (2 if pipeline.checkpoint.device.type == "cpu" else 32)
    page = build_page(page_service(pipeline, lend), at_once=at_once, waiting=options.queue)
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


# -- options -----------------------------------------------------------------------------------


def add_options(parser: argparse.ArgumentParser, *, checkpoint: str = "checkpoints/films") -> None:
    """Give a command the options of :func:`serve`; environment variables are their defaults."""
    env = os.environ.get
    host = env("KGQA_HOST") or env("GRADIO_SERVER_NAME") or ServeOptions.host
    port = env("KGQA_PORT") or env("GRADIO_SERVER_PORT") or ServeOptions.port
    device, mcp = env("KGQA_DEVICE") or "auto", env("KGQA_MCP", "").lower() in ON
    waiting, at_once = env("KGQA_QUEUE") or ServeOptions.queue, env("KGQA_AT_ONCE") or 0
    add, checkpoint = parser.add_argument, env("KGQA_CHECKPOINT") or checkpoint
    add("--checkpoint", default=checkpoint, help="folder or Hub repository id")
    add("--device", choices=DEVICES, default=device, help="where the model runs")
    add("--host", default=host, help="address to listen on")
    add("--port", type=int, default=port, help="port to listen on")
    add("--queue", type=int, default=waiting, help="visitors who may wait for an answer")
    at_once_help = "questions answered at a time; 0: 2, or 32 on a GPU"
    add("--at-once", type=int, default=at_once, help=at_once_help)
    mcp_help = "also be an MCP server (needs the package mcp)"
    add("--mcp", action=argparse.BooleanOptionalAction, default=mcp, help=mcp_help)
    verify, verify_help = env("KGQA_VERIFY", "").lower() in ON, VERIFY
    add("--verify", action=argparse.BooleanOptionalAction, default=verify, help=verify_help)
    _add_front(parser)


def _add_front(parser: argparse.ArgumentParser) -> None:
    """Where the page is seen from."""
    env = os.environ.get
    proxy = (env("KGQA_PROXY") or str(bool(env("SPACE_ID")))).lower() in ON
    root_path = env("KGQA_ROOT_PATH") or env("GRADIO_ROOT_PATH") or ""
    add, ancestors = parser.add_argument, env("KGQA_FRAME_ANCESTORS") or ""
    root_help = "prefix that a proxy strips, as in /kg"
    add("--root-path", default=root_path, metavar="/PATH", help=root_help)
    proxy_help = "believe X-Forwarded-Host and the like; only behind a proxy that sets them"
    add("--proxy", action=argparse.BooleanOptionalAction, default=proxy, help=proxy_help)
    frame_help = "who may show the page in a frame, as in CSP; default: itself and Spaces"
    add("--frame-ancestors", default=ancestors, metavar="SOURCES", help=frame_help)


def read_options(parser: argparse.ArgumentParser, chosen: argparse.Namespace) -> ServeOptions:
    """The checked options; what cannot be is refused as argparse refuses, with exit status 2."""
    if chosen.device not in DEVICES:
        parser.error(f"KGQA_DEVICE must be one of {', '.join(DEVICES)}; it is {chosen.device!r}.")
    if not 0 < chosen.port < 65536:
        parser.error(f"The port must be between 1 and 65535; it is {chosen.port}.")
    if chosen.queue < 1 or chosen.at_once < 0:
        parser.error("--queue must be at least 1 and --at-once at least 0.")
    if chosen.mcp and find_spec("mcp") is None:
        parser.error('--mcp needs a package that is not installed: pip install "mcp>=1.21,<2"')
    if not re.fullmatch(r"((/|https?://)[^\s?#\"'<>\\]*[^/\s?#\"'<>\\])?", chosen.root_path):
        parser.error(f"The root path must be as in /kg; it is {chosen.root_path[:100]!r}.")
    if not re.fullmatch(r"[\w .:/*'-]*", chosen.frame_ancestors):
        parser.error(
            "--frame-ancestors must be sources with spaces between, as in https://a.example."
        )
    values = {name: getattr(chosen, name) for name in ServeOptions.__dataclass_fields__}
    return ServeOptions(**values)


def lender() -> Callable[[Callable], Callable] | None:
    """Wraps a function so that it runs while the host lends its GPU (ZeroGPU); None elsewhere."""
    if not os.environ.get("SPACES_ZERO_GPU"):
        return None
    import spaces  # must be imported before torch

    return spaces.GPU(duration=LENT)


# -- what the page gets ------------------------------------------------------------------------


def _open(checkpoint: str | Path | Checkpoint | Pipeline, options: ServeOptions) -> Pipeline:
    from kgqa.checkpoint import Checkpoint
    from kgqa.inference import Pipeline

    if isinstance(checkpoint, Pipeline):
        return checkpoint
    if isinstance(checkpoint, Checkpoint):
        return Pipeline(checkpoint)
    return Pipeline.load(checkpoint, device=options.device, verify=options.verify)


def page_service(pipeline: Pipeline, lend: Callable[[Callable], Callable] | None = None) -> Service:
    """The functions behind the page: a pipeline, and the same network over the toy graph."""
    from kgqa.graph.toy import all_facts
    from kgqa.inference.toy import toy_pipeline
    from kgqa.inference.worked import worked
    from kgqa.ui.service import Service, Toy

    toy, threshold = toy_pipeline(pipeline), pipeline.checkpoint.config.answer_threshold
    for served in (pipeline, toy):
        if lend is not None and served is not None:
            served.reader.forward = lend(served.reader.forward)
    return Service(
        pipeline.answer,
        page_card(pipeline),
        neighbourhood=pipeline.graph.neighbourhood,
        search=pipeline.named,
        toy=Toy(toy.answer, all_facts(toy.graph)) if toy else None,
        worked=cache(partial(worked, pipeline.graph, threshold)),
        stages=pipeline.stages,
    )


def page_card(pipeline: Pipeline) -> Card:
    """What the page says about a pipeline's checkpoint and graph."""
    from kgqa import __version__
    from kgqa.inference.operators import choices
    from kgqa.ui import service
    from kgqa.ui.service import Card, Example, Failure, Lesson, Metrics, RelationCount, Source

    checkpoint, graph = pipeline.checkpoint, pipeline.graph
    config = checkpoint.config
    relations = [
        RelationCount(r.id, r.label, "" if r.literal else r.inverse, r.triples)
        for r in graph.relations
    ]
    kept = {
        group: tuple(service.Operator(id, label) for id, label in entries)
        for group, entries in choices(graph).items()
    }
    return Card(
        model=config.name,
        version=__version__,
        device=str(checkpoint.device),
        parameters=sum(p.numel() for p in checkpoint.model.parameters()),
        mentions=config.max_mentions,
        hops=config.max_hops,
        hops_after=config.max_after,
        operators=config.operators,
        metrics=_read(checkpoint, "metrics.json", Metrics, Metrics()),
        examples=_read(checkpoint, "examples.json", tuple[Example, ...], ())[:MOST_EXAMPLES],
        failures=_read(checkpoint, "failures.json", tuple[Failure, ...], ()),
        lesson=_read(checkpoint, "lesson.json", Lesson, Lesson()),
        graph=graph.name,
        entities=graph.num_entities,
        triples=graph.num_triples,
        kinds=tuple(graph.kinds),
        relations=tuple(relations),
        choices=kept if config.operators else {},
        readouts=tuple(config.readouts) if config.operators else (),
        sources=tuple(Source(s.name, s.source, s.licence) for s in graph.sources),
        missing=graph.missing,
    )


def _read(checkpoint: Checkpoint, name: str, kind: Any, default: T) -> T:
    """A file of a checkpoint as a dataclass; the default if it is missing or not readable."""
    from pydantic import TypeAdapter

    try:
        return TypeAdapter(kind).validate_python(checkpoint.beside(name))
    except ValueError:
        return default


class _Module(ModuleType):
    """``kgqa.serve`` is this module; called, it is its function, however it was imported."""

    def __call__(self, *arguments: Any, **options: Any) -> None:
        serve(*arguments, **options)


sys.modules[__name__].__class__ = _Module
