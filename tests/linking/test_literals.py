"""Literals: which words stand for numbers, and what the linker makes of them beside names."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgqa.graph import Graph
from kgqa.graph.names import ALIAS_KINDS, words
from kgqa.linking import Link, Linker
from kgqa.linking.linker import MAX_CANDIDATES, MAX_SPANS
from kgqa.linking.literals import Literal, find
from kgqa.linking.ranges import MAX_RANGES, describe


def span(question: str, literal: Literal) -> str:
    tokens = words(question)
    return question[tokens[literal.first][0] : tokens[literal.last][1]]


def spans(question: str) -> list[str]:
    return [span(question, literal) for literal in find(question)]


# -- spans -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("films between 1980 and 1990", ["1980", "1990"]),
        ("films before 1990 over two hours", ["1990", "two hours"]),
        ("at least two and at most three", ["two", "three"]),
        ("31 February 1975", ["31", "February 1975"]),  # there is no such day
        ("1, 2 and 3", ["1", "2", "3"]),
    ],
)
def test_literals_end_where_other_words_begin(question, expected):
    assert spans(question) == expected


@pytest.mark.parametrize(
    "question",
    ["Se7en", "B2B", "9/11", "at 10:30", "the second hour", "hundreds", "ſix", "a", "may", "12th"]
    + ["2,000,000,000,000,000,000", "1234567890123456", "é1975", "1975é", "a second", "centuries"],
)
def test_what_is_no_literal(question):
    assert find(question) == []


def test_a_unit_that_is_said_is_no_plain_number():
    assert not find("two hours")[0].plain and not find("$5")[0].plain
    assert find("two")[0].plain and find("1975")[0].plain and not find("the 1970s")[0].plain
    assert find("1975")[0].units == {"year", "date", ""}


TOKENS = (
    "19 1975 80s 'S ’75 , . - – : / $ % and a half an hour hours h m minutes two hundred thousand "
    "million june 31 st century BC AD km² square miles twenty first \u00e9 \u0301"
).split(" ")


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(TOKENS)).map(" ".join)))
def test_any_text_gives_ordered_literals_with_ordered_bounds(text):
    last = -1
    for literal in find(text):
        assert last < literal.first <= literal.last < len(words(text))
        assert literal.readings
        last = literal.last
        for reading in literal.readings:
            assert reading.low <= reading.high
            assert not math.isnan(reading.low) and not math.isnan(reading.high)


@given(st.lists(st.sampled_from(TOKENS)).map("".join))
def test_words_run_together_never_raise(text):
    find(text)


@pytest.mark.parametrize(
    "part", ["two hundred thousand and ", "1,", "9", "1 ", "a half ", "twenty-", "1h ", "$", "' "]
)
def test_reading_takes_time_linear_in_the_length(part):
    """32 times the text takes far less than the 1,024 times of quadratic time."""

    def seconds(length: int) -> float:
        text = (part * length)[:length]
        times = []
        for _ in range(3):
            start = time.process_time()
            find(text)
            times.append(time.process_time() - start)
        return min(times)

    assert seconds(16_000) < 200 * max(seconds(500), 1e-4)


# -- beside names ----------------------------------------------------------------------------------


def proposed(graph: Graph, link: Link) -> dict[str, list[str]]:
    """{text of the span: entities by label, then sets by id}."""
    result: dict[str, list[str]] = {}
    for p in link.proposals:
        names = result.setdefault(link.text(p), [])
        for candidate, kind in zip(p.entities, p.alias_kinds, strict=True):
            within = link.range_of(candidate, graph.num_entities)
            if within is None:
                names.append(f"{graph.kind_of(candidate)}:{graph.label(candidate)}")
            else:
                assert ALIAS_KINDS[kind] == within.compare
                names.append(describe(graph, within).id)
    return result


def test_entities_come_before_sets_in_one_proposal(graph):
    found = proposed(graph, Linker(graph)("films of 1979 over two hours"))
    assert found["1979"][0] == "year:1979" and "range:release year=1979" in found["1979"]
    assert all(name.startswith("range:") for name in found["1979"][1:])
    assert "range:run time>120" in found["two hours"]
    titles = proposed(graph, Linker(graph)("300 or 1941"))
    assert titles["300"][0] == "film:300" and titles["1941"][0] == "film:1941"


def test_codes_of_several_literals_index_one_list(graph):
    link = Linker(graph)("films of 1979 over two hours, since 1990")
    codes = [e - graph.num_entities for p in link.proposals for e in p.entities]
    assert sorted(c for c in codes if c >= 0) == list(range(len(link.ranges)))
    assert [p.first for p in link.proposals] == sorted(p.first for p in link.proposals)


def test_literals_have_places_where_names_are_many(graph):
    question = "Jaws Alien Heat Po Nile " * 6 + "before 1990"
    link = Linker(graph)(question)
    assert len(link.proposals) == MAX_SPANS and "1990" in proposed(graph, link)


@given(st.lists(st.sampled_from([*TOKENS, "Jaws", "Alien", "300"])).map(" ".join))
def test_proposals_are_bounded(graph, text):
    link = Linker(graph)(text)
    assert len(link.proposals) <= MAX_SPANS
    for p in link.proposals:
        entities = [e for e in p.entities if e < graph.num_entities]
        assert 0 < len(p.entities) == len(p.alias_kinds) == len(set(p.entities))
        assert len(entities) <= MAX_CANDIDATES
        assert len(p.entities) - len(entities) <= MAX_RANGES
        assert max(p.entities) < graph.num_entities + len(link.ranges)


TITLES = ["2001: A Space Odyssey", "12 Angry Men", "Seven", "Fantastic Four", "District 9"]


@pytest.mark.parametrize("title", TITLES)
def test_titles_with_numbers_are_proposed_as_before(default, title):
    question = f"Who directed {title}?"
    before, after = (Linker(default, literals=on)(question) for on in (False, True))
    names = {
        (p.first, p.last): tuple(e for e in p.entities if e < default.num_entities)
        for p in after.proposals
    }
    assert title in {before.text(p) for p in before.proposals}
    assert all(names[p.first, p.last] == p.entities for p in before.proposals)


def test_literals_need_numbers(toy, default, graph):
    assert Linker(toy)("films of 2002").ranges == ()
    assert Linker(default)("films of 2002").ranges
    assert Linker(graph, literals=False)("two hours").proposals == ()


def test_sets_hold_who_they_say(graph):
    link = Linker(graph)("the 1970s")
    for within in link.ranges:
        values = graph.numbers.of(within.relation, np.arange(graph.num_entities))
        held = np.flatnonzero((values >= within.low) & (values <= within.high))
        assert held.tolist() == graph.numbers.holders(within).tolist()
        assert graph.numbers.count(within) == len(held) > 0
