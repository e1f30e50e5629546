"""The page in real headless Chromium: what a visitor does, and what the visitor then reads."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from kgqa.trace import STAGES
from tests.browser.acting import (
    HANKS,
    MONA,
    PORTMAN,
    WRITER,
    answers,
    call,
    calm,
    click_example,
    drawn,
    eventually,
    link,
    only_answer,
    question,
    sideways,
    type_question,
)
from tests.browser.fake_app import GO_ON

ATTACK = (
    "<img src=x onerror=window.hacked=1> <script>window.hacked=1</script> **bold** \u202etxet\u202c"
)


def test_the_three_examples_are_answered(watch):
    page = watch(viewport={"width": 1600, "height": 1000}).open()
    page.wait_for_selector(".welcome")

    click_example(page, MONA)
    only_answer(page, "Paris")
    assert "is exhibited at" in page.locator("#kg-answer .facts").inner_text()
    drawn(page)

    type_question(page, HANKS)
    assert len(answers(page, WRITER)) > 5
    described = page.locator("#kg-steps .kg-panel", has_text="Tom Hanks").first.inner_text()
    assert "actor" in described and described.count("Tom Hanks") >= 3
    assert "screenwriter" in page.locator("#kg-steps").inner_text()

    page.locator("#kg-question textarea").fill(PORTMAN)
    page.get_by_role("button", name="Ask", exact=True).click()
    only_answer(page, "Padmé Amidala")
    heads = page.locator(".kg-table thead").first.inner_text()
    assert "Natalie Portman" in heads and "Star Wars" in heads and "Minimum" in heads
    row = page.locator(".kg-table .is-answer th").first
    assert row.inner_text().startswith("✓ Padmé Amidala")
    assert page.locator(".question-line .span:not(.unused)").count() == 2
    drawn(page)


def test_a_link_answers_from_a_cold_start(watch):
    page = watch().open(f"/?q={quote(MONA)}")
    answers(page, "Paris")
    assert question(page) == MONA
    answers(watch().open(link(page)), "Paris")


def test_two_people_at_once_see_each_their_own_answer(watch):
    one, two = watch().open(), watch().open()
    type_question(one, MONA)
    type_question(two, PORTMAN)
    only_answer(two, "Padmé Amidala")
    only_answer(one, "Paris")
    for page, word, other in ((one, "Mona Lisa", "Star Wars"), (two, "Star Wars", "Mona Lisa")):
        drawn(page)
        page.locator(".outline summary").click()
        words = page.locator(".outline").inner_text()
        assert word in words and other not in words


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_phone_has_no_sideways_scroll_and_both_modes_are_legible(watch, mode):
    page = watch(viewport={"width": 390, "height": 844}, color_scheme=mode).open(
        f"/?q={quote(PORTMAN)}"
    )
    answers(page, "Padmé Amidala")
    drawn(page)
    assert page.evaluate("document.body.classList.contains('dark')") == (mode == "dark")
    assert sideways(page) <= 0
    texts = ".answer-name|.sentence|.note|.probability|.lead|.kg-table .number|.chips button"
    for selector in texts.split("|"):
        assert contrast(page, selector) >= 4.5, f"{selector} is hard to read in {mode} mode"


def contrast(page, selector: str) -> float:
    """Contrast of an element's text with the nearest opaque background (WCAG 2)."""
    return page.locator(selector).first.evaluate(
        """element => {
          const parse = (c) => c.match(/[\\d.]+/g).map(Number);
          const light = (c) => c.slice(0, 3).map(v => v / 255)
            .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
            .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
          let box = element, back = [0, 0, 0, 0];
          while (box && back.length === 4 && back[3] < 1) {
            back = parse(getComputedStyle(box).backgroundColor);
            box = box.parentElement;
          }
          const [a, b] = [light(parse(getComputedStyle(element).color)), light(back)];
          return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        }"""
    )


