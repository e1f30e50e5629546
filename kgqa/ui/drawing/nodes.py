"""What the graph's canvas asks the server about a node: its facts, and its neighbours with places to stand.

Both are plain data that ``static/graph-tools.js`` shows as text; numbers and ids that arrive from the page are checked here.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain, zip_longest

from kgqa.trace import Neighbourhood
from kgqa.ui.controls import brief
from kgqa.ui.drawing import ask_about, layout
from kgqa.ui.html.escape import plain

MOST_RELATIONS = 14
MOST_NEIGHBOURS = 8  #: added at a time
FAR = 100_000  #: pixels; no drawing is larger


def facts(about: Neighbourhood | None) -> dict | None:
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
    rest = len(about.groups) - MOST_RELATIONS
    return {
        **brief(about.entity),
        "groups": groups,
        "rest": max(rest, 0),
        "question": plain(ask_about.question(about)[0], 120),
    }


def neighbours(
    about: Neighbourhood | None, drawn: set[str], x: float, y: float, *, wide: bool
) -> dict:
    """New nodes around one, each relation in turn, and the edges to them and to those that are drawn already."""
    if about is None:
        return {"nodes": [], "edges": [], "left": 0}
    turns = zip_longest(*([(g, e) for e in g.entities] for g in about.groups))
    pairs = [pair for pair in chain.from_iterable(turns) if pair is not None]
    new = list(
        dict.fromkeys(e.id for _, e in pairs if e.id not in drawn and e.id != about.entity.id)
    )[:MOST_NEIGHBOURS]
    places = dict(zip(new, layout.shelf(len(new), x, y, wide=wide), strict=True))
    nodes, edges = {}, []
    for group, entity in pairs:
        if entity.id in places and entity.id not in nodes:
            px, py = places[entity.id]
            nodes[entity.id] = {
                **brief(entity),
                "text": layout.wrap(entity.label or entity.id),
                "x": px,
                "y": py,
            }
        if entity.id in places or entity.id in drawn:
            inverse = group.relation.startswith("-")
            edges.append({"to": entity.id, "label": plain(group.label, 28), "forward": not inverse})
    left = sum(g.total for g in about.groups) - len(edges)
    return {"nodes": list(nodes.values()), "edges": edges, "left": max(left, 0)}


def functions(about: Callable[[str], Neighbourhood | None]) -> list[Callable]:
    """The two functions that the canvas may call."""

    def node_facts(key: str) -> dict | None:
        """Facts of the entity with this id."""
        return facts(about(str(key)[:300]))

    def node_neighbours(wish: dict) -> dict:
        """Neighbours of the entity ``id``; ``drawn`` are ids that have a node, ``x`` and ``y`` the place to start from."""
        wish = wish if isinstance(wish, dict) else {}
        drawn = wish.get("drawn")
        known = {str(one)[:300] for one in drawn[:400]} if isinstance(drawn, list) else set()
        at = [
            float(v) if isinstance(v, int | float) and abs(v) < FAR else 0.0
            for v in (wish.get("x"), wish.get("y"))
        ]
        return neighbours(about(str(wish.get("id"))[:300]), known, *at, wide=bool(wish.get("wide")))

    return [node_facts, node_neighbours]
