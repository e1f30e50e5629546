"""The two Gradio components that run JavaScript: the graph's canvas, and a saver of files made on demand.

Both are data in, no HTML in: the value is a dict as JSON that ``assets/graph.js`` hands to vis-network, which draws
labels as text. vis-network comes from pyvis's own folder through a static path, never from a content network. They are
functions and not subclasses of ``gr.HTML``, since Gradio writes a .pyi file beside the source of a subclass.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import gradio as gr

from kgqa.ui.network import vis_script

ASSETS = Path(__file__).resolve().parents[2] / "assets"

_TEMPLATE = """
<div class="canvas-box">
  <div class="canvas" role="img" aria-label="Graph of the answer"></div>
  <div class="canvas-tools">
    <button type="button" data-act="in" aria-label="Zoom in" title="Zoom in">+</button>
    <button type="button" data-act="out" aria-label="Zoom out" title="Zoom out">&minus;</button>
    <button type="button" data-act="fit" aria-label="Show the whole graph" title="Show the whole graph">Fit</button>
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


def graph_canvas(**options: Any) -> gr.HTML:
    """Draws ``kgqa.ui.network.drawing``'s dict, packed by :func:`pack`; None clears it."""
    script = vis_script()
    gr.set_static_paths([str(script)])
    return gr.HTML(
        html_template=_TEMPLATE,
        js_on_load=(ASSETS / "graph.js").read_text(encoding="utf-8"),
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
