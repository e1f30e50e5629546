"""The Learn tab: the figure that a reader moves, the teacher's sheet, and what the model does now.

The figure is data and a script, and is ready when the tab is opened; the model is asked only when
a button is pressed. What belongs to a graph changes with it (:func:`about`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from kgqa.ui.drawing.canvas import static
from kgqa.ui.figure import numbers, pack
from kgqa.ui.handlers import Handlers, saved
from kgqa.ui.html import parts
from kgqa.ui.html.escape import clean
from kgqa.ui.service import Service
from kgqa.ui.static import read
from kgqa.ui.tabs import learn, operators, sheet, toy
from kgqa.ui.tabs.steps import steps

SCRIPTS = ("figure-maths", "figure-graph", "figure-steps", "figure-exercises", "figure")
OTHERWISE = "The model reads this question otherwise, so it has no numbers for this figure."
PRIVATE: dict[str, Any] = {"api_visibility": "private"}
QUIET: dict[str, Any] = {**PRIVATE, "show_progress": "hidden"}
WORKING: dict[str, Any] = {**QUIET, "concurrency_limit": 2, "concurrency_id": "worked"}
TEMPLATE = """
<div class="fig" data-stage="facts">
  <section class="fig-graph kg-card" aria-label="The graph of the lesson">
    <div class="fig-head">
      <button type="button" data-go="-1" aria-label="Step before">‹</button>
      <p class="fig-title"></p>
      <button type="button" data-go="1" aria-label="Next step">›</button>
    </div>
    <ol class="fig-dots" aria-label="Steps"></ol>
    <div class="fig-view"><svg aria-hidden="true"></svg><div class="fig-nodes" role="group"
      aria-label="Entities; press one to see how its number came about"></div></div>
    <p class="fig-why" role="status" tabindex="0"></p>
    <div class="fig-model">
      <button type="button" class="action" data-act="again">Start again</button>
      <button type="button" class="action" data-act="model">Put in the model’s numbers</button>
      <p role="status"></p>
    </div>
  </section>
  <div class="fig-steps"></div>
</div>
"""
_SHEET = """
element.addEventListener('click', ({target}) => { // nothing but the sheet is on the paper
  if (!target.closest('[data-print]')) return;
  const away = [];
  for (let at = element.querySelector('.sheet'); at !== document.body; at = at.parentElement) {
    away.push(...[...at.parentElement.children].filter((part) => part !== at));
  }
  const shown = away.map((part) => part.style.display);
  away.forEach((part) => part.style.setProperty('display', 'none', 'important'));
  addEventListener('afterprint', () => away.forEach((part, i) => {
    part.style.display = shown[i];
  }), {once: true});
  print();
});
"""


@dataclass(frozen=True)
class Taught:
    """The components of the tab."""

    figure: gr.HTML
    sheet: gr.HTML
    save: gr.Button  #: the sheet as a file
    worked: gr.HTML  #: operators on eight entities
    ask: gr.Button  #: whether the model should be asked
    live: gr.HTML
    toy: gr.Accordion
    box: gr.Textbox
    go: gr.Button
    chips: tuple[gr.Button, ...]
    reply: gr.HTML

    @property
    def changed(self) -> list[Any]:
        """What another graph changes, in the order of :func:`about`."""
        return [self.figure, self.sheet, self.save, self.worked, self.live, self.toy]


def build(service: Service) -> Taught:
    """Lay out the tab, for a graph of the page's own."""
    figure = gr.HTML(
        pack(service.figure, steps(service.card, service.figure)),
        html_template=TEMPLATE,
        js_on_load="".join(read(f"{name}.js") for name in SCRIPTS),
        apply_default_css=False,
        elem_id="kg-figure",
    )
    worked = static(elem_id="kg-worked")
    paper = gr.HTML(
        str(sheet.fold(service.figure)),
        html_template="${value}",
        js_on_load=_SHEET,
        apply_default_css=False,
        elem_id="kg-sheet",
    )
    save = gr.Button(
        "Save the teacher's sheet (HTML)",
        size="sm",
        visible=service.figure is not None,
        elem_id="kg-sheet-save",
    )
    with gr.Row(elem_id="kg-ask-model"):
        ask = gr.Button("Ask the model: what it does with such questions now", size="sm")
    live = static(elem_id="kg-live-box")
    with gr.Accordion(
        "Ask the model over a toy graph, with every number",
        open=False,
        visible=service.toy is not None,
        elem_id="kg-toy-fold",
    ) as small:
        asking = _toy(service)
    return Taught(figure, paper, save, worked, ask, live, small, *asking)


