"""Typing helps, by keyboard alone; a long answer is worked on without asking the server."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.acting import WRITER, answers, eventually, only_answer, question
from tests.browser.test_accessible import problems

MANY = "films with Tom Hanks"


def options(page):
    return page.locator("#kg-names [role=option]")


def test_names_are_completed_by_keyboard_and_a_namesake_stays_chosen(watch, axe, hostile_address):
    page = watch(at=hostile_address).open()
    box = page.locator("#kg-question textarea")
    box.press_sequentially("films with tom")
    expect(options(page)).to_have_count(2)
    expect(box).to_have_attribute("aria-expanded", "true")
    assert box.get_attribute("aria-activedescendant") is None  # Enter would ask
    box.press("ArrowUp")
    expect(options(page).nth(1)).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == options(page).nth(1).get_attribute("id")
    assert problems(page, axe) == []
    box.press("Escape")
    expect(options(page)).to_have_count(0)
    assert question(page) == "films with tom"
    box.press("ArrowDown")  # opens it again
    expect(options(page)).to_have_count(2)
    box.press("ArrowDown")
    box.press("ArrowDown")
    expect(options(page).nth(1)).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    assert question(page) == MANY
    expect(box).to_be_focused()
    box.press("Enter")
    answers(page, "Film number 0: a rather long title that goes on")
    expect(page.locator(".your-edits")).to_contain_text("stands for seismologist")


def test_a_tap_completes_attacks_stay_text_and_questions_from_before_are_offered(
    watch, hostile_address
):
    context = watch(at=hostile_address, has_touch=True, viewport={"width": 390, "height": 844})
    page = context.open()
    box = page.locator("#kg-question textarea")
    box.press_sequentially("who is <im")
    options(page).first.tap()
    assert question(page).startswith("who is <img") and page.evaluate("window.hacked") is None
    box.fill("What city is the Mona Lisa in?")
    box.press("Enter")
    only_answer(page, "Paris")
    kept = "JSON.parse(localStorage.getItem('kg-recent') || '[]')"
    eventually(page, lambda: page.evaluate(kept), lambda k: k == [question(page)])
    box.fill("")
    box.press("ArrowDown")
    expect(options(page)).to_have_count(2)  # the question, and a way to forget it
    assert min(option.bounding_box()["height"] for option in options(page).all()) >= 44
    options(page).nth(1).tap()
    assert page.evaluate("localStorage.getItem('kg-recent')") is None
    page.locator("#kg-offers button").first.tap()
    answers(page, WRITER)


def test_a_long_answer_is_filtered_sorted_and_saved(watch, axe, hostile_address):
    context = watch(at=hostile_address)
    page = context.open(f"/?q={MANY}")
    first = "Film number 0: a rather long title that goes on"
    answers(page, first)
    page.wait_for_selector("#kg-offers")  # the last that the page asks for by itself
    page.locator("[data-listing]").press("Enter")
    rows = page.locator("#kg-listing .listed")
    expect(page.locator("#kg-listing [data-part=filter]")).to_be_focused()
    expect(rows).to_have_count(60)
    asked: list[str] = []
    context.context.on("request", lambda request: asked.append(request.url))
    page.keyboard.type("number 59:")
    expect(rows).to_have_count(1)
    expect(page.locator("#kg-listing [data-part=count]")).to_have_text("1 of 60 answers.")
    page.locator("#kg-listing [data-part=filter]").fill("")
    page.locator("#kg-listing [data-part=sort]").select_option("name")
    expect(rows.first).to_contain_text("Film number 0")
    expect(rows.nth(2)).to_contain_text("Film number 2")  # 2 before 10
    chart = page.locator("#kg-listing svg[role=img]")
    expect(chart).to_have_attribute("aria-label", "60 answers by release year")
    page.locator("#kg-listing [data-part=group]").select_option("f0")
    expect(page.locator("#kg-listing h4").first).to_have_text("1950 (1)")
    assert asked == []
    assert problems(page, axe) == []
    with page.expect_download() as saved:
        page.locator("#kg-listing [data-part=csv]").click()
    text = Path(saved.value.path()).read_text(encoding="utf-8-sig")
    table = list(csv.DictReader(io.StringIO(text)))
    assert len(table) == 60 and table[0]["answer"] == first and table[0]["release year"] == "1950"
