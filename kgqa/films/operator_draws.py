"""What a question with operators is about: entities and literals for its slots, and the answer.

There is more to see to than without, so that a question tells something: an extreme is one of
several and few share it, a bound leaves some out, of things that are compared one is ahead, and
half of the answers to yes-or-no questions are no, often for an entity that nearly fits: Sydney is
in Australia, and not its capital.
"""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np

from kgqa.films import phrasings
from kgqa.films.draws import MAX_ANSWERS, Draw, reverse
from kgqa.films.literals import Bound, Literal
from kgqa.films.phrasings import Kind, is_entity, is_literal, kind_of
from kgqa.films.topics import CHOSEN_BY_FORM, Role, Topics
from kgqa.films.worth import bounded, bounds_of, is_operator, tells
from kgqa.graph import Graph
from kgqa.graph.operators import Operator
from kgqa.programs.operators import FuzzySet
from kgqa.programs.program import Branch, Chain, Program, crisp

TRIVIAL = 0.05  #: share of the draws in which a bound or an extreme may leave nothing out
NOTHING = 0.04  #: share of the counts that are drawn to be zero
ONE = 0.2  #: share of the draws to train on in which a count may be one, as any entity by itself
NEAR = 0.7  #: share of the entities beside another one that have something in common with it
RIVALS = 0.8  #: share of the entities for a "no" that another relation joins to the first one
TRIES_FOR_NO = 8
_SIBLINGS = 60  #: that are looked at


class Members:
    """What branches from classes reach, kept because it is the same for every question."""

    def __init__(self, graph: Graph):
        self.graph = graph
        self._sets: dict[Branch[str], FuzzySet] = {}

    def of(self, start: str, chain: Chain) -> FuzzySet:
        """The entities that a chain reaches from the entity with an id."""
        branch = Branch(start, chain)
        if branch not in self._sets:
            entity = self.graph.find(start)
            found = [] if entity is None else [entity]
            self._sets[branch] = chain.walk(self.graph, crisp(found), {})
        return self._sets[branch]


