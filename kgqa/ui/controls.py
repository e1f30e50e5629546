"""The component behind every control of the views: all edits go through it.

It shows nothing. ``static/edits.js`` listens on the whole page and sends events, which
:meth:`kgqa.ui.handlers.Handlers.respond` reads; it searches entities without the queue.
"""

from __future__ import annotations

from typing import Any

import gradio as gr

from kgqa.trace import Entity
from kgqa.ui.html.escape import plain
from kgqa.ui.html.operators import object_of, read_out
from kgqa.ui.service import Operator, Service
from kgqa.ui.static import read

LONGEST = 100  #: characters of a search


def controls(service: Service, **options: Any) -> gr.HTML:
    """The component; its value only has to change for the page to stop looking busy."""

    def search_entities(text: str) -> list[dict[str, str]]:
        """Entities with a name like this, for the search boxes."""
        return [brief(e) for e in service.search(str(text)[:LONGEST])]

    relations = [{"id": id, "label": plain(label, 80)} for id, label in service.card.labels.items()]
    kinds = [
        {"name": name, "options": [{"id": o.id, "label": _kept(o)} for o in options]}
        for name, options in service.card.choices.items()
    ]
    readouts = [{"id": id, "label": plain(read_out(id), 80)} for id in service.card.readouts]
    return gr.HTML(
        html_template="",
        js_on_load=read("edits.js"),
        apply_default_css=False,
        server_functions=[search_entities],
        relations=sorted(relations, key=lambda relation: relation["label"].lower()),
        operators=kinds,
        readouts=readouts,
        **options,
    )


def _kept(operator: Operator) -> str:
    """What an operator keeps, as the hops say it."""
    return plain(object_of(operator.id, operator.label), 100)


def brief(entity: Entity) -> dict[str, str]:
    """An entity as data for JavaScript, which shows it as text."""
    return {
        "id": entity.id,
        "label": plain(entity.label, 80),
        "note": plain(entity.description or entity.kind, 80),
    }
