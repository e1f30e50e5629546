"""Everyone can use each page.

axe-core finds nothing serious, the keyboard reaches everything, nothing depends on the canvas.
"""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from tests.browser.acting import (
    HANKS,
    PORTMAN,
    WRITER,
    answers,
    call,
    drawn,
    edits,
    open_all,
    question,
    sideways,
    type_question,
)

FIGURE = ".fig[data-drawn]"


def open_the_lesson(page) -> None:
    """Ask the model, the toy graph, and open what is folded below the figure."""
    page.locator("#kg-ask-model button").click()
    page.wait_for_selector(".failures")
    for fold in ("#kg-worked summary", "#kg-sheet summary", "#kg-toy-fold > button"):
        page.locator(fold).first.click()
    page.locator("#kg-toy-go").click()
    page.wait_for_selector("#kg-toy-answer")


def problems(page, axe: str) -> list[str]:
    """Serious and critical problems, each with the first element that has it; also in the dark."""
    page.evaluate(axe)
    found = _violations(page)
    page.evaluate("document.body.classList.toggle('dark')")
    found += _violations(page)
    page.evaluate("document.body.classList.toggle('dark')")
    return found


#: Ends once no colour is on its way to another: axe would read one between.
AT_REST = """async () => {
  await new Promise(requestAnimationFrame);
  const changes = document.getAnimations().filter((one) => one instanceof CSSTransition);
  await Promise.allSettled(changes.map((one) => one.finished));
}"""


def _violations(page) -> list[str]:
    page.evaluate(AT_REST)
    report = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    serious = [v for v in report["violations"] if v["impact"] in ("serious", "critical")]
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in serious]


def test_axe_finds_nothing_serious_on_the_first_page(watch, axe):
    page = watch(color_scheme="light", viewport={"width": 1600, "height": 1000}).open()
    page.wait_for_selector(".welcome")
    assert problems(page, axe) == []
    page.goto(page.url.split("?")[0] + f"?q={quote(PORTMAN)}")
    answers(page, "Padmé Amidala")
    drawn(page)
    open_all(page)
    page.locator("#kg-json button").first.click()
    page.locator("#kg-json", has_text="outcome").wait_for()
    page.locator("[data-part='nodes']").select_option(index=1)
    page.locator(".facts-panel").wait_for()
    assert problems(page, axe) == []


def test_the_place_of_an_answer_is_heard_of_before_and_what_is_empty_is_hidden(watch):
    """A screen reader tells what changes in a place that it knows; ids name one element each."""
    page = watch(viewport={"width": 1440, "height": 900}).open()
    page.wait_for_selector(".welcome")
    later = ("#kg-spans", "#kg-graph", "#kg-steps", "#kg-json", "#kg-your-edits")
    assert not any(page.locator(part).is_visible() for part in later)
    heard = page.locator("#kg-answer-box [aria-live]")
    assert heard.count() == 1 and heard.evaluate("part => part.checkVisibility()")
    heard.evaluate("part => { window.heard = part; }")
    type_question(page, PORTMAN)
    answers(page, "Padmé Amidala")
    drawn(page)
    assert heard.evaluate(
        "part => part === window.heard && part.contains(document.querySelector('#kg-answer'))"
    )
    assert [page.locator(part).is_visible() for part in later] == [True] * 4 + [False]
    assert page.locator(".welcome").is_hidden()
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((part) => part.id)")
    own = [id for id in ids if id.startswith("kg-")]
    assert len(own) == len(set(own))


