"""Invented facts of a domain: how many entities, their names, who is related to whom, numbers."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from kgqa.domains.domain import Attribute, Domain, DomainRelation, Kind
from kgqa.domains.names import Namer

LARGEST = 800  #: entities of a graph
GROWTH = 10.0  #: how many times more than usual a large graph has, at most
KNOWN = 0.93  #: share of the entities whose number is known


@dataclass
class Facts:
    """Facts about entities [0, E), by the names of the schema."""

    kind: list[str] = field(default_factory=list)
    label: list[str] = field(default_factory=list)
    of_kind: dict[str, list[int]] = field(default_factory=dict)
    tails: dict[str, dict[int, list[int]]] = field(default_factory=dict)  #: of a relation
    numbers: dict[str, dict[int, str]] = field(default_factory=dict)  #: of an attribute, written


def invent(domain: Domain, rng: random.Random) -> Facts:
    """All that a graph of the domain may know."""
    facts = Facts()
    namer = Namer(rng)
    for kind, count in sizes(domain.kinds, rng).items():
        members = facts.of_kind[kind.name] = []
        for label in names(kind, count, namer, rng):
            members.append(len(facts.label))
            facts.kind.append(kind.name)
            facts.label.append(label)
    for relation in domain.relations:
        facts.tails[relation.name] = relate(facts, relation, rng)
    for attribute in domain.attributes:
        facts.numbers[attribute.name] = {
            entity: number(attribute, rng)
            for entity in facts.of_kind[attribute.kind]
            if rng.random() < KNOWN
        }
    return facts


def sizes(kinds: Sequence[Kind], rng: random.Random) -> dict[Kind, int]:
    """How many entities of each kind: between small and usual, or more than usual.

    A kind whose count hardly varies ("4-6") hardly grows with the graph.
    """
    share, growth = rng.random(), GROWTH ** (1.6 * rng.random() - 0.6)
    usual = {
        kind: kind.low * (kind.high / kind.low) ** (share * rng.uniform(0.7, 1.0)) for kind in kinds
    }
    grows = {
        kind: 0 if kind.fixed else min(1.0, math.log(kind.high / kind.low) / math.log(1.6))
        for kind in kinds
    }
    while True:
        count = {kind: usual[kind] * max(growth, 1.0) ** grows[kind] for kind in kinds}
        if sum(count.values()) <= LARGEST or growth <= 1.0:
            break
        growth *= 0.9
    return {
        kind: min(round(n), len(kind.fixed)) if kind.fixed else round(n)
        for kind, n in count.items()
    }


def names(kind: Kind, count: int, namer: Namer, rng: random.Random) -> list[str]:
    """At most ``count`` names of a kind."""
    if kind.fixed:
        return rng.sample(kind.fixed, count)
    drawn = [namer.name(kind.names) for _ in range(count)]
    return [name for name in drawn if name is not None]


def relate(facts: Facts, relation: DomainRelation, rng: random.Random) -> dict[int, list[int]]:
    """{head: tails} of a relation: a few tails have many heads, most have few."""
    heads, tails = facts.of_kind[relation.head], facts.of_kind[relation.tail]
    skew = rng.choice([0.0, 0.4, 0.8])
    order = rng.sample(tails, len(tails))
    weight = {tail: 1 / (place + 1) ** skew for place, tail in enumerate(order)}
    found: dict[int, list[int]] = {}
    used: Counter[int] = Counter()
    full = relation.back or len(heads) + 1
    for head in rng.sample(heads, len(heads)):
        pool = _pool(facts, relation, head, order)
        pool = [t for t in pool if used[t] < full and t not in found.get(head, ())]
        want = min(rng.randint(relation.low, relation.high), len(pool))
        if relation.high >= 10**6:  # all that the chain leads to
            want = len(pool)
        elif relation.symmetric:
            want = min(want, max(0, full - used[head]))
            want = max(0, want - len(found.get(head, ())))
        for tail in _draw(pool, weight, want, rng):
            found.setdefault(head, []).append(tail)
            used[tail] += 1
            if relation.symmetric:
                found.setdefault(tail, []).append(head)
                used[head] += 1
    return {head: sorted(found[head]) for head in sorted(found)}


def _pool(facts: Facts, relation: DomainRelation, head: int, tails: list[int]) -> list[int]:
    """The tails that a head may have. Nobody is related to themselves, nor in a circle."""
    if relation.along:
        return [t for t in chain(facts, relation.along, head) if t != head]
    if relation.head != relation.tail:
        return tails
    return [t for t in tails if t != head and (relation.symmetric or t < head)]


def chain(facts: Facts, hops: Sequence[str], start: int) -> list[int]:
    """Where hops over relations, "-" for inverse, lead from an entity, ascending."""
    here = {start}
    for hop in hops:
        tails = facts.tails[hop.removeprefix("-")]
        if hop.startswith("-"):
            here = {head for head, those in tails.items() if not here.isdisjoint(those)}
        else:
            here = {tail for head in here for tail in tails.get(head, ())}
    return sorted(here)


def _draw(
    pool: Sequence[int], weight: dict[int, float], count: int, rng: random.Random
) -> list[int]:
    """``count`` different items, by weight (Efraimidis and Spirakis 2006)."""
    if count == len(pool):
        return list(pool)
    keys = {item: rng.random() ** (1 / weight[item]) for item in pool}
    return sorted(pool, key=keys.__getitem__, reverse=True)[:count]


def number(attribute: Attribute, rng: random.Random) -> str:
    """A value as ``numbers.tsv`` has it. Where they span orders of magnitude, small ones abound."""
    low, high = attribute.low, attribute.high
    if attribute.sort == "date":
        first, last = date(int(low), 1, 1).toordinal(), date(int(high), 12, 31).toordinal()
        return date.fromordinal(rng.randint(first, last)).isoformat()
    if attribute.sort in ("whole", "decimal") and low > 0 and high / low > 40:
        value = low * (high / low) ** rng.random()
        return _rounded(value, attribute.digits, rng)
    if attribute.sort == "decimal":
        return f"{rng.uniform(low, high):.{attribute.digits}f}"
    return str(rng.randint(int(low), int(high)))


def _rounded(value: float, digits: int, rng: random.Random) -> str:
    """Large numbers are often round ones."""
    if digits:
        return f"{value:.{digits}f}"
    whole = round(value)
    zeros = max(0, len(str(whole)) - rng.choice([2, 3, 3, 9]))
    return str(round(whole, -zeros))
