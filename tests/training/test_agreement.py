"""What is meant repeats across questions, and what is right by luck does not."""

from __future__ import annotations

import math

import pytest

from kgqa.graph.operators import Operator, position_of
from kgqa.linking import Linker
from kgqa.programs.explanation import Explanation, Seed
from kgqa.programs.program import Branch, Chain
from kgqa.training.agreement import LOWEST, agreement, price
from tests.programs.graphs import states


@pytest.fixture(scope="module")
def graph():
    return states()


@pytest.fixture(scope="module")
def linked(graph):
    linker = Linker(graph)
    return lambda *questions: [linker(question) for question in questions]


@pytest.fixture
def start(graph):
    """start(link, name, *entries, readout) -> an explanation that starts from a name."""

    def start(link, name, *entries, **options):
        span = next(i for i, p in enumerate(link.proposals) if link.text(p).lower() == name)
        chain = Chain.of(*(position_of(graph, Operator.parse(e)) for e in entries))
        return Explanation.of(Branch(Seed(span, 0), chain), **options)

    return start


def test_what_explains_many_questions_wins_over_what_explains_one(graph, linked, start):
    links = linked("neighbours of Utah", "neighbours of Idaho", "neighbours of Nevada")
    rows = [
        [start(link, name, "borders"), start(link, name, luck)]
        for link, name, luck in zip(
            links, ("utah", "idaho", "nevada"), ("-runs", "capital", "is a"), strict=True
        )
    ]
    for meant, lucky in agreement(links, rows, graph):
        assert meant > lucky


def test_a_symbol_that_the_question_names_is_preferred_from_the_beginning(graph, linked, start):
    (link,) = linked("the capital of Utah")
    rows = [[start(link, "utah", "borders"), start(link, "utah", "capital")]]
    ((borders, capital),) = agreement([link], rows, graph)
    assert capital > borders


def test_the_weights_of_a_question_are_probabilities(graph, linked, start):
    (link,) = linked("what does Utah border")
    rows = [[start(link, "utah", r) for r in ("borders", "capital", "-runs")]]
    (weights,) = agreement([link], rows, graph)
    assert sum(map(math.exp, weights)) == pytest.approx(1.0, abs=3 * math.exp(LOWEST))


def test_what_is_farther_fetched_has_a_higher_price(graph, linked, start):
    (link,) = linked("Utah")
    short = price(start(link, "utah", "borders"), graph)
    assert short < price(start(link, "utah", "borders", "most(population)"), graph)
    most = start(link, "utah", "borders", "most(population)")
    second = start(link, "utah", "borders", "most(population, 2)")
    assert price(most, graph) < price(second, graph)
    assert short < price(start(link, "utah", "borders", combine="|"), graph)


def test_questions_without_explanations_have_none(graph, linked):
    assert agreement(linked("Utah", "Idaho"), [[], []], graph) == [(), ()]
