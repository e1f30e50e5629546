"""How much is sent and how long it takes. The figures are printed (-s)."""

from __future__ import annotations

import statistics
import time
from urllib.parse import quote

from tests.browser.acting import HANKS, MONA, PORTMAN, answers, drawn, slowness, type_question

EXPECTED = {MONA: "Paris", HANKS: "Eric Roth", PORTMAN: "Padmé Amidala"}


def test_an_answer_weighs_less_than_100_kilobytes(watch):
    here = watch()
    page = here.open(f"/?q={quote(MONA)}")
    answers(page, "Paris")
    drawn(page)
    session = here.context.new_cdp_session(page)
    session.send("Network.enable")
    got: list[int] = []
    session.on("Network.dataReceived", lambda event: got.append(event["dataLength"]))
    for question in (HANKS, PORTMAN):
        got.clear()
        page.evaluate("delete document.querySelector('.canvas').dataset.drawn")
        type_question(page, question)
        answers(page, EXPECTED[question])
        drawn(page)
        page.wait_for_timeout(300)
        print(f"\n{question} {sum(got):,} bytes, not compressed")
        assert 5_000 < sum(got) < 100_000


def test_a_warm_page_answers_with_the_graph_drawn(watch):
    page = watch().open(f"/?q={quote(MONA)}")
    answers(page, "Paris")
    drawn(page)
    times, limit = [], 4 * slowness()
    for question in [HANKS, PORTMAN, MONA] * 3:
        page.evaluate("delete document.querySelector('.canvas').dataset.drawn")
        started = time.perf_counter()
        type_question(page, question)
        answers(page, EXPECTED[question])
        drawn(page)
        times.append(time.perf_counter() - started)
    print(f"\nclick to answer with the graph drawn, median {statistics.median(times):.2f} s")
    assert statistics.median(times) < max(limit, 4 * slowness())


def test_the_first_paint_comes_soon(watch):
    limit, page = 8 * slowness(), watch().open()
    paint = (
        page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime") / 1000
    )
    print(f"\nfirst contentful paint {paint:.2f} s")
    assert paint < max(limit, 8 * slowness())
