"""What ``python -m kgqa.ui.paint`` measures in a browser."""

from __future__ import annotations

from kgqa.ui import paint


def test_an_answer_and_its_graph_are_painted(browser, address):
    found = paint.measure(browser, address, 1)
    print(f"\n{found}")
    assert found.times == 1 and found.first_paint > 0
    assert found.answer > 0 and found.graph > 0
    assert found.shift < 0.05 and found.later_shift < 0.05
