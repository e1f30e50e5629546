"""What a hop may choose: relations, and operators over them, in one vocabulary.

With 2R relations (inverses included) the vocabulary has 8R entries, four for each relation r:

    follow   r               position r           go where r leads
    most     most(r)         position 2R + r      keep those with the largest value
    least    least(r)        position 4R + r      keep those with the smallest value
    often    often(r)        position 6R + r      go where r leads, keep what is reached most often

The value of an entity is its number if r is an attribute (``kgqa.graph.numbers``), else the number
of edges over r that leave it. ``most(r, 2)`` keeps the second largest. A graph may be walked with a
vocabulary of relations alone; then positions are below 2R.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from kgqa.errors import GraphError
from kgqa.graph.numbers import CLOSE

if TYPE_CHECKING:
    from kgqa.graph.graph import Graph

NAMES = ("follow", "most", "least", "often")  #: in the order of the vocabulary
#: The field of a relation with its word; words for a number, for a year or date, and for edges.
_EXTREMES = (("most", "largest", "latest", "most"), ("least", "smallest", "earliest", "fewest"))
RANKS = 5  #: the largest k of "the k-th largest"
_OPERATOR = re.compile(r"(most|least|often)\((.+?)(?:,\s*(\d+))?\)")


@dataclass(frozen=True)
class Operator:
    """An entry of the vocabulary, by the id of its relation."""

    name: str  #: an item of NAMES
    relation: str  #: "-director" for an inverse
    rank: int = 1  #: k of most and least

    @classmethod
    @lru_cache(maxsize=10_000)
    def parse(cls, id: str) -> Operator:
        """From an id.

        >>> Operator.parse("most(run time, 2)")
        Operator(name='most', relation='run time', rank=2)
        >>> Operator.parse("-director").name
        'follow'
        """
        match = _OPERATOR.fullmatch(id)
        if match is None:
            return cls("follow", id)
        return cls(match[1], match[2], int(match[3] or 1))

    def __str__(self) -> str:
        if self.name == "follow":
            return self.relation
        rank = f", {self.rank}" if self.rank > 1 else ""
        return f"{self.name}({self.relation}{rank})"


def operator_at(graph: Graph, position: int) -> Operator:
    """The entry at a position of the vocabulary; the k-th extreme is k - 1 vocabularies further."""
    rank, position = divmod(position, len(NAMES) * graph.num_relations)
    name, relation = divmod(position, graph.num_relations)
    return Operator(NAMES[name], graph.relation_id(relation), rank + 1)


def position_of(graph: Graph, operator: Operator) -> int:
    """The position of an entry. Raises :class:`GraphError` for an unknown relation."""
    relation = graph.relation_index.get(operator.relation)
    if relation is None:
        raise GraphError(f"The graph has no relation {operator.relation!r}.")
    row = (operator.rank - 1) * len(NAMES) + NAMES.index(operator.name)
    return row * graph.num_relations + relation


def vocabulary_ids(graph: Graph) -> list[str]:
    """The ids of all 8R entries, by position: "director", ..., "most(director)", ..."""
    positions = range(len(NAMES) * graph.num_relations)
    return [str(operator_at(graph, position)) for position in positions]


def vocabulary_words(graph: Graph) -> list[str]:
    """What the model reads about all 8R entries, by position: relations, then operators."""
    relations = [graph.relation_words(r) for r in range(graph.num_relations)]
    return [*relations, *operator_words(graph)]


def operator_words(graph: Graph) -> tuple[str, ...]:
    """What the model reads about the 6R entries that are operators, by position.

    A number is the largest or smallest of its attribute, in its own words if it has some ("the
    longest run time"), a year or a date the latest or earliest, and edges are the most or fewest
    ("the most cast member").
    """
    relations = range(graph.num_relations)
    named = [graph.relation_label(r) or graph.relation_id(r) for r in relations]
    words = []
    for name, largest, latest, most in _EXTREMES:
        for r in relations:
            about = graph.relations[r % len(graph.relations)]
            number = latest if about.unit in ("year", "date") else largest
            extreme = (getattr(about, name) or number) if graph.numbers.has(r) else most
            words.append(f"the {extreme} {named[r]}")
    return (*words, *(f"most often {label}" for label in named))


def read_out(graph: Graph, readout: str, entities: Collection[int]) -> float | bool | None:
    """ "count", "verify" or "sum(area)" of a plain set.

    None for no read-out, and for a sum of a set without numbers: 0 would be a claim.
    """
    if not readout:
        return None
    if readout == "count":
        return float(len(entities))
    if readout == "verify":
        return len(entities) > 0
    relation = graph.relation_index[readout.removeprefix("sum(").removesuffix(")")]
    numbers = graph.numbers.of(relation, np.array(sorted(entities), dtype=np.int64))
    known = numbers[~np.isnan(numbers)]
    return float(known.sum()) if len(known) else None


def same_value(found: float | bool, expected: float | bool) -> bool:
    """Whether two read-outs agree: yes with yes, a number with a number up to rounding."""
    if isinstance(found, bool) or isinstance(expected, bool):
        return found is expected
    return abs(found - expected) <= CLOSE * max(1.0, abs(expected))


def value_nodes(graph: Graph, value: float | bool) -> set[int]:
    """The entities that stand for a number of any attribute: "124 minutes"."""
    if isinstance(value, bool):
        return set()
    held = graph.numbers.equal(value)
    return {node for relation, e in held for node in graph.tails(e, relation).tolist()}
