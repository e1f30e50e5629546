"""Every step of an answer can be edited on the page, and the rest is computed again."""

from __future__ import annotations

from urllib.parse import quote

from playwright.sync_api import expect

from tests.browser.acting import (
    HANKS,
    MONA,
    PORTMAN,
    WRITER,
    answers,
    drawn,
    edits,
    eventually,
    link,
    only_answer,
    state,
    type_question,
)

OTHER_HANKS = "Use this one instead: Tom Hanks, American seismologist"


def test_another_candidate_changes_the_answer_and_a_reset_brings_it_back(watch):
    page = watch().open(f"/?q={quote(HANKS)}")
    answers(page, WRITER)
    page.get_by_role("button", name=OTHER_HANKS).click()
    assert "stands for Tom Hanks, American seismologist" in edits(page, "stands for")
    expect(page.locator("#kg-answer")).not_to_contain_text(WRITER)
    expect(page.locator(".chosen")).to_have_count(1)
    page.get_by_role("button", name="Back to the model").click()
    answers(page, WRITER)
    expect(page.locator(".your-edits")).to_be_hidden()


def test_another_relation_at_a_hop_changes_the_answer(watch):
    page = watch().open(f"/?q={quote(MONA)}")
    answers(page, "Paris")
    lists = page.locator("#kg-steps select[data-hop='2']").first
    eventually(page, lists.locator("option").count, lambda n: n > 30)  # every relation, in words
    assert "directed" in lists.locator("option").all_inner_texts()
    lists.select_option("-exhibited at")
    assert "hop 2 follows “exhibits”" in edits(page, "follows")
    assert "Death of the Virgin" in answers(page, "Death of the Virgin")
    drawn(page)
    page.locator(".your-edits .edits button").first.click()  # undo this one
    answers(page, "Paris")


def test_intersection_off_and_on_redraws_the_answer(watch):
    page = watch().open(f"/?q={quote(PORTMAN)}")
    only_answer(page, "Padmé Amidala")
    nodes = drawn(page)["drawn"]
    switch = page.get_by_role("switch", name="Intersection")
    expect(switch).to_have_attribute("aria-checked", "true")
    switch.click()
    edits(page, "intersection is off")
    labels = page.locator("#kg-answer .answer-name")
    assert "Padmé Amidala" in eventually(page, labels.all_inner_texts, lambda texts: texts[5:])
    expect(page.locator(".kg-table thead").first).to_contain_text("Maximum")
    page.wait_for_function("n => document.querySelector('.canvas').dataset.drawn !== n", arg=nodes)
    page.get_by_role("switch", name="Intersection").press("Enter")
    expect(page.locator(".your-edits")).to_be_hidden()
    only_answer(page, "Padmé Amidala")
    expect(page.get_by_role("switch")).to_have_attribute("aria-checked", "true")


def test_a_mention_can_be_left_out_and_brought_back(watch):
    page = watch().open(f"/?q={quote(PORTMAN)}")
    answers(page, "Padmé Amidala")
    page.get_by_role("button", name="Leave this mention out: “Star Wars”").click()
    edits(page, "“Star Wars” is left out")
    assert "Nina Sayers" in answers(page, "Nina Sayers")
    expect(page.locator(".question-line .span:not(.unused)")).to_have_count(1)
    page.locator("#kg-steps .fold > summary", has_text="not used").click()
    page.get_by_role("button", name="Let it take part: “Star Wars”").click()
    edits(page, "“Star Wars” takes part")
    answers(page, "Padmé Amidala")


def test_words_can_be_made_a_mention_by_keyboard_and_any_entity_chosen(watch):
    page = watch().open(f"/?q={quote('Who directed the boat film?')}")
    page.wait_for_selector("#kg-answer")
    page.locator(".picker summary").focus()
    page.keyboard.press("Enter")
    page.locator(".pick", has_text="boat").press("Enter")
    page.locator(".pick", has_text="film").press("Enter")
    expect(page.locator(".pick[aria-pressed='true']")).to_have_text(["boat", "film"])
    page.locator(".add-span").press("Enter")
    page.locator(".your-edits").wait_for()
    page.locator(".search-box:visible").first.fill("Titanic")
    page.locator(".result", has_text="1997 film").first.click()
    edits(page, "stands for Titanic")
    assert "James Cameron" in answers(page, "James Cameron")


def test_selecting_words_with_the_mouse_presses_them(watch):
    page = watch().open(f"/?q={quote(MONA)}")
    answers(page, "Paris")
    page.evaluate(
        """() => {
          const line = document.querySelector('.question-line'), range = document.createRange();
          const texts = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
          let text = texts.nextNode(), left = 'What city'.length;
          range.setStart(text, 0);
          while (text.length < left) { left -= text.length; text = texts.nextNode(); }
          range.setEnd(text, left);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }"""
    )
    expect(page.locator(".pick[aria-pressed='true']")).to_have_text(["What", "city"])


def test_a_link_with_edits_gives_the_same_page_in_a_fresh_browser(watch):
    page = watch().open(f"/?q={quote(HANKS)}")
    answers(page, WRITER)
    page.get_by_role("button", name=OTHER_HANKS).click()
    edits(page, "stands for")
    path = eventually(page, lambda: link(page), lambda path: "use=Tom+Hanks~" in path)
    other = watch().open(path)
    edits(other, "stands for Tom Hanks, American seismologist")
    drawn(page)
    drawn(other)
    for selector in "#kg-answer .answer-name|.your-edits|.question-line|.kg-panel".split("|"):
        texts = page.locator(selector).all_inner_texts()
        eventually(other, other.locator(selector).all_inner_texts, lambda t, same=texts: t == same)
    eventually(page, lambda: state(page)["drawn"], lambda n: n == state(other)["drawn"])
    assert link(other) == path


def test_a_spoilt_link_still_answers_and_says_so(watch):
    for spoilt in ("[", '{"use":[{"start":1}]}', '{"x":1}', "x" * 3_000):
        page = watch().open(f"/?q={quote(MONA)}&edits={quote(spoilt)}")
        answers(page, "Paris")
        edits(page, "not readable")


def test_two_visitors_edit_each_their_own_page(watch):
    one, two = watch().open(f"/?q={quote(HANKS)}"), watch().open(f"/?q={quote(HANKS)}")
    answers(one, WRITER)
    answers(two, WRITER)
    one.get_by_role("button", name=OTHER_HANKS).click()
    edits(one, "stands for")
    type_question(two, PORTMAN)
    answers(two, "Padmé Amidala")
    assert "seismologist" in one.locator(".your-edits").inner_text()
    assert two.locator(".your-edits").count() == 0
