"""How long the app takes from its command to its first answer, and what of it are imports.

Two processes are timed, each from its own start: one that only imports what the app imports and
opens the checkpoint, and the app itself, asked as a program asks it. Seconds of a clock depend on
what else the machine does, so the seconds of the processor stand beside them. The first run warms
the disk's cache and is not counted.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import IO
from urllib.request import Request, urlopen

from kgqa.errors import KGQAError

QUESTION = "Who directed Jaws?"
PATIENCE = 600  #: seconds to wait for the app, on a machine that is busy
_PARTS = """
import json, sys, time
def clocks():
    return time.clock_gettime(time.CLOCK_MONOTONIC), time.process_time()
import torch
import kgqa.inference.pipeline, kgqa.serve.card
from kgqa.ui import quick
quick.gradio()
import kgqa.ui.page, kgqa.ui.theme
imported = clocks()
kgqa.inference.pipeline.Pipeline.load(sys.argv[1], device="cpu")
print(json.dumps([imported, clocks()]))
"""


@dataclass(frozen=True)
class Moment:
    """When something was there, counted from the start of its process."""

    seconds: float
    cpu_seconds: float  #: of the processor, all threads together


@dataclass(frozen=True)
class Start:
    """The report of ``bench start``: medians."""

    runs: int
    imported: Moment
    loaded: Moment  #: the checkpoint is open; in the same process
    page: Moment  #: of the app: the page was sent to a browser
    answered: Moment  #: of the app: a program has the first answer

    def to_dict(self) -> dict:
        """For JSON."""
        return asdict(self)


def measure(
    checkpoint: str, *, runs: int = 3, warm: bool = True, say: Callable[[str], None]
) -> Start:
    """Start ``runs`` times; once more before that, to ``warm`` the disk's cache.

    Raises :class:`KGQAError` if the app does not start.
    """
    rows: list[tuple[Moment, ...]] = []
    for run in range(0 if warm else 1, runs + 1):
        row = (*_parts(checkpoint), *_app(checkpoint))
        say(f"{'warming' if run == 0 else f'run {run}'}: answered after {row[-1].seconds:.2f} s")
        rows += [row] if run else []
    return Start(runs, *map(_median, zip(*rows, strict=True)))


def _median(moments: Sequence[Moment]) -> Moment:
    seconds, cpu = (
        round(statistics.median(values), 2)
        for values in zip(*((m.seconds, m.cpu_seconds) for m in moments), strict=True)
    )
    return Moment(seconds, cpu)


def _parts(checkpoint: str) -> list[Moment]:
    """Imported, loaded: in a process of their own."""
    started = time.clock_gettime(time.CLOCK_MONOTONIC)
    done = subprocess.run(
        [sys.executable, "-c", _PARTS, checkpoint], capture_output=True, text=True, env=_quiet()
    )
    if done.returncode:
        raise KGQAError(f"The checkpoint cannot be opened: {done.stderr.strip()[-300:]}")
    clocks = json.loads(done.stdout.splitlines()[-1])
    return [Moment(wall - started, cpu) for wall, cpu in clocks]


def _app(checkpoint: str) -> list[Moment]:
    """Page, answered: of the app."""
    command = [sys.executable, "-m", "kgqa", "serve", "--checkpoint", checkpoint]
    command += ["--device", "cpu", "--feedback", "off", "--port", str(_free_port())]
    started = time.monotonic()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=_quiet()
    )
    moments = []
    try:
        address = _address(process.stdout)
        for get in (_page, _answer):
            get(address)
            moments.append(Moment(time.monotonic() - started, _cpu_seconds(process.pid)))
    finally:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait()
    return moments


def _quiet() -> dict[str, str]:
    return {**os.environ, "PYTHONUNBUFFERED": "1"}


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _address(printed: IO[str] | None) -> str:
    """Where the app says that it listens. Raises :class:`KGQAError` if it ends instead."""
    lines = []
    for line in printed or ():
        lines.append(line)
        if line.startswith("Open "):
            return line.split()[1].rstrip("/")
    raise KGQAError(f"The app does not start: {''.join(lines).strip()[-300:]}")


def _page(address: str) -> None:
    urlopen(address, timeout=PATIENCE).read()


def _answer(address: str) -> None:
    """Ask as a program does: post the question, then wait for the end of its stream."""
    url = f"{address}/gradio_api/call/answer"
    body = json.dumps({"data": [QUESTION]}).encode()
    request = Request(url, body, {"Content-Type": "application/json"})
    event = json.load(urlopen(request, timeout=PATIENCE))["event_id"]
    answer = urlopen(f"{url}/{event}", timeout=PATIENCE).read()
    if b"event: complete" not in answer:
        raise KGQAError(f"The app does not answer: {answer[-300:].decode('utf-8', 'replace')}")


def _cpu_seconds(process: int) -> float:
    """Of all threads of a running process; 0 where the system does not say."""
    try:
        with open(f"/proc/{process}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except OSError:
        return 0.0
