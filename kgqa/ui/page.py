"""The page: three tabs, and the events between their components. ``build_page`` is the only public name.

Asking is three events. The first shows what is known while the model works and keeps the trace in this visitor's
``gr.State``; the second shows the answer and its steps from that state; the third starts when these are on the screen and draws
the graph, so that drawing never delays an answer. The components of the first tab are in :mod:`kgqa.ui.tabs.explore`; what events do
is in :mod:`kgqa.ui.handlers`.
"""

from __future__ import annotations

import threading

import gradio as gr

from kgqa.ui.controls import controls
from kgqa.ui.drawing import network
from kgqa.ui.drawing.canvas import saver
from kgqa.ui.handlers import TABS, Handlers
from kgqa.ui.service import Service
from kgqa.ui.tabs import about as cards
from kgqa.ui.tabs import explore, toy
from kgqa.ui.tabs import frame as about
from kgqa.ui.views.snippets import ENDPOINT

AT_ONCE = 2  #: questions that the model answers at the same time; more of them wait
WAITING = 64  #: how many may wait; beyond that a visitor is told that the page is busy


def build_page(service: Service, *, at_once: int = AT_ONCE, waiting: int = WAITING) -> gr.Blocks:
    """The whole page around a service whose functions are thread-safe."""
    do, card = Handlers(service), service.card
    model = {"concurrency_limit": at_once, "concurrency_id": "model"}
    private = {"api_visibility": "private"}
    threading.Thread(target=network.warm, daemon=True).start()

    with gr.Blocks(title="Ask a knowledge graph", analytics_enabled=False, fill_width=True) as page:
        state = gr.State(None)
        hands = controls(service, elem_id="kg-hands")
        file = saver()
        _html(str(about.header(card)))
        with gr.Tabs(selected=TABS[0], elem_id="kg-tabs") as tabs:
            with gr.Tab("Explore", id=TABS[0]):
                seen = explore.build(service)
            with gr.Tab("Learn", id=TABS[1]) as learning:
                lesson = _html(
                    '<p class="lead">The model is answering the questions of the lesson …</p>'
                )
                if service.toy is not None:
                    _toy(do, service, model | private)
            with gr.Tab("About", id=TABS[2]):
                _html(str(cards.render(card)))
        _html(str(about.footer(card)))

        shown = [state, *seen.shown]
        quiet = {**private, "show_progress": "hidden"}
        asking = {
            **private,
            **model,
            "show_progress": "minimal",
            "show_progress_on": seen.go,
            "scroll_to_output": False,
        }
        showing = {"concurrency_limit": 4, "concurrency_id": "draw", **quiet}
        asked = [
            gr.on(
                [seen.go.click, seen.box.submit],
                do.ask,
                seen.box,
                shown,
                trigger_mode="always_last",
                **asking,
            ).success(do.shown, state, shown, **showing)
        ]
        for chip in seen.chips:
            pressed = chip.click(None, chip, seen.box, js="(text) => text", queue=False, **private)
            asked.append(
                pressed.then(do.ask, seen.box, shown, **asking).success(
                    do.shown, state, shown, **showing
                )
            )
        opened = page.load(do.linked, None, [seen.box, tabs], queue=False, **quiet)
        asked.append(opened.then(do.ask_if_linked, seen.box, shown, **asking))
        asked.append(
            hands.act(
                do.act, state, [tabs, seen.box, hands, *shown], trigger_mode="always_last", **asking
            )
        )
        for event in asked:
            event.then(do.draw, state, seen.drawn, **showing)
        learning.select(do.lesson, None, lesson, **model, **quiet)
        seen.trace.expand(do.as_json, state, seen.raw, queue=False, **quiet)
        seen.download.click(
            do.export, state, file, concurrency_limit=2, concurrency_id="export", **quiet
        )
        seen.save.click(
            do.save_json, state, file, concurrency_limit=2, concurrency_id="export", **quiet
        )
        gr.api(do.answer, api_name=ENDPOINT.strip("/"), **model)
    page.queue(max_size=waiting)
    return page


def _toy(do: Handlers, service: Service, options: dict) -> None:
    """Ask the toy graph."""
    _html(str(toy.facts(service.toy_facts)))
    with gr.Row(elem_id="kg-toy"):
        box = gr.Textbox(
            label="A question for the toy graph",
            value=toy.QUESTIONS[0],
            lines=1,
            max_lines=3,
            scale=8,
            min_width=200,
            elem_id="kg-toy-box",
        )
        go = gr.Button("Ask the toy", scale=1, min_width=110, elem_id="kg-toy-go")
    with gr.Row(elem_id="kg-toy-examples", elem_classes="chips"):
        chips = [gr.Button(question, size="sm", min_width=0, scale=0) for question in toy.QUESTIONS]
    out = _html()
    asking = {**options, "show_progress": "minimal", "show_progress_on": go}
    gr.on([go.click, box.submit], do.toy, box, out, **asking)
    for chip in chips:
        chip.click(
            None, chip, box, js="(text) => text", queue=False, api_visibility="private"
        ).then(do.toy, box, out, **asking)


def _html(value: str = "", **options: object) -> gr.HTML:
    return gr.HTML(value, apply_default_css=False, js_on_load=None, **options)
