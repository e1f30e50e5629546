"""What a session weighs: ``python -m tests.hold.sessions [--sessions 2000]``.

Each session asks a question as the page does, sees the answer and the graph, and stays. Traces are
those of the default checkpoint, each a copy of its own. A child process serves, so that what is
measured is the server's memory and not the visitors'.
"""

from __future__ import annotations

import argparse
import os
import pickle
import subprocess
import sys
import time
from itertools import cycle, islice
from pathlib import Path
from uuid import uuid4

import httpx

API = "/gradio_api"
QUESTIONS = (
    "Who did Natalie Portman play in Star Wars?",
    "What city is the Mona Lisa in?",
    "Who wrote films starring Tom Hanks?",
    "Tom Hanks movies",
    "Which countries border both France and Germany?",
)


def serve(port: int) -> None:
    """The page, with answers that are computed once and copied."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    from kgqa.inference import Pipeline
    from kgqa.ui.page import build_page
    from kgqa.ui.service import Service
    from kgqa.ui.theme import launch_options

    pipeline = Pipeline.load("checkpoints/films", device="cpu")
    packed = {question: pickle.dumps(pipeline.answer(question)) for question in QUESTIONS}
    page = build_page(Service(lambda question, **edits: pickle.loads(packed[question])))
    page.launch(server_name="127.0.0.1", server_port=port, quiet=True, **launch_options())


def memory(process: int) -> int:
    """Bytes of a process in memory."""
    pages = Path(f"/proc/{process}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def visit(client: httpx.Client, functions: dict[str, int], question: str) -> None:
    """One visitor, from the question to the graph."""
    session = uuid4().hex
    body = {"data": [question], "fn_index": functions["ask"], "session_hash": session}
    client.post(f"{API}/queue/join", json=body).raise_for_status()
    stream = client.get(f"{API}/queue/data?session_hash={session}").text
    assert '"success":true' in stream, stream[-300:]


def measure(sessions: int, port: int = 7979) -> tuple[float, float]:
    """(kilobytes a session after a first 100, seconds of a visit)."""
    command = [sys.executable, "-m", "tests.hold.sessions", "--serve", str(port)]
    process = subprocess.Popen(command)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            config = _config(client)
            functions = {d["api_name"]: d["id"] for d in config["dependencies"]}
            questions = islice(cycle(QUESTIONS), 100 + sessions)
            for _ in range(100):  # what is made once
                visit(client, functions, next(questions))
            before, started = memory(process.pid), time.monotonic()
            for question in questions:
                visit(client, functions, question)
            seconds = (time.monotonic() - started) / sessions
            return (memory(process.pid) - before) / sessions / 1000, seconds
    finally:
        process.terminate()
        process.wait()


def _config(client: httpx.Client) -> dict:
    end = time.monotonic() + 120
    while True:
        try:
            return client.get("/config").json()
        except httpx.TransportError:
            if time.monotonic() > end:
                raise
            time.sleep(0.5)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="Memory that a session of the page keeps.")
    parser.add_argument("--sessions", type=int, default=2_000)
    parser.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.serve:
        return serve(chosen.serve)
    kilobytes, seconds = measure(chosen.sessions)
    print(f"{chosen.sessions} sessions: {kilobytes:.1f} kB each, {1000 * seconds:.0f} ms a visit")


if __name__ == "__main__":
    main()
