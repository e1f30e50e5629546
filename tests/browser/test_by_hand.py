"""Every step of an answer can be changed on the page, and the rest is computed again."""

from __future__ import annotations

from urllib.parse import quote

from tests.browser.acting import (
    HANKS,
    MONA,
    PORTMAN,
    answers,
    by_hand,
    drawn,
    link,
    state,
    type_question,
)


def test_another_candidate_changes_the_answer_and_a_reset_brings_it_back(watch):
    page = watch().open(f"/?q={quote(HANKS)}")
    answers(page, "Eric Roth")
    page.get_by_role(
        "button", name="Use this one instead: Tom Hanks, American seismologist"
    ).click()
    assert "stands for Tom Hanks, American seismologist" in by_hand(page, "stands for")
    assert "Eric Roth" not in page.locator("#kg-answer").inner_text()
    assert page.locator(".chosen").count() == 1
    page.get_by_role("button", name="Back to the model").click()
    answers(page, "Eric Roth")
    assert page.locator(".by-hand").count() == 0 or not page.locator(".by-hand").is_visible()


def test_another_relation_at_a_hop_changes_the_answer(watch):
    page = watch().open(f"/?q={quote(HANKS)}")
    answers(page, "Eric Roth")
    lists = page.locator("#kg-steps select[data-hop='2']").first
    assert lists.locator("option").count() > 30  # every relation, in words
    assert "directed" in lists.locator("option").all_inner_texts()
    lists.select_option("director")
    assert "hop 2 follows “director”" in by_hand(page, "follows")
    assert "Steven Spielberg" in answers(page, "Steven Spielberg")
    drawn(page)
    page.locator(".by-hand .edits button").first.click()  # undo this one
    answers(page, "Eric Roth")


def test_intersection_off_and_on_redraws_the_answer(watch):
    page = watch().open(f"/?q={quote(PORTMAN)}")
    assert answers(page, "Padmé Amidala") == ["Padmé Amidala"]
    nodes = drawn(page)["drawn"]
    switch = page.get_by_role("switch", name="Intersection")
    assert switch.get_attribute("aria-checked") == "true"
    switch.click()
    by_hand(page, "intersection is off")
    assert len(answers(page, "Padmé Amidala")) > 5
    assert page.locator(".meet thead").first.inner_text().strip().endswith("Maximum")
    page.wait_for_function("n => document.querySelector('.canvas').dataset.drawn !== n", arg=nodes)
    page.get_by_role("switch", name="Intersection").press("Enter")
    page.locator(".by-hand").wait_for(state="hidden")
    assert answers(page, "Padmé Amidala") == ["Padmé Amidala"]
    assert page.get_by_role("switch", name="Intersection").get_attribute("aria-checked") == "true"


def test_a_mention_can_be_left_out_and_brought_back(watch):
    page = watch().open(f"/?q={quote(PORTMAN)}")
    answers(page, "Padmé Amidala")
    page.get_by_role("button", name="Leave this mention out: “Star Wars”").click()
    by_hand(page, "“Star Wars” is left out")
    assert "Nina Sayers" in answers(page, "Nina Sayers")
    assert page.locator(".question-line .span:not(.unused)").count() == 1
    page.locator("details", has_text="not used").locator("summary").first.click()
    page.get_by_role("button", name="Let it take part: “Star Wars”").click()
    by_hand(page, "“Star Wars” takes part")
    answers(page, "Padmé Amidala")


def test_words_can_be_made_a_mention_by_keyboard_and_any_entity_chosen(watch):
    page = watch().open(f"/?q={quote('Who directed the boat film?')}")
    page.wait_for_selector("#kg-answer")
    page.locator(".picker summary").focus()
    page.keyboard.press("Enter")
    page.locator(".pick", has_text="boat").press("Enter")
    page.locator(".pick", has_text="film").press("Enter")
    assert page.locator(".pick[aria-pressed='true']").all_inner_texts() == ["boat", "film"]
    page.locator(".add-span").press("Enter")
    page.locator(".by-hand").wait_for()
    page.locator(".find-box:visible").first.fill("Titanic")
    page.locator(".result", has_text="1997 film").first.click()
    by_hand(page, "stands for Titanic")
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
    page.locator(".pick[aria-pressed='true']").nth(1).wait_for()
    assert page.locator(".pick[aria-pressed='true']").all_inner_texts() == ["What", "city"]


def test_a_link_with_changes_gives_the_same_page_in_a_fresh_browser(watch):
    page = watch().open(f"/?q={quote(HANKS)}")
    answers(page, "Eric Roth")
    page.get_by_role(
        "button", name="Use this one instead: Tom Hanks, American seismologist"
    ).click()
    by_hand(page, "stands for")
    page.get_by_role("switch").count()
    path = link(page)
    assert "edits=" in path
    other = watch().open(path)
    by_hand(other, "stands for Tom Hanks, American seismologist")
    drawn(page), drawn(other)
    for selector in (
        "#kg-answer .answer-name",
        ".by-hand",
        ".question-line",
        "#kg-steps .kg-panel",
    ):
        assert other.locator(selector).all_inner_texts() == page.locator(selector).all_inner_texts()
    assert state(other)["drawn"] == state(page)["drawn"] and link(other) == path


def test_a_spoilt_link_still_answers_and_says_so(watch):
    for spoilt in ("[", '{"use":[{"start":1}]}', '{"x":1}', "x" * 3_000):
        page = watch().open(f"/?q={quote(MONA)}&edits={quote(spoilt)}")
        answers(page, "Paris")
        assert "not readable" in page.locator(".by-hand").inner_text()


def test_two_visitors_change_each_their_own_page(watch):
    one, two = watch().open(f"/?q={quote(HANKS)}"), watch().open(f"/?q={quote(HANKS)}")
    answers(one, "Eric Roth"), answers(two, "Eric Roth")
    one.get_by_role("button", name="Use this one instead: Tom Hanks, American seismologist").click()
    by_hand(one, "stands for")
    type_question(two, PORTMAN)
    answers(two, "Padmé Amidala")
    assert (
        "seismologist" in one.locator(".by-hand").inner_text()
        and two.locator(".by-hand").count() == 0
    )
