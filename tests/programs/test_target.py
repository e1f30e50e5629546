"""What is to be reached, and which read-outs make a set it."""

from __future__ import annotations

import numpy as np
import pytest

from kgqa.graph import Graph
from kgqa.programs.sets import EMPTY, Sets
from kgqa.programs.target import Goal, Target
from tests.programs.graphs import states


@pytest.fixture(scope="module")
def graph() -> Graph:
    return states()


@pytest.fixture
def goal(graph):
    """goal(ids..., value=...) -> Goal."""
    return lambda *ids, value=None: Goal(Sets(graph), Target(frozenset(graph.find_all(ids)), value))


def readouts(goal: Goal, *ids: str, hops: int = 1) -> list[str]:
    """The read-outs of a set of these entities."""
    found = np.array(sorted(goal.graph.find_all(ids)), dtype=np.int64)
    return list(goal.readouts(goal.sets.add(found), hops))


WEST = "state:Oregon", "state:Idaho", "state:Nevada"  #: of 4, 2 and 3 people


def test_a_whole_set_is_the_answer_and_nothing_else(goal):
    assert readouts(goal(*WEST), *WEST) == [""]
    assert readouts(goal(*WEST), *WEST[:2]) == [] == readouts(goal(*WEST), *WEST, "state:Utah")


@pytest.mark.parametrize(
    ("value", "expected"), [(3.0, ["count"]), (9.0, ["sum(population)"]), (4.0, [])]
)
def test_a_number_is_a_count_or_a_sum(goal, value, expected):
    assert readouts(goal(value=value), *WEST) == expected


def test_two_numbers_are_not_summed_since_many_pairs_have_a_sum(goal):
    assert readouts(goal(value=6.0), *WEST[:2]) == []


def test_a_number_is_told_by_its_node_once_a_hop_was_taken(goal):
    four = "population:4 people"
    assert readouts(goal(value=4.0), four) == [""]
    assert readouts(goal(value=4.0), four, hops=0) == []
    assert readouts(goal(value=3.0), four) == []
    assert readouts(goal(value=1.0), four) == []  # nobody counts numbers


def test_nothing_counts_as_none(goal):
    assert list(goal(value=0.0).readouts(EMPTY, 1)) == ["count"]
    assert list(goal(value=2.0).readouts(EMPTY, 1)) == []


@pytest.mark.parametrize("value", [True, False])
def test_yes_and_no_are_not_read_off_a_single_set(goal, value):
    assert goal(value=value).yes_or_no and readouts(goal(value=value), *WEST) == []


def test_the_last_hop_leads_to_the_answer(graph, goal):
    """To Salem as the capital of a state; to a number and to its node by the attribute."""
    at = graph.relation_index
    assert goal("city:Salem").entering == {at["capital"]}
    assert goal(value=4.0).entering == {at["population"]}
    assert goal(value=77.0).entering == set()
    assert goal("population:4 people").entering == {at["population"]}
    assert goal(value=True).entering is None


def test_what_is_selected_holds_the_answer(goal):
    one = goal(*WEST[:2])
    for ids, within in ((WEST, True), (WEST[:2], True), (WEST[1:], False)):
        found = np.array(sorted(one.graph.find_all(ids)), dtype=np.int64)
        assert one.is_within(one.sets.add(found)) is within
    assert not goal(value=2.0).is_within(EMPTY)
