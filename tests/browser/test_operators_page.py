"""Operators on the page: every one can be changed by hand, by keyboard too, and travels in links.

The model is scripted (``tests.ui.operator_traces``); what follows from an edit is computed.
"""

from __future__ import annotations

from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from kgqa.ui.screenshots import running
from tests.browser.acting import answers, edits, eventually, link, only_answer, sideways
from tests.browser.conftest import FAKE
from tests.ui.operator_traces import COUNT, EITHER, NO, RANGE, SECOND, WITHOUT


@pytest.fixture
def ask(watch, hostile_address):
    """ask(question, width=...) -> the page that answers it."""

    def open_page(question: str, width: int = 1440, query: str = ""):
        made = watch(at=hostile_address, viewport={"width": width, "height": 900})
        page = made.open(query or f"/?q={quote(question)}")
        page.wait_for_selector("#kg-answer")
        return page

    return open_page


def test_a_hop_offers_operators_in_groups_and_a_rank(ask):
    page = ask(SECOND)
    only_answer(page, "Catch Me If You Can")
    hop = page.locator("#kg-steps select[data-action='follow'][data-hop='2']").first
    eventually(page, hop.locator("optgroup").count, lambda n: n == 4)
    groups = hop.locator("optgroup").evaluate_all("all => all.map((g) => g.label)")
    assert groups[0] == "Follow a relation" and "Keep the largest or most" in groups
    page.get_by_label("Which place to keep, hop 2").select_option(label="third")
    edits(page, "hop 2 keeps the third longest run time")
    only_answer(page, "The Terminal")
    hop.select_option("often(director)")
    edits(page, "most often")
    only_answer(page, "Steven Spielberg")
    expect(page.get_by_label("Which place to keep, hop 2")).to_have_count(0)
    page.get_by_role("button", name="Back to the model").click()
    only_answer(page, "Catch Me If You Can")


def test_an_operator_is_chosen_by_keyboard(ask):
    page = ask(SECOND)
    only_answer(page, "Catch Me If You Can")
    place = page.get_by_label("Which place to keep, hop 2")
    place.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    only_answer(page, "Saving Private Ryan")


def test_the_answer_is_read_in_another_way_and_the_link_keeps_it(ask):
    page = ask(COUNT)
    expect(page.locator(".read-value")).to_contain_text("5")
    page.get_by_label("Answer with").select_option(label="the total run time")
    expect(page.locator(".read-value")).to_contain_text("651 minutes")
    path = eventually(page, lambda: link(page), lambda path: "answer=" in path)
    expect(ask(COUNT, query=path).locator(".read-value")).to_contain_text("651 minutes")
    page.get_by_label("Answer with").select_option(label="what is reached")
    answers(page, "Sully")
    expect(page.locator(".read-value")).to_have_count(0)


def test_a_path_is_taken_away_and_kept(ask):
    page = ask(WITHOUT)
    assert "Catch Me If You Can" not in answers(page, "Sully")
    page.get_by_role("button", name="Do not take this away").click()
    edits(page, "is not taken away")
    only_answer(page, "Catch Me If You Can")
    page.get_by_role("button", name="Take this away: what “Tom Hanks”").click()
    edits(page, "“Tom Hanks” leads to is taken away")
    only_answer(page, "J. Edgar")


def test_either_becomes_both(ask):
    page = ask(EITHER)
    answers(page, "J. Edgar")
    switch = page.get_by_role("switch", name="Intersection")
    expect(switch).to_have_attribute("aria-checked", "false")
    switch.press("Enter")
    edits(page, "Every path counts")
    only_answer(page, "Catch Me If You Can")
    page.get_by_role("switch", name="Intersection").press("Enter")
    answers(page, "J. Edgar")
    expect(page.locator(".your-edits")).to_be_hidden()


@pytest.mark.parametrize("question", [COUNT, SECOND, NO, WITHOUT, RANGE])
def test_nothing_is_wider_than_a_phone_and_all_is_accessible(ask, axe, question):
    page = ask(question, width=390)
    assert sideways(page) <= 0
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa']})")
    assert [v["id"] for v in found["violations"]] == []


def test_what_only_a_model_with_operators_can_do_is_not_offered_by_one_without(watch):
    with running([*FAKE, "--plain"]) as at:
        page = watch(at=at).open(f"/?q={quote(COUNT)}")
        page.wait_for_selector("#kg-answer")
        ours = page.locator("[data-needs]")
        eventually(page, ours.count, lambda n: n > 0)
        assert not any(part.is_visible() for part in ours.all())
        page.close()  # before the server goes
