"""The sets that literals may stand for, and how people say them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgqa.graph import Graph
from kgqa.graph.builder import GraphBuilder
from kgqa.graph.numbers import COMPARE, ValueRange
from kgqa.graph.relation import Relation
from kgqa.linking.literals import find
from kgqa.linking.ranges import MAX_RANGES, describe, parse_range, ranges


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def sets(graph: Graph, question: str) -> dict[str, set[str]]:
    """{description of a set: labels of those it holds} of all literals."""
    return {
        describe(graph, within).description: {
            graph.label(e) for e in graph.numbers.holders(within).tolist()
        }
        for literal in find(question)
        for within in ranges(graph, literal)
    }


def attributes(graph: Graph, question: str) -> set[str]:
    return {
        graph.relations[within.relation].id
        for literal in find(question)
        for within in ranges(graph, literal)
    }


def test_sets_that_hold_nobody_or_everybody_are_left_out(graph):
    assert sets(graph, "two hours") == {
        "run time less than 120 minutes": {"Alien", "300", "1941"},
        "run time at most 120 minutes": {"Alien", "300", "1941"},
        "run time more than 120 minutes": {"Jaws", "Heat"},
        "run time at least 120 minutes": {"Jaws", "Heat"},
    }
    held = sets(graph, "117 minutes")
    assert held["run time 117 minutes"] == {"Alien", "300"}
    assert "run time less than 117 minutes" not in held  # nobody
    assert "run time at least 117 minutes" not in held  # everybody


def test_a_decade_is_years_and_days(graph):
    held = sets(graph, "the 1970s")
    assert held["release year 1970–1979"] == {"Jaws", "Alien", "1941"}
    assert held["release date 1970–1979"] == {"Jaws", "Alien", "1941"}
    assert held["release year after 1979"] == {"Heat", "300"}
    assert not any("before" in words for words in held)  # nobody


def test_a_day_is_compared_with_days_and_its_year_with_years(graph):
    held = sets(graph, "25 May 1979")
    assert held["release date 25 May 1979"] == {"Alien"}
    assert held["release date before 25 May 1979"] == {"Jaws"}
    assert held["release year 1979"] == {"Alien", "1941"}


def test_units_decide_which_attributes_fit(graph):
    assert attributes(graph, "120 minutes") == {"run time"}
    assert attributes(graph, "$200 million") == {"box office"}
    assert attributes(graph, "100,000 km²") == attributes(graph, "50,000 square miles") == {"area"}
    assert attributes(graph, "1990") == {"release year", "release date", "length"}
    assert attributes(graph, "two") == {"awards"}  # everybody or nobody of all others
    assert attributes(graph, "1000") == {"length"}
    assert attributes(graph, "3000") == {"length", "height"}  # no year
    assert attributes(graph, "120") == {"run time"}
    assert attributes(graph, "3000 m") == {"height", "length"}
    assert attributes(graph, "12 percent") == set()


def test_attributes_of_the_unit_that_is_said_come_first(graph):
    order = [graph.relations[within.relation].id for within in ranges(graph, find("1990")[0])]
    assert set(order[:10]) >= {"release year", "release date"} and order[-1] == "length"


def test_a_unit_of_the_same_kind_is_converted(graph):
    assert sets(graph, "2 miles")["height more than 3218.688 m"] == {"Nile"}


def test_at_most_thirty_sets_and_those_of_an_attribute_stay_together(tmp_path):
    names = [f"attribute {chr(97 + i)}" for i in range(12)]
    builder = GraphBuilder("many", [Relation(name, name, "", literal=True) for name in names])
    for value in (1, 2, 3):
        entity = builder.entity("thing", f"thing {value}")
        for name in names:
            builder.number(entity, name, value, str(value))
    builder.write(tmp_path)
    graph = Graph.load(tmp_path)
    found = ranges(graph, find("two")[0])
    assert len(found) == MAX_RANGES
    assert {w.compare for w in found if w.relation == found[0].relation} == set(COMPARE)
    assert len(ranges(graph, find("two")[0], limit=7)) == 5


# -- in words and back -----------------------------------------------------------------------------


def shown(graph: Graph, relation: str, low: float, high: float, compare: str) -> str:
    within = ValueRange.of(graph.relation_index[relation], low, high, compare)
    entity = describe(graph, within)
    assert entity.kind == "range" and parse_range(graph, entity.id) == within
    return entity.label


def test_sets_are_said_as_people_say_them(graph):
    assert shown(graph, "release year", 1990, 1990, "less") == "before 1990"
    assert shown(graph, "release year", 1980, 1989, "in") == "1980–1989"
    assert shown(graph, "release year", 1980, 1989, "more") == "after 1989"
    assert shown(graph, "release year", -44, -44, "in") == "44 BC"
    assert shown(graph, "run time", 120, 120, "more") == "more than 120 minutes"
    assert shown(graph, "run time", 120, 120, "at least") == "at least 120 minutes"
    assert shown(graph, "box office", 1e8, 1e8, "at most") == "at most $100,000,000"
    assert shown(graph, "length", 0.1, 0.1, "less") == "less than 0.1"
    assert shown(graph, "run time", 1, 1, "in") == "1 minute"
    assert shown(graph, "area", 0.5, 25899.5, "in") == "0.5–25,899.5 km²"
    first, last = day("1975-01-01"), day("1975-12-31")
    assert shown(graph, "release date", first, last, "in") == "1975"
    assert shown(graph, "release date", first, last, "less") == "before 1975"
    assert shown(graph, "release date", first, last, "more") == "after 1975"
    assert shown(graph, "release date", first, first + 30, "in") == "January 1975"
    assert shown(graph, "release date", first, last + 31, "in") == "January 1975–January 1976"
    assert shown(graph, "release date", first + 1, last, "in") == "2 January 1975–31 December 1975"
    assert shown(graph, "release date", first, first, "in") == "1 January 1975"
    assert shown(graph, "release date", first, first + 30, "at most") == "up to January 1975"
    assert shown(graph, "release date", first + 1, first + 1, "at least") == "since 2 January 1975"


def test_the_id_names_the_attribute_and_the_bound(graph):
    within = ValueRange.of(graph.relation_index["release year"], 1990, 1990, "less")
    entity = describe(graph, within)
    assert entity.id == "range:release year<1990"
    assert entity.description == "release year before 1990"


NAMES = ["release year", "release date", "run time", "box office", "area", "length"]
BOUND = st.floats(allow_nan=False, allow_infinity=False, width=32)


@given(st.sampled_from(NAMES), BOUND, BOUND, st.sampled_from(COMPARE))
def test_every_set_comes_back_from_its_id(graph, relation, a, b, compare):
    within = ValueRange.of(graph.relation_index[relation], min(a, b), max(a, b), compare)
    assert parse_range(graph, describe(graph, within).id) == within


@pytest.mark.parametrize(
    "id",
    ["", "film:Jaws", "range:", "range:nothing<3", "range:run time", "range:run time<"]
    + ["range:run time<nan", "range:run time<inf", "range:run time<1e999", "range:run time=9..1"]
    + ["range:run time<1_0", "range:run time<١", "range:-run time<1", "range:run time<1\n"],
)
def test_other_ids_are_no_sets(graph, id):
    assert parse_range(graph, id) is None
