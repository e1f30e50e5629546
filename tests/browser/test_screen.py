"""One screen: question, answer and graph in view, steps that unfold in place, the graph stays."""

from __future__ import annotations

from urllib.parse import quote

from playwright.sync_api import expect

from tests.browser.acting import (
    HANKS,
    PORTMAN,
    WRITER,
    act_until,
    answers,
    drawn,
    eventually,
    node_at,
    sideways,
    state,
    type_question,
)

QUESTION = f"/?q={quote(PORTMAN)}"


def open_answer(watch, width: int, height: int, **options):
    page = watch(viewport={"width": width, "height": height}, **options).open(QUESTION)
    answers(page, "Padmé Amidala")
    drawn(page)
    page.evaluate("document.fonts.ready.then(() => true)")  # then the drawing is final
    return page


def outside(page, selector: str) -> bool:
    """Whether a part of the element is not in the window."""
    box, size = page.locator(selector).first.bounding_box(), page.viewport_size
    return (
        box["y"] < 0
        or box["y"] + box["height"] > size["height"]
        or box["x"] < 0
        or box["x"] + box["width"] > size["width"]
    )


def test_what_is_below_an_answer_stays_while_the_next_is_worked_out(watch):
    page = open_answer(watch, 1440, 900)
    height = page.evaluate(
        """() => {
          const card = document.querySelector('#kg-answer');
          const waits = Object.assign(document.createElement('section'), {id: 'kg-answer'});
          waits.className = 'kg-card answer-card waiting';
          const before = card.offsetHeight;
          card.replaceWith(waits);
          return before;
        }"""
    )
    waiting = "document.querySelector('#kg-answer.waiting')?.offsetHeight"
    eventually(page, lambda: page.evaluate(waiting), lambda now: abs(now - height) <= 1)


#: Notes in each frame whether the page greets, and whether it keeps a place free.
GREETS = """const look = () => {
  window.greeted ||= !!document.querySelector('.welcome')?.checkVisibility();
  window.marked ||= document.documentElement?.matches('.linked');
  requestAnimationFrame(look);
};
look();"""


def test_a_page_that_comes_with_a_question_does_not_greet_first(watch):
    made = watch(viewport={"width": 1440, "height": 900})
    made.context.add_init_script(GREETS)
    page = made.open(QUESTION)
    answers(page, "Padmé Amidala")
    assert page.evaluate("window.marked") and not page.evaluate("window.greeted")
    expect(page.locator(".linked")).to_have_count(0)
    page.close()
    page = made.open("/")
    eventually(page, lambda: page.evaluate("window.greeted"))
    assert not page.evaluate("window.marked")


