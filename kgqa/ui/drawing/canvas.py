"""Gradio components: the graph's canvas, a saver of files made on demand, and static HTML.

Canvas and saver take data and no HTML: their value is a dict as JSON. ``static/graph.js`` hands it
to vis-network, which draws labels as text and is served from pyvis's own folder
(:mod:`kgqa.ui.guard.front`). They are functions
and no subclasses of ``gr.HTML``, because Gradio writes a .pyi file beside a subclass's source.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import gradio as gr

from kgqa.ui.guard.rules import VIS
from kgqa.ui.static import read

_TEMPLATE = """
<div class="canvas-box">
  <div class="canvas-tools steps">
    <button type="button" data-part="play" aria-pressed="false">Play</button>
    <label>Step <input type="range" data-part="step" min="0" max="1" step="1" value="1"
      aria-label="Step of the walk"></label>
    <span data-part="step-name" role="status"></span>
  </div>
  <div class="canvas-view">
    <div class="canvas" role="img" aria-label="Graph of the answer"></div>
  </div>
  <div class="canvas-tools">
    <input type="search" data-part="search" placeholder="Find in the graph"
      aria-label="Find in the graph" maxlength="80">
    <span data-part="hits" role="status"></span>
    <select data-part="nodes" aria-label="Facts of a node"></select>
    <span class="push"></span>
    <button type="button" data-act="in" aria-label="Zoom in" title="Zoom in">+</button>
    <button type="button" data-act="out" aria-label="Zoom out" title="Zoom out">&minus;</button>
    <button type="button" data-act="fit" title="Show the whole graph">Fit</button>
    <button type="button" data-act="projector" aria-pressed="false"
      title="Full screen and larger; arrow keys step through the walk">Projector</button>
  </div>
  <div class="facts-panel" data-part="facts" role="region" aria-label="Facts of the node" hidden>
  </div>
</div>
"""

#: what repeats question and answer while one scrolls, for eyes only; and the tour
_PINNED = """<div class="pinned" aria-hidden="true" hidden></div>
<div class="tour" role="region" aria-label="A short tour" hidden><p role="status"></p>
<button type="button" class="action" data-tour="skip">Skip</button>
<button type="button" class="action" data-tour="next">Next</button></div>"""

_SAVER = """
watch('value', () => {
  const file = JSON.parse(props.value || 'null');
  if (!file || !file.text) return;
  const blob = new Blob([file.text], {type: file.type});
  if (file.name.endsWith('.png')) draw(blob, file.name); else save(blob, file.name);
});

function save(blob, name) {
  const url = URL.createObjectURL(blob);
  const link = Object.assign(document.createElement('a'), {href: url, download: name});
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

async function draw(svg, name) { // as PNG, at twice the size
  const url = URL.createObjectURL(svg), image = new Image();
  image.src = url;
  await image.decode();
  const canvas = document.createElement('canvas');
  const scale = Math.max(2, 1600 / image.width);
  Object.assign(canvas, {width: image.width * scale, height: image.height * scale});
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(url);
  canvas.toBlob((blob) => save(blob, name));
}
"""


def graph_canvas(functions: list[Callable], **options: Any) -> gr.HTML:
    """Draws the dict of :func:`kgqa.ui.drawing.network.drawing`, packed by :func:`pack`.

    None clears it; ``functions`` are those of :mod:`kgqa.ui.drawing.nodes`.
    """
    return gr.HTML(
        html_template=_TEMPLATE,
        js_on_load="".join(map(read, ("graph.js", "graph-rows.js", "graph-tools.js"))),
        server_functions=functions,
        head=f'<script src="{VIS}"></script>',
        apply_default_css=False,
        **options,
    )


def screen() -> gr.HTML:
    """What ties the parts of the Explore tab together in the browser, and shows them around."""
    script = "".join(map(read, ("screen.js", "projector.js", "tour.js")))
    return gr.HTML(_PINNED, js_on_load=script, apply_default_css=False, elem_id="kg-screen")


def saver(**options: Any) -> gr.HTML:
    """Saves a packed ``{"name", "type", "text", "nonce"}`` as a file; the server keeps nothing.

    An SVG whose name ends in ".png" is drawn and saved as one.
    """
    return gr.HTML(html_template="", js_on_load=_SAVER, apply_default_css=False, **options)


def static(value: str = "", **options: Any) -> gr.HTML:
    """HTML of the page's own, without JavaScript."""
    return gr.HTML(value, apply_default_css=False, js_on_load=None, **options)


def pack(value: dict | None) -> str | None:
    """The value that canvas and saver take."""
    return None if value is None else json.dumps(value, ensure_ascii=False)
