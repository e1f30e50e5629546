"""The first tab: question box, answer, graph, steps, link and code, in reading order. No events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from kgqa.ui import bar, feedback
from kgqa.ui.completion import completion
from kgqa.ui.drawing import nodes
from kgqa.ui.drawing.canvas import graph_canvas, screen, static
from kgqa.ui.handlers import ABOVE, READABLE, VIEWS
from kgqa.ui.html.escape import plain
from kgqa.ui.listing import answer_list
from kgqa.ui.opened import opener
from kgqa.ui.rooms import Rooms
from kgqa.ui.service import Card
from kgqa.ui.tabs import frame

_LIVE = '<div aria-live="polite">${value}</div>'
_PART: dict[str, Any] = {"elem_classes": "kg-view"}  #: hidden while it is empty
_GRAPH_TITLE = '<h2 class="unseen">The walk as a graph</h2>'
_STEPS_TITLE = '<h2 class="story-title">How it got there</h2>'
_TIP = """<p class="quiet tip">Click a node for its facts, double-click to ask about it. What you
point at here lights up in the steps, and the other way round.</p>"""
#: {button: its options}: the graph as a file
FILES: dict[str, dict[str, Any]] = {
    "Save as PNG": {"elem_id": "kg-png"},
    "SVG": {"elem_id": "kg-svg"},
    "HTML": {"elem_id": "kg-download"},
}
KINDS = ("png", "svg", "html")  #: what they save
_SAVES = {".graphml": "facts as GraphML", ".nt": "as N-Triples", ".csv": "as CSV"}
_PROGRAMS = "For programs: the trace as JSON, and how to ask this from Python and curl"
_CUT = f'<p class="lead">At most {READABLE} answers are shown here; the file has all of them.</p>'


@dataclass(frozen=True)
class Explore:
    """The components that events read and write."""

    box: gr.Textbox
    go: gr.Button
    buttons: gr.HTML  #: undo, redo, copy the link
    covers: gr.HTML  #: what the graph holds
    chips: list[gr.Button]
    shown: list  #: what a new trace changes, in the order of ``Handlers.show`` after the state
    why: gr.HTML  #: what the answer would be otherwise, filled in at the end
    further: gr.HTML  #: questions to go on with
    listed: gr.HTML  #: a long answer as a list
    said: gr.HTML  #: what the visitor says of the answer
    opened: gr.HTML  #: takes a saved trace
    trace: gr.Accordion
    raw: gr.JSON
    save: gr.Button
    files: list[gr.Button]  #: in the order of ``FILES``
    exports: dict[str, gr.Button]  #: by the ending of the file with the facts of the answer


def build(card: Card, rooms: Rooms, *, more: int = 0) -> Explore:
    """The tab's components, in the open tab; ``more``: examples that there may be later."""
    with gr.Row(elem_id="kg-ask"):
        box, go = _box(card)
        buttons = bar.bar(returns=more > 0, elem_id="kg-bar")
    completion(rooms.complete, elem_id="kg-complete")
    covers = static(str(frame.covers(card)), elem_id="kg-covers")
    questions = [e.question for e in card.examples]
    shown: list[str | None] = [*questions, *[None] * (more - len(questions))]
    with gr.Row(elem_id="kg-examples", elem_classes="chips"):
        chips = [_small(q or "", min_width=0, scale=0, visible=q is not None) for q in shown]
    static(str(frame.welcome(card)), elem_id="kg-welcome")
    with gr.Row(elem_id="kg-story"):
        with gr.Column(elem_id="kg-told", min_width=330):
            views = [
                static(elem_id="kg-spans", **_PART),
                static(html_template=_LIVE, elem_id="kg-answer-box", **_PART),
                static(elem_id="kg-your-edits", **_PART),
            ]
            listed = answer_list(elem_id="kg-listed")
        with gr.Column(elem_id="kg-graph", min_width=330):
            static(_GRAPH_TITLE)
            legend = static(elem_id="kg-legend")
            canvas = graph_canvas(nodes.functions(rooms.neighbourhood), elem_id="kg-canvas")
            why = static(elem_id="kg-why")
            static(_TIP)
            in_words = static()
            with gr.Row(elem_id="kg-saves"):
                files = [_small(name, **FILES[name]) for name in FILES]
                endings = [ending for ending in _SAVES if ending in rooms.house.service.exports]
                exports = {ending: _small(_SAVES[ending]) for ending in endings}
        with gr.Column(elem_id="kg-steps", min_width=330):
            static(_STEPS_TITLE)
            views += [static(**_PART) for _ in VIEWS[ABOVE:]]
        with gr.Column(elem_id="kg-after", min_width=330):
            said = feedback.box(rooms.search, elem_id="kg-said")
            further = static(html_template=_LIVE, elem_id="kg-further")
    screen()
    with gr.Accordion(_PROGRAMS, open=False, elem_id="kg-json") as trace:
        static(_CUT)
        raw = gr.JSON(show_label=False, open=False)
        save = _small("Download the trace as JSON", elem_id="kg-save")
        code = static()
    opened = opener(elem_id="kg-opened")
    out = [*views, buttons, trace, raw, code, why, further, legend, in_words, canvas]
    taken = (trace, raw, save, files, exports)
    asking = (box, go, buttons, covers, chips)
    return Explore(*asking, out, why, further, listed, said, opened, *taken)


def asks(card: Card) -> str:
    """What stands in the empty box."""
    return f"Ask about {plain(card.graph, 60)}" if card.graph else "Ask a question"


def _small(text: str, **options: Any) -> gr.Button:
    return gr.Button(text, size="sm", **options)


def _box(card: Card) -> tuple[gr.Textbox, gr.Button]:
    """The question box and its button. The pipeline limits the length, and says so in words."""
    box = gr.Textbox(
        label="Your question",
        show_label=False,
        container=False,
        placeholder=asks(card),
        lines=1,
        max_lines=4,
        scale=8,
        min_width=200,
        autofocus=True,
        elem_id="kg-question",
    )
    return box, gr.Button("Ask", variant="primary", scale=1, min_width=96, elem_id="kg-go")
