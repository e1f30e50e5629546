"""How much is sent and how long it takes: ``pytest tests/browser/test_fast.py -s`` prints it.

Seconds say nothing on a machine that does other things too, so they are only printed, and compared
with a program that asks the same in the same minute.
"""

from __future__ import annotations

import statistics
import time
from urllib.parse import quote

from tests.browser.acting import (
    HANKS,
    MONA,
    PORTMAN,
    WRITER,
    answers,
    call,
    drawn,
    eventually,
    type_question,
)

EXPECTED = {MONA: "Paris", HANKS: WRITER, PORTMAN: "Padmé Amidala"}
SLOWER = 60  #: times that the page may take, with all drawn, compared with the endpoint


def test_an_answer_weighs_less_than_100_kilobytes(watch):
    context = watch()
    page = context.open(f"/?q={quote(MONA)}")
    answers(page, "Paris")
    drawn(page)
    session = context.context.new_cdp_session(page)
    session.send("Network.enable")
    received: list[int] = []
    session.on("Network.dataReceived", lambda event: received.append(event["dataLength"]))
    for question in (HANKS, PORTMAN):
        received.clear()
        page.evaluate("delete document.querySelector('.canvas').dataset.drawn")
        type_question(page, question)
        answers(page, EXPECTED[question])
        drawn(page)
        weight = eventually(page, lambda: sum(received), lambda total: total > 5_000)
        print(f"\n{question} {weight:,} bytes, not compressed")
        assert weight < 100_000


def test_a_warm_page_is_not_much_slower_than_its_endpoint(watch, address):
    page = watch().open(f"/?q={quote(MONA)}")
    answers(page, "Paris")
    drawn(page)
    shown, called = [], []
    for question in [HANKS, PORTMAN, MONA] * 3:
        page.evaluate("delete document.querySelector('.canvas').dataset.drawn")
        started = time.perf_counter()
        type_question(page, question)
        answers(page, EXPECTED[question])
        drawn(page)
        shown.append(time.perf_counter() - started)
        started = time.perf_counter()
        call(address, question)
        called.append(time.perf_counter() - started)
    page_time, call_time = statistics.median(shown), statistics.median(called)
    print(f"\nmedians: answer with the graph drawn {page_time:.2f} s, endpoint {call_time:.2f} s")
    assert page_time < SLOWER * call_time


def test_the_first_paint_is_measured(watch):
    page = watch().open()
    paint = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
    milliseconds = eventually(page, lambda: page.evaluate(paint))
    print(f"\nfirst contentful paint {milliseconds / 1000:.2f} s")
