"""What ``kgqa.ui.paint`` makes of its measurements, and what it says without a browser."""

from __future__ import annotations

import sys

from kgqa.ui import paint
from kgqa.ui.paint import Asked


def test_medians_of_times_and_the_worst_shift():
    asked = [Asked(100, 150, 0.0), Asked(300, 450, 0.01), Asked(200, 260, 0.003)]
    fresh = [Asked(400, 500, 0.02)]
    found = paint.summary([900.0, 1_100.0, 1_000.0], [0.0, 0.004, 0.001], asked, fresh)
    assert found == paint.Paint(3, 1_000.0, 0.001, 200, 260, 0.01, 400)
    text = str(found)
    assert "answer 200 ms, to its graph 260 ms" in text and "0.010" in text
    assert "first answer of a page 400 ms" in text


def test_without_playwright_it_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    assert paint.main(["http://127.0.0.1:1"]) == 2
    assert "pip install -r requirements-test.txt" in capsys.readouterr().err