def test_axe_finds_nothing_serious_in_what_the_first_page_becomes(watch, axe, address):
    """A long list with its tools, an edit and its effect, a saved trace, on a wall."""
    page = watch(color_scheme="light", viewport={"width": 1440, "height": 900}).open(
        f"/?q={quote(HANKS)}"
    )
    answers(page, WRITER)
    drawn(page)
    page.locator("#kg-listed summary").first.click()
    page.locator("#kg-answer .many summary").last.click()
    assert problems(page, axe) == []
    type_question(page, PORTMAN)
    answers(page, "Padmé Amidala")
    page.get_by_role("switch", name="Intersection").click()
    edits(page, "intersection is off")
    page.locator(".effect.on").wait_for()
    assert problems(page, axe) == []
    text = json.dumps(call(address, PORTMAN))
    file = {"name": "trace.json", "mimeType": "application/json", "buffer": text.encode()}
    page.locator("#kg-opened input").set_input_files(file)
    page.locator(".saved-trace").wait_for()
    drawn(page)
    assert problems(page, axe) == []
    page.locator("[data-act=projector]").click()
    page.locator("body.projector").wait_for()
    assert problems(page, axe) == []


@pytest.mark.parametrize("tab, ready", [("learn", FIGURE), ("about", ".about")])
def test_axe_finds_nothing_serious_on_the_other_pages(watch, axe, tab, ready):
    page = watch(color_scheme="light", viewport={"width": 1600, "height": 1000}).open(
        f"/?tab={tab}", ready=ready
    )
    if tab == "learn":
        open_the_lesson(page)
    assert problems(page, axe) == []


#: What can be tapped and is lower or narrower than a finger, of the Explore tab; links in text and
#: what lies in a larger label are not meant.
SMALL = """() => [...document.querySelectorAll(
    'button, summary, select, textarea, input:not([type=range], [type=checkbox]), [role=tab]')]
  .filter((part) => part.checkVisibility() && !part.closest('footer, .visually-hidden'))
  .map((part) => [part, part.getBoundingClientRect()])
  .filter(([, box]) => box.width > 2 && (box.height < 43.5 || box.width < 43.5))
  .map(([part, box]) => `${Math.round(box.width)}x${Math.round(box.height)} `
    + part.outerHTML.slice(0, 90))"""


def test_on_a_phone_whatever_is_tapped_is_as_large_as_a_finger(watch):
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    page = watch(**phone).open(f"/?q={quote(PORTMAN)}")
    answers(page, "Padmé Amidala")
    drawn(page)
    page.locator(".what-if").first.wait_for()
    assert not (small := page.evaluate(SMALL)), "\n".join(small)
    type_question(page, HANKS)
    answers(page, WRITER)
    page.locator("#kg-listed summary").first.wait_for()
    assert not (small := page.evaluate(SMALL)), "\n".join(small)


@pytest.mark.parametrize("tab, ready", [("learn", FIGURE), ("about", ".about")])
def test_the_other_pages_fit_a_phone(watch, tab, ready):
    page = watch(viewport={"width": 390, "height": 844}).open(f"/?tab={tab}", ready=ready)
    if tab == "learn":
        open_the_lesson(page)
    assert sideways(page) <= 0


def test_tabs_and_lesson_work_by_keyboard(watch):
    page = watch().open()
    page.get_by_role("tab", name="Learn").focus()
    page.keyboard.press("Enter")
    page.locator(".fig-steps .try button").first.wait_for()
    assert page.locator(".fig-steps .lesson-step").count() == 8
    page.locator(".fig-steps .try button", has_text=HANKS).first.focus()
    page.keyboard.press("Enter")
    answers(page, WRITER)
    assert question(page) == HANKS


def test_what_the_model_does_is_asked_when_asked_for_and_ends_in_questions(watch):
    page = watch().open("/?tab=learn", ready=FIGURE)
    assert page.locator("#kg-live, #kg-toy-answer").count() == 0
    open_the_lesson(page)
    for part in page.locator("#kg-live section").all():
        assert part.locator(".try button").count() >= 1
    assert page.locator("#kg-live section").count() == 4
    assert page.locator(".failures > li").count() == 3
    page.locator("#kg-toy-examples").get_by_role("button", name=PORTMAN).click()
    page.locator("#kg-toy-answer", has_text="Padmé Amidala").wait_for()
    assert "Intersection: the minimum of each row" in page.locator("#kg-toy-answer").inner_text()


def test_the_arrows_choose_which_operator_is_worked_out(watch):
    page = watch().open("/?tab=learn", ready="#kg-worked summary")
    page.locator("#kg-worked summary").click()
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