def test_question_answer_and_graph_are_on_one_screen_and_the_graph_stays(watch):
    page = open_answer(watch, 1440, 900, first=True)
    page.locator(".tour [data-tour=skip]").click()
    steps = page.locator("#kg-steps details.step")
    for width, height in ((1440, 900), (1280, 720), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("scrollTo(0, 0)")
        for part in (".question-line", "#kg-answer", ".canvas-box"):
            eventually(page, lambda part=part: outside(page, part), lambda away: not away)
        assert sideways(page) <= 0
        expect(page.locator(".pinned")).to_be_hidden()
    assert steps.count() == 4 and page.locator("details.step[open]").count() == 0
    assert page.evaluate("document.documentElement.scrollHeight") < 2 * 1080
    page.set_viewport_size({"width": 1280, "height": 720})
    for step in steps.all():
        step.locator("summary").first.click()
    steps.last.evaluate("step => step.scrollIntoView({block: 'end'})")
    expect(page.locator(".pinned")).to_be_visible()
    eventually(page, lambda: outside(page, ".canvas"), lambda away: not away)
    assert not outside(page, ".pinned")
    pinned = page.locator(".pinned").inner_text()
    assert PORTMAN in pinned and "Padmé Amidala" in pinned


def test_the_answer_is_on_the_first_screen_at_200_percent_and_on_a_phone(watch):
    page = open_answer(watch, 390, 844, has_touch=True)
    for width, height in ((390, 844), (640, 360), (720, 450)):
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("scrollTo(0, 0)")
        eventually(page, lambda: outside(page, "#kg-answer .answer-name"), lambda away: not away)
        tops = [page.locator(p).bounding_box()["y"] for p in ("#kg-answer", ".canvas", "#kg-steps")]
        assert tops == sorted(tops) and sideways(page) <= 0


def test_steps_unfold_in_place_down_to_the_formula_and_stay_open(watch):
    page = open_answer(watch, 1440, 900, first=True)
    step = page.locator("#kg-steps details.step").last
    assert (
        "Padmé Amidala" in step.locator(".gist").inner_text()
        and not step.locator("table").first.is_visible()
    )
    step.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert step.locator("table").first.is_visible()
    step.locator(".level > summary").press("Enter")
    assert "min(" in step.locator(".formula").inner_text()
    type_question(page, HANKS)
    answers(page, WRITER)
    type_question(page, PORTMAN)
    answers(page, "Padmé Amidala")
    expect(page.locator("#kg-steps details.step").last.locator("table").first).to_be_visible()
    assert page.locator("#kg-steps details.step[open]").count() == 1


def test_what_is_pointed_at_lights_up_in_the_graph_and_the_other_way_round(watch, tmp_path):
    page = open_answer(watch, 1440, 900)
    steps = page.locator("#kg-steps")
    steps.locator(".hop[data-show='hop 0 1'] .hop-title").first.hover()
    lit = eventually(page, lambda: int(state(page)["litEdges"]), lambda n: n > 0)
    whole = page.evaluate("document.querySelector('.canvas').drawing.edges.length")
    assert state(page)["showing"] == "hop 0 1" and lit < whole
    steps.locator("tr.is-answer").first.hover()
    eventually(page, lambda: state(page)["showing"], lambda what: what.startswith("entity "))
    steps.locator("details.step[data-step='1'] > summary").first.focus()
    eventually(page, lambda: state(page)["showing"], lambda what: what == "step 1")
    with page.expect_download() as download:  # whole, though the page shows a part
        page.locator("#kg-svg").click()
    download.value.save_as(tmp_path / "graph.svg")
    picture = (tmp_path / "graph.svg").read_text(encoding="utf-8")
    assert (
        PORTMAN in picture and "Answer: Padmé Amidala" in picture and "where the paths" in picture
    )
    nodes = page.evaluate("document.querySelector('.canvas').drawing.data.nodes")
    entities = [node["entity"] for node in nodes if node["entity"]]
    assert len(entities) == len(set(entities)) and state(page)["layout"] == "columns"
    page.evaluate("scrollTo(0, 0)")
    act_until(page, lambda: page.mouse.move(*node_at(page, "✓ Padmé Amidala")), "tr.is-answer.lit")


def test_the_tour_has_four_marks_and_comes_once(watch):
    context = watch(viewport={"width": 1280, "height": 720}, first=True)
    page = context.open()
    page.get_by_role("button", name="Show me on an example").click()
    tour = page.get_by_role("region", name="A short tour")
    for n in range(1, 5):
        expect(tour).to_contain_text(f"{n} of 4")
        expect(page.locator(".tour-mark")).to_have_count(1)
        tour.get_by_role("button", name="Next" if n < 4 else "Done").click()
    expect(tour).to_be_hidden()
    again = context.open(QUESTION)
    answers(again, "Padmé Amidala")
    drawn(again)
    expect(again.locator(".tour")).to_be_hidden()


def test_on_a_wall_arrow_keys_step_through_the_walk(watch):
    made = watch(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    page = made.open(QUESTION + "&projector=1", ready="#kg-answer")
    answers(page, "Padmé Amidala")
    drawn(page)
    expect(page.locator(".head")).to_be_hidden()
    whole, keys = int(state(page)["shown"]), page.keyboard
    page.evaluate("document.activeElement.blur()")
    keys.press("Home")
    seen = [int(state(page)["shown"])]
    expect(page.locator(".step.current")).to_have_attribute("data-step", "1")
    for _ in range(2):
        keys.press("ArrowRight")
        seen.append(int(state(page)["shown"]))
    assert seen == sorted(set(seen)) and seen[-1] == whole
    expect(page.locator(".step.current")).to_have_attribute("data-step", "4")
    play = page.locator("[data-part='play']")
    expect(play).to_have_text("Next step")  # with less motion nothing plays by itself
    play.click()
    expect(page.locator("[data-part='step']")).to_have_js_property("value", "0")
    keys.press("Escape")
    expect(page.locator(".head")).to_be_visible()


def test_inside_another_page_parts_can_be_hidden(watch):
    page = watch(viewport={"width": 800, "height": 600}).open(
        QUESTION + "&embed=1&hide=ask,steps,x", ready="#kg-answer"
    )
    answers(page, "Padmé Amidala")
    drawn(page)
    for part in (".head", ".foot", "#kg-ask", "#kg-steps", ".tour"):
        expect(page.locator(part)).to_be_hidden()
    expect(page.locator("#kg-answer")).to_be_visible()
    assert sideways(page) <= 0
