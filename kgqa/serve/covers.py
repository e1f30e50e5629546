"""What a graph covers, counted from the graph itself: its largest kinds, and their years."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from kgqa.graph import Graph
    from kgqa.ui.service import Cover

MOST = 6  #: kinds
NUMBERS = 20_000_000  #: beyond as many numbers no years are looked up
UNSAID = ("value", "class", "entity", "year", "")  #: kinds that say nothing of a graph


def covers(graph: Graph) -> tuple[Cover, ...]:
    """The kinds with most entities; of a kind with years the first and the last of them."""
    from kgqa.ui.service import Cover
    from kgqa.writer.english import plural

    counts = np.bincount(graph.kind, minlength=len(graph.kinds))
    years = _years(graph)
    largest = [int(k) for k in np.argsort(-counts, kind="stable") if counts[k]]
    said = [k for k in largest if graph.kinds[k] not in UNSAID][:MOST]
    first = [k for k in said if k in years]  # what has years says most
    return tuple(
        Cover(
            graph.kinds[k] if counts[k] == 1 else plural(graph.kinds[k]),
            int(counts[k]),
            *years.get(k, ("", "")),
        )
        for k in [*first, *(k for k in said if k not in first)]
    )


def _years(graph: Graph) -> dict[int, tuple[str, str]]:
    """{kind: first and last year} of the kind that has most of an attribute's years."""
    from kgqa.graph.numbers import written

    found: dict[int, tuple[str, str]] = {}
    if len(graph.numbers) > NUMBERS:
        return found
    for attribute in graph.numbers.attributes:
        if graph.relations[attribute].unit != "year":
            continue
        holders = graph.numbers.entity[graph.numbers.relation == attribute]
        kind = int(np.bincount(graph.kind[holders]).argmax())
        low, high = graph.numbers.bounds(attribute)
        found.setdefault(kind, (written(low, "year"), written(high, "year")))
    return found