def _toy(service: Service) -> tuple[gr.Textbox, gr.Button, tuple[gr.Button, ...], gr.HTML]:
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
    return box, go, tuple(chips), static()


class Lessons:
    """The events of the tab."""

    def __init__(self, do: Handlers):
        self.do = do

    def lesson(self, request: gr.Request | None = None) -> str:
        """What the model does with the questions of the lesson, asked anew."""
        return str(learn.render(self.do.room(request).service))

    def numbers(self, request: gr.Request | None = None) -> str:
        """The figure with the model's numbers for its question."""
        service = self.do.room(request).service
        shown = steps(service.card, service.figure)
        if service.figure is None:
            return pack(None, shown)
        trace = service.ask(service.figure.question)
        return pack(service.figure, shown, numbers(service.figure, trace) or OTHERWISE)

    def worked(self, request: gr.Request | None = None) -> str:
        """Operators on eight entities of the graph; no model is asked."""
        service = self.do.room(request).service
        example = service.worked(service.card.lesson.operators.attribute)
        body = operators.body(example, trained=service.card.operators)
        title = "More on operators: eight entities, worked out"
        return str(parts.fold(title, body, css="kg-card lesson-step more"))

    def sheet(self, request: gr.Request | None = None) -> Any:
        """The teacher's sheet as a file, for the saver."""
        figure = self.do.room(request).service.figure
        if figure is None:
            return gr.skip()
        return saved("teachers-sheet.html", "text/html", str(sheet.document(figure)))

    def toy(self, asked: str | None) -> str:
        """An answer over the toy graph with every number."""
        small, relations = self.do.service.toy, self.do.service.card.relations
        if small is None:
            return ""
        ids = {r.label: r.id for r in relations}
        return str(toy.render(small.answer(clean(asked or "")), small.facts, ids))


def bind(do: Lessons, taught: Taught, tab: gr.Tab, saver: gr.HTML, model: dict[str, Any]) -> None:
    """The events of the tab; ``model``: the options of those that wait for the model."""
    tab.select(do.worked, None, taught.worked, **WORKING)
    taught.figure.edit(do.numbers, None, taught.figure, **model, **QUIET)
    taught.save.click(do.sheet, None, saver, **WORKING)
    progress = {**PRIVATE, **model, "show_progress": "minimal", "show_progress_on": taught.ask}
    taught.ask.click(do.lesson, None, taught.live, **progress)
    asking = {**PRIVATE, **model, "show_progress": "minimal", "show_progress_on": taught.go}
    gr.on([taught.go.click, taught.box.submit], do.toy, taught.box, taught.reply, **asking)
    for chip in taught.chips:
        pressed = chip.click(None, chip, taught.box, js="(text) => text", queue=False, **PRIVATE)
        pressed.then(do.toy, taught.box, taught.reply, **asking)


def about(service: Service) -> tuple[Any, ...]:
    """What the tab shows of another graph, in the order of :attr:`Taught.changed`."""
    return (
        pack(service.figure, steps(service.card, service.figure)),
        str(sheet.fold(service.figure)),
        gr.update(visible=service.figure is not None),
        "",
        "",
        gr.update(visible=service.toy is not None),
    )
