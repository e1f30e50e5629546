"""The first tab: question box, answer, steps, graph, link and code, in reading order. No events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from kgqa.ui.drawing import nodes
from kgqa.ui.drawing.canvas import graph_canvas, static
from kgqa.ui.handlers import ABOVE, READABLE, VIEWS
from kgqa.ui.html.escape import plain
from kgqa.ui.service import Card, Service
from kgqa.ui.tabs import frame

_LIVE = '<div aria-live="polite">${value}</div>'
_GRAPH_TITLE = """<h3 class="graph-title"><span class="step-number">5</span>The walk as a graph</h3>
<p class="lead">From the words of the question to the answers. Click a node for its facts,
double-click to ask about it.</p>"""
_PROGRAMS = "For programs: the trace as JSON, and how to ask this from Python and curl"
_CUT = f'<p class="lead">At most {READABLE} answers are shown here; the file has all of them.</p>'


@dataclass(frozen=True)
class Explore:
    """The components that events read and write."""

    box: gr.Textbox
    go: gr.Button
    chips: list[gr.Button]
    shown: list  #: what a new trace changes, in the order of ``Handlers.show`` after the state
    drawn: list  #: what drawing changes
    trace: gr.Accordion
    raw: gr.JSON
    save: gr.Button
    download: gr.Button


def build(service: Service) -> Explore:
    """The tab's components, in the open tab."""
    with gr.Row(elem_id="kg-ask"):
        box, go = _box(service.card)
    with gr.Row(elem_id="kg-examples", elem_classes="chips"):
        chips = [_small(e.question, min_width=0, scale=0) for e in service.card.examples]
    welcome = static(str(frame.welcome()))
    views = [
        static(html_template=_LIVE, visible=False, elem_id="kg-answer-box"),
        static(visible=False),
    ]
    column: dict[str, Any] = {"visible": False, "min_width": 330}
    with gr.Row(elem_id="kg-story"):
        with gr.Column(scale=5, elem_id="kg-steps", **column) as steps:
            views += [static(visible=False) for _ in VIEWS[ABOVE:]]
        with gr.Column(scale=6, elem_id="kg-graph", **column) as graph:
            static(_GRAPH_TITLE)
            legend = static()
            canvas = graph_canvas(nodes.functions(service.neighbourhood), elem_id="kg-canvas")
            in_words = static()
            download = _small("Download the graph as HTML", elem_id="kg-download")
    address = gr.Textbox(
        label="Link to this question", buttons=["copy"], visible=False, elem_id="kg-link"
    )
    with gr.Accordion(_PROGRAMS, open=False, visible=False, elem_id="kg-json") as trace:
        static(_CUT)
        raw = gr.JSON(show_label=False, open=False)
        save = _small("Download the trace as JSON", elem_id="kg-save")
        code = static()
    shown = [welcome, *views, steps, graph, address, trace, raw, code]
    return Explore(box, go, chips, shown, [canvas, legend, in_words], trace, raw, save, download)


def _small(text: str, **options: Any) -> gr.Button:
    return gr.Button(text, size="sm", **options)


def _box(card: Card) -> tuple[gr.Textbox, gr.Button]:
    """The question box and its button. The pipeline limits the length, and says so in words."""
    box = gr.Textbox(
        label="Your question",
        show_label=False,
        container=False,
        placeholder=f"Ask about {plain(card.graph, 60)}" if card.graph else "Ask a question",
        lines=1,
        max_lines=4,
        scale=8,
        min_width=200,
        autofocus=True,
        elem_id="kg-question",
    )
    return box, gr.Button("Ask", variant="primary", scale=1, min_width=96, elem_id="kg-go")
