"""The buttons beside the question: undo, redo, copy the link. They also keep the page's address.

``static/address.js`` makes the address of the browser that of the answer which the page shows, so
that Back, Forward and reload bring it again; it tells ``static/edits.js`` what was pressed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import gradio as gr

from kgqa.edits import Edits
from kgqa.ui import address, link
from kgqa.ui.kept import Asked
from kgqa.ui.static import read

_ICON = (
    '<svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true" fill="none" '
    'stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round">'
    '<path d="{}"/></svg>'
)
_UNDO = _ICON.format("M4 8h8.5a4 4 0 0 1 0 8H8M7.5 4.5 4 8l3.5 3.5")
_REDO = _ICON.format("M16 8H7.5a4 4 0 0 0 0 8H12M12.5 4.5 16 8l-3.5 3.5")
_LINK = _ICON.format(
    "M8.5 11.5a3 3 0 0 0 4.3 0l3-3a3 3 0 0 0-4.3-4.3l-1 1"
    "M11.5 8.5a3 3 0 0 0-4.3 0l-3 3a3 3 0 0 0 4.3 4.3l1-1"
)
_TEMPLATE = f"""
<div class="kg-bar-buttons" role="group" aria-label="This question and its edits">
  <button type="button" class="icon" data-part="back" disabled aria-label="Undo the last edit"
    aria-keyshortcuts="Control+Z" title="Undo the last edit (Ctrl+Z)">{_UNDO}</button>
  <button type="button" class="icon" data-part="again" disabled aria-label="Redo the edit"
    aria-keyshortcuts="Control+Shift+Z" title="Redo the edit (Ctrl+Shift+Z)">{_REDO}</button>
  <button type="button" class="icon" data-part="link" disabled aria-label="Copy the link"
    title="Copy the link to this question and its edits">{_LINK}</button>
  <span class="copied" role="status"></span>
</div>
"""


def bar(*, returns: bool = False, **options: Any) -> gr.HTML:
    """The component; its value is what :func:`value` writes.

    ``returns``: a page of a visitor's own graph that is loaded again says so, in an event ``edit``.
    """
    return gr.HTML(
        html_template=_TEMPLATE,
        js_on_load=read("address.js"),
        apply_default_css=False,
        names=[*address.NAMES, link.GRAPH],
        returns=returns,
        **options,
    )


def value(
    asked: Asked | None = None,
    headers: Mapping[str, str] = MappingProxyType({}),
    *,
    room: str = "",
    how: str = "push",
) -> str:
    """What the bar and the browser's address shall say.

    ``room``: the key of the visitor's own graph, to which no link leads. ``how``: "push" is a new
    page for the Back button, "replace" is the same page.
    """
    question, edits = (asked.question, asked.edits) if asked else ("", Edits())
    written = {
        "query": link.query(question, edits, yours=bool(room)),
        "link": "" if room or (asked and asked.saved) else link.share(question, headers, edits),
        "how": how,
        "room": room,
        "back": len(asked.past) if asked else 0,
        "again": len(asked.future) if asked else 0,
    }
    return json.dumps(written, ensure_ascii=False)
