"""The Learn tab of the app: nothing waits, the sheet is printed and saved, the model is asked."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.acting import eventually
from tests.browser.alone import state
from tests.browser.conftest import CHECKPOINT

LEARN, READY = "/?tab=learn", ".fig[data-drawn]"
WIDE = {"width": 1440, "height": 900}


def test_nothing_of_the_figure_waits_for_the_model_or_the_queue(watch):
    """The queue never answers, and the figure is whole, moves, and checks exercises."""
    visitor = watch(viewport=WIDE)
    asked: list[str] = []
    visitor.context.route(re.compile("/queue/join"), lambda route: asked.append(route.request.url))
    page = visitor.open("/", ready="#kg-tabs")
    page.get_by_role("tab", name="Learn").click()
    page.wait_for_selector(READY)
    assert page.locator(".fig-node").count() == len(state(page)["figure"]["entities"])
    before = state(page)["now"]["answers"]
    page.locator("[data-step=facts]").get_by_role("checkbox").last.uncheck()
    assert state(page)["now"]["answers"] != before
    assert page.locator("#kg-live-box").inner_text().strip() == ""
    visitor.context.unroute_all(behavior="ignoreErrors")


def test_the_sheet_is_printed_alone_and_saved_as_a_page(watch):
    page = watch(viewport=WIDE).open(LEARN, ready=READY)
    page.evaluate("window.print = () => {}")
    page.locator(".sheet-fold > summary").click()
    page.get_by_role("button", name="Print", exact=True).click()
    page.emulate_media(media="print")
    expect(page.locator(".sheet h1")).to_be_visible()
    for other in (".fig", ".head", ".foot", "#kg-ask-model"):
        expect(page.locator(other).first).to_be_hidden()
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".fig")).to_be_visible()
    with page.expect_download() as download:
        page.locator("#kg-sheet-save").click()
    assert download.value.suggested_filename == "teachers-sheet.html"
    html = Path(download.value.path()).read_text(encoding="utf-8")
    assert html.count("<h3>") == 6 and "<script" not in html
    assert all(sentence in html for sentence in state(page)["figure"]["sentences"])


def test_the_model_s_numbers_come_when_they_are_asked_for(watch):
    page = watch(viewport=WIDE).open(LEARN, ready=READY)
    before = state(page)["set"]
    page.get_by_role("button", name="Put in the model’s numbers").click()
    note = page.locator(".fig-model p")
    if CHECKPOINT == "fake":
        expect(note).to_contain_text("otherwise")
        assert state(page)["set"] == before
        return
    expect(note).to_contain_text("These are the model’s numbers")
    told = eventually(page, lambda: state(page), lambda t: t["set"] != before)
    assert max(told["set"]["r"][1]) > 0.9
    names = {told["figure"]["entities"][i]["label"] for i in told["now"]["names"]}
    assert names == {"Robert Rodat", "Jeff Nathanson"}
