"""The component behind every control of the views: what a visitor does by hand goes through it, nothing else does.

It shows nothing. ``static/edits.js`` listens on the whole page and triggers ``act`` with a small object, which
:meth:`kgqa.ui.handlers.Handlers.act` checks; the search of entities is a call to the server without the queue.
"""

from __future__ import annotations

from typing import Any

import gradio as gr

from kgqa.trace import Entity
from kgqa.ui.drawing.canvas import STATIC
from kgqa.ui.html.escape import plain
from kgqa.ui.service import Service

LONGEST = 100  #: characters of a search


def controls(service: Service, **options: Any) -> gr.HTML:
    """The component; its value only has to change for the page to stop looking busy."""

    def named(text: str) -> list[dict[str, str]]:
        """Entities with a name like this, for the search boxes."""
        return [brief(e) for e in service.named(str(text)[:LONGEST])]

    relations = [
        {"id": r["id"], "label": plain(r["label"], 80)} for r in service.card.get("relations", ())
    ]
    return gr.HTML(
        html_template="",
        js_on_load=(STATIC / "edits.js").read_text(encoding="utf-8"),
        apply_default_css=False,
        server_functions=[named],
        relations=sorted(relations, key=lambda r: r["label"].lower()),
        **options,
    )


def brief(entity: Entity) -> dict[str, str]:
    """An entity as data for JavaScript, which shows it as text."""
    return {
        "id": entity.id,
        "label": plain(entity.label, 80),
        "note": plain(entity.description or entity.kind, 80),
    }
