"""A trace's graph for the page, and as a file."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from kgqa.trace import Trace
from kgqa.ui.drawing import network, select, svg
from kgqa.ui.drawing.canvas import pack
from kgqa.ui.views import outline

log = logging.getLogger(__name__)
_SORRY = '<p class="quiet">This graph could not be drawn; the answer is not affected.</p>'


def drawn(trace: Trace, labels: Mapping[str, str] | None = None) -> tuple[str, str, str | None]:
    """The graph's legend, the same in words, and the graph. If drawing fails, the answer stands."""
    try:
        picture = select.select(trace, labels)
        legend, in_words = outline.legend(trace, picture), outline.in_words(trace, picture)
        return str(legend), str(in_words), pack(network.drawing(trace, picture))
    except Exception:
        log.exception("The graph of a trace could not be drawn")
        return _SORRY, "", None


def file(kind: str, trace: Trace, labels: Mapping[str, str]) -> tuple[str, str, str]:
    """(name, type, text) of the graph as "png", "svg" or "html"; the page makes the PNG."""
    picture = select.select(trace, labels)
    if kind == "html":
        return "graph.html", "text/html", network.standalone(trace, picture)
    return f"graph.{kind}", "image/svg+xml", svg.svg(trace, picture)
