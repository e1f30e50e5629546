"""The two Gradio components that run JavaScript: the graph's canvas, and a saver of files made on demand.

Both are data in, no HTML in: the value is a plain dict that ``assets/graph.js`` hands to vis-network, which draws
labels as text. vis-network comes from pyvis's own folder through a static path, never from a content network.
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
  const file = typeof props.value === 'string' ? JSON.parse(props.value || 'null') : props.value;
  if (!file || !file.text) return;
  const url = URL.createObjectURL(new Blob([file.text], {type: file.type}));
  const link = Object.assign(document.createElement('a'), {href: url, download: file.name});
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
});
"""

from gradio.events import Dependency

class GraphCanvas(gr.HTML):
    """Draws ``kgqa.ui.network.drawing``'s dict; None clears it."""

    def __init__(self, **options: Any):
        script = vis_script()
        gr.set_static_paths([str(script)])
        super().__init__(
            value=None,
            html_template=_TEMPLATE,
            js_on_load=(ASSETS / "graph.js").read_text(encoding="utf-8"),
            head=f'<script src="gradio_api/file={script.as_posix()}"></script>',
            apply_default_css=False,
            **options,
        )

    def postprocess(self, value: dict | None) -> str | None:
        """As a JSON string: what a component sends once and what a page loads at first are then the same."""
        return None if value is None else json.dumps(value, ensure_ascii=False)

    def api_info(self) -> dict[str, Any]:
        return {"type": "string"}
    from typing import Callable, Literal, Sequence, Any, TYPE_CHECKING
    from gradio.blocks import Block
    if TYPE_CHECKING:
        from gradio.components import Timer
        from gradio.components.base import Component


class Saver(gr.HTML):
    """Saves ``{"name", "type", "text", "nonce"}`` as a file in the visitor's browser; nothing is kept on the server."""

    def __init__(self, **options: Any):
        super().__init__(value=None, html_template="", js_on_load=_SAVER, apply_default_css=False, **options)

    def postprocess(self, value: dict | None) -> str | None:
        return None if value is None else json.dumps(value, ensure_ascii=False)

    def api_info(self) -> dict[str, Any]:
        return {"type": "string"}
    from typing import Callable, Literal, Sequence, Any, TYPE_CHECKING
    from gradio.blocks import Block
    if TYPE_CHECKING:
        from gradio.components import Timer
        from gradio.components.base import Component