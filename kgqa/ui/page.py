"""The page: three tabs, and the events between their components. See :func:`build_page`.

Asking is one event, since a browser waits longer for another than for the model. It shows what is
known while the model works, if that takes a while (``guard.queue``), then the answer, its steps and
its graph. This visitor's ``gr.State`` has what was asked, and ``kept`` the trace. When these can be
read, others try what the answer would be otherwise, and offer questions to go on with.

What an event sends are values, and never whether a part is visible: see ``Handlers.show``. Nor does
it note its progress at each part that it changes; where none is shown, ``gr.State`` takes it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import gradio as gr

from kgqa.ui import feedback, learning, values
from kgqa.ui.afterwards import Afterwards
from kgqa.ui.controls import controls
from kgqa.ui.drawing import network
from kgqa.ui.drawing.canvas import saver, static
from kgqa.ui.guard.arrivals import Arrivals
from kgqa.ui.guard.queue import PageQueue
from kgqa.ui.handlers import TABS, Handlers
from kgqa.ui.learning import Lessons
from kgqa.ui.opened import Opened
from kgqa.ui.service import Service, Uploads
from kgqa.ui.tabs import about, explore, frame, yours
from kgqa.ui.views.snippets import ENDPOINT
from kgqa.ui.visitors import Visitors

AT_ONCE = 2  #: questions that the model answers at the same time; more of them wait
WAITING = 64  #: how many may wait; beyond that a visitor is told that the page is busy
TITLE = "Ask a knowledge graph"
RETURNED = "() => document.dispatchEvent(new CustomEvent('kg-returned'))"
CHIPS = 12  #: examples of a page that takes files; those of a visitor's graph may be more
NO_CACHE: dict[str, Any] = {"delete_cache": (3_600, 3_600)}  #: whatever Gradio writes goes hourly
PRIVATE: dict[str, Any] = {"api_visibility": "private"}  #: not an endpoint for programs
QUIET: dict[str, Any] = {**PRIVATE, "show_progress": "hidden"}
DRAWING: dict[str, Any] = {**QUIET, "concurrency_limit": 4, "concurrency_id": "draw"}
FURTHER: dict[str, Any] = {**QUIET, "concurrency_limit": 1, "concurrency_id": "further"}
WHAT_IF: dict[str, Any] = {**QUIET, "concurrency_limit": 1, "concurrency_id": "what if"}
OPEN: dict[str, Any] = {**QUIET, "concurrency_limit": 2, "concurrency_id": "open"}
EXPORT: dict[str, Any] = {**QUIET, "concurrency_limit": 2, "concurrency_id": "export"}


def build_page(
    service: Service,
    *,
    at_once: int = AT_ONCE,
    waiting: int = WAITING,
    uploads: Uploads | None = None,
    arrivals: Arrivals | None = None,
) -> gr.Blocks:
    """The whole page around a service whose functions are thread-safe.

    ``uploads`` opens the files that visitors bring, which ``arrivals`` receives (``guard.front``).
    """
    do, card = Handlers(service), service.card
    later = Afterwards(do, lambda: page._queue.crowded())
    rooms, taking = do.rooms, uploads is not None and arrivals is not None
    model: dict[str, Any] = {"concurrency_limit": at_once, "concurrency_id": "model"}
    threading.Thread(target=network.warm, daemon=True).start()
    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True, **NO_CACHE) as page:
        state, before, file = gr.State(None), gr.State(None), saver(elem_id="kg-saver")
        edits = controls(card, rooms.search, elem_id="kg-edits")
        header = static(str(frame.header(card)))
        with gr.Tabs(selected=TABS[0], elem_id="kg-tabs") as tabs:
            with gr.Tab("Explore", id=TABS[0]):
                seen = explore.build(card, rooms, more=CHIPS if taking else 0)
            with gr.Tab("Learn", id=TABS[1]) as lesson:
                taught = learning.build(service)
            if uploads is not None and arrivals is not None:
                with gr.Tab("Your graph", id=TABS[3]):
                    own = _yours(Visitors(do, uploads, arrivals, CHIPS), uploads)
            with gr.Tab("About", id=TABS[2]):
                told = static(str(about.render(card)))
        foot = static(str(frame.footer(card)), elem_id="kg-foot")
        if taking:
            changed = [header, told, foot, *taught.changed, seen.box, seen.covers, edits]
            changed += [*seen.chips, state, *seen.shown, before, seen.listed]
            own(changed, seen.buttons)
            page.unload(do.left)
        _asking(do, later, page, seen, (state, before), tabs, edits, model)
        learning.bind(Lessons(do), taught, lesson, file, model)
        feedback.bind(do, state, seen.said, file)
        seen.trace.expand(do.as_json, state, seen.raw, **EXPORT)
        for kind, button in zip(explore.KINDS, seen.files, strict=True):
            button.click(partial(do.export, kind), state, file, **EXPORT)
        for ending, button in seen.exports.items():
            button.click(do.facts(ending), state, file, **EXPORT)
        seen.save.click(do.save_json, state, file, **EXPORT)
        seen.listed.edit(later.save_csv, state, file, **EXPORT)
        gr.api(do.answer, api_name=ENDPOINT.strip("/"), **model)
    for event in page.fns.values():
        if event.show_progress == "hidden":
            event.show_progress_on = [state]  # else the browser copies all outputs each time
    page.queue(api_open=False)
    page._queue = PageQueue(page, waiting, {ENDPOINT.strip("/"): values.read})
    page.rooms = rooms  # the server's sessions close them
    return page


def _yours(visitors: Visitors, uploads: Uploads) -> Callable[[list, gr.HTML], None]:
    """The tab for files; what is returned binds its events to the parts that change."""
    static(str(yours.intro(uploads)))
    zone = yours.dropzone(uploads, elem_id="kg-bring")
    told = static(html_template='<div aria-live="polite">${value}</div>', elem_id="kg-told")
    back = gr.Button("Back to the graph of this page", size="sm", visible=False, elem_id="kg-back")

    def bind(changed: list, buttons: gr.HTML) -> None:
        bringing = {**PRIVATE, "concurrency_limit": 1, "concurrency_id": "bring"}
        took = zone.edit(visitors.take, None, [told, back, *changed], **bringing)
        took.then(lambda: str(time.monotonic_ns()), None, zone, queue=False, **QUIET)
        again = buttons.edit(visitors.take, None, [told, back, *changed], **bringing)
        again.then(None, None, None, js=RETURNED, **QUIET)
        back.click(visitors.back, None, [told, back, *changed], **DRAWING)

    return bind


def _asking(
    do: Handlers,
    later: Afterwards,
    page: gr.Blocks,
    seen: explore.Explore,
    states: tuple[gr.State, gr.State],
    tabs: gr.Tabs,
    edits: gr.HTML,
    model: dict[str, Any],
) -> None:
    """Every way to ask: the box, an example, the page's address, an edit. Then offers.

    ``states``: what was asked, and what was answered before.
    """
    state, before = states
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
    ways = [typed]
    for chip in seen.chips:
        pressed = chip.click(None, chip, seen.box, js="(text) => text", queue=False, **PRIVATE)
        ways.append(pressed.then(do.ask, seen.box, shown, **asking))
    opened = page.load(do.linked, None, [seen.box, tabs, edits], queue=False, **QUIET)
    ways.append(opened.then(do.ask_if_linked, None, shown, **asking))
    changed = [tabs, seen.box, edits, *shown]
    ways.append(edits.edit(do.respond, state, changed, trigger_mode="always_last", **asking))
    brought = [tabs, seen.box, seen.opened, *shown]
    ways.append(seen.opened.edit(Opened(do).take, None, brought, **OPEN))
    for way in ways:
        listed = way.success(later.listed, state, seen.listed, **DRAWING)
        listed.then(later.further, [state, before], [seen.further, before], **FURTHER)
        listed.then(later.why, state, seen.why, **WHAT_IF)
