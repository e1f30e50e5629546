"""What a question is about: entities for its slots, and the answers.

The first slot is filled with an entity that people ask about, the others with entities that share
what it reaches. Kinds with operators are drawn by ``kgqa.films.operator_draws``.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from kgqa.films import phrasings
from kgqa.films.phrasings import Kind, kind_of
from kgqa.films.topics import CHOSEN_BY_FORM, Role, Topics
from kgqa.graph import Graph
from kgqa.programs.program import Branch, Chain, crisp

MAX_ANSWERS = 1_000


@dataclass(frozen=True)
class Draw:
    """What fills the slots of a kind, and the answer."""

    topics: dict[str, int]  #: {slot: entity}, without invented names
    answers: set[int]
    value: float | bool | None = None  #: the answer, where it is read out
    literals: dict[str, str] = field(default_factory=dict)  #: {slot: as it is written}
    named: tuple[int, ...] = ()  #: entities that the phrasing names itself


class Draws:
    """Draws for kinds of question without operators."""

    def __init__(self, graph: Graph, topics: Topics):
        self.graph, self.topics = graph, topics

    def draw(self, kind: Kind, phrasing: str, split: str, rng: random.Random) -> Draw | None:
        """Entities for the slots and the answer, or None if this draw came to nothing."""
        branches = kind.program.branches
        if not kind.answerable:
            slots = [branch.start for branch in branches if branch.start != "unknown"]
            picks = [self.topics.pick(Role(kind_of(slot), split), rng) for slot in slots]
            return Draw({s: e for s, e in zip(slots, picks, strict=True) if e is not None}, set())
        forms = {s.name: s.form for s in phrasings.slots(phrasing) if s.form in CHOSEN_BY_FORM}
        roles = {branch.start: _role(branch, split, forms) for branch in branches}
        first, *others = branches
        entity = self.topics.pick(roles[first.start], rng)
        if entity is None or not self.topics.fits(entity, roles[first.start]):
            return None
        reached = self.reach(entity, first.chain)
        if not reached:
            return None
        topics = {first.start: entity}
        if others:
            target = rng.choice(sorted(reached))
        films = self.reach(entity, Chain.of("-character")) if "in" in forms.values() else set()
        for branch in others:
            options = [
                e
                for e in self.reach(target, reverse(branch.chain))
                if e not in topics.values()
                and self.topics.fits(e, roles[branch.start])
                and (forms.get(branch.start) != "in" or e in films)
            ]
            if not options:
                return None
            topics[branch.start] = rng.choice(sorted(options))
        starts = {slot: crisp([e]) for slot, e in topics.items()}
        answers = set(kind.program.run(self.graph, starts))
        return Draw(topics, answers) if 0 < len(answers) <= MAX_ANSWERS else None

    def reach(self, entity: int, chain: Chain) -> set[int]:
        """What a chain reaches from one entity."""
        return set(chain.walk(self.graph, crisp([entity]), {}))


def _role(branch: Branch[str], split: str, forms: dict[str, str]) -> Role:
    """The role of a slot; if nothing is followed from it, it holds a title that films share."""
    first = str(next(iter(branch.chain.relations), ""))
    form = forms.get(branch.start, "")
    return Role(kind_of(branch.start), split, first, form, shared=not first)


def reverse(chain: Chain) -> Chain:
    """The chain that leads back."""
    relations = map(str, reversed(chain.relations))
    return Chain.of(*(r[1:] if r.startswith("-") else f"-{r}" for r in relations))
