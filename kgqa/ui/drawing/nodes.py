"""What the graph's canvas asks the server about a node: its facts, and its neighbours.

Both are plain data that ``static/graph-tools.js`` shows as text; numbers and ids that arrive from
the page are checked here.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain, zip_longest
from typing import Any

from kgqa.trace import Neighbourhood
from kgqa.ui.controls import brief
from kgqa.ui.drawing import ask_about, layout
from kgqa.ui.html.escape import plain

MOST_RELATIONS = 14
MOST_NEIGHBOURS = 8  #: added at a time
MOST_DRAWN = 400  #: nodes of a drawing
LONGEST = 300  #: characters of an entity id
FAR = 100_000  #: pixels; no drawing is larger


def facts(about: Neighbourhood | None) -> dict[str, Any] | None:
    """Name, facts relation by relation, and the question that a double click asks."""
    if about is None:
        return None
    groups = [
        {
            "relation": plain(group.label, 60),
            "total": group.total,
            "entities": [brief(e)["label"] for e in group.entities],
        }
        for group in about.groups[:MOST_RELATIONS]
    ]
    question = plain(ask_about.question(about)[0], 120)
    rest = max(len(about.groups) - MOST_RELATIONS, 0)
    return {**brief(about.entity), "groups": groups, "rest": rest, "question": question}


def neighbours(
    about: Neighbourhood | None, drawn: set[str], x: float, y: float, *, wide: bool
) -> dict[str, Any]:
    """New nodes around one, each relation in turn, and edges to them and to those drawn already."""
    if about is None:
        return {"nodes": [], "edges": [], "left": 0}
    turns = zip_longest(*([(g, e) for e in g.entities] for g in about.groups))
    pairs = [pair for pair in chain.from_iterable(turns) if pair is not None]
    new = {e.id: e for _, e in pairs if e.id not in drawn and e.id != about.entity.id}
    added = list(new.values())[:MOST_NEIGHBOURS]
    places = layout.shelf(len(added), x, y, wide=wide)
    nodes = [
        {
            **brief(entity),
            "text": layout.wrap(entity.label or entity.id),
            "x": place_x,
            "y": place_y,
        }
        for entity, (place_x, place_y) in zip(added, places, strict=True)
    ]
    visible = drawn | {entity.id for entity in added}
    edges = [
        {
            "to": entity.id,
            "label": plain(group.label, 28),
            "forward": not group.relation.startswith("-"),
        }
        for group, entity in pairs
        if entity.id in visible
    ]
    left = sum(group.total for group in about.groups) - len(edges)
    return {"nodes": nodes, "edges": edges, "left": max(left, 0)}


def functions(about: Callable[[str], Neighbourhood | None]) -> list[Callable]:
    """The two functions that the canvas may call."""

    def node_facts(id: str) -> dict[str, Any] | None:
        """Facts of the entity with this id."""
        return facts(about(str(id)[:LONGEST]))

    def node_neighbours(request: object) -> dict[str, Any]:
        """Neighbours of ``id``; ``drawn`` are ids with a node, ``x`` and ``y`` where to start."""
        values = request if isinstance(request, dict) else {}
        drawn = values.get("drawn")
        ids = {str(id)[:LONGEST] for id in drawn[:MOST_DRAWN]} if isinstance(drawn, list) else set()
        x, y = _pixels(values.get("x")), _pixels(values.get("y"))
        known = about(str(values.get("id"))[:LONGEST])
        return neighbours(known, ids, x, y, wide=bool(values.get("wide")))

    return [node_facts, node_neighbours]


def _pixels(value: object) -> float:
    return float(value) if isinstance(value, int | float) and abs(value) < FAR else 0.0
