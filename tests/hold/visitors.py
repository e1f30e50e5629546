"""Load: many visitors at once, idle ones, and some who hang up. ``python -m tests.hold.visitors``.

Each visitor asks as the page does (through the queue and its stream), over and over, and checks
that the answer is that to its own question. The app runs on this machine, and nothing else is ever
called. The report counts answers, refusals, and what was lost or crossed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx

from kgqa.ui import link
from kgqa.ui.screenshots import running

ROOT = Path(__file__).resolve().parents[2]
API = "/gradio_api"
TOLD = "Please ask again in about"
MOST_VISITORS, MOST_SECONDS = 500, 900
QUESTIONS = 24  #: different ones
TIMED = 30  #: questions, one after another, before and after


@dataclass
class Report:
    """What became of the questions."""

    seconds: float = 0.0
    answered: int = 0
    refused: int = 0  #: with the sentence that says how long to wait
    hung_up: int = 0
    lost: list[str] = field(default_factory=list)  #: no answer and no sentence
    crossed: list[str] = field(default_factory=list)  #: the answer to another question
    wait: list[float] = field(default_factory=list)  #: seconds until an answer
    before: float = 0.0  #: median seconds of a question alone
    after: float = 0.0

    def __str__(self) -> str:
        waits = sorted(self.wait) or [0.0]
        slow = waits[int(0.95 * (len(waits) - 1))]
        return (
            f"{self.seconds:.0f} s: {self.answered} answered, {self.refused} refused and told, "
            f"{self.hung_up} hung up, {len(self.lost)} lost, {len(self.crossed)} crossed; "
            f"waiting {statistics.median(waits):.2f} s (95 %: {slow:.2f} s); "
            f"alone {1000 * self.before:.0f} ms before, {1000 * self.after:.0f} ms after"
        )


class Crowd:
    """Everybody at one address."""

    def __init__(self, client: httpx.AsyncClient, functions: dict[str, int], labels: dict):
        self.client, self.functions, self.labels = client, functions, labels
        self.report, self.end = Report(), 0.0

    async def event(self, session: str, name: str, data: list) -> dict:
        """The output of one of the page's events."""
        body = {"data": data, "fn_index": self.functions[name], "session_hash": session}
        joined = await self.client.post(f"{API}/queue/join", json=body)
        if joined.status_code != 200:
            raise LookupError(f"{joined.status_code} {joined.text[:200]}")
        url = f"{API}/queue/data?session_hash={session}"
        async with self.client.stream("GET", url) as stream:
            async for line in stream.aiter_lines():
                message = json.loads(line[6:]) if line.startswith("data: ") else {}
                if message.get("msg") == "process_completed":
                    return message["output"]
        raise LookupError("the stream ended without an answer")

    async def visitor(self) -> None:
        """Asks until the end."""
        while time.monotonic() < self.end:
            await asyncio.sleep(random.random())
            question, session = random.choice(list(self.labels)), uuid4().hex
            started = time.monotonic()
            try:
                output = await self.event(session, "ask", [question])
                if TOLD in (output.get("error") or ""):
                    self.report.refused += 1
                    continue
                self.check(question, json.dumps(output["data"], ensure_ascii=False))
                self.report.wait.append(time.monotonic() - started)
            except (httpx.HTTPError, LookupError, KeyError, TypeError, ValueError) as error:
                self.report.lost.append(f"{question}: {type(error).__name__} {error}")

    def check(self, question: str, shown: str) -> None:
        """Whether what is shown belongs to the question."""
        self.report.answered += 1
        expected = [link.query(question), *self.labels[question]]
        if not all(text in shown for text in expected):
            self.report.crossed.append(question)

    async def idle(self) -> None:
        """Keeps a page open and does nothing."""
        await self.client.get("/")
        try:
            async with self.client.stream("GET", f"{API}/heartbeat/{uuid4().hex}") as stream:
                async for _ in stream.aiter_bytes():
                    if time.monotonic() > self.end:
                        return
        except httpx.HTTPError as error:
            self.report.lost.append(f"heartbeat: {type(error).__name__} {error}")

    async def hang_up(self) -> None:
        """Asks, and goes before the answer is there."""
        while time.monotonic() < self.end:
            try:
                await asyncio.wait_for(
                    self.event(uuid4().hex, "ask", [random.choice(list(self.labels))]),
                    0.05 + random.random() / 2,
                )
            except (TimeoutError, httpx.HTTPError, LookupError):
                self.report.hung_up += 1
            await asyncio.sleep(1 + random.random())

    async def alone(self) -> float:
        """Median seconds of a question when nobody else asks."""
        times = []
        for question in (list(self.labels) * TIMED)[:TIMED]:
            started = time.monotonic()
            await self.event(uuid4().hex, "ask", [question])
            times.append(time.monotonic() - started)
        return statistics.median(times)


async def _labels(client: httpx.AsyncClient, questions: list[str]) -> dict[str, list[str]]:
    """{question: labels of its first answers}, over the endpoint for programs."""
    labels = {}
    for question in questions:
        event = (await client.post(f"{API}/call/answer", json={"data": [question]})).json()
        text = (await client.get(f"{API}/call/answer/{event['event_id']}")).text
        trace = json.loads(text.split("event: complete\ndata: ")[1].splitlines()[0])[0]
        labels[question] = [a["label"] for a in trace["answers"][:1] if '"' not in a["label"]]
    return labels


async def measure(address: str, seconds: float, visitors: int, idle: int, hang_up: int) -> Report:
    """Let a crowd at an app of this machine."""
    assert address.startswith("http://127.0.0.1:"), "only this machine is called"
    assert visitors + idle + hang_up <= MOST_VISITORS and seconds <= MOST_SECONDS
    path = ROOT / "tests" / "questions" / "known.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()[:QUESTIONS]
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    async with httpx.AsyncClient(base_url=address, timeout=120, limits=limits) as client:
        config = (await client.get("/config")).json()
        functions = {d["api_name"]: d["id"] for d in config["dependencies"]}
        labels = await _labels(client, [json.loads(line)["question"] for line in lines])
        crowd = Crowd(client, functions, labels)
        crowd.report.before = await crowd.alone()
        started = time.monotonic()
        crowd.end = started + seconds
        kinds = ((crowd.visitor, visitors), (crowd.hang_up, hang_up), (crowd.idle, idle))
        await asyncio.gather(*(act() for act, count in kinds for _ in range(count)))
        crowd.report.seconds = time.monotonic() - started
        await asyncio.sleep(2)
        crowd.report.after = await crowd.alone()
    return crowd.report


def run(seconds: float, visitors: int = 100, idle: int = 200, hang_up: int = 50) -> Report:
    """Start the app, let the crowd in, and report."""
    app = [sys.executable, str(ROOT / "app.py"), "--device", "cpu", "--port"]
    with running(app) as address:
        return asyncio.run(measure(address, seconds, visitors, idle, hang_up))


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="Load on the page, on this machine.")
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--visitors", type=int, default=100)
    parser.add_argument("--idle", type=int, default=200)
    parser.add_argument("--hang-up", type=int, default=50)
    report = run(**vars(parser.parse_args()))
    print(report)
    for wrong in (report.lost + report.crossed)[:10]:
        print(" ", wrong)
    return 1 if report.lost or report.crossed else 0


if __name__ == "__main__":
    sys.exit(main())
