"""What the browser tests do again and again: ask, read answers, wait for the drawing.

Waits are for conditions, never for seconds: on a machine that is five times slower the tests take
longer and pass. :data:`PATIENCE` only ends the waiting for what will never come.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import TypeVar
from urllib.request import Request, urlopen

from playwright.sync_api import Page, expect

T = TypeVar("T")
MONA = "What city is the Mona Lisa in?"
HANKS = "Who wrote films starring Tom Hanks?"
PORTMAN = "Who did Natalie Portman play in Star Wars?"
WRITER, FILM = "Anne Spielberg", "Big"  #: among the first answers to HANKS, and what led to it
FIRST_WRITER = "Al Reinert"  #: the first of them, which every drawing has
PATIENCE = 180  #: seconds
expect.set_options(timeout=1000 * PATIENCE)


def eventually(page: Page, read: Callable[[], T], holds: Callable[[T], object] = bool) -> T:
    """What ``read`` returns, once ``holds`` is true of it."""
    end = time.monotonic() + PATIENCE
    while not holds(value := read()):
        assert time.monotonic() < end, f"waited for {PATIENCE} seconds; in the end: {value!r}"
        page.wait_for_timeout(50)  # lets the page go on
    return value


def act_until(page: Page, act: Callable[[], object], visible: str) -> None:
    """Repeat an action until an element is visible: a canvas may move just before a click on it."""
    place, end = page.locator(visible).first, time.monotonic() + PATIENCE
    while not place.is_visible():
        assert time.monotonic() < end, f"no {visible} after {PATIENCE} seconds"
        act()
        try:
            expect(place).to_be_visible(timeout=10_000)
        except AssertionError:
            continue


def question(page: Page) -> str:
    return page.locator("#kg-question textarea").input_value()


def click_example(page: Page, text: str) -> None:
    page.locator("#kg-examples").get_by_role("button", name=text, exact=True).click()
    expect(page.locator("#kg-question textarea")).to_have_value(text)


def type_question(page: Page, text: str) -> None:
    page.locator("#kg-question textarea").fill(text)
    page.locator("#kg-question textarea").press("Enter")


def answers(page: Page, expected: str) -> list[str]:
    """The labels of the answers, once the expected one is among them."""
    labels = page.locator("#kg-answer .answer-name")
    return eventually(page, labels.all_text_contents, lambda texts: expected in texts)


def only_answer(page: Page, expected: str) -> None:
    expect(page.locator("#kg-answer .answer-name")).to_have_text([expected])


def drawn(page: Page) -> dict[str, str]:
    """What the canvas says of itself, once it is drawn."""
    page.wait_for_selector(".canvas[data-drawn] canvas")
    return state(page)


def state(page: Page) -> dict[str, str]:
    return page.evaluate("({...document.querySelector('.canvas').dataset})")


def sideways(page: Page) -> int:
    """How many pixels the page is wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def edits(page: Page, words: str) -> str:
    """What the card of edits says, once it holds these words."""
    page.locator(".your-edits", has_text=words).wait_for()
    return page.locator(".your-edits").inner_text()


def link(page: Page) -> str:
    """The path and query of the link on the page."""
    whole = page.locator("#kg-bar [data-part=link]").get_attribute("data-link") or ""
    return "/" + whole.split("/", 3)[3] if whole else ""


def at(page: Page) -> str:
    """The path and query in the browser's address."""
    return page.evaluate("location.pathname + location.search")


def node_at(page: Page, label: str) -> tuple[float, float]:
    """Where a node of this label is on the screen."""
    page.locator(".canvas").scroll_into_view_if_needed()
    x, y = page.evaluate(
        """label => {
          const box = document.querySelector('.canvas'), {network, nodes} = box.drawing;
          const node = nodes.get({filter: (n) => n.label.replaceAll('\\n', ' ') === label})[0];
          const at = network.canvasToDOM(network.getPosition(node.id));
          const corner = box.getBoundingClientRect();
          return [corner.left + at.x, corner.top + at.y];
        }""",
        label,
    )
    return x, y


def calm(page: Page) -> None:
    """No attack ran: once a request and a broken image of our own are through, theirs would be."""
    page.evaluate(
        """async () => {
          if (location.protocol !== 'file:') await fetch('gradio_api/info');
          await new Promise((done) => {
            const image = new Image();
            image.onerror = () => done(true);
            image.src = 'data:image/png,broken';
          });
        }"""
    )
    assert page.evaluate("window.hacked") is None


def call(address: str, question: str) -> dict:
    """The documented way for programs: POST, then read the event's data."""
    body = json.dumps({"question": question}).encode()
    headers = {"Content-Type": "application/json"}
    request = Request(f"{address}/gradio_api/call/v2/answer", body, headers)
    with urlopen(request, timeout=PATIENCE) as reply:
        event = json.load(reply)["event_id"]
    with urlopen(f"{address}/gradio_api/call/answer/{event}", timeout=PATIENCE) as reply:
        text = reply.read().decode()
    assert "event: complete" in text, text
    return json.loads(text.split("event: complete\ndata: ")[1].splitlines()[0])[0]


def open_all(page: Page) -> None:
    """Open every fold of the steps, and the graph in words."""
    page.locator(".outline > summary").click()
    closed = page.locator("#kg-steps details:not([open]) > summary:visible")
    while closed.count():
        closed.first.click()
