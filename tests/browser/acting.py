"""What the browser tests do again and again: ask, read answers, wait for the drawing."""

from __future__ import annotations

import time

MONA = "What city is the Mona Lisa in?"
HANKS = "Who wrote films starring Tom Hanks?"
PORTMAN = "Who did Natalie Portman play in Star Wars?"


def slowness() -> float:
    """How many times slower than a quiet machine this one is now, at least 1; limits grow with it."""
    started = time.perf_counter()
    sum(range(5_000_000))
    return max(1.0, (time.perf_counter() - started) / 0.1)


def click_example(page, question: str) -> None:
    page.locator("#kg-examples").get_by_role("button", name=question, exact=True).click()
    page.wait_for_function(
        "q => document.querySelector('#kg-question textarea').value === q", arg=question
    )


def type_question(page, question: str) -> None:
    page.locator("#kg-question textarea").fill(question)
    page.locator("#kg-question textarea").press("Enter")


def answers(page, expected: str) -> list[str]:
    """The answers' labels, once the expected one is among them."""
    page.locator("#kg-answer .answer-name", has_text=expected).first.wait_for()
    return page.locator("#kg-answer .answer-name").all_text_contents()


def drawn(page) -> dict:
    """Wait for the drawing; what the canvas says of itself."""
    page.wait_for_selector(".canvas[data-drawn] canvas")
    return state(page)


def state(page) -> dict:
    return page.evaluate("({...document.querySelector('.canvas').dataset})")


def sideways(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def by_hand(page, words: str) -> str:
    """What the card of edits says, once it holds these words."""
    page.locator(".by-hand", has_text=words).wait_for()
    return page.locator(".by-hand").inner_text()


def link(page) -> str:
    """The path and query of the link on the page."""
    whole = page.locator("#kg-link textarea, #kg-link input").first.input_value()
    return "/" + whole.split("/", 3)[3]


def node_at(page, label: str) -> tuple[float, float]:
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
