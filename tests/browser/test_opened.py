"""A saved trace, chosen or dropped, is shown again; what is none is named, and nothing is lost."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import expect

from tests.browser.acting import (
    MONA,
    PORTMAN,
    call,
    calm,
    drawn,
    edits,
    eventually,
    only_answer,
    question,
    state,
    type_question,
)
from tests.ui.page_traces import hostile

STATUS = "#kg-opened [role=status]"
DROP = """text => {
  const data = new DataTransfer();
  data.items.add(new File([text], 'dropped.json', {type: 'application/json'}));
  for (const kind of ['dragover', 'drop']) {
    document.querySelector('#kg-ask').dispatchEvent(
      new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true}));
  }
}"""


def choose(page, text: str) -> None:
    file = {"name": "trace.json", "mimeType": "application/json", "buffer": text.encode()}
    page.locator("#kg-opened input").set_input_files(file)


def test_a_trace_that_was_downloaded_gives_the_same_answer_steps_and_graph(watch, tmp_path):
    page = watch(viewport={"width": 1440, "height": 900}).open(f"/?q={quote(PORTMAN)}")
    only_answer(page, "Padmé Amidala")
    before = drawn(page)["drawn"]
    steps = page.locator("#kg-steps .gist").all_inner_texts()
    page.locator("#kg-json button").first.click()
    with page.expect_download() as download:
        page.locator("#kg-save").click()
    download.value.save_as(tmp_path / "trace.json")
    type_question(page, MONA)
    only_answer(page, "Paris")
    page.locator("#kg-opened input").set_input_files(tmp_path / "trace.json")
    only_answer(page, "Padmé Amidala")
    expect(page.locator(STATUS)).to_contain_text("is shown")
    expect(page.locator(".saved-trace")).to_contain_text("shown as it was saved")
    assert question(page) == PORTMAN
    assert page.locator("#kg-steps .gist").all_inner_texts() == steps
    eventually(page, lambda: state(page).get("drawn"), lambda nodes: nodes == before)
    whole = json.loads(Path(tmp_path / "trace.json").read_text(encoding="utf-8"))
    assert whole["question"] == PORTMAN


def test_a_dropped_trace_is_shown_and_an_edit_of_it_asks_the_model(watch, address):
    text = json.dumps(call(address, PORTMAN))
    page = watch(viewport={"width": 1280, "height": 720}).open()
    page.evaluate(DROP, text)
    only_answer(page, "Padmé Amidala")
    expect(page.locator(".saved-trace")).to_be_visible()
    page.get_by_role("switch", name="Intersection").click()
    edits(page, "intersection is off")
    expect(page.locator(".saved-trace")).to_have_count(0)


def test_what_is_no_trace_is_named_and_the_page_stays(watch, address):
    page = watch().open(f"/?q={quote(MONA)}")
    only_answer(page, "Paris")
    drawn(page)
    other = call(address, PORTMAN)
    other["mentions"][0]["start"] = 9_999
    for text, words in (
        ("no JSON", "damaged"),
        (json.dumps(other)[:-9], "damaged"),
        (json.dumps({"question": "Who?"}), "not a saved trace"),
        (json.dumps(other), "a mention lies outside"),
        (json.dumps({"x": "y" * 1_000_000}), "1.0 MB; at most 0.9"),
    ):
        choose(page, text)
        expect(page.locator(STATUS)).to_contain_text(words)
        only_answer(page, "Paris")
        assert question(page) == MONA and "drawn" in state(page)


def test_a_hostile_trace_is_text_and_a_foreign_one_says_so(watch):
    page = watch().open()
    choose(page, json.dumps(hostile().to_dict()))
    expect(page.locator(STATUS)).to_contain_text("is shown")
    expect(page.locator(".saved-trace")).to_contain_text("<img")  # the model's name, as text
    drawn(page)
    calm(page)


def test_the_file_can_be_chosen_by_keyboard(watch):
    page = watch().open()
    page.on("filechooser", lambda chooser: None)  # or the browser is told to ask only with the key
    page.wait_for_selector("body[data-ready]", state="attached")  # nothing moves the focus now
    file_input = page.locator("#kg-opened-file")
    for _ in range(100):
        if page.evaluate("document.activeElement.id") == "kg-opened-file":
            break
        page.keyboard.press("Tab")
    expect(file_input).to_be_focused()
    with page.expect_file_chooser() as chosen:
        page.keyboard.press("Enter")
    text = json.dumps({"question": "Who?"})
    file = {"name": "short.json", "mimeType": "application/json", "buffer": text.encode()}
    chosen.value.set_files(file)
    expect(page.locator(STATUS)).to_contain_text("not a saved trace")
    expect(page.locator("#kg-answer .answer-name")).to_have_count(0)