class OperatorDraw:
    """One draw for a kind with operators: made for :meth:`result` and thrown away."""

    def __init__(
        self, topics: Topics, members: Members, kind: Kind, phrasing: str, rng: random.Random
    ):
        """``phrasing``: one without alternatives, see :func:`kgqa.films.phrasings.say`."""
        self.graph, self.pool, self.rng = topics.graph, topics, rng
        self.slots = kind.slots
        self.forms = {slot.name: slot.form for slot in phrasings.slots(phrasing)}
        self.starts: dict[str, FuzzySet] = {}
        self.topics: dict[str, int] = {}
        self.literals: dict[str, Literal] = {}
        self.named = tuple(e for e in map(self.graph.find, sorted(kind.entities)) if e is not None)
        self.program = self._without_classes(kind.program, members)

    def result(self, split: str) -> Draw | None:
        """The draw, or None if it came to nothing."""
        readout, several = self.program.readout, len(self.slots) > 1
        no = readout == "verify" and self.rng.random() < 0.5
        no = no or (readout == "count" and several and self.rng.random() < NOTHING)
        if not self._entities(split):
            return None
        answers = self._answers(split, no=no)
        if answers is None:
            return None
        lenient = self.rng.random() < TRIVIAL
        if not no and not tells(self.graph, self.program, self.starts, lenient=lenient):
            return None
        value = self.program.read(self.graph, answers)
        if value is None and len(answers) > MAX_ANSWERS:
            return None
        if split == "train" and readout == "count" and value == 1 and self.rng.random() >= ONE:
            return None
        texts = {slot: literal.text for slot, literal in self.literals.items()}
        return Draw(self.topics, answers if value is None else set(), value, texts, self.named)

    def _answers(self, split: str, *, no: bool) -> set[int] | None:
        """What the program reaches, nothing if ``no``; None if that came to nothing else."""
        for _ in range(TRIES_FOR_NO if no else 1):
            drawn = self._bounds(holds=not no)
            if drawn and no and not self.literals:
                drawn = self._exchange(split)
            if drawn:
                answers = set(self.program.run(self.graph, self.starts))
                if bool(answers) != no:
                    return answers
        return None

    def _without_classes(self, program: Program[str], members: Members) -> Program[str]:
        """The program with the branches from classes cut to what follows their members."""
        branches = []
        for branch in program.branches:
            if is_entity(branch.start):
                front = _front(branch.chain)
                self.starts[branch.start] = members.of(branch.start, front)
                rest = Chain(branch.chain.hops[len(front.hops) :])
                branch = replace(branch, chain=rest)
            branches.append(branch)
        return replace(program, branches=tuple(branches))

    # -- entities ----------------------------------------------------------------------------------

    def _entities(self, split: str) -> bool:
        """Fill the slots for entities; False if that came to nothing."""
        branches = [b for b in self.program.branches if b.start in self.slots]
        branches = [b for b in branches if not is_literal(b.start)]
        if not branches:
            return True
        first, *others = branches
        role = self._role(first, split)
        entity = self.pool.pick(role, self.rng)
        if entity is None or not self.pool.fits(entity, role):
            return False
        self._set(first, entity)
        reached = sorted(self._reach(entity, _front(first.chain)))
        if not reached:
            return False
        target = self.rng.choice(reached)
        for branch in others:
            role = self._role(branch, split)
            if self.program.combine == "|":
                other = self._beside(entity, role)
            else:
                back = sorted(self._reach(target, reverse(_front(branch.chain))))
                other = self._one_of(back, role)
            if other is None:
                return False
            self._set(branch, other)
        return True

    def _exchange(self, split: str) -> bool:
        """Put another entity in the last slot, so that the answer may become no."""
        branch = [b for b in self.program.branches if b.start in self.topics][-1]
        other = self._rival(branch, split) if self.rng.random() < RIVALS else None
        if other is None:
            other = self._beside(self.topics[branch.start], self._role(branch, split))
        if other is None:
            return False
        self._set(branch, other)
        return True

    def _rival(self, branch: Branch[str], split: str) -> int | None:
        """For a branch without hops, an entity that the first topic is joined to otherwise.

        Who walks over any relation that joins the two says yes, and is wrong.
        """
        first = self.program.branches[0]
        if branch is first or branch.chain.hops or first.start not in self.topics:
            return None
        entity, role = self.topics[first.start], self._role(branch, split)
        asked = set(map(str, first.chain.relations))
        relations = [r for r in self._relations(entity) if r not in asked]
        self.rng.shuffle(relations)
        for relation in relations:
            chain = Chain.of(relation)
            back = str(reverse(chain).relations[0])
            there = sorted(self._reach(entity, chain))
            other = self._one_of(there, replace(role, relation=back))
            if other is not None:
                return other
        return None

    def _role(self, branch: Branch[str], split: str) -> Role:
        form = self.forms.get(branch.start, "")
        form = form if form in CHOSEN_BY_FORM else ""
        return Role(kind_of(branch.start), split, self._relation(branch), form)

    def _relation(self, branch: Branch[str]) -> str:
        """A relation that the entity of a branch must have, to be worth asking about."""
        if branch.chain.hops:
            return Operator.parse(str(branch.chain.relations[0])).relation
        for other in self.program.branches:
            if other is not branch and other.chain.hops:
                return str(reverse(_front(other.chain)).relations[0])
            if is_literal(other.start):
                return Bound.parse(other.start).attribute
        if self.program.after.hops:
            return Operator.parse(str(self.program.after.relations[0])).relation
        return self.program.readout.removeprefix("sum(").removesuffix(")")

    def _beside(self, entity: int, role: Role) -> int | None:
        """Another entity for a role, often one that has something in common with this one."""
        if self.rng.random() >= NEAR:
            other = self.pool.pick(role, self.rng)
            return None if other is None else self._one_of([other], role)
        relations = [r for r in self._relations(entity) if not r.startswith("is a")]
        if not relations:
            return None
        chain = Chain.of(self.rng.choice(relations))
        shared = self.rng.choice(sorted(self._reach(entity, chain)))
        siblings = sorted(self._reach(shared, reverse(chain)))
        return self._one_of(siblings, role)

    def _one_of(self, entities: list[int], role: Role) -> int | None:
        """One of some entities that fits the role and is in no other slot."""
        some = self.rng.sample(entities, min(len(entities), _SIBLINGS))
        relation = self.graph.relation_index[role.relation]
        options = [
            e
            for e in some
            if e not in self.topics.values()
            and self.pool.fits(e, role)
            and len(self.graph.tails(e, relation))
        ]
        return self.rng.choice(options) if options else None

    def _relations(self, entity: int) -> list[str]:
        """The relations of an entity that lead back."""
        graph = self.graph
        ids = [graph.relation_id(r) for r in range(graph.num_relations)]
        back = [r for r in ids if (r[1:] if r[0] == "-" else f"-{r}") in graph.relation_index]
        return [r for r in back if len(graph.tails(entity, graph.relation_index[r]))]

    def _reach(self, entity: int, chain: Chain) -> set[int]:
        return set(chain.walk(self.graph, crisp([entity]), {}))

    def _set(self, branch: Branch[str], entity: int) -> None:
        self.topics[branch.start] = entity
        self.starts[branch.start] = crisp([entity])

    # -- literals ----------------------------------------------------------------------------------

    def _bounds(self, *, holds: bool) -> bool:
        """Draw the literals near the numbers of one entity; False if that came to nothing."""
        bounds = bounds_of(self.program)
        if not bounds:
            return True
        base = bounded(self.graph, self.program, self.starts)
        chained = any(b.chain.hops for b in self.program.branches if b.start in bounds)
        entities = np.array(sorted(base), dtype=np.int64)
        if not len(entities):
            return False
        numbers = {s: self._numbers(bound, entities) for s, bound in bounds.items()}
        at = self.rng.randrange(len(entities))
        for start, bound in bounds.items():
            value = float(numbers[start][at])
            if not holds and bound.compare != "in":
                up = bound.compare in ("more", "at least")
                value = float(numbers[start].max() if up else numbers[start].min())
            slot = self.slots[start]
            literal = bound.draw(value, self.forms.get(slot, ""), self.rng, holds=holds)
            self.literals[slot] = literal
            holders = bound.holders(self.graph, literal)
            if literal.low == 1 or not 0 < len(holders) < bound.total(self.graph):
                return False  # phrasings have plurals, and nobody asks for films before 2100
            if not chained:  # no other entity can be an answer
                holders &= base
            self.starts[start] = crisp(holders)
        same = len({bound.attribute for bound in bounds.values()}) < len(bounds)
        lows = [literal.low for literal in self.literals.values()]
        return not same or lows[0] < lows[1]

    def _numbers(self, bound: Bound, entities: np.ndarray) -> np.ndarray:
        return self.graph.numbers.of(self.graph.relation_index[bound.attribute], entities)


def _front(chain: Chain) -> Chain:
    """The hops over relations that a chain begins with."""
    relations = [str(relation) for relation in chain.relations]
    first = next((i for i, r in enumerate(relations) if is_operator(r)), len(relations))
    return Chain.of(*relations[:first])
