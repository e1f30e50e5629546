"""Hostile labels in every view, the drawing, the export and the code: nothing runs or breaks."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.browser.acting import calm, drawn, eventually, open_all, question, sideways
from tests.ui.page_traces import HOSTILE, IMAGE, SCRIPT

PLACES = (
    "#kg-steps img, #kg-answer img, .canvas-box img, .your-edits img, .lesson img, .results img"
)


def harmless(page) -> None:
    """Nothing ran, and nothing of the attack became an element."""
    calm(page)
    assert page.locator(PLACES).count() == 0


@pytest.mark.parametrize("width", [390, 1600])
def test_every_view_and_every_control(watch, hostile_address, width):
    page = watch(at=hostile_address, viewport={"width": width, "height": 900}).open(
        f"/?q={quote(HOSTILE)}"
    )
    page.wait_for_selector("#kg-answer")
    drawn(page)
    open_all(page)
    page.locator(".light").first.click()
    page.locator("[data-part='search']").fill("<img")
    page.locator("[data-part='nodes']").select_option(index=1)
    page.locator(".facts-panel").wait_for()
    page.get_by_role("button", name="Expand neighbours").click()
    page.locator(".search-box:visible").first.fill("x")
    page.locator(".result").first.click()
    page.locator(".your-edits").wait_for()
    page.locator("#kg-json button").first.click()
    page.locator("#kg-json .snippet").first.wait_for()
    harmless(page)
    assert sideways(page) <= 0
    page.get_by_role("tab", name="About").click()
    page.locator(".about").wait_for()
    harmless(page)
    assert sideways(page) <= 0


def test_a_double_click_and_a_link_with_hostile_edits(watch, hostile_address):
    chosen = {"start": 0, "end": 3, "entity": IMAGE}
    edits = json.dumps(
        {"use": [chosen], "follow": [{"start": -1, "end": -1, "hop": 1, "relation": SCRIPT}]}
    )
    page = watch(at=hostile_address).open(f"/?q={quote(HOSTILE)}&edits={quote(edits)}")
    page.locator(".your-edits").wait_for()
    drawn(page)
    send(page, {"action": "ask_about", "entity": "<img src=x>"})
    eventually(page, lambda: question(page), lambda text: text != HOSTILE)
    harmless(page)


def send(page, event: dict) -> None:
    """What a double click sends."""
    page.evaluate("e => document.dispatchEvent(new CustomEvent('kg-edit', {detail: e}))", event)


def test_events_that_make_no_sense_leave_the_page_as_it_is(watch, hostile_address):
    page = watch(at=hostile_address).open(f"/?q={quote(HOSTILE)}")
    drawn(page)
    before = page.locator("#kg-answer").inner_text()
    for event in (
        {},
        {"action": "use"},
        {"action": "undo", "field": "__class__", "index": 0},
        {"action": "follow", "start": "x"},
        {"action": [1]},
        {"action": "leave_out"},
    ):
        send(page, event)
        page.wait_for_selector("body:not([data-busy])")  # the server has replied
        assert page.locator("#kg-answer").inner_text() == before


def test_the_exported_file(watch, hostile_address, tmp_path):
    context = watch(at=hostile_address)
    page = context.open(f"/?q={quote(HOSTILE)}")
    drawn(page)
    with page.expect_download() as download:
        page.locator("#kg-download").click()
    download.value.save_as(tmp_path / "graph.html")
    context.context.remove_listener(
        "request", context._request
    )  # the file's own address has no host
    alone = context.context.new_page()
    alone.goto(Path(tmp_path / "graph.html").as_uri())
    alone.wait_for_selector("#mynetwork canvas")
    alone.mouse.move(400, 300)
    calm(alone)
