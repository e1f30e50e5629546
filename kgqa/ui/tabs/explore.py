"""The first tab: question box, answer, steps, graph, link and code, in reading order. Components only, no events."""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr

from kgqa.ui import examples
from kgqa.ui.drawing import nodes
from kgqa.ui.drawing.canvas import graph_canvas
from kgqa.ui.handlers import ABOVE, READABLE, VIEWS
from kgqa.ui.service import Service
from kgqa.ui.tabs import frame as about

_LIVE = '<div aria-live="polite">${value}</div>'
_GRAPH_TITLE = (
    '<h3 class="graph-title"><span class="step-number">5</span>The walk as a graph</h3>'
    '<p class="lead">From the words of the question to the answers. Click a node for its facts, double-click to ask about it.</p>'
)


@dataclass(frozen=True)
class Explore:
    """The components that events read and write."""

    box: gr.Textbox
    go: gr.Button
    chips: list[gr.Button]
    shown: list  #: what a new trace edits, in the order of ``Handlers.show`` (after the state)
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
        chips = [
            gr.Button(e.question, size="sm", min_width=0, scale=0)
            for e in examples.read(service.card.get("examples"))
        ]
    welcome = _html(str(about.welcome()))
    views = [
        _html(html_template=_LIVE, visible=False, elem_id="kg-answer-box"),
        _html(visible=False),
    ]
    with gr.Row(elem_id="kg-story"):
        with gr.Column(visible=False, scale=5, min_width=330, elem_id="kg-steps") as steps:
            views += [_html(visible=False) for _ in VIEWS[ABOVE:]]
        with gr.Column(visible=False, scale=6, min_width=330, elem_id="kg-graph") as graph:
            _html(_GRAPH_TITLE)
            legend = _html()
            canvas = graph_canvas(nodes.functions(service.about), elem_id="kg-canvas")
            in_words = _html()
            download = gr.Button("Download the graph as HTML", size="sm", elem_id="kg-download")
    address = gr.Textbox(
        label="Link to this question", buttons=["copy"], visible=False, elem_id="kg-link"
    )
    title = "For programs: the trace as JSON, and how to ask this from Python and curl"
    with gr.Accordion(title, open=False, visible=False, elem_id="kg-json") as trace:
        _html(
            f'<p class="lead">At most {READABLE} answers are shown here; the file has all of them.</p>'
        )
        raw = gr.JSON(show_label=False, open=False)
        save = gr.Button("Download the trace as JSON", size="sm", elem_id="kg-save")
        code = _html()
    shown = [welcome, *views, steps, graph, address, trace, raw, code]
    return Explore(box, go, chips, shown, [canvas, legend, in_words], trace, raw, save, download)


def _html(value: str = "", **options: object) -> gr.HTML:
    return gr.HTML(value, apply_default_css=False, js_on_load=None, **options)


def _box(card: dict) -> tuple[gr.Textbox, gr.Button]:
    """The question box and its button. The length is limited by the pipeline, which says so in words."""
    own = card.get("examples")
    box = gr.Textbox(
        label="Your question",
        show_label=False,
        container=False,
        placeholder="Ask a question, as in the examples"
        if own
        else "Ask about films, people, places or works of art",
        lines=1,
        max_lines=4,
        scale=8,
        min_width=200,
        autofocus=True,
        elem_id="kg-question",
    )
    return box, gr.Button("Ask", variant="primary", scale=1, min_width=96, elem_id="kg-go")
