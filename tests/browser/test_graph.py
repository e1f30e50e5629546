"""The drawing: steps, paths, facts, neighbours, search, pictures; wide and on a phone."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browser.acting import (
    HANKS,
    MONA,
    PORTMAN,
    act_until,
    answers,
    drawn,
    edits,
    eventually,
    node_at,
    question,
    sideways,
    state,
)


def open_graph(watch, question: str, expected: str, **options):
    page = watch(**{"viewport": {"width": 1600, "height": 1100}, **options}).open(
        f"/?q={quote(question)}"
    )
    answers(page, expected)
    drawn(page)
    return page


def test_the_slider_reveals_the_walk_step_by_step_and_plays_it(watch):
    page = open_graph(watch, HANKS, "Eric Roth")
    whole = int(state(page)["shown"])
    slider, name = page.locator("[data-part='step']"), page.locator("[data-part='step-name']")
    seen = []
    for step in range(4):
        slider.fill(str(step))
        seen.append(int(state(page)["shown"]))
    assert seen == sorted(seen) and seen[0] == 1 and seen[-1] == whole
    slider.fill("0")
    assert (
        name.inner_text() == "The words of the question" == slider.get_attribute("aria-valuetext")
    )
    slider.press("ArrowRight")
    assert name.inner_text() == "What they may mean"
    page.locator("[data-part='play']").click()
    shown = "n => document.querySelector('.canvas').dataset.shown === n"
    page.wait_for_function(shown, arg=str(whole))
    assert name.inner_text().endswith("the answers")


def test_positions_stay_when_the_walk_is_revealed_and_when_asked_again(watch):
    page = open_graph(watch, PORTMAN, "Padmé Amidala")
    page.evaluate("document.fonts.ready.then(() => true)")  # then the drawing is final
    first = node_at(page, "✓ Padmé Amidala")
    page.locator("[data-part='step']").fill("1")
    page.locator("[data-part='step']").fill("2")
    assert node_at(page, "✓ Padmé Amidala") == first
    other = open_graph(watch, PORTMAN, "Padmé Amidala")
    same = pytest.approx(first, abs=2)
    eventually(other, lambda: node_at(other, "✓ Padmé Amidala"), lambda place: place == same)


def test_a_click_on_a_node_shows_its_facts_and_expands_its_neighbours(watch):
    page = open_graph(watch, MONA, "Paris")
    act_until(page, lambda: page.mouse.click(*node_at(page, "Louvre")), ".facts-panel")
    panel = page.locator(".facts-panel")
    assert "located in: Paris" in panel.inner_text() and "more" in panel.inner_text()
    before = int(state(page)["drawn"])
    page.get_by_role("button", name="Expand neighbours").click()
    eventually(page, lambda: int(state(page)["drawn"]), lambda now: now > before)
    page.get_by_role("button", name="Close", exact=True).click()
    expect(panel).to_be_hidden()


def test_a_double_click_asks_about_the_node(watch):
    page = open_graph(watch, MONA, "Paris")
    act_until(page, lambda: page.mouse.dblclick(*node_at(page, "Louvre")), ".your-edits")
    edits(page, "stands for Louvre")
    eventually(page, lambda: question(page), lambda text: text != MONA and "Louvre" in text)


def test_an_answer_in_the_list_lights_up_its_path(watch):
    page = open_graph(watch, HANKS, "Eric Roth")
    button = page.get_by_role("button", name="Show path to Eric Roth in the graph")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    assert 3 <= int(state(page)["lit"]) < int(state(page)["drawn"])
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    assert state(page)["lit"] == "0"


def test_nodes_can_be_searched_and_reached_by_keyboard(watch):
    page = open_graph(watch, HANKS, "Eric Roth")
    page.locator("[data-part='search']").fill("eric roth")
    expect(page.locator("[data-part='hits']")).to_have_text("1 node")
    assert state(page)["lit"] == "1"
    page.keyboard.press("Enter")
    page.locator(".facts-panel", has_text="Eric Roth").wait_for()
    page.locator("[data-part='search']").fill("")
    assert state(page)["lit"] == "0"
    page.locator("[data-part='nodes']").select_option(label="Forrest Gump")
    page.locator(".facts-panel", has_text="1994 film").wait_for()
    ask = page.locator(".facts-panel button", has_text="Ask: Who starred in Forrest Gump?")
    ask.focus()
    page.keyboard.press("Enter")
    answers(page, "Tom Hanks")


def test_the_picture_is_a_png_of_twice_the_size(watch, tmp_path):
    page = open_graph(watch, MONA, "Paris")
    with page.expect_download() as download:
        page.locator("[data-act='png']").click()
    download.value.save_as(tmp_path / "graph.png")
    data = (tmp_path / "graph.png").read_bytes()
    assert data.startswith(b"\x89PNG")
    width = int.from_bytes(data[16:20], "big")
    assert width >= 2 * page.evaluate("document.querySelector('.canvas').clientWidth") - 2


@pytest.mark.parametrize(
    "question, expected", [(MONA, "Paris"), (HANKS, "Eric Roth"), (PORTMAN, "Padmé Amidala")]
)
def test_on_a_phone_the_whole_drawing_is_in_view(watch, question, expected):
    page = open_graph(
        watch, question, expected, viewport={"width": 390, "height": 844}, has_touch=True
    )
    assert state(page)["layout"] == "rows" and sideways(page) <= 0
    outside = lambda: page.evaluate(  # noqa: E731
        """() => {
          const box = document.querySelector('.canvas'), {network, nodes} = box.drawing;
          const places = nodes.getIds().map((id) => network.canvasToDOM(network.getPosition(id)));
          const width = box.clientWidth - 40, height = box.clientHeight;
          return places.filter((p) => p.x < 0 || p.y < 0 || p.x > width || p.y > height).length;
        }"""
    )
    eventually(page, outside, lambda number: number == 0)

    def tap() -> None:
        x, y = node_at(page, "✓ " + expected)
        page.touchscreen.tap(x + 30, y)  # the text to the right of the dot

    act_until(page, tap, ".facts-panel")
    page.locator(".facts-panel", has_text=expected).wait_for()


def test_dark_mode_repaints_the_drawing(watch):
    page = open_graph(watch, MONA, "Paris")
    colour = "document.querySelector('.canvas').drawing.nodes.get()[0].color.background"
    light = page.evaluate(colour)
    page.evaluate("document.body.classList.add('dark')")
    page.wait_for_function(f"c => {colour} !== c", arg=light)
