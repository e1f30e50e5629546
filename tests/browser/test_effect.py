"""Cause and effect: what an edit did stands where the hand is, and the page stays where it was."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.acting import PORTMAN, answers, edits, eventually, only_answer

NEAR = 300  #: pixels between a control and what it did
#: Texts of the page, other than its own and what is pinned, that lie under an element.
COVERED = """element => {
  const box = element.getBoundingClientRect(), found = [];
  const texts = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const of = text.parentElement, range = document.createRange();
    if (element.contains(text) || of.closest('.pinned') || !text.data.trim()) continue;
    if (!of.checkVisibility()) continue;
    range.selectNodeContents(text);
    if ([...range.getClientRects()].some((r) => r.width > 1 && r.height > 1 && r.left < box.right
        && r.right > box.left && r.top < box.bottom && r.bottom > box.top)) found.push(text.data);
  }
  return found;
}"""
WHERE = """element => { const box = element.getBoundingClientRect();
  return [box.top, box.bottom, box.left, box.right]; }"""


def distance(one: list[float], other: list[float]) -> float:
    """Between the nearest points of two boxes, each [top, bottom, left, right]."""
    down = max(one[0] - other[1], other[0] - one[1], 0)
    across = max(one[2] - other[3], other[2] - one[3], 0)
    return (down**2 + across**2) ** 0.5


def at_rest(page: Page, control: Locator, height: int) -> list[float] | None:
    """Where a control is, once it is in view and what comes after an answer moves it no more."""
    control.scroll_into_view_if_needed()
    before = control.evaluate(WHERE)
    page.wait_for_timeout(500)
    still = control.evaluate(WHERE) == before
    return before if still and before[0] >= 0 and before[1] <= height else None


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_an_edit_shows_before_and_after_where_the_hand_is_and_covers_nothing(watch, size):
    page = watch(viewport={"width": size[0], "height": size[1]}).open(f"/?q={quote(PORTMAN)}")
    only_answer(page, "Padmé Amidala")
    bubble = page.locator(".effect")
    use = page.locator("#kg-steps button[data-action=use]").first
    switch = page.get_by_role("switch", name="Intersection")
    leave = page.get_by_role("button", name="Leave this mention out: “Natalie Portman”")
    for control, words in (
        (use, "now stands for"),
        (switch, "either path is enough"),
        (leave, "“Natalie Portman” no longer takes part"),
    ):
        before = eventually(page, lambda control=control: at_rest(page, control, size[1]))
        control.click()
        expect(bubble).to_contain_text(words)
        eventually(
            page,
            lambda before=before: distance(before, bubble.evaluate(WHERE)),
            lambda pixels: pixels <= NEAR,
        )
        eventually(page, lambda: bubble.evaluate(COVERED), lambda texts: not texts)
        box = bubble.evaluate(WHERE)
        assert box[2] >= 0 and box[3] <= size[0] and box[0] >= 0 and box[1] <= size[1]
    expect(page.locator(".edit-chip")).to_have_count(3)
    page.locator(".edit-chip", has_text="intersection").get_by_role("button").click()
    expect(page.locator(".edit-chip")).to_have_count(2)
    bubble.get_by_role("button", name="Undo").click()
    expect(page.locator(".edit-chip")).to_have_count(3)
    page.keyboard.press("Escape")
    expect(bubble).to_be_empty()


def test_the_page_and_the_focus_stay_where_the_hand_is(watch):
    page = watch(viewport={"width": 1280, "height": 720}).open(f"/?q={quote(PORTMAN)}")
    only_answer(page, "Padmé Amidala")
    leave = "Leave this mention out: “Star Wars”"
    switch = page.get_by_role("switch", name="Intersection")
    switch.scroll_into_view_if_needed()
    switch.focus()
    top = switch.evaluate(WHERE)[0]
    page.keyboard.press("Enter")
    edits(page, "intersection is off")
    answers(page, "Nina Sayers")
    eventually(page, lambda: abs(switch.evaluate(WHERE)[0] - top), lambda moved: moved < 4)
    expect(switch).to_be_focused()
    page.keyboard.press("Control+z")
    only_answer(page, "Padmé Amidala")
    expect(page.locator(".effect")).to_contain_text("only what all paths share counts")
    eventually(page, lambda: abs(switch.evaluate(WHERE)[0] - top), lambda moved: moved < 4)
    expect(page.get_by_role("button", name=leave)).to_be_visible()


def test_what_the_answer_would_be_otherwise_is_a_click_away(watch):
    page = watch(viewport={"width": 1280, "height": 720}).open(f"/?q={quote(PORTMAN)}")
    only_answer(page, "Padmé Amidala")
    without = page.locator(".what-if", has_text="without “Star Wars”: ")
    without.wait_for()
    assert 2 <= page.locator(".what-if").count() <= 3
    expect(page.locator(".fidelity")).to_contain_text("the facts drawn in the graph")
    said = without.locator("b").inner_text()
    without.scroll_into_view_if_needed()
    before = without.evaluate(WHERE)
    without.press("Enter")
    bubble = page.locator(".effect")
    expect(bubble).to_contain_text(f"Padmé Amidala → {said}, because “Star Wars” no longer")
    eventually(page, lambda: distance(before, bubble.evaluate(WHERE)), lambda d: d <= NEAR)
    assert "without=Star+Wars" in page.url
    answers(page, "Nina Sayers")
    expect(page.locator(".edit-chip")).to_have_text(["“Star Wars” is left out.×"])
