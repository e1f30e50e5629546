"""The two Gradio components that run JavaScript: the graph's canvas, and a saver of files made on demand.

Both are data in, no HTML in: the value is a dict as JSON that ``static/graph.js`` hands to vis-network, which draws
labels as text. vis-network comes from pyvis's own folder through a static path, never from a content network. They are
functions and not subclasses of ``gr.HTML``, since Gradio writes a .pyi file beside the source of a subclass.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr

from kgqa.ui.drawing.network import vis_script

STATIC = Path(__file__).resolve().parents[1] / "static"

_TEMPLATE = """
<div class="canvas-box">
  <div class="canvas-tools steps">
    <button type="button" data-part="play" aria-pressed="false">Play</button>
    <label>Step <input type="range" data-part="step" min="0" max="1" step="1" value="1" aria-label="Step of the walk"></label>
    <span data-part="step-name" role="status"></span>
  </div>
  <div class="canvas" role="img" aria-label="Graph of the answer"></div>
  <div class="canvas-tools">
    <input type="search" data-part="search" placeholder="Find in the graph" aria-label="Find in the graph" maxlength="80">
    <span data-part="found" role="status"></span>
    <select data-part="nodes" aria-label="Facts of a node"></select>
    <span class="push"></span>
    <button type="button" data-act="in" aria-label="Zoom in" title="Zoom in">+</button>
    <button type="button" data-act="out" aria-label="Zoom out" title="Zoom out">&minus;</button>
    <button type="button" data-act="fit" title="Show the whole graph">Fit</button>
    <button type="button" data-act="png" title="Save a picture of the graph">PNG</button>
  </div>
  <div class="facts-panel" data-part="facts" role="region" aria-label="Facts of the node" hidden></div>
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
    """Draws ``kgqa.ui.drawing.network.drawing``'s dict, packed by :func:`pack`; None clears it. ``functions``: see ``kgqa.ui.drawing.nodes``."""
    script = vis_script()
    gr.set_static_paths([str(script)])
    return gr.HTML(
        html_template=_TEMPLATE,
        js_on_load="".join(
            (STATIC / name).read_text(encoding="utf-8") for name in ("graph.js", "graph-tools.js")
        ),
        server_functions=functions,
        head=f'<script src="gradio_api/file={script.as_posix()}"></script>',
        apply_default_css=False,
        **options,
    )


def saver(**options: Any) -> gr.HTML:
    """Saves a packed ``{"name", "type", "text", "nonce"}`` as a file of the visitor; nothing is kept on the server."""
    return gr.HTML(html_template="", js_on_load=_SAVER, apply_default_css=False, **options)


def pack(value: dict | None) -> str | None:
    """The value that these two components take."""
    return None if value is None else json.dumps(value, ensure_ascii=False)
