"""Draws for kinds with operators: answers by an independent walk on sets, and worth asking."""

from __future__ import annotations

import random
import re
from collections import Counter

import numpy as np
import pytest

from kgqa.films import phrasings
from kgqa.films.draws import MAX_ANSWERS
from kgqa.films.literals import Bound
from kgqa.films.operator_draws import Members, OperatorDraw
from kgqa.films.phrasings import is_literal
from kgqa.films.topics import Topics
from kgqa.films.wording import Wording
from kgqa.films.worth import MAX_TIED, bounds_of
from kgqa.graph.operators import Operator
from kgqa.programs.program import Program

pytestmark = pytest.mark.slow  # several draws of hundreds of kinds

DRAWS, KINDS = 3, 160


@pytest.fixture(scope="module")
def kinds(default):
    """Kinds that the graph has all the classes, relations and numbers for."""

    def usable(kind):
        hops = {Operator.parse(str(hop)) for hop in kind.program.relations}
        attributes = {bound.attribute for bound in bounds_of(kind.program).values()}
        attributes |= set(re.findall(r"sum\((.+)\)", kind.program.readout))
        attributes |= {h.relation for h in hops if h.relation in ("release year", "inception")}
        index = default.relation_index
        return (
            {hop.relation for hop in hops} | attributes <= index.keys()
            and all(default.numbers.has(index[a]) for a in attributes)
            and len(default.find_all(kind.entities)) == len(kind.entities)
        )

    found = [kind for kind in phrasings.read(phrasings.OPERATORS) if usable(kind)]
    return random.Random(1).sample(found, min(KINDS, len(found)))


@pytest.fixture(scope="module")
def drawn(default, kinds):
    """(kind, the drawing, the draw) for a few draws of each kind."""
    topics, members, rng = Topics(default, Wording(default)), Members(default), random.Random(2)
    result = []
    for kind in kinds:
        made = 0
        for _ in range(60):
            phrasing = phrasings.say(rng.choice(kind.phrasings), rng)
            drawing = OperatorDraw(topics, members, kind, phrasing, rng)
            draw = drawing.result("train")
            if draw is not None:
                result.append((kind, drawing, draw))
                made += 1
            if made == DRAWS or (made and not kind.slots):
                break
    return result


class Sets:
    """Programs on plain sets, written without the code that the writer uses."""

    def __init__(self, graph):
        self.graph, self.numbers = graph, graph.numbers
        self.value = {
            a: dict(
                zip(
                    self.numbers.entity[self.numbers.relation == a].tolist()[::-1],
                    self.numbers.value[self.numbers.relation == a].tolist()[::-1],
                    strict=True,
                )
            )
            for a in self.numbers.attributes
        }

    def hop(self, entities, hop, out):
        if match := re.fullmatch(r"(most|least)\((.+?)(?:, (\d))?\)", hop):
            relation = self.graph.relation_index[match[2]]
            held = self.value.get(relation)
            if held is None:
                held = {e: len(self.graph.tails(e, relation)) for e in entities}
                held = {e: v for e, v in held.items() if v or match[1] == "least"}
            own = sorted((held[e] for e in entities if e in held), reverse=match[1] == "most")
            rank = int(match[3] or 1)
            wanted = own[rank - 1] if len(own) >= rank else None
            if wanted is None or own.index(wanted) != rank - 1:
                return set()
            return {e for e in entities if held.get(e) == wanted} - out
        ways = Counter(
            tail
            for e in entities
            for tail in self.graph.tails(
                e, self.graph.relation_index[re.sub(r"often\((.+)\)", r"\1", hop)]
            ).tolist()
        )
        if hop.startswith("often("):
            ways = {e: n for e, n in ways.items() if e not in out}
            return {e for e, n in ways.items() if n == max(ways.values())}
        return set(ways) - out

    def run(self, program: Program, topics, literals, slots):
        ends, taken = [], set()
        out = {topics[start] for start in program.left_out}
        for branch in program.branches:
            if is_literal(branch.start):
                end = self.within(Bound.parse(branch.start), literals[slots[branch.start]])
            elif ":" in branch.start:
                end = {self.graph.find(branch.start)}
            else:
                end = {topics[branch.start]}
            for hop in map(str, branch.chain.relations):
                end = self.hop(end, hop, out)
            if branch.negated:
                taken |= end
            else:
                ends.append(end)
        join = set.union if program.combine == "|" else set.intersection
        result = join(*ends) - taken
        for hop in map(str, program.after.relations):
            result = self.hop(result, hop, out)
        return result

    def within(self, bound, literal):
        low, high = literal.low, literal.high
        test = {
            "in": lambda v: low <= v <= high,
            "less": lambda v: v < low,
            "more": lambda v: v > high,
            "at least": lambda v: v >= low,
            "at most": lambda v: v <= high,
        }[bound.compare]
        values = self.value[self.graph.relation_index[bound.attribute]]
        return {e for e, v in values.items() if test(v)}

    def read(self, readout, result):
        if readout == "count":
            return len(result)
        if readout == "verify":
            return bool(result)
        values = self.value[self.graph.relation_index[re.sub(r"sum\((.+)\)", r"\1", readout)]]
        return sum(values.get(e, 0) for e in result)


