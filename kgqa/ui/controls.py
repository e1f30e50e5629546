"""The component behind every control of the views: all edits go through it.

It shows nothing. ``static/edits.js`` listens on the whole page and sends events, which
:meth:`kgqa.ui.handlers.Handlers.respond` reads; it searches entities without the queue.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import gradio as gr

from kgqa.trace import Entity
from kgqa.ui.html.escape import plain
from kgqa.ui.html.operators import object_of, read_out
from kgqa.ui.service import Card, Operator
from kgqa.ui.static import read

LONGEST = 100  #: characters of a search


def controls(card: Card, search: Callable[[str], tuple[Entity, ...]], **options: Any) -> gr.HTML:
    """The component; when its value changes, the page stops looking busy.

    The value is what :func:`reply` writes, or :func:`lists` as JSON: those of another graph.
    """

    def search_entities(text: str) -> list[dict[str, str]]:
        """Entities with a name like this, for the search boxes."""
        return [brief(e) for e in search(str(text)[:LONGEST])]

    return gr.HTML(
        html_template="",
        js_on_load=read("edits.js") + read("effect.js"),
        apply_default_css=False,
        server_functions=[search_entities],
        **lists(card),
        **options,
    )


def reply(effect: dict[str, str] | None = None) -> str:
    """The value after an event; ``effect``: of :func:`kgqa.ui.views.effect.effect`."""
    return json.dumps({"nonce": time.monotonic_ns(), "effect": effect}, ensure_ascii=False)


def lists(card: Card) -> dict[str, Any]:
    """What a hop can follow or keep, and the read-outs, by name."""
    relations = [{"id": id, "label": plain(label, 80)} for id, label in card.labels.items()]
    kinds = [
        {"name": name, "options": [{"id": o.id, "label": _kept(o)} for o in options]}
        for name, options in card.choices.items()
    ]
    readouts = [{"id": id, "label": plain(read_out(id), 80)} for id in card.readouts]
    relations.sort(key=lambda relation: relation["label"].lower())
    return {"relations": relations, "operators": kinds, "readouts": readouts}


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
