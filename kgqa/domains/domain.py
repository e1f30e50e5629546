"""A domain: a field such as a school, of which many graphs can be made, as its file describes it.

Names are those of the schema; a graph has ids of its own for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kgqa.writer.wordings import Wording

if TYPE_CHECKING:
    from kgqa.domains.generate import DomainGraph

#: Sorts of number: whole, with decimals, a year, a day.
SORTS = ("whole", "decimal", "year", "date")


@dataclass(frozen=True)
class Kind:
    """A kind of entity."""

    name: str  #: in the schema; a graph may use one of ``words`` instead
    words: tuple[tuple[str, str], ...]  #: (singular, plural)
    names: str  #: a name generator; empty if there is a fixed list
    fixed: tuple[str, ...]  #: the names that its entities may have, if they are given
    low: int  #: how many entities a small graph has
    high: int  #: how many entities a usual graph has


@dataclass(frozen=True)
class DomainRelation:
    """A relation between two kinds, which may be one."""

    name: str  #: in plain words, read from head to tail
    head: str  #: a kind
    tail: str  #: a kind
    also: tuple[str, ...]  #: other names in the same direction
    reversed: tuple[str, ...]  #: names in graphs that store it the other way round
    low: int  #: tails of a head, at least
    high: int  #: tails of a head, at most
    back: int  #: heads of a tail, at most; 0: any number
    symmetric: bool  #: each fact holds in both directions
    along: tuple[str, ...]  #: relations whose chain leads from a head to the tails it may have
    wording: Wording  #: only forward if symmetric


@dataclass(frozen=True)
class Attribute:
    """A number of each entity of a kind."""

    name: str
    kind: str
    also: tuple[str, ...]
    sort: str  #: an item of SORTS
    low: float  #: inclusive; of a date, a year
    high: float  #: inclusive
    digits: int  #: after the point
    unit: str
    wording: Wording


@dataclass(frozen=True)
class Domain:
    """A field: its kinds of entity, relations and attributes, with wordings."""

    name: str  #: of its file
    title: str
    kinds: tuple[Kind, ...]
    relations: tuple[DomainRelation, ...]
    attributes: tuple[Attribute, ...]
    missing: tuple[str, ...]  #: questions that no graph can answer; {kind} is an entity

    def graph(self, seed: int = 0) -> DomainGraph:
        """A graph of the domain; the same seed gives the same graph."""
        from kgqa.domains.generate import generate

        return generate(self, seed)
