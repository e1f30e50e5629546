"""Operators in programs: on the toy graph by hand, and the k-th largest against all subsets."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgqa.graph.operators import NAMES, Operator, operator_at, position_of, read_out
from kgqa.programs.operators import extreme
from kgqa.programs.program import Program


@pytest.fixture
def run(toy):
    """run(program, ids by start) -> ids reached, as {id: membership}."""

    def run(program, **starts):
        sets = {name: dict.fromkeys(map(toy.find, ids), 1.0) for name, ids in starts.items()}
        return {toy.key(e): v for e, v in Program.parse(program).run(toy, sets).items()}

    return run


HANKS, PORTMAN = ["person:Tom Hanks"], ["person:Natalie Portman"]


def test_positions_and_ids_come_back(toy):
    for position in range(len(NAMES) * toy.num_relations):
        operator = operator_at(toy, position)
        assert position_of(toy, Operator.parse(str(operator))) == position


@pytest.mark.parametrize(
    "text",
    [
        "a > -cast member > most(run time)",
        "a > -director & ~b > -cast member => least(release year, 2) ! a ? count",
        "a | b => most(area) ? sum(area)",
    ],
)
def test_text_with_operators_comes_back(text):
    assert str(Program.parse(text)) == text


def test_most_by_number_of_edges(toy, run):
    """Of Portman's films, the one with the largest cast in the toy graph."""
    films = run("a > -cast member", a=PORTMAN)
    size = {f: len(toy.tails(toy.find(f), toy.relation_index["cast member"])) for f in films}
    largest = {f for f, n in size.items() if n == max(size.values())}
    assert run("a > -cast member > most(cast member)", a=PORTMAN).keys() == largest


def test_most_by_an_attribute_leaves_out_what_has_no_number(run):
    """Only Sully has a run time."""
    assert run("a > -cast member > least(run time)", a=HANKS) == {"film:Sully": 1.0}


def test_often_keeps_what_is_reached_in_the_most_ways(run):
    """Portman is in each of her own films, everyone else in fewer."""
    assert run("a > -cast member > often(cast member)", a=PORTMAN).keys() == {*PORTMAN}


def test_a_branch_is_subtracted(run):
    both = run("a > -cast member & b > -cast member", a=HANKS, b=["person:Leonardo DiCaprio"])
    rest = run("a > -cast member & ~b > -cast member", a=HANKS, b=["person:Leonardo DiCaprio"])
    assert rest.keys() == run("a > -cast member", a=HANKS).keys() - both.keys() and both


def test_read_outs(toy):
    sully = [toy.find("film:Sully")]
    assert read_out(toy, "count", sully) == 1.0 and read_out(toy, "", sully) is None
    assert read_out(toy, "verify", sully) is True and read_out(toy, "verify", []) is False
    assert read_out(toy, "sum(run time)", [*sully, toy.find("person:Tom Hanks")]) == 96.0


@given(
    members=st.lists(
        st.tuples(st.sampled_from([0.0, 0.25, 0.5, 1.0]), st.integers(0, 3)), min_size=1, max_size=6
    ),
    rank=st.integers(1, 3),
)
def test_the_kth_largest_is_the_chance_that_exactly_k_minus_1_are_better(members, rank):
    x = {i: m for i, (m, _) in enumerate(members) if m > 0}
    value = {i: float(v) for i, (_, v) in enumerate(members)}
    expected = dict.fromkeys(x, 0.0)
    for present in product([False, True], repeat=len(x)):
        world = dict(zip(x, present, strict=True))
        chance = 1.0
        for e, there in world.items():
            chance *= x[e] if there else 1 - x[e]
        for e in x:
            better = sum(there and value[f] > value[e] for f, there in world.items())
            if world[e] and better == rank - 1:
                expected[e] += chance
    found = extreme(x, value, rank)
    assert {e: found.get(e, 0.0) for e in x} == pytest.approx(expected)
