"""The app: load the pipeline, build the page, launch. ``python app.py --help`` lists the options.

Each option can be given as an environment variable instead, as a Space does: KGQA_CHECKPOINT, KGQA_DEVICE, KGQA_HOST,
KGQA_PORT, KGQA_QUEUE, KGQA_AT_ONCE, KGQA_MCP, and KGQA_ANALYTICS=True for Gradio's analytics, which are off otherwise.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault(
    "GRADIO_ANALYTICS_ENABLED", os.environ.get("KGQA_ANALYTICS") or "False"
)  # read by gradio's import
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

from kgqa.errors import KGQAError

if TYPE_CHECKING:
    from kgqa.inference.pipeline import Pipeline
    from kgqa.ui.service import Service

ROOT = Path(__file__).resolve().parent
ON = ("1", "on", "true", "yes")
DEVICES = ("auto", "cpu", "cuda")
LENT = 15  #: seconds for which a lent GPU is asked for; a pass of the network takes well under one


def options(arguments: list[str] | None = None) -> argparse.Namespace:
    """The options of the command line, with environment variables as defaults."""
    env = os.environ.get
    parser = argparse.ArgumentParser(
        description="Answer questions over a knowledge graph in the browser."
    )
    parser.add_argument(
        "--checkpoint",
        default=env("KGQA_CHECKPOINT") or str(ROOT / "checkpoints" / "films"),
        help="folder or Hub repository id",
    )
    parser.add_argument(
        "--device",
        choices=DEVICES,
        default=env("KGQA_DEVICE") or "auto",
        help="where the model runs",
    )
    parser.add_argument(
        "--host",
        default=env("KGQA_HOST") or env("GRADIO_SERVER_NAME") or "127.0.0.1",
        help="address to listen on",
    )
    parser.add_argument(
        "--port",
        type=int,
        default=env("KGQA_PORT") or env("GRADIO_SERVER_PORT") or 7860,
        help="port to listen on",
    )
    parser.add_argument(
        "--queue",
        type=int,
        default=env("KGQA_QUEUE") or 64,
        help="visitors who may wait for an answer",
    )
    parser.add_argument(
        "--at-once",
        type=int,
        default=env("KGQA_AT_ONCE") or 0,
        help="questions answered at a time; 0: 2, or 32 on a GPU",
    )
    parser.add_argument(
        "--mcp",
        action=argparse.BooleanOptionalAction,
        default=env("KGQA_MCP", "").lower() in ON,
        help="also be an MCP server (needs the package mcp)",
    )
    chosen = parser.parse_args(arguments)
    if chosen.device not in DEVICES:
        parser.error(f"KGQA_DEVICE must be one of {', '.join(DEVICES)}; it is {chosen.device!r}.")
    if not 0 < chosen.port < 65536:
        parser.error(f"The port must be between 1 and 65535; it is {chosen.port}.")
    if chosen.queue < 1 or chosen.at_once < 0:
        parser.error("--queue must be at least 1 and --at-once at least 0.")
    if chosen.mcp and find_spec("mcp") is None:
        parser.error('--mcp needs a package that is not installed: pip install "mcp>=1.21,<2"')
    return chosen


def lender() -> Callable[[Callable], Callable] | None:
    """Wraps a function so that it runs while the host lends its GPU (ZeroGPU); None elsewhere."""
    if not os.environ.get("SPACES_ZERO_GPU"):
        return None
    import spaces  # wants to be imported before torch

    return spaces.GPU(duration=LENT)


def service(pipeline: Pipeline, lend: Callable[[Callable], Callable] | None = None) -> Service:
    """What the page gets of the pipeline, and of the same network over the toy graph."""
    from kgqa.graph.toy import all_facts
    from kgqa.inference.toy import toy_pipeline
    from kgqa.ui.service import Service

    toy = toy_pipeline(pipeline)
    threading.Thread(
        target=pipeline.about, args=("",), daemon=True
    ).start()  # read the ids now, not at the first click
    for one in (pipeline, toy):
        if lend is not None and one is not None:
            one.reader.forward = lend(one.reader.forward)
    extra = {"toy": toy.answer, "toy_facts": all_facts(toy.graph)} if toy else {}
    return Service(
        pipeline.answer,
        pipeline.card,
        pipeline.about,
        pipeline.named,
        stages=pipeline.stages,
        **extra,
    )


def main(arguments: list[str] | None = None) -> int:
    """Start the app; the exit status is 2 if it cannot start for a reason that a person can mend."""
    chosen, lend = options(arguments), lender()
    try:
        from kgqa.inference import Pipeline

        pipeline = Pipeline.load(chosen.checkpoint, device=chosen.device)
    except KGQAError as error:
        print(f"The app cannot start: {error}", file=sys.stderr)
        return 2
    from kgqa.ui.page import build_page
    from kgqa.ui.theme import launch_options

    at_once = chosen.at_once or (2 if pipeline.checkpoint.device.type == "cpu" else 32)
    page = build_page(service(pipeline, lend), at_once=at_once, waiting=chosen.queue)
    try:
        started = {
            "prevent_thread_lock": True,
            "quiet": True,
            "mcp_server": chosen.mcp,
            **launch_options(),
        }
        _, address, _ = page.launch(server_name=chosen.host, server_port=chosen.port, **started)
    except OSError as error:
        print(f"The app cannot start: {error} Choose another port with --port.", file=sys.stderr)
        return 2
    print(f"Open {address} in a browser. Stop with Ctrl+C.", flush=True)
    page.block_thread()
    return 0


if __name__ == "__main__":
    sys.exit(main())
