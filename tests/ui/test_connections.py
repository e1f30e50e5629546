"""Connections that stay open: requests that never end to arrive, streams that never end."""

from __future__ import annotations

import re
import socket
import time
from contextlib import ExitStack
from urllib.parse import urlsplit

import httpx
import pytest

from kgqa.ui.guard import connections
from kgqa.ui.guard.connections import Streams
from kgqa.ui.guard.rules import Refused
from tests.ui import page_traces as traces
from tests.ui.serving import API, served


def connected(address: str) -> socket.socket:
    where = urlsplit(address)
    return socket.create_connection((where.hostname, where.port), timeout=20)


def closed_after(visitor: socket.socket) -> float:
    """Seconds until the server hangs up, while a header arrives byte by byte."""
    started = time.monotonic()
    visitor.settimeout(0.05)
    while time.monotonic() < started + 20:
        try:
            visitor.sendall(b"x")
            if not visitor.recv(1_000):
                break
        except TimeoutError:
            continue
        except OSError:
            break
    return time.monotonic() - started


def test_headers_that_never_end_to_arrive_are_not_waited_for(monkeypatch):
    """Neither those of the first request of a connection nor those of the second."""
    monkeypatch.setattr(connections, "SLOWEST", 1)
    first = b"GET /manifest.json HTTP/1.1\r\nHost: x\r\n\r\n"
    with served() as (address, _):
        for before in (b"", b"GET / HTTP/1.1\r\nX-A: ", first):
            with connected(address) as visitor:
                visitor.sendall(before)
                if before == first:
                    assert visitor.recv(100_000).startswith(b"HTTP/1.1 200")
                    visitor.sendall(b"GET / HTTP/1.1\r\nX-A: ")
                assert closed_after(visitor) < 10, before


def test_an_answer_may_take_longer_than_the_headers(monkeypatch):
    monkeypatch.setattr(connections, "SLOWEST", 0.5)

    def slow(question, edits=None):
        time.sleep(1.5)
        return traces.answer(question)

    with served(slow) as (address, _):
        call = f"{address}{API}/call/answer"
        event = httpx.post(call, json={"data": [traces.MONA]}, timeout=20).json()["event_id"]
        assert "complete" in httpx.get(f"{call}/{event}", timeout=20).text


def scope(address: str) -> dict:
    return {"method": "GET", "client": (address, 1)}


def test_streams_are_bounded_for_an_address_and_for_all():
    streams = Streams(re.compile("/stream"), each=2, all=3)
    with ExitStack() as opened:
        for address in ("a", "a", "b"):
            opened.enter_context(streams.counted(scope(address), "/stream"))
        for address in ("a", "c"):
            with pytest.raises(Refused, match="Too many"):
                opened.enter_context(streams.counted(scope(address), "/stream"))
        opened.enter_context(streams.counted(scope("a"), "/other"))
    assert not streams.open
    with streams.counted(scope("c"), "/stream"):
        assert streams.open == {"c": 1}


def test_an_address_that_holds_all_streams_of_pages_takes_no_answer_from_anybody(monkeypatch):
    watching = Streams(connections.WATCHING, each=3)
    results = Streams(connections.RESULTS, each=3)
    monkeypatch.setattr("kgqa.ui.guard.guard.streams", lambda: (watching, results))
    with served() as (address, _), httpx.Client(base_url=address, timeout=20) as client:
        with ExitStack() as opened:
            for i in range(3):
                stream = opened.enter_context(client.stream("GET", f"{API}/heartbeat/s{i}"))
                assert stream.status_code == 200
            refused = opened.enter_context(client.stream("GET", f"{API}/heartbeat/one-more"))
            assert refused.status_code == 503 and refused.headers["retry-after"] == "60"
            event = client.post(f"{API}/call/answer", json={"data": [traces.MONA]}).json()
            assert "complete" in client.get(f"{API}/call/answer/{event['event_id']}").text
        end = time.monotonic() + 10
        while watching.open and time.monotonic() < end:
            time.sleep(0.01)
        assert not watching.open and not results.open
