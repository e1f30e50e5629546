"""The app: load the pipeline, build the page, launch. ``python app.py --help`` lists the options.

Each option can be given as an environment variable instead: KGQA_CHECKPOINT, KGQA_DEVICE, KGQA_HOST, KGQA_PORT.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # nothing leaves the machine; read when gradio is imported
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

from kgqa.errors import KGQAError

if TYPE_CHECKING:
    from kgqa.inference.pipeline import Pipeline
    from kgqa.ui.service import Service

ROOT = Path(__file__).resolve().parent
DEVICES = ("auto", "cpu", "cuda")


def options(arguments: list[str] | None = None) -> argparse.Namespace:
    """The options of the command line, with environment variables as defaults."""
    env = os.environ.get
    parser = argparse.ArgumentParser(description="Answer questions over a knowledge graph in the browser.")
    parser.add_argument(
        "--checkpoint",
        default=env("KGQA_CHECKPOINT") or str(ROOT / "checkpoints" / "films"),
        help="folder or Hub repository id",
    )
    parser.add_argument("--device", choices=DEVICES, default=env("KGQA_DEVICE") or "auto", help="where the model runs")
    parser.add_argument(
        "--host", default=env("KGQA_HOST") or env("GRADIO_SERVER_NAME") or "127.0.0.1", help="address to listen on"
    )
    parser.add_argument(
        "--port", type=int, default=env("KGQA_PORT") or env("GRADIO_SERVER_PORT") or 7860, help="port to listen on"
    )
    chosen = parser.parse_args(arguments)
    if chosen.device not in DEVICES:
        parser.error(f"KGQA_DEVICE must be one of {', '.join(DEVICES)}; it is {chosen.device!r}.")
    if not 0 < chosen.port < 65536:
        parser.error(f"The port must be between 1 and 65535; it is {chosen.port}.")
    return chosen


def service(pipeline: Pipeline) -> Service:
    """What the page gets of the pipeline, and of the same network over the toy graph."""
    from kgqa.inference.toy import all_facts, toy_pipeline
    from kgqa.ui.service import Service

    toy = toy_pipeline(pipeline)
    extra = {"toy": toy.answer, "toy_facts": all_facts(toy.graph)} if toy else {}
    return Service(pipeline.answer, pipeline.card, pipeline.about, pipeline.named, **extra)


def main(arguments: list[str] | None = None) -> int:
    """Start the app; the exit status is 2 if it cannot start for a reason that a person can mend."""
    chosen = options(arguments)
    try:
        from kgqa.inference import Pipeline

        pipeline = Pipeline.load(chosen.checkpoint, device=chosen.device)
    except KGQAError as error:
        print(f"The app cannot start: {error}", file=sys.stderr)
        return 2
    from kgqa.ui.page import build_page
    from kgqa.ui.theme import launch_options

    page = build_page(service(pipeline))
    try:
        started = {"prevent_thread_lock": True, "quiet": True, **launch_options()}
        _, address, _ = page.launch(server_name=chosen.host, server_port=chosen.port, **started)
    except OSError as error:
        print(f"The app cannot start: {error} Choose another port with --port.", file=sys.stderr)
        return 2
    print(f"Open {address} in a browser. Stop with Ctrl+C.", flush=True)
    page.block_thread()
    return 0


if __name__ == "__main__":
    sys.exit(main())