def test_answers_are_those_of_an_independent_walk(default, drawn):
    sets = Sets(default)
    assert len(drawn) > 100
    for kind, drawing, draw in drawn:
        result = sets.run(kind.program, draw.topics, drawing.literals, kind.slots)
        if kind.program.readout:
            assert draw.answers == set()
            value = sets.read(kind.program.readout, result)
            assert draw.value == pytest.approx(value), (kind.name, draw)
        else:
            assert draw.value is None and 0 < len(draw.answers) <= MAX_ANSWERS
            assert draw.answers == result, (kind.name, draw)


def test_every_slot_is_filled_and_by_another_entity(drawn):
    for kind, _, draw in drawn:
        assert sorted([*draw.topics, *draw.literals]) == sorted(kind.slots.values()), kind.name
        assert len(set(draw.topics.values())) == len(draw.topics)


def test_nearly_all_kinds_come_to_something(kinds, drawn):
    missing = {kind.name for kind in kinds} - {kind.name for kind, _, _ in drawn}
    assert len(missing) <= 0.03 * len(kinds), missing


def test_extremes_are_shared_by_few(drawn):
    for kind, _, draw in drawn:
        hops = [str(h) for h in (kind.program.after or kind.program.branches[0].chain).relations]
        if hops and Operator.parse(hops[-1]).name != "follow" and not kind.program.readout:
            assert len(draw.answers) <= MAX_TIED, (kind.name, draw)


def test_of_compared_things_one_is_ahead(drawn):
    compared = [(k, d) for k, _, d in drawn if k.name.startswith("compare-")]
    assert compared
    for kind, draw in compared:
        assert len(draw.answers) == 1 and draw.answers <= set(draw.topics.values()), kind.name


def test_half_of_the_yes_or_no_questions_are_answered_no(drawn):
    said = [draw.value for kind, _, draw in drawn if kind.program.readout == "verify"]
    assert len(said) > 20
    assert 0.3 < np.mean(said) < 0.7


def test_no_is_often_said_of_what_is_joined_otherwise(default):
    """Sydney is in Australia, and not its capital: who walks over any relation says yes."""
    topics = Topics(default, Wording(default))
    members, rng = Members(default), random.Random(3)
    said: dict[bool, int] = {False: 0, True: 0}
    for kind in phrasings.read(phrasings.OPERATORS):
        if kind.name not in ("verify-capital", "verify-film-director", "verify-film-writer"):
            continue
        phrasing = kind.split("train")[0]
        for _ in range(60):
            draw = OperatorDraw(topics, members, kind, phrasing, rng).result("train")
            if draw is None or draw.value:
                continue
            first, other = draw.topics.values()
            joined = any(
                other in default.tails(first, r).tolist() for r in range(default.num_relations)
            )
            said[joined] += 1
    assert said[True] > said[False] > 0


def test_counts_are_rarely_zero(drawn):
    counts = [draw.value for kind, _, draw in drawn if kind.program.readout == "count"]
    assert np.mean(np.array(counts) == 0) < 0.12
