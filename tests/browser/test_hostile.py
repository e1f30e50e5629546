"""Hostile labels through every view, the drawing, the export and the code: nothing executes, the layout holds."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.browser.acting import drawn, sideways

SCRIPT, IMAGE = "<script>window.hacked=1</script>", "<img src=x onerror=window.hacked=1>"
HOSTILE = f"who is {IMAGE} {SCRIPT} **bold** [x](javascript:alert(1)) \u202eevil\u202c"  # as in tests/ui/page_traces.py


def calm(page) -> None:
    """Nothing ran, and nothing of the attack became an element."""
    page.wait_for_timeout(300)  # time for a handler to fire
    assert page.evaluate("window.hacked") is None
    assert (
        page.locator(
            "#kg-steps img, #kg-answer img, .canvas-box img, .by-hand img, .lesson img, .found img"
        ).count()
        == 0
    )


@pytest.mark.parametrize("width", [390, 1600])
def test_every_view_and_every_control(watch, hostile_address, width):
    page = watch(at=hostile_address, viewport={"width": width, "height": 900}).open(
        f"/?q={quote(HOSTILE)}"
    )
    page.wait_for_selector("#kg-answer")
    drawn(page)
    for fold in page.locator("#kg-steps details > summary, .outline > summary").all():
        fold.click()
    page.locator(".light").first.click()
    page.locator("[data-part='search']").fill("<img")
    page.locator("[data-part='nodes']").select_option(index=1)
    page.locator(".facts-panel").wait_for()
    page.get_by_role("button", name="Expand neighbours").click()
    page.locator(".find-box:visible").first.fill("x")
    page.locator(".result").first.click()
    page.locator(".by-hand").wait_for()
    page.locator("#kg-json button").first.click()
    page.locator("#kg-json .snippet").first.wait_for()
    calm(page)
    assert sideways(page) <= 0
    page.get_by_role("tab", name="About").click()
    page.locator(".about").wait_for()
    calm(page)
    assert sideways(page) <= 0


def test_a_double_click_and_a_link_with_hostile_changes(watch, hostile_address):
    chosen = {"start": 0, "end": 3, "entity": IMAGE}
    edits = json.dumps(
        {"use": [chosen], "follow": [{"start": -1, "end": -1, "hop": 1, "relation": SCRIPT}]}
    )
    page = watch(at=hostile_address).open(f"/?q={quote(HOSTILE)}&edits={quote(edits)}")
    page.locator(".by-hand").wait_for()
    drawn(page)
    page.evaluate(
        "document.dispatchEvent(new CustomEvent('kg-act', {detail: {do: 'ask', id: '<img src=x>'}}))"
    )
    page.wait_for_function(
        "q => document.querySelector('#kg-question textarea').value !== q", arg=HOSTILE
    )
    calm(page)


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"do": "use"},
        {"do": "undo", "field": "__class__", "at": 0},
        {"do": "follow", "start": "x"},
        {"do": [1]},
        {"do": "out"},
    ],
)
def test_wishes_that_make_no_sense_leave_the_page_as_it_is(watch, hostile_address, wish):
    page = watch(at=hostile_address).open(f"/?q={quote(HOSTILE)}")
    drawn(page)
    before = page.locator("#kg-answer").inner_text()
    page.evaluate("w => document.dispatchEvent(new CustomEvent('kg-act', {detail: w}))", wish)
    page.wait_for_timeout(700)
    assert page.locator("#kg-answer").inner_text() == before


def test_the_exported_file(watch, hostile_address, tmp_path):
    here = watch(at=hostile_address)
    page = here.open(f"/?q={quote(HOSTILE)}")
    drawn(page)
    with page.expect_download() as download:
        page.locator("#kg-download").click()
    download.value.save_as(tmp_path / "graph.html")
    here.context.remove_listener("request", here._request)  # the file's own address has no host
    alone = here.context.new_page()
    alone.goto(Path(tmp_path / "graph.html").as_uri())
    alone.wait_for_selector("#mynetwork canvas")
    alone.mouse.move(400, 300)
    alone.wait_for_timeout(400)
    assert alone.evaluate("window.hacked") is None
