"""The drawing: steps, paths, facts, neighbours, search, pictures; wide and on a phone."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from PIL import Image, ImageColor
from playwright.sync_api import expect

from kgqa.ui.html import palette
from tests.browser.acting import (
    FILM,
    FIRST_WRITER,
    HANKS,
    MONA,
    PORTMAN,
    WRITER,
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
    page = open_graph(watch, HANKS, WRITER)
    whole = int(state(page)["shown"])
    slider, name = page.locator("[data-part='step']"), page.locator("[data-part='step-name']")
    seen = []
    for step in range(4):
        slider.fill(str(step))
        seen.append(int(state(page)["shown"]))
    assert seen == sorted(seen) and seen[0] == 2 and seen[-1] == whole  # films, Tom Hanks
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
    page = open_graph(watch, HANKS, WRITER)
    button = page.get_by_role("button", name=f"Show path to {WRITER} in the graph")
    line = page.locator("#kg-answer details.answer", has_text=WRITER)
    if line.get_attribute("open") is None:  # of many answers the first is open
        line.locator("summary").press("Enter")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    assert 3 <= int(state(page)["lit"]) < int(state(page)["drawn"])
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    assert state(page)["lit"] == "0"


def test_nodes_can_be_searched_and_reached_by_keyboard(watch):
    page = open_graph(watch, HANKS, WRITER)
    page.locator("[data-part='search']").fill(WRITER.lower())
    expect(page.locator("[data-part='hits']")).to_have_text("1 node")
    assert state(page)["lit"] == "1"
    page.keyboard.press("Enter")
    page.locator(".facts-panel", has_text=WRITER).wait_for()
    page.locator("[data-part='search']").fill("")
    assert state(page)["lit"] == "0"
    page.locator("[data-part='nodes']").select_option(label=FILM)
    page.locator(".facts-panel", has_text="1988 film").wait_for()
    ask = page.locator(".facts-panel button", has_text=f"Ask: Who starred in {FILM}?")
    ask.focus()
    page.keyboard.press("Enter")
    page.locator(f"#kg-answer[data-asked='Who starred in {FILM}?']").wait_for()
    page.locator("#kg-listed summary").first.click()
    page.locator("#kg-listed", has_text="Robert Loggia").wait_for()
    assert question(page) == f"Who starred in {FILM}?"


#: The line of the question alone, painted from the SVG at the size of the PNG: where its ink is.
MASK = """async ([svg, words, wide, high]) => {
  const whole = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
  const line = [...whole.querySelectorAll('text')].find((text) => text.textContent === words[0]);
  line.textContent = words[1];
  whole.replaceChildren(line);
  const image = new Image(), canvas = document.createElement('canvas');
  const alone = new XMLSerializer().serializeToString(whole);
  image.src = 'data:image/svg+xml,' + encodeURIComponent(alone);
  await image.decode();
  Object.assign(canvas, {width: wide, height: high});
  const pen = canvas.getContext('2d');
  pen.drawImage(image, 0, 0, wide, high);
  const {data} = pen.getImageData(0, 0, wide, high), ink = [];
  for (let i = 0; i < wide * high; i++) if (data[4 * i + 3] === 255) ink.push(i);
  return ink;
}"""


def saved(page, button: str, file):
    """What a button saves, at a path."""
    with page.expect_download() as download:
        page.locator(button).click()
    download.value.save_as(file)
    return file


def test_the_picture_is_a_png_of_twice_the_size_with_question_and_legend(watch, tmp_path):
    page = open_graph(watch, MONA, "Paris")
    file = saved(page, "#kg-png", tmp_path / "graph.png")
    assert file.read_bytes().startswith(b"\x89PNG")
    picture = Image.open(file).convert("RGB")
    assert picture.width >= 1_600
    svg = saved(page, "#kg-svg", tmp_path / "graph.svg").read_text(encoding="utf-8")
    pixels, ink = list(picture.getdata()), ImageColor.getrgb(palette.NAMED["text"][0])

    def share(words: str) -> float:
        """How much of a line with these words, there, is ink in the picture."""
        mask = page.evaluate(MASK, [svg, [MONA, words], picture.width, picture.height])
        assert len(mask) > 500
        return sum(pixels[i] == ink for i in mask) / len(mask)

    assert share(MONA) > 0.95  # the question can be read in it
    assert share("Who painted the Night Watch?") < 0.6  # and no other one
    head = picture.crop((0, 0, picture.width, picture.height * 9 // 20))
    blue = ImageColor.getrgb(palette.branch(0))
    assert sum(pixel == blue for pixel in head.getdata()) > 200  # the letter of the legend


def test_fingers_that_spread_on_the_drawing_magnify_it(watch):
    tablet = {"viewport": {"width": 1280, "height": 900}, "has_touch": True, "is_mobile": True}
    page = open_graph(watch, PORTMAN, "Padmé Amidala", **tablet)
    page.evaluate("scrollTo(0, 0)")
    box = page.locator(".canvas").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    scale = "document.querySelector('.canvas').drawing.network.getScale()"
    before, session = page.evaluate(scale), page.context.new_cdp_session(page)

    def touch(kind: str, *reach: int) -> None:
        points = [{"x": x + way, "y": y, "id": i} for i, way in enumerate(reach)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", -20, 20)
    for reach in range(30, 130, 10):
        touch("touchMove", -reach, reach)
    touch("touchEnd")
    eventually(page, lambda: page.evaluate(scale), lambda now: now > 1.5 * before)
    assert page.evaluate("visualViewport.scale") == 1  # the drawing, not the page
    page.locator("[data-act=fit]").click()
    eventually(page, lambda: page.evaluate(scale), lambda now: abs(now - before) < 0.01)


@pytest.mark.parametrize(
    "question, expected", [(MONA, "Paris"), (HANKS, FIRST_WRITER), (PORTMAN, "Padmé Amidala")]
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
