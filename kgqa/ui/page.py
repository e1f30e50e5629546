"""The page: components in reading order, and the events between them. ``build_page`` is the only public name.

Asking is two events. The first shows the answer and its steps and keeps the trace in this visitor's ``gr.State``; the
second starts when the first is on the screen and draws the graph from that state, so that drawing never delays an
answer. What events do is in :mod:`kgqa.ui.handlers`.
"""

from __future__ import annotations

import threading

import gradio as gr

from kgqa.ui import about, examples, network, nodes
from kgqa.ui.canvas import graph_canvas, saver
from kgqa.ui.controls import controls
from kgqa.ui.handlers import ABOVE, READABLE, VIEWS, Handlers
from kgqa.ui.service import Service

AT_ONCE = 2  #: questions that the model answers at the same time; more of them wait
WAITING = 64  #: how many may wait; beyond that a visitor is told that the page is busy

_LIVE = '<div aria-live="polite">${value}</div>'
_GRAPH_TITLE = (
    '<h3 class="graph-title"><span class="step-number">5</span>The walk as a graph</h3>'
    '<p class="lead">From the words of the question to the answers. Click a node for its facts, '
    "double-click to ask about it, drag to move the drawing.</p>"
)


def build_page(service: Service) -> gr.Blocks:
    """The whole page around a service whose functions are thread-safe."""
    do, card = Handlers(service), service.card
    model = {"concurrency_limit": AT_ONCE, "concurrency_id": "model"}
    private = {"api_visibility": "private"}
    threading.Thread(target=network.warm, daemon=True).start()

    with gr.Blocks(title="Ask a knowledge graph", analytics_enabled=False, fill_width=True) as page:
        state = gr.State(None)
        _html(str(about.header(card)))
        with gr.Row(elem_id="kg-ask"):
            box, go = _box()
        with gr.Row(elem_id="kg-examples"):
            chips = [gr.Button(e.question, size="sm", min_width=0, scale=0) for e in examples.read()]
        welcome = _html(str(about.welcome()))
        views = [_html(html_template=_LIVE, visible=False, elem_id="kg-answer-box"), _html(visible=False)]
        with gr.Row(elem_id="kg-story"):
            with gr.Column(visible=False, scale=5, min_width=330, elem_id="kg-steps") as steps:
                views += [_html(visible=False) for _ in VIEWS[ABOVE:]]
            with gr.Column(visible=False, scale=6, min_width=330, elem_id="kg-graph") as graph:
                _html(_GRAPH_TITLE)
                legend = _html()
                canvas = graph_canvas(nodes.functions(service.about), elem_id="kg-canvas")
                in_words = _html()
                download = gr.Button("Download the graph as HTML", size="sm", elem_id="kg-download")
        address = gr.Textbox(label="Link to this question", buttons=["copy"], visible=False, elem_id="kg-link")
        with gr.Accordion("For programs: the trace as JSON, and how to ask this from Python and curl", open=False, visible=False, elem_id="kg-json") as accordion:
            _html(f'<p class="lead">At most {READABLE} answers are shown here; the file has all of them.</p>')
            raw = gr.JSON(show_label=False, open=False)
            save = gr.Button("Download the trace as JSON", size="sm", elem_id="kg-save")
            code = _html()
        hands = controls(service, elem_id="kg-hands")
        file = saver()
        _html(str(about.footer(card)))

        shown = [state, welcome, *views, steps, graph, address, accordion, raw, code]
        drawn = [canvas, legend, in_words]
        quiet = {**private, "show_progress": "hidden"}
        asking = {**private, **model, "show_progress": "minimal", "show_progress_on": go, "scroll_to_output": False}
        asked = [gr.on([go.click, box.submit], do.ask, box, shown, trigger_mode="always_last", **asking)]
        for chip in chips:
            pressed = chip.click(None, chip, box, js="(text) => text", queue=False, **private)
            asked.append(pressed.then(do.ask, box, shown, **asking))
        opened = page.load(do.linked, None, box, queue=False, **quiet)
        asked.append(opened.then(do.ask_if_linked, box, shown, **asking))
        asked.append(hands.act(do.act, state, [box, hands, *shown], trigger_mode="always_last", **asking))
        for event in asked:
            event.then(do.draw, state, drawn, concurrency_limit=4, concurrency_id="draw", **quiet)
        accordion.expand(do.as_json, state, raw, queue=False, **quiet)
        download.click(do.export, state, file, concurrency_limit=2, concurrency_id="export", **quiet)
        save.click(do.save_json, state, file, concurrency_limit=2, concurrency_id="export", **quiet)
        gr.api(do.api, api_name="answer", **model)
    page.queue(max_size=WAITING)
    return page


def _html(value: str = "", **options: object) -> gr.HTML:
    return gr.HTML(value, apply_default_css=False, js_on_load=None, **options)


def _box() -> tuple[gr.Textbox, gr.Button]:
    """The question box and its button. The length is limited by the pipeline, which says so in words."""
    box = gr.Textbox(
        label="Your question",
        show_label=False,
        container=False,
        placeholder="Ask about films, people, places or works of art",
        lines=1,
        max_lines=4,
        scale=8,
        min_width=200,
        autofocus=True,
        elem_id="kg-question",
    )
    return box, gr.Button("Ask", variant="primary", scale=1, min_width=96, elem_id="kg-go")
