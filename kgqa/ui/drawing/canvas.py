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
  <div class="canvas" role="img" aria-label="Graph of the answer"></div>
  <div class="canvas-tools">
    <input type="search" data-part="search" placeholder="Find in the graph"
      aria-label="Find in the graph" maxlength="80">
    <span data-part="hits" role="status"></span>
    <select data-part="nodes" aria-label="Facts of a node"></select>
    <span class="push"></span>
    <button type="button" data-act="in" aria-label="Zoom in" title="Zoom in">+</button>
    <button type="button" data-act="out" aria-label="Zoom out" title="Zoom out">&minus;</button>
    <button type="button" data-act="fit" title="Show the whole graph">Fit</button>
    <button type="button" data-act="png" title="Save a picture of the graph">PNG</button>
  </div>
  <div class="facts-panel" data-part="facts" role="region" aria-label="Facts of the node" hidden>
  </div>
</div>
"""

_SAVER = """
watch('value', () => {
  const file = JSON.parse(props.value || 'null');
  if (!file || !file.text) return;
  const url = URL.createObjectURL(new Blob([file.text], {type: file.type}));
  const link = Object.assign(document.createElement('a'), {href: url, download: file.name});
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
});
"""


def graph_canvas(functions: list[Callable], **options: Any) -> gr.HTML:
    """Draws the dict of :func:`kgqa.ui.drawing.network.drawing`, packed by :func:`pack`.

    None clears it; ``functions`` are those of :mod:`kgqa.ui.drawing.nodes`.
    """
    return gr.HTML(
        html_template=_TEMPLATE,
        js_on_load=read("graph.js") + read("graph-tools.js"),
        server_functions=functions,
        head=f'<script src="{VIS}"></script>',
        apply_default_css=False,
        **options,
    )


def saver(**options: Any) -> gr.HTML:
    """Saves a packed ``{"name", "type", "text", "nonce"}`` as a file; the server keeps nothing."""
    return gr.HTML(html_template="", js_on_load=_SAVER, apply_default_css=False, **options)


def static(value: str = "", **options: Any) -> gr.HTML:
    """HTML of the page's own, without JavaScript."""
    return gr.HTML(value, apply_default_css=False, js_on_load=None, **options)


def pack(value: dict | None) -> str | None:
    """The value that canvas and saver take."""
    return None if value is None else json.dumps(value, ensure_ascii=False)
