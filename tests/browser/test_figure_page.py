"""The lesson's figure, without an app: its mathematics is that of a walk, all can be moved."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.acting import sideways
from tests.browser.alone import alone, by_python, state, step

WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
STEPS = "facts spans entities follow meet operators hop training".split()
NEAR = 1e-9


def go(page, id: str) -> None:
    """Press the number of a step above the graph, or on a phone "next" until it is there."""
    here = page.locator(".fig")
    while here.get_attribute("data-stage") != id:
        before = STEPS.index(here.get_attribute("data-stage"))
        way = 1 if STEPS.index(id) > before else -1
        page.locator(f".fig-head [data-go='{way}']").click()
        expect(here).not_to_have_attribute("data-stage", STEPS[before])


@pytest.fixture
def page(browser):
    """The figure of the films, alone in a wide window."""
    with alone(browser, viewport=WIDE) as shown:
        yield shown


# -- a graph that stays -----------------------------------------------------


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_the_graph_stays_in_view_beside_every_step(browser, size):
    with alone(browser, viewport=size) as page:
        _stays(page, size)


def _stays(page, size) -> None:
    for id in STEPS:
        go(page, id)
        heading = step(page, id).locator("h2")
        expect(heading).to_be_in_viewport()
        graph, below = page.locator(".fig-view").bounding_box(), heading.bounding_box()
        assert graph["y"] >= 0 and graph["y"] + graph["height"] <= size["height"]
        if size is NARROW:
            assert graph["height"] < 0.4 * size["height"]
            assert below["y"] >= graph["y"] + graph["height"]
        assert page.locator(".fig-title").inner_text().startswith(f"{STEPS.index(id) + 1}. ")
    assert sideways(page) <= 0


def test_scrolling_changes_what_the_graph_shows(page):
    assert page.locator(".fig").get_attribute("data-stage") == "facts"
    assert page.locator(".fig-node .fig-row").count() == 0
    step(page, "meet").scroll_into_view_if_needed()
    page.mouse.move(300, 500)
    for _ in range(60):
        if page.locator(".fig").get_attribute("data-stage") == "meet":
            break
        page.mouse.wheel(0, 120)
        page.wait_for_timeout(50)
    expect(page.locator(".fig")).to_have_attribute("data-stage", "meet")
    assert page.locator(".fig-node").first.locator(".fig-row").count() == 3


# -- every number can be moved or asked ------------------------------------------------------------


def test_a_slider_moves_by_keyboard_and_the_bars_follow(page):
    go(page, "entities")
    slider = step(page, "entities").get_by_role("slider").first
    slider.focus()
    before = state(page)
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    now = state(page)
    (seed, *_) = now["figure"]["starts"][0]["seeds"]
    assert now["set"]["x"][0][seed] == pytest.approx(before["set"]["x"][0][seed] - 0.05)
    assert sum(now["now"]["reached"][0]) < sum(before["now"]["reached"][0])
    node = page.locator(f".fig-node[data-entity='{seed}']")
    expect(node.locator(".fig-n").first).to_have_text(f"{now['set']['x'][0][seed]:g}")
    page.get_by_role("button", name="Start again").click()
    assert state(page)["set"] == before["set"]


def test_more_than_one_in_all_takes_from_the_others(page):
    figure = state(page)["figure"]
    sliders = step(page, "follow").get_by_role("slider")
    sliders.first.evaluate(
        "(s) => { s.value = 0.9; s.dispatchEvent(new Event('input', {bubbles: true})); }"
    )
    assert sum(state(page)["set"]["r"][0]) == pytest.approx(1)
    assert sum(figure["starts"][0]["r"]) == pytest.approx(1)


def test_a_line_and_its_switch_are_the_same_fact(page):
    page.locator(".fig-wide").nth(1).dispatch_event("click")
    assert state(page)["set"]["on"][1] is False
    box = step(page, "facts").get_by_role("checkbox").nth(1)
    expect(box).not_to_be_checked()
    expect(page.locator("path.fig-line").nth(1)).to_have_class(re.compile(r"\boff\b"))
    box.check()
    assert all(state(page)["set"]["on"])


def test_a_name_that_is_left_out_leaves_the_other_set(page):
    step(page, "spans").locator(".fig-span").last.click()
    told = state(page)
    assert told["now"]["met"] == told["now"]["reached"][0]
    expect(step(page, "spans").locator(".fig-span").last).to_have_attribute("aria-pressed", "false")


def test_every_number_says_how_it_came_about(page):
    go(page, "follow")
    number = step(page, "follow").locator(".fig-number:not(.none *)").nth(1)
    number.click()
    said = step(page, "follow").locator(".fig-said:not(:empty)").inner_text()
    terms = re.search(r": (.*) = ([\d.]+)", said)
    factors = [tuple(map(float, m)) for m in re.findall(r"([\d.]+) × ([\d.]+)", terms[1])]
    assert factors and sum(a * b for a, b in factors) == pytest.approx(float(terms[2]), abs=0.002)
    page.locator(".fig-node").nth(4).click()
    expect(page.locator(".fig-why")).to_contain_text("=")


# -- exercises, and fingers ---------------------------------------------------------------


def solutions(page) -> dict[str, float]:
    """What is right with the numbers of now, worked out here."""
    told, walked = state(page), by_python(page)
    figure, on = told["figure"], told["set"]["on"]
    facts = [f for f, is_on in zip(figure["facts"], on, strict=True) if is_on]
    middle = [i for i, e in enumerate(figure["entities"]) if e["column"] == 1]
    ends = [i for i, e in enumerate(figure["entities"]) if e["column"] == 2]
    values = figure["compared"]["values"]
    ranked = sorted(
        (i for i in middle if walked["met"][i] > 0 and values[i] is not None),
        key=lambda i: -values[i],
    )
    return {
        "facts": max(sum(i in (h, t) for h, _, t in facts) for i in middle),
        "spans": sum(1 for i in middle if walked["reached"][0][i] > 0),
        "follow": max(walked["reached"][1][i] for i in middle),
        "meet": sum(1 for v in walked["met"] if v > 0),
        "operators": walked["most"][ranked[1]],
        "hop": max(walked["sums"][i] for i in ends),
    }


def check(page, id: str, given: object) -> str:
    form = step(page, id).locator("form")
    if given is not None:
        form.get_by_role("textbox").fill(str(given))
    form.get_by_role("button", name="Check").click()
    return form.locator(".fig-verdict").inner_text()


def test_exercises_are_judged_by_the_numbers_of_now(page):
    for id, right in solutions(page).items():
        assert "Right" in check(page, id, f"{right:.3f}".replace(".", ",")), id
        assert "Not yet" in check(page, id, round(right, 3) + 1), id
        assert "number" in check(page, id, "many"), id
    step(page, "follow").get_by_role("slider").last.evaluate(
        "(s) => { s.value = 0.7; s.dispatchEvent(new Event('input', {bubbles: true})); }"
    )
    assert page.locator(".fig-verdict:not(:empty)").count() == 0
    for id in ("meet", "operators", "hop"):
        assert "Right" in check(page, id, f"{solutions(page)[id]:.3f}"), id


def test_what_is_to_be_done_is_judged_by_what_was_done(page):
    assert "Not yet" in check(page, "training", None)
    hint = step(page, "training").locator("form summary")
    hint.click()
    expect(step(page, "training").locator("form details p")).not_to_be_empty()
    for box in step(page, "facts").get_by_role("checkbox").all():
        box.uncheck()
    assert "Done" in check(page, "training", None)
    page.get_by_role("button", name="Start again").click()
    assert "Not yet" in check(page, "entities", None)
    told = state(page)
    best = max(told["now"]["reached"][0])
    seed = told["figure"]["starts"][0]["seeds"][0]
    slide_to = told["set"]["x"][0][seed] * 0.5 / best
    step(page, "entities").get_by_role("slider").first.evaluate(
        "(s, v) => { s.value = v; s.dispatchEvent(new Event('input', {bubbles: true})); }", slide_to
    )
    assert "Done" in check(page, "entities", None)


def test_fingers_find_every_control_and_nothing_moves_by_itself(browser):
    with alone(browser, viewport=NARROW, has_touch=True, is_mobile=True) as page:
        _fingers(page)


def _fingers(page) -> None:
    small_ones = page.evaluate(
        """() => [...document.querySelectorAll('#kg-figure :is(button, summary, label, input)')]
          .filter((e) => e.offsetParent && e.type !== 'checkbox' && e.type !== 'radio')
          .filter((e) => !(e.matches('label[for]')))
          .map((e) => [e.className || e.textContent, e.getBoundingClientRect()])
          .filter(([, box]) => box.height < 43.5 || box.width < 43.5)
          .map(([name, box]) => `${name}: ${box.width} x ${box.height}`)"""
    )
    assert small_ones == []
    moving = page.evaluate(
        """() => [...document.querySelectorAll('.fig, .fig *')]
          .filter((e) => getComputedStyle(e).transitionDuration.split(', ').some((d) => d !== '0s'))
          .length"""
    )
    assert moving == 0