def test_bad_input_gets_a_sentence_and_the_next_question_works(watch):
    page = watch().open(f"/?q={quote(MONA)}")
    answers(page, "Paris")
    card = page.locator("#kg-answer:not(.waiting)")
    for bad in ("", "x" * 20_000, "?!...", "😀😀", "Кто написал «Войну и мир»?", ATTACK, "a\x00b"):
        type_question(page, bad)
        expect(card).not_to_contain_text("Paris")
        shown = card.inner_text()
        assert len(shown.split()) > 3 and "Traceback" not in page.content()
        assert ("too long" in shown) == (len(bad) == 20_000)
        assert ("type a question" in shown) == (not bad)
        type_question(page, MONA)
        answers(page, "Paris")
    calm(page)
    assert page.locator("#kg-steps img, #kg-answer img").count() == 0


def test_an_attack_in_the_address_executes_nothing(watch):
    page = watch().open(f"/?q={quote(ATTACK)}")
    page.wait_for_selector("#kg-answer")
    calm(page)


def test_what_is_typed_while_the_page_loads_stays(watch, hostile_address):
    """On a slow machine the reply to the page's first event comes after the first key."""
    context = watch(at=hostile_address)
    page = context.context.new_page()
    page.goto(context.address)
    page.locator("#kg-question textarea").fill(MONA)
    page.wait_for_selector("body[data-ready]", state="attached")
    assert question(page) == MONA


def test_everything_works_by_keyboard(watch):
    page = watch().open()
    page.locator("#kg-question textarea").fill(MONA)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "kg-go"
    page.keyboard.press("Enter")
    answers(page, "Paris")
    drawn(page)
    page.locator(".outline summary").focus()
    page.keyboard.press("Enter")
    assert page.locator(".outline ul").first.is_visible()
    assert page.locator(".canvas").get_attribute("aria-label").startswith("Graph. ")


def test_the_graph_and_the_trace_can_be_taken_away(watch, tmp_path):
    context = watch()
    page = context.open(f"/?q={quote(MONA)}")
    answers(page, "Paris")
    drawn(page)
    with page.expect_download() as download:
        page.locator("#kg-download").click()
    file = tmp_path / "graph.html"
    download.value.save_as(file)
    assert "Paris" in file.read_text(encoding="utf-8")
    alone = context.context.new_page()
    alone.on("pageerror", lambda e: context.errors.append(str(e)))
    alone.route(lambda url: not url.startswith("file:"), lambda route: route.abort())
    context.context.remove_listener(
        "request", context._request
    )  # the file's own address has no host
    alone.goto(Path(file).as_uri())
    alone.wait_for_selector("#mynetwork canvas")
    page.locator("#kg-json button").first.click()
    page.locator("#kg-json", has_text="outcome").wait_for()
    with page.expect_download() as download:
        page.locator("#kg-save").click()
    download.value.save_as(tmp_path / "trace.json")
    trace = json.loads((tmp_path / "trace.json").read_text(encoding="utf-8"))
    assert trace["answers"][0]["label"] == "Paris"


def test_programs_have_one_endpoint(address):
    with urlopen(f"{address}/gradio_api/info") as reply:
        info = json.load(reply)
    assert list(info["named_endpoints"]) == ["/answer"] and not info["unnamed_endpoints"]
    assert call(address, MONA)["answers"][0]["label"] == "Paris"
    assert call(address, "x" * 20_000)["outcome"] == "too_long"
    assert call(address, "\x00")["answers"] == []


def test_stages_appear_as_they_are_computed(watch, hostile_address):
    page = watch(at=hostile_address).open()
    answer, spans = page.locator("#kg-answer"), page.locator(".question-line .span")
    type_question(page, PORTMAN)
    answer.get_by_text(STAGES["reading"]).wait_for()
    assert spans.count() == 0 and "Padmé" not in answer.inner_text()
    call(hostile_address, GO_ON)
    answer.get_by_text(STAGES["following"]).wait_for()
    assert "Natalie Portman" in eventually(page, spans.all_inner_texts)[0]
    assert "Padmé" not in answer.inner_text()
    call(hostile_address, GO_ON)
    answers(page, "Padmé Amidala")
    drawn(page)
