"""The question with its spans coloured, above the answer: what the graph's colours stand for."""

from __future__ import annotations

from kgqa.trace import Trace
from kgqa.ui.html.escape import Html, fill
from kgqa.ui.views import question


def render(trace: Trace) -> Html:
    """The line; nothing without mentions."""
    if not trace.mentions:
        return Html()
    marked = question.marked(trace)
    return fill('<div class="asked" data-show="step 1">{marked}</div>', marked=marked)
