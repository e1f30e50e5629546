"""What a person says of an answer, by mouse and keyboard, on a phone."""

from __future__ import annotations

import json

from playwright.sync_api import expect

from kgqa.graph.export import FORMATS
from kgqa.trace import Entity
from tests.browser.acting import HANKS, MONA, calm, only_answer, sideways, type_question
from tests.browser.test_accessible import problems
from tests.ui import page_traces as traces
from tests.ui.book import Book
from tests.ui.parts import HOSTILE
from tests.ui.serving import served


def search(text: str) -> tuple[Entity, ...]:
    louvre = Entity("museum:Louvre", "Louvre", "museum in Paris", "museum")
    return (louvre,) if text.lower().startswith("lou") else traces.search(text)


def test_an_answer_is_corrected_and_the_correction_taken_back(watch, axe, tmp_path):
    book = Book()
    more = {"search": search, "feedback": book.feedback, "exports": FORMATS}
    with served(more=more) as (address, _):
        page = watch(
            at=address, color_scheme="light", viewport={"width": 390, "height": 844}
        ).open()
        expect(page.locator(".verdict")).to_have_count(0)
        type_question(page, MONA)
        only_answer(page, "Paris")
        said = page.locator(".verdict-said")
        page.get_by_role("button", name="Right", exact=True).click()
        expect(said).to_have_text("Kept: this answer is right.")
        right = page.get_by_role("button", name="Right", exact=True)
        expect(right).to_have_attribute("aria-pressed", "true")
        expect(right).to_be_focused()

        page.get_by_role("button", name="The answer should be").press("Enter")
        chosen = page.locator("[data-part=chosen] button")
        expect(chosen).to_have_count(1)
        chosen.press("Enter")  # takes Paris out
        expect(chosen).to_have_count(0)
        find = page.get_by_label("Add a name of the graph")
        find.fill("lou")
        expect(page.locator("[data-part=found] button")).to_have_text("Louvre, museum in Paris")
        find.press("Enter")
        expect(chosen).to_contain_text("Louvre")
        assert problems(page, axe) == [] and sideways(page) <= 0
        page.get_by_role("button", name="Keep this answer").click()
        expect(said).to_have_text("Kept: the answer should be museum:Louvre.")
        assert len(book.said) == 1 and book.verdicts[-1].entities == ("museum:Louvre",)

        page.get_by_role("button", name="The answer should be").click()
        page.get_by_label("The answer is").select_option("number")
        page.get_by_label("The number").fill("many")
        page.get_by_label("The number").press("Enter")
        expect(said).to_contain_text("Type a number")
        page.get_by_text("What you said of 1 answer").click()
        with page.expect_download() as download:
            page.get_by_role("button", name="Download as train.jsonl").click()
        download.value.save_as(tmp_path / "train.jsonl")
        assert json.loads((tmp_path / "train.jsonl").read_text(encoding="utf-8")) == {}
        with page.expect_download() as download:
            page.get_by_role("button", name="as CSV").click()
        download.value.save_as(tmp_path / "facts.csv")
        assert "Mona Lisa" in (tmp_path / "facts.csv").read_text(encoding="utf-8")
        assert problems(page, axe) == [] and sideways(page) <= 0
        page.get_by_role("button", name="Remove").click()
        expect(page.get_by_text("What you said of")).to_have_count(0)
        assert not book.said

        type_question(page, HOSTILE)
        expect(page.locator(".verdict")).to_have_attribute("data-question", HOSTILE.strip())
        page.get_by_role("button", name="Wrong", exact=True).click()
        expect(said).to_contain_text("this answer is wrong")
        page.get_by_role("button", name="The answer should be").click()
        find.fill("x")
        expect(page.locator("[data-part=found] button")).to_contain_text("<img")
        page.locator("[data-part=found] button").click()
        assert page.locator(".verdict img, .verdict script").count() == 0
        calm(page)
        type_question(page, HANKS)  # the strip goes on to the next answer
        expect(page.locator(".verdict")).to_have_attribute("data-question", HANKS)
        expect(page.locator("#kg-should")).to_be_hidden()
        page.close()  # before the server goes
