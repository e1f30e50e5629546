"""The mathematics of the lesson's figure, in the browser, is that of a walk."""

from __future__ import annotations

import random

import pytest
import torch

from kgqa.serve.figure import extreme, small
from kgqa.ui.static import read
from kgqa.walk import Frontier, ops, ranks
from kgqa.walk.frontier import join
from kgqa.walk.operators import nonempty
from tests.browser.alone import alone, by_python, state, step

WIDE = {"width": 1440, "height": 900}
NEAR = 1e-9


@pytest.fixture
def page(browser):
    """The figure of the films, alone in a wide window."""
    with alone(browser, viewport=WIDE) as shown:
        yield shown


def same(page, now: str, name: str, values=None) -> None:
    expected = by_python(page)[name] if values is None else values
    assert state(page)["now"][now] == pytest.approx(list(expected), abs=NEAR), (now, name)


def slide(page, name: str, value: float) -> None:
    """Drag a slider to a value."""
    page.get_by_label(name, exact=True).evaluate(
        "(s, v) => { s.value = v; s.dispatchEvent(new Event('input', {bubbles: true})); }", value
    )


def test_the_mathematics_of_the_script_is_that_of_a_walk(browser):
    """Random small graphs and sets, ties and zeros among them, in an empty page."""
    page, dice = browser.new_page(), random.Random(5)
    script = (
        f"(args) => {{ {read('figure-maths.js')} return args.map(([f, ...a]) => maths[f](...a)); }}"
    )
    for _ in range(25):
        count, half = dice.randint(2, 9), dice.randint(1, 3)
        facts = sorted(
            {
                (dice.randrange(count), dice.randrange(half), dice.randrange(count))
                for _ in range(dice.randint(1, 14))
            }
        )
        facts = [f for f in facts if f[0] != f[2]] or [(0, 0, 1)]
        x, y = ([dice.choice([0, 0, 1, dice.random()]) for _ in range(count)] for _ in "xy")
        r = [dice.choice([0, dice.random()]) for _ in range(2 * half)]
        values = [dice.choice([None, 1, 2, 3.5]) for _ in range(count)]
        edges = [
            e
            for h, p, t in facts
            for e in (
                {"source": h, "relation": p, "target": t},
                {"source": t, "relation": p + half, "target": h},
            )
        ]
        turned = [None if v is None else -v for v in values]
        sums, least, most, without, first, second, small_, some = page.evaluate(
            script,
            [
                ["follow", x, r, edges],
                ["both", [x, y]],
                ["either", [x, y]],
                ["without", [x, y]],
                ["extreme", x, values, 1],
                ["extreme", x, values, 2],
                ["extreme", x, turned, 1],
                ["nonempty", x],
            ],
        )
        a, b, graph = sparse(x), sparse(y), small(tuple(facts), count, half)
        followed = ops.follow(graph, a, torch.tensor(r, dtype=torch.float64)).reached
        assert sums["sums"] == pytest.approx(dense(followed, count), abs=NEAR)
        assert least == pytest.approx(dense(a & b, count), abs=NEAR)
        assert most == pytest.approx(dense(a | b, count), abs=NEAR)
        assert without == pytest.approx(dense(a - b, count), abs=NEAR)
        assert first == pytest.approx(list(extreme(tuple(x), tuple(values), 1)), abs=NEAR)
        assert second == pytest.approx(list(extreme(tuple(x), tuple(values), 2)), abs=NEAR)
        assert small_ == pytest.approx(list(extreme(tuple(x), tuple(turned), 1)), abs=NEAR)
        assert some == pytest.approx(float(nonempty(join([a]))), abs=NEAR)
        (often,) = page.evaluate(script, [["often", sums["sums"]]])
        kept = ranks.most_often(join([followed])).split()[0]
        assert often == pytest.approx(dense(kept, count), abs=NEAR)
    page.close()


def sparse(x: list[float]) -> Frontier:
    ids = [i for i, v in enumerate(x) if v]
    weights = torch.tensor([x[i] for i in ids], dtype=torch.float64)
    return Frontier(torch.tensor(ids, dtype=torch.long), weights)


def dense(x: Frontier, count: int) -> list[float]:
    held = dict(x.top(len(x)))
    return [held.get(i, 0.0) for i in range(count)]


def test_every_vector_of_the_page_is_what_a_walk_gives_with_the_same_numbers(page):
    figure = state(page)["figure"]
    first, last = (start["text"] for start in figure["starts"])
    places = [p for p, v in enumerate(figure["starts"][0]["r"]) if v > 0]
    names = [figure["relations"][p] for p in places]
    for moves in (
        [],
        [(f"r of A: {first}: {names[0]}", 0.35)],
        [(f"r of B: {last}: {names[-1]}", 1.0)],
        [(f"r of B: {last}: {names[-1]}", 0.25), (f"r of A: {first}: {names[-1]}", 0.6)],
    ):
        for name, value in moves:
            slide(page, name, value)
        told = state(page)
        for branch, reached in zip(told["now"]["reached"], by_python(page)["reached"], strict=True):
            assert branch == pytest.approx(list(reached), abs=NEAR)
        for now, name in (("met", "met"), ("answers", "answers")):
            same(page, now, name)
        assert told["now"]["last"]["sums"] == pytest.approx(list(by_python(page)["sums"]), abs=NEAR)
        for chosen in told["set"]["r"]:
            assert sum(chosen) <= 1 + NEAR
    for choice, name in (("the maximum", "either"), ("not in B", "without")):
        step(page, "meet").get_by_label(choice).check()
        same(page, "met", name)
    step(page, "meet").get_by_label("the minimum").check()
    for place, name in ((1, "most"), (2, "second")):
        step(page, "operators").get_by_role("radio").nth(place).check()
        same(page, "kept", name)
