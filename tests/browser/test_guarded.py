"""The page under its policy, below a prefix, and with a full queue."""

from __future__ import annotations

import threading
from urllib.parse import quote

import httpx
from playwright.sync_api import expect

from kgqa.edits import Edits
from kgqa.trace import Trace
from kgqa.ui.guard.front import Front
from tests.browser.acting import PORTMAN, answers, calm, drawn, link, type_question
from tests.ui import page_traces
from tests.ui.serving import API, proxied, served


def test_the_page_works_below_a_prefix(watch):
    with served(front=Front(root_path="/kg")) as (address, _), proxied(address) as below:
        page = watch(at=below).open(f"/?q={quote(PORTMAN)}")
        answers(page, "Padmé Amidala")
        drawn(page)
        assert link(page).startswith("/kg/?q=Who+did")
        page.locator("#kg-json button").first.click()
        expect(page.locator("#kg-json .snippet").first).to_contain_text(f'Client("{below}")')
        page.get_by_role("tab", name="About").click()
        page.locator(".about").wait_for()


def test_a_full_queue_is_told_with_how_long_to_wait(watch):
    gate = threading.Event()

    def answer(question: str, edits: Edits = Edits()) -> Trace:
        if question == "wait":
            gate.wait(60)
        return page_traces.answer(question, edits)

    with served(answer, at_once=1, waiting=1) as (address, _):
        page = watch(at=address).open()
        for _ in range(3):
            httpx.post(f"{address}{API}/call/answer", json={"data": ["wait"]})
        type_question(page, PORTMAN)
        toast = page.locator(".toast-body", has_text="Please ask again in about")
        expect(toast).to_contain_text("wait for an answer already")
        gate.set()


def test_a_script_that_gets_into_the_page_does_not_run(browser, hostile_address):
    page = browser.new_page()
    refused: list[str] = []
    page.on("console", lambda m: refused.append(m.text) if "Content Security" in m.text else None)
    page.goto(hostile_address)
    page.wait_for_selector("body[data-ready]", state="attached")
    assert refused == []
    page.evaluate(
        """() => {
          document.body.insertAdjacentHTML('beforeend', '<b onclick="window.hacked=1">b</b>');
          document.body.lastElementChild.click();
          const script = document.createElement('script');
          script.textContent = 'window.hacked = 1';
          document.body.append(script);
        }"""
    )
    calm(page)
    assert len(refused) >= 2
    page.close()
