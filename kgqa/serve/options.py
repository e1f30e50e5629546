"""The options of the page's server: arguments, and environment variables as their defaults."""

from __future__ import annotations

import argparse
import os
import re
from dataclasses import dataclass
from importlib.util import find_spec
from typing import NoReturn

from kgqa.errors import DataError
from kgqa.text import plain

ON, OFF = "1 on true yes".split(), "0 off false no".split()
LOCAL = "127.0.0.1 localhost ::1".split()
DEVICES = ("auto", "cpu", "cuda")
VERIFY = "check every byte of a graph of more than 100 MB, too (smaller ones always are)"
GRAPH_HELP = (
    "the checkpoint's weights over a graph of your own, which they never saw: files of any known "
    "format that make one graph (see kgqa graph --help), or the folder of a built graph"
)
OUT_HELP = "with --graph FILE: where the graph is kept; without it, it is gone at the end"


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
    graph: tuple[str, ...] = ()  #: files, or a built graph, instead of the checkpoint's own
    out: str = ""  #: folder where the graph of files is kept
    upload: bool = False  #: whether visitors may bring files of their own
    #: file of what people say of answers; "off": nowhere; empty: one of the person's own if the
    #: page is for this computer alone, else nowhere
    feedback: str = ""

    @property
    def alone(self) -> bool:
        """Whether the page is for one person at this computer."""
        there = self.host.strip("[]").lower()
        return there in LOCAL and not (self.proxy or self.root_path or os.environ.get("SPACE_ID"))


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
    feedback_help = (
        "file where the page keeps what people say of answers; 'off': nowhere; default: "
        "~/.kgqa/feedback, a file a graph, if the page is for this computer alone, else nowhere"
    )
    add("--feedback", metavar="FILE", default=env("KGQA_FEEDBACK") or "", help=feedback_help)
    _add_front(parser)
    _add_graph(parser)


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


def _add_graph(parser: argparse.ArgumentParser) -> None:
    """Which graph is asked."""
    env = os.environ.get
    graph = [path for path in (env("KGQA_GRAPH") or "").split(os.pathsep) if path]
    out = env("KGQA_OUT") or ""
    parser.add_argument("--graph", nargs="+", metavar="FILE", default=graph, help=GRAPH_HELP)
    hosted = env("SPACE_ID") and not env("SPACES_ZERO_GPU")  # whose GPU is lent for questions
    upload = (env("KGQA_UPLOAD") or str(bool(hosted))).lower() in ON
    upload_help = "visitors may bring files of their own: a graph for each, gone when they leave"
    parser.add_argument(
        "--upload", action=argparse.BooleanOptionalAction, default=upload, help=upload_help
    )
    parser.add_argument("--out", metavar="FOLDER", default=out, help=OUT_HELP)


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
    if chosen.out and not chosen.graph:
        parser.error("--out must be given with --graph, whose files it keeps as a graph.")
    chosen.graph = tuple(chosen.graph)
    values = {name: getattr(chosen, name) for name in ServeOptions.__dataclass_fields__}
    return ServeOptions(**values)


def from_environment() -> ServeOptions:
    """What the environment says alone, as on a Space. Raises :class:`DataError`."""
    parser = _Parser()
    add_options(parser)
    return read_options(parser, parser.parse_args([]))


class _Parser(argparse.ArgumentParser):
    """Refuses with an exception, for there is no command line."""

    def error(self, message: str) -> NoReturn:
        raise DataError(plain(message, 400))
