"""Everyone can use each page.

axe-core finds nothing serious, the keyboard reaches everything, nothing depends on the canvas.
"""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.browser.acting import HANKS, PORTMAN, answers, drawn, question, sideways


def problems(page, axe: str) -> list[str]:
    """Serious and critical problems, each with the first element that has it."""
    page.evaluate(axe)
    report = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    serious = [v for v in report["violations"] if v["impact"] in ("serious", "critical")]
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in serious]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_axe_finds_nothing_serious_on_the_first_page(watch, axe, mode):
    page = watch(color_scheme=mode, viewport={"width": 1600, "height": 1000}).open()
    page.wait_for_selector(".welcome")
    assert problems(page, axe) == []
    page.goto(page.url.split("?")[0] + f"?q={quote(PORTMAN)}")
    answers(page, "Padmé Amidala")
    drawn(page)
    for fold in page.locator("#kg-steps details > summary, .outline > summary").all():
        fold.click()
    page.locator("#kg-json button").first.click()
    page.locator("#kg-json", has_text="outcome").wait_for()
    page.locator("[data-part='nodes']").select_option(index=1)
    page.locator(".facts-panel").wait_for()
    assert problems(page, axe) == []


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("tab, ready", [("learn", ".failures"), ("about", ".about")])
def test_axe_finds_nothing_serious_on_the_other_pages(watch, axe, mode, tab, ready):
    page = watch(color_scheme=mode, viewport={"width": 1600, "height": 1000}).open(
        f"/?tab={tab}", ready=ready
    )
    if tab == "learn":
        page.locator("#kg-toy-go").click()
        page.wait_for_selector("#kg-toy-answer")
    assert problems(page, axe) == []


@pytest.mark.parametrize("tab, ready", [("learn", ".failures"), ("about", ".about")])
def test_the_other_pages_fit_a_phone(watch, tab, ready):
    page = watch(viewport={"width": 390, "height": 844}).open(f"/?tab={tab}", ready=ready)
    if tab == "learn":
        page.locator("#kg-toy-go").click()
        page.wait_for_selector("#kg-toy-answer")
    assert sideways(page) <= 0


def test_tabs_and_lesson_work_by_keyboard(watch):
    page = watch().open()
    page.get_by_role("tab", name="Learn").focus()
    page.keyboard.press("Enter")
    page.locator(".lesson-step .try button").first.wait_for()
    assert page.locator(".lesson-step").count() >= 7
    page.locator(".lesson-step .try button", has_text=HANKS).first.focus()
    page.keyboard.press("Enter")
    answers(page, "Eric Roth")
    assert question(page) == HANKS


def test_the_lesson_is_live_and_each_step_ends_in_a_question(watch):
    page = watch().open("/?tab=learn", ready=".failures")
    for step in page.locator(".lesson section").all():
        tried = "trained without operators" not in step.inner_text()
        assert (step.locator(".try button").count() >= 1) == tried
    assert page.locator(".lesson section").count() == 8
    assert page.locator(".failures > li").count() == 3
    assert "1.000" in page.locator(".lesson").inner_text()
    page.locator("#kg-toy-examples").get_by_role("button", name=PORTMAN).click()
    page.locator("#kg-toy-answer", has_text="Padmé Amidala").wait_for()
    assert "Intersection: the minimum of each row" in page.locator("#kg-toy-answer").inner_text()


def test_the_arrows_choose_which_operator_is_worked_out(watch):
    page = watch().open("/?tab=learn", ready=".failures")
    shown = page.locator(".ops .table-box:visible")
    assert shown.count() == 1
    before = shown.get_attribute("aria-label")
    page.locator(".ops input:checked").first.focus()
    page.keyboard.press("ArrowRight")  # the smallest
    assert shown.count() == 1 and shown.get_attribute("aria-label") != before
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")  # the second
    assert shown.get_attribute("aria-label").startswith("the second ")
    assert page.locator(".ops [aria-live] p:visible").count() == 1
    assert sideways(page) <= 0


def test_the_graph_has_a_text_equivalent(watch):
    page = watch().open(f"/?q={quote(PORTMAN)}")
    answers(page, "Padmé Amidala")
    drawn(page)
    assert page.locator(".canvas").get_attribute("role") == "img"
    page.locator(".outline summary").click()
    text = page.locator(".outline").inner_text()
    assert "Padmé Amidala is played by Natalie Portman" in text and "Star Wars" in text
