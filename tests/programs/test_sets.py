"""Sets that are kept once: every hop and every combination, against the plain definition."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgqa.graph.operators import Operator, operator_at, position_of
from kgqa.programs import sets as module
from kgqa.programs.operators import step
from kgqa.programs.program import crisp
from kgqa.programs.sets import EMPTY, Sets, mirrored
from tests.programs.graphs import states, valued_graphs


@pytest.fixture(scope="module")
def graph():
    return states()


@pytest.fixture
def sets(graph) -> Sets:
    return Sets(graph)


def named(graph, *names: str) -> np.ndarray:
    return np.array(sorted(graph.find_all(names)), dtype=np.int64)


def all_states(graph) -> np.ndarray:
    return graph.classes.members(graph.find("class:state"))


@given(valued_graphs(), st.data())
def test_a_hop_leads_where_the_definition_says(graph, data):
    """Every entry that is offered, ranks beyond the first among them."""
    chosen = data.draw(st.sets(st.integers(0, graph.num_entities - 1)))
    sets = Sets(graph)
    s = sets.add(np.array(sorted(chosen), dtype=np.int64))
    for entry in sets.entries(s):
        expected = step(graph, crisp(chosen), ((entry, 1.0),))
        reached = sets.members(sets.after(s, entry)).tolist()
        assert reached == sorted(expected), str(operator_at(graph, entry))


@given(valued_graphs(), st.data())
def test_every_relation_that_leaves_a_set_is_offered_and_no_other(graph, data):
    chosen = data.draw(st.sets(st.integers(0, graph.num_entities - 1)))
    sets = Sets(graph)
    s = sets.add(np.array(sorted(chosen), dtype=np.int64))
    leaving = {r for e in chosen for r, _ in graph.groups(e)}
    assert sets.relations(s) == sorted(leaving - mirrored(graph))


def test_operators_are_offered_to_more_than_one_entity(graph, sets):
    one, several = sets.add(named(graph, "state:Utah")), sets.add(all_states(graph))
    ids = [str(operator_at(graph, entry)) for entry in sets.entries(several)]
    assert sets.entries(one) == tuple(sets.relations(one))
    assert {"most(population)", "least(population, 3)", "often(borders)", "least(borders)"} <= {
        *ids
    }
    assert "often(population)" not in ids  # a number is reached by whoever has it


@given(valued_graphs(), st.data())
def test_combinations_are_those_of_sets(graph, data):
    entities = st.sets(st.integers(0, graph.num_entities - 1))
    x, y = data.draw(entities), data.draw(entities)
    sets = Sets(graph)
    s, t = (sets.add(np.array(sorted(z), dtype=np.int64)) for z in (x, y))
    for sign, expected in (("&", x & y), ("|", x | y), ("-", x - y)):
        assert sets.members(sets.combine(sign, s, t)).tolist() == sorted(expected)


def test_equal_sets_have_one_number(graph, sets):
    west = sets.add(named(graph, "state:Oregon", "state:Nevada"))
    assert sets.add(named(graph, "state:Nevada", "state:Oregon")) == west != EMPTY
    assert sets.add(np.zeros(0, np.int64)) == EMPTY
    assert sets.size(west) == 2


def test_what_is_reached_most_often_but_for_one(graph, sets):
    """Snake and Bear both run through Idaho; without it all others are reached once."""
    rivers = sets.add(named(graph, "river:Snake", "river:Bear"))
    entry = position_of(graph, Operator.parse("often(runs)"))
    assert sets.members(sets.after(rivers, entry)).tolist() == [graph.find("state:Idaho")]
    others = dict(sets.others(rivers, graph.find("state:Idaho")))
    assert (
        sets.members(others[entry]).tolist() == named(graph, "state:Oregon", "state:Utah").tolist()
    )


def test_a_total_is_of_those_who_have_a_number(graph, sets):
    population = graph.relation_index["population"]
    both = sets.add(named(graph, "state:Oregon", "state:Maine", "river:Snake"))
    assert sets.total(both, population) == 5
    assert math.isnan(sets.total(sets.add(named(graph, "river:Snake")), population))


def test_kinds_tell_sets_apart_that_cannot_meet(graph, sets):
    state, city = (sets.kinds(sets.add(named(graph, key))) for key in ("state:Utah", "city:Provo"))
    assert state and city and not state & city
    assert sets.kinds(sets.add(named(graph, "state:Utah", "city:Provo"))) == state | city


def test_large_sets_are_not_followed(graph, monkeypatch):
    monkeypatch.setattr(module, "MAX_SET", 4)
    sets = Sets(graph)
    assert sets.entries(sets.add(all_states(graph))) == ()


def test_a_hop_over_too_many_edges_leads_nowhere(graph, monkeypatch):
    monkeypatch.setattr(module, "MAX_EDGES", 3)
    sets, borders = Sets(graph), graph.relation_index["borders"]
    assert sets.after(sets.add(all_states(graph)), borders) == EMPTY
    assert sets.size(sets.after(sets.add(named(graph, "state:Idaho")), borders)) == 3


def test_all_is_forgotten_once_it_is_time(graph, sets, monkeypatch):
    s = sets.add(all_states(graph))
    sets.after(s, graph.relation_index["borders"])
    assert not sets.full
    monkeypatch.setattr(module, "FORGET", sets.bytes - 1)
    assert sets.full
    sets.clear()
    assert not sets.full and sets.add(np.zeros(0, np.int64)) == EMPTY
    assert sets.members(sets.add(named(graph, "state:Utah"))).tolist() == [graph.find("state:Utah")]


def test_the_inverse_of_a_symmetric_relation_is_not_tried(graph):
    """Borders are mutual, capitals are not."""
    assert mirrored(graph) == {graph.relation_index["-borders"]}
