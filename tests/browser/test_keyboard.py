"""Three tasks without a mouse: ask and read, change a decision and undo it, read a step and Learn.

What has the focus is seen at every stop on the way.
"""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.acting import PORTMAN, drawn, edits, only_answer

STOPS = 150  #: presses of Tab after which something cannot be reached
#: What has the focus: where it is, and whether it looks different from what has not.
FOCUS = """async () => {
  const part = document.activeElement;
  if (part === document.body) return null;
  await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
  const look = (one) => ['outlineStyle', 'outlineWidth', 'boxShadow', 'borderColor']
    .map((name) => getComputedStyle(one)[name]).join(' ');
  const box = part.getBoundingClientRect(), focused = look(part);
  const seen = box.width > 0 && box.bottom > 0 && box.top < innerHeight;
  part.blur();
  const plain = look(part);
  part.focus({preventScroll: true, focusVisible: true});
  return {name: part.outerHTML.slice(0, 120), seen, marked: focused !== plain};
}"""


def stop(page) -> None:
    """What has the focus is in the window and is marked."""
    focus = page.evaluate(FOCUS)
    assert focus is None or (focus["seen"] and focus["marked"]), focus


def reach(page, selector: str, key: str = "Tab") -> None:
    """Press a key until an element has the focus."""
    for _ in range(STOPS):
        if page.evaluate("css => document.activeElement.matches(css)", selector):
            return
        page.keyboard.press(key)
        stop(page)
    raise AssertionError(f"{selector} is not reached by {key}")


def test_three_tasks_are_done_by_keyboard_alone(watch):
    made = watch(viewport={"width": 1280, "height": 720}, first=True)
    made.context.add_init_script("localStorage.setItem('kg-tour', 'done')")
    page = made.open()
    # 1. Ask a question and read its answer.
    reach(page, "#kg-question textarea")
    page.keyboard.type(PORTMAN)
    page.keyboard.press("Enter")
    only_answer(page, "Padmé Amidala")
    expect(page.locator("[aria-live]", has_text="Padmé Amidala is played by")).to_be_visible()
    drawn(page)
    # 2. Change a decision by hand, see what it does, and undo it.
    reach(page, "details.step[data-step='2'] > summary")
    page.keyboard.press("Enter")
    reach(page, "[data-start] button[data-action='leave_out']")
    page.keyboard.press("Enter")
    edits(page, "is left out")
    expect(page.locator(".effect")).to_contain_text("no longer takes part")
    page.keyboard.press("Control+z")
    expect(page.locator(".your-edits")).to_be_hidden()
    only_answer(page, "Padmé Amidala")
    # 3. Open the fourth step, go to the rows of its table, and from there to Learn.
    reach(page, "details.step[data-step='4'] > summary")
    page.keyboard.press("Enter")
    expect(page.locator("tr.is-answer").first).to_be_visible()
    reach(page, "details.step[data-step='4'] .level > summary")
    page.keyboard.press("Enter")
    expect(page.locator(".formula", has_text="min(")).to_be_visible()
    page.get_by_role("tab", name="Learn").evaluate("tab => { tab.dataset.wanted = ''; }")
    reach(page, "[data-wanted]", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name="Learn")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".lesson-step").first).to_be_visible()
