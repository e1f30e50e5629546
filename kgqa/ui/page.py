"""The page: three tabs, and the events between their components. See :func:`build_page`.

Asking is three events. The first shows what is known while the model works, and keeps the trace
(``kept``); this visitor's ``gr.State`` has what was asked. The second shows the answer and its
steps. The third starts when these are on the screen and draws the graph, so that drawing never
delays an answer.
"""

from __future__ import annotations

import threading
from typing import Any

import gradio as gr

from kgqa.ui import values
from kgqa.ui.controls import controls
from kgqa.ui.drawing import network
from kgqa.ui.drawing.canvas import saver, static
from kgqa.ui.guard.queue import PageQueue
from kgqa.ui.handlers import TABS, Handlers
from kgqa.ui.service import Service
from kgqa.ui.tabs import about, explore, frame, toy
from kgqa.ui.views.snippets import ENDPOINT

AT_ONCE = 2  #: questions that the model answers at the same time; more of them wait
WAITING = 64  #: how many may wait; beyond that a visitor is told that the page is busy
TITLE = "Ask a knowledge graph"
_COMING = '<p class="lead">The model is answering the questions of the lesson …</p>'
NO_CACHE: dict[str, Any] = {"delete_cache": (3_600, 3_600)}  #: whatever Gradio writes goes hourly
PRIVATE: dict[str, Any] = {"api_visibility": "private"}  #: not an endpoint for programs
QUIET: dict[str, Any] = {**PRIVATE, "show_progress": "hidden"}
DRAWING: dict[str, Any] = {**QUIET, "concurrency_limit": 4, "concurrency_id": "draw"}
EXPORT: dict[str, Any] = {**QUIET, "concurrency_limit": 2, "concurrency_id": "export"}


def build_page(service: Service, *, at_once: int = AT_ONCE, waiting: int = WAITING) -> gr.Blocks:
    """The whole page around a service whose functions are thread-safe."""
    do, card = Handlers(service), service.card
    model: dict[str, Any] = {"concurrency_limit": at_once, "concurrency_id": "model"}
    threading.Thread(target=network.warm, daemon=True).start()
    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True, **NO_CACHE) as page:
        state, file = gr.State(None), saver()
        edits = controls(service, elem_id="kg-edits")
        static(str(frame.header(card)))
        with gr.Tabs(selected=TABS[0], elem_id="kg-tabs") as tabs:
            with gr.Tab("Explore", id=TABS[0]):
                seen = explore.build(service)
            with gr.Tab("Learn", id=TABS[1]) as learning:
                lesson = static(_COMING)
                if service.toy is not None:
                    _toy(do, service, {**model, **PRIVATE})
            with gr.Tab("About", id=TABS[2]):
                static(str(about.render(card)))
        static(str(frame.footer(card)))
        _asking(do, page, seen, state, tabs, edits, model)
        learning.select(do.lesson, None, lesson, **model, **QUIET)
        seen.trace.expand(do.as_json, state, seen.raw, **EXPORT)
        seen.download.click(do.export, state, file, **EXPORT)
        seen.save.click(do.save_json, state, file, **EXPORT)
        gr.api(do.answer, api_name=ENDPOINT.strip("/"), **model)
    page.queue(api_open=False)
    page._queue = PageQueue(page, waiting, {ENDPOINT.strip("/"): values.read})
    return page


def _asking(
    do: Handlers,
    page: gr.Blocks,
    seen: explore.Explore,
    state: gr.State,
    tabs: gr.Tabs,
    edits: gr.HTML,
    model: dict[str, Any],
) -> None:
    """Every way to ask: the box, an example, the page's address, an edit. Then the graph."""
    shown = [state, *seen.shown]
    asking = {**PRIVATE, **model, "show_progress": "minimal", "show_progress_on": seen.go}
    asking |= {"scroll_to_output": False}
    typed = gr.on(
        [seen.go.click, seen.box.submit],
        do.ask,
        seen.box,
        shown,
        trigger_mode="always_last",
        **asking,
    )
    ways = [typed.success(do.shown, state, shown, **DRAWING)]
    for chip in seen.chips:
        pressed = chip.click(None, chip, seen.box, js="(text) => text", queue=False, **PRIVATE)
        asked = pressed.then(do.ask, seen.box, shown, **asking)
        ways.append(asked.success(do.shown, state, shown, **DRAWING))
    opened = page.load(do.linked, None, [seen.box, tabs, edits], queue=False, **QUIET)
    ways.append(opened.then(do.ask_if_linked, None, shown, **asking))
    changed = [tabs, seen.box, edits, *shown]
    ways.append(edits.edit(do.respond, state, changed, trigger_mode="always_last", **asking))
    for way in ways:
        way.then(do.draw, state, seen.drawn, **DRAWING)


def _toy(do: Handlers, service: Service, options: dict[str, Any]) -> None:
    """Ask the toy graph."""
    questions = service.card.lesson.toy
    static(str(toy.facts(service.toy.facts if service.toy else ())))
    with gr.Row(elem_id="kg-toy"):
        box = gr.Textbox(
            label="A question for the toy graph",
            value=questions[0] if questions else "",
            lines=1,
            max_lines=3,
            scale=8,
            min_width=200,
            elem_id="kg-toy-box",
        )
        go = gr.Button("Ask the toy", scale=1, min_width=110, elem_id="kg-toy-go")
    with gr.Row(elem_id="kg-toy-examples", elem_classes="chips"):
        chips = [gr.Button(question, size="sm", min_width=0, scale=0) for question in questions]
    out = static()
    asking = {**options, "show_progress": "minimal", "show_progress_on": go}
    gr.on([go.click, box.submit], do.toy, box, out, **asking)
    for chip in chips:
        pressed = chip.click(None, chip, box, js="(text) => text", queue=False, **PRIVATE)
        pressed.then(do.toy, box, out, **asking)
