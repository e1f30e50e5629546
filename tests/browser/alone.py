"""The lesson's figure in a page of its own, without an app: as Gradio sets it up, and no more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page

from kgqa.serve.figure import solved
from kgqa.ui.figure import Compared, Figure, Start, pack
from kgqa.ui.html import palette
from kgqa.ui.learning import SCRIPTS, TEMPLATE
from kgqa.ui.service import Card
from kgqa.ui.static import read
from kgqa.ui.tabs.steps import steps
from kgqa.ui.theme import STYLES
from tests.browser.acting import PATIENCE
from tests.ui.figures import drawn

_PAGE = """<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">
<title>figure</title><style>*, *::before {{ box-sizing: border-box; }} body {{ margin: 0; }}
{css}</style><body><div class="gradio-container"><div id="kg-figure">{template}</div></div>
<div style="height: 120vh"></div>"""
_START = """([code, value]) => {
  const element = document.querySelector('#kg-figure');
  const tell = [], props = {value}, sent = [];
  window.change = (value) => { props.value = value; tell.forEach((f) => f()); };
  window.sent = sent;
  new Function('element', 'props', 'trigger', 'watch', code)(
    element, props, (...event) => sent.push(event), (_, f) => tell.push(f));
}"""


@contextmanager
def alone(browser: Browser, figure: Figure | None = None, **options) -> Iterator[Page]:
    """A page with the figure drawn; at the end nothing may have gone wrong in it."""
    figure = drawn() if figure is None else figure
    page = browser.new_page(reduced_motion="reduce", **options)
    page.set_default_timeout(1000 * PATIENCE)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    css = palette.css() + "".join(read(f"{name}.css") for name in STYLES)
    page.set_content(_PAGE.format(css=css, template=TEMPLATE))
    code = "".join(read(f"{name}.js") for name in SCRIPTS)
    page.evaluate(_START, [code, pack(figure, steps(Card(), figure))])
    page.wait_for_selector(".fig[data-drawn]")
    yield page
    page.close()
    assert errors == []


def state(page: Page) -> dict:
    """The figure, what is set, and every vector."""
    return json.loads(page.evaluate("JSON.stringify(document.querySelector('.fig').told)"))


def by_python(page) -> dict:
    """The same vectors, by the operations of ``kgqa.walk`` over the facts that are on."""
    told = state(page)
    figure, chosen = told["figure"], told["set"]
    facts = tuple(tuple(f) for f, on in zip(figure["facts"], chosen["on"], strict=True) if on)
    starts = tuple(
        Start("", (), tuple(x), tuple(r)) for x, r in zip(chosen["x"], chosen["r"], strict=True)
    )
    c = figure["compared"]
    compared = c and Compared(c["label"], "", "", tuple(c["values"]), tuple(c["texts"]))
    count, half = len(figure["entities"]), len(figure["relations"]) // 2
    return vars(solved(facts, count, half, starts, tuple(chosen["after"]), compared))


def step(page, id: str):
    return page.locator(f".fig-steps [data-step={id}]")
