"""The address is the state: Back and Forward, reload and the copied link bring the answer again."""

from __future__ import annotations

from urllib.parse import quote

from playwright.sync_api import expect

from tests.browser.acting import (
    HANKS,
    PORTMAN,
    WRITER,
    answers,
    at,
    drawn,
    edits,
    eventually,
    link,
    only_answer,
    question,
    type_question,
)

OLD = '{"intersect":false}'
WITHOUT = "Leave this mention out: “Star Wars”"


def test_back_forward_and_reload_bring_answers_and_edits_again(watch):
    context = watch()
    page = context.open("/?__theme=light")
    type_question(page, PORTMAN)
    only_answer(page, "Padmé Amidala")
    plain = eventually(page, lambda: at(page), lambda path: "q=" in path)
    assert plain == "/?q=Who+did+Natalie+Portman+play+in+Star+Wars?&__theme=light"
    page.get_by_role("button", name=WITHOUT).click()
    edits(page, "“Star Wars” is left out")
    edited = eventually(page, lambda: at(page), lambda path: "without=" in path)
    assert "&without=Star+Wars" in edited and "%" not in edited
    type_question(page, HANKS)
    answers(page, WRITER)

    page.go_back()
    edits(page, "“Star Wars” is left out")
    assert "Nina Sayers" in answers(page, "Nina Sayers")
    assert question(page) == PORTMAN and at(page) == edited
    page.go_back()
    only_answer(page, "Padmé Amidala")
    expect(page.locator(".your-edits")).to_be_hidden()
    page.go_back()  # the page before the first question
    page.locator(".welcome").wait_for()
    assert question(page) == "" and at(page) == "/?__theme=light"
    page.go_forward()
    only_answer(page, "Padmé Amidala")
    page.go_forward()
    edits(page, "“Star Wars” is left out")

    context.reload(page)
    edits(page, "“Star Wars” is left out")
    answers(page, "Nina Sayers")
    assert question(page) == PORTMAN and at(page) == edited
    drawn(page)


def test_edits_are_undone_and_redone_by_keyboard_and_button(watch):
    page = watch().open(f"/?q={quote(PORTMAN)}")
    only_answer(page, "Padmé Amidala")
    undo = page.get_by_role("button", name="Undo the last edit")
    redo = page.get_by_role("button", name="Redo the edit")
    expect(undo).to_be_disabled()
    page.get_by_role("button", name=WITHOUT).click()
    edits(page, "“Star Wars” is left out")
    expect(undo).to_be_enabled()
    page.locator("#kg-question textarea").press("Control+z")  # there it is the browser's own
    page.locator("h1").first.click()
    page.keyboard.press("Control+z")
    only_answer(page, "Padmé Amidala")
    assert "without" not in at(page)
    expect(undo).to_be_disabled()
    page.keyboard.press("Control+Shift+z")
    answers(page, "Nina Sayers")
    expect(redo).to_be_disabled()
    undo.click()
    only_answer(page, "Padmé Amidala")
    redo.press("Enter")
    answers(page, "Nina Sayers")


def test_the_link_is_copied_from_beside_the_question_and_an_old_one_still_opens(watch):
    context = watch()
    page = context.open(f"/?q={quote(PORTMAN)}&edits={quote(OLD)}")
    edits(page, "intersection is off")
    path = eventually(page, lambda: at(page), lambda path: "edits=" not in path)
    assert path == "/?q=Who+did+Natalie+Portman+play+in+Star+Wars?&meet=no" == link(page)
    context.context.grant_permissions(["clipboard-read", "clipboard-write"])
    copy = page.get_by_role("button", name="Copy the link")
    copy.click()
    expect(page.locator("#kg-bar [role=status]")).to_have_text("Link copied")
    assert page.evaluate("navigator.clipboard.readText()").endswith(path)
    box, asked = copy.bounding_box(), page.locator("#kg-question").bounding_box()
    assert box and asked and abs(box["y"] - asked["y"]) < 120
