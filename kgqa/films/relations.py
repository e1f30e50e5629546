"""The relations of the default graph and their words, from ``tables/relations.tsv``.

``sentence`` puts a fact into words, ``question`` asks for the tails of an entity and
``inverse_question`` for its heads. ``unit``, ``most`` and ``least`` are of numbers: "minutes",
"longest" and "shortest". The order of the lines gives the relations their numbers, which a trained
checkpoint depends on: add new ones at the end.
"""

from __future__ import annotations

from kgqa.films.tables import table
from kgqa.graph.relation import Relation


def relations() -> list[Relation]:
    """All relations in the order of the table."""
    rows = table("relations")
    return [Relation.from_dict({**row, "literal": bool(row["literal"])}) for row in rows]
