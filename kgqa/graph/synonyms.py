"""Other names of relations, as other graphs may have them.

A file has a line a relation: its id and then names, separated by tabs. A name is read as the id of
any graph's relation is (:func:`kgqa.graph.relation.relation_of`); after ">" stand the words of the
other direction.
"""

from __future__ import annotations

import random
from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from kgqa import files
from kgqa.errors import DataError
from kgqa.graph.relation import Relation, relation_of

LIMIT = 1_000_000  # bytes of a file of names
OWN = 0.2  # share of the draws in which a relation keeps its own words, and of its other direction

Synonyms = Mapping[str, Sequence[str]]  #: by the id of a relation


def read_synonyms(path: Path, known: Container[str]) -> Synonyms:
    """The names of relations; ``known``: the ids that there are.

    Raises :class:`DataError` for a relation that is not known, or that has no name.
    """
    found = {}
    for number, line in enumerate(files.read_text(path, limit=LIMIT).splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        relation, *names = (part.strip() for part in line.split("\t"))
        if relation not in known or not any(names):
            raise DataError(
                f"{files.name_of(path)}, line {number}: expected a relation of the graph and "
                f"other names of it, separated by tabs, found {line!r}."
            )
        found[relation] = [name for name in names if name]
    return found


def renamed(relation: Relation, synonyms: Synonyms, rng: random.Random) -> Relation:
    """A relation under one of its names, or under its own."""
    names = synonyms.get(relation.id, ())
    if not names or rng.random() < OWN:
        return relation
    name, _, back = (part.strip() for part in rng.choice(names).partition(">"))
    new = relation_of(name)
    own = relation.inverse if rng.random() < OWN else new.inverse
    inverse = "" if relation.literal else back or own
    return replace(relation, label=new.label, inverse=inverse, context=new.context)
