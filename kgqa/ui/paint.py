"""How long a visitor waits, as a browser sees it, and whether anything moves under the eyes.

``python -m kgqa.ui.paint [ADDRESS]`` opens the page in headless Chromium and asks its examples one
after another, once the server has answered each of them. It prints the first paint, the layout
shift of a page that is loaded with a question in its address, the time from Enter until the answer
and then its graph are painted, and what moved after that: medians. No question is asked twice in
one page; the first of a page is a figure of its own. Needs playwright and Chromium as
``kgqa.ui.screenshots`` does, and, without an address, the repository: it starts app.py and stops it
at the end.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import statistics
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from kgqa.ui.screenshots import PATIENCE, launch, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

WIDE: ViewportSize = {"width": 1440, "height": 900}
SETTLED = 1_000  #: milliseconds for which what is computed after an answer may still come
#: Notes when Enter was pressed, when the answer and its graph were on the screen, and every shift.
_NOTES = """
const notes = window.kgNotes = {pressed: 0, question: '', answered: 0, drawn: 0, shifts: []};
const shown = () => document.querySelector('#kg-answer:not(.waiting)')?.dataset.asked;
new PerformanceObserver((list) => {
  for (const e of list.getEntries()) notes.shifts.push([e.startTime, e.value, e.hadRecentInput]);
}).observe({type: 'layout-shift', buffered: true});
addEventListener('keydown', (event) => {
  if (event.key !== 'Enter') return;
  const question = event.target.value?.trim();
  Object.assign(notes, {pressed: performance.now(), question, answered: 0, drawn: 0});
}, true);
const painted = (name) => requestAnimationFrame(() => setTimeout(() => {
  if (shown() === notes.question) notes[name] ||= performance.now();
}));
new MutationObserver((records) => {
  for (const {target, type} of notes.pressed ? records : []) {
    const element = target.nodeType === 1 ? target : target.parentElement;
    if (type === 'attributes') painted('drawn');
    else if (element?.closest('#kg-answer-box')) painted('answered');
  }
}).observe(document, {
  subtree: true, childList: true, characterData: true, attributeFilter: ['data-drawn'],
});
localStorage.setItem('kg-tour', 'done');
"""
#: An answer without a graph leaves none, also of the question before.
_SHOWN = "kgNotes.answered && (kgNotes.drawn || !document.querySelector('.canvas[data-drawn]'))"
_FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"


@dataclass(frozen=True)
class Asked:
    """One question, in milliseconds since Enter was pressed."""

    answer: float  #: until its answer was painted
    graph: float  #: until its graph was
    shift: float  #: layout shift after the answer was painted, whoever caused it


@dataclass(frozen=True)
class Paint:
    """Medians; the worst shift."""

    times: int
    first_paint: float  #: milliseconds
    shift: float  #: cumulative layout shift of a page that is loaded with a question
    answer: float
    graph: float
    later_shift: float
    first_answer: float  #: milliseconds until the first answer of a page

    def __str__(self) -> str:
        return (
            f"Medians of {self.times}, warm: first paint {self.first_paint:.0f} ms; from Enter to "
            f"the answer {self.answer:.0f} ms, to its graph {self.graph:.0f} ms; to the first "
            f"answer of a page {self.first_answer:.0f} ms.\n"
            f"Layout shift: {self.shift:.3f} of a page loaded with a question; at most "
            f"{self.later_shift:.3f} after an answer was painted."
        )


def measure(browser: Browser, address: str, times: int) -> Paint:
    """Load the page and ask ``times`` questions of its examples, each of them once before."""
    first, shifts = [], []
    for _ in range(max(times // 4, 1)):
        page = _open(browser, address)
        first.append(page.evaluate(_FIRST_PAINT))
        questions = page.locator("#kg-examples button:visible").all_inner_texts()
        page.goto(f"{address}/?q={quote(questions[0])}")
        page.wait_for_selector(".canvas[data-drawn]")
        page.wait_for_timeout(SETTLED)
        seen = page.evaluate("kgNotes.shifts")
        shifts.append(sum(value for _, value, caused in seen if not caused))
        page.context.close()
    _ask_all(browser, address, questions)
    fresh: list[Asked] = []
    asked: list[Asked] = []
    while len(asked) < times:
        one, *others = _ask_all(browser, address, questions[: times - len(asked) + 1])
        fresh.append(one)
        asked += others or [one]
    return summary(first, shifts, asked, fresh)


def summary(
    first: Sequence[float], shifts: Sequence[float], asked: Sequence[Asked], fresh: Sequence[Asked]
) -> Paint:
    """Medians of what was measured; ``fresh``: the first answer of each page."""
    return Paint(
        len(asked),
        round(statistics.median(first), 1),
        round(statistics.median(shifts), 4),
        round(statistics.median(a.answer for a in asked), 1),
        round(statistics.median(a.graph for a in asked), 1),
        round(max(a.shift for a in asked), 4),
        round(statistics.median(a.answer for a in fresh), 1),
    )


def _ask_all(browser: Browser, address: str, questions: Sequence[str]) -> list[Asked]:
    """Ask these in a page of their own."""
    page = _open(browser, address)
    asked = [ask(page, question) for question in questions]
    page.context.close()
    return asked


def _open(browser: Browser, address: str) -> Page:
    page = browser.new_context(viewport=WIDE).new_page()
    page.set_default_timeout(1000 * PATIENCE)
    page.add_init_script(_NOTES)
    page.goto(address)
    page.wait_for_selector("body[data-ready]", state="attached")
    return page


def ask(page: Page, question: str) -> Asked:
    """Type a question, press Enter, and wait until all of its answer is there."""
    box = page.locator("#kg-question textarea")
    box.fill(question)
    box.press("Enter")
    page.wait_for_function(_SHOWN)
    page.wait_for_timeout(SETTLED)
    notes: dict[str, Any] = page.evaluate("kgNotes")
    later = sum(value for when, value, _ in notes["shifts"] if when > notes["answered"])
    answered = notes["answered"] - notes["pressed"]
    drawn = notes["drawn"] - notes["pressed"] if notes["drawn"] else answered
    return Asked(answered, drawn, later)


def main(arguments: list[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="How long a visitor waits, and what moves.")
    parser.add_argument("address", nargs="?", help="where an app runs; without it one is started")
    parser.add_argument("--times", type=int, default=20, metavar="N", help="questions; default 20")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    chosen = parser.parse_args(arguments)
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        message = "This needs playwright and Chromium: pip install -r requirements-test.txt"
        print(message, file=sys.stderr)
        return 2
    app = [sys.executable, "app.py", "--port"]
    serving = contextlib.nullcontext(chosen.address.rstrip("/")) if chosen.address else running(app)
    try:
        with serving as address, sync_playwright() as playwright:
            paint = measure(launch(playwright), address, max(chosen.times, 1))
    except (Error, RuntimeError) as error:
        print(str(error).splitlines()[0], file=sys.stderr)
        return 2
    print(paint)
    if chosen.json:
        chosen.json.write_text(json.dumps(asdict(paint), indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
