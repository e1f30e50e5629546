"""Questions made of others: their grammar, their answers, and what is not joined."""

from __future__ import annotations

import pytest

from kgqa.linking import Linker
from kgqa.programs.search import Searcher
from kgqa.questions import Question
from kgqa.training.dataset import nested
from kgqa.training.recombine import noun_phrase, recombine
from tests.programs.graphs import states


@pytest.fixture(scope="module")
def graph():
    return states()


@pytest.fixture(scope="module")
def linker(graph):
    return Linker(graph)


@pytest.mark.parametrize(
    ("question", "phrase"),
    [
        ("What is the capital of Utah?", "the capital of utah"),
        ("whats the largest state", "the largest state"),
        ("Name the rivers of Idaho", "the rivers of idaho"),
        ("Which states border Utah?", "the states that border utah"),
        ("which state has the largest area", "the state that has the largest area"),
        ("what states does the Snake run through", ""),
        ("How many states border Utah?", ""),
        ("where is Boise", ""),
        ("what is Boise", ""),
    ],
)
def test_what_a_question_asks_for_as_a_phrase(linker, graph, question, phrase):
    link = linker(question)
    classes = [
        (p.first, p.last)
        for p in link.proposals
        if any(len(graph.classes.members(e)) for e in p.entities if e < graph.num_entities)
    ]
    assert noun_phrase(question, link, classes) == phrase


@pytest.fixture(scope="module")
def asked(graph):
    """Questions about the states, answered from the graph itself."""
    borders, capital = (graph.relation_index[r] for r in ("borders", "capital"))
    rows = []
    for e in range(graph.num_entities):
        name = graph.label(e)
        if graph.key(e).startswith("state:"):
            near = tuple(map(graph.key, graph.tails(e, borders).tolist()))
            if near:
                rows.append(Question(f"b{e}", f"Which states border {name}?", near))
            (city,) = graph.tails(e, capital).tolist()
            rows.append(Question(f"c{e}", f"What is the capital of {name}?", (graph.key(city),)))
    return rows


@pytest.fixture(scope="module")
def explained(graph, linker, asked):
    """Links, and the explanation without operators of each question."""
    search, links = Searcher(graph), [linker(q.question) for q in asked]
    pairs = zip(links, asked, strict=True)
    return links, [tuple(search(link, graph.find_all(q.answers)))[:1] for link, q in pairs]


def test_new_questions_nest_and_their_answers_are_those_of_the_nested_program(
    graph, asked, explained
):
    links, found = explained
    sure = [(0.0,) * len(own) for own in found]
    new = recombine(graph, asked, links, found, sure)
    assert new == recombine(graph, asked, links, found, sure)
    texts = {q.question: q for q in new}
    assert len(new) == len(texts) and not texts.keys() & {q.question for q in asked}
    borders, capital = (graph.relation_index[r] for r in ("borders", "capital"))
    checked = 0
    for e in range(graph.num_entities):
        name = graph.label(e)
        question = texts.get(f"What is the capital of the states that border {name.lower()}?")
        if question is not None:
            near = graph.tails(e, borders).tolist()
            cities = {graph.key(c) for n in near for c in graph.tails(n, capital).tolist()}
            assert set(question.answers) == cities
            checked += 1
    assert checked >= 2
    assert not any("the capital of the capital" in q.question for q in new)  # of another class


def test_unsure_explanations_take_no_part(graph, asked, explained):
    links, found = explained
    unsure = [(-5.0,) * len(own) for own in found]
    assert recombine(graph, asked, links, found, unsure) == []


def test_explanations_are_weighed_before_they_are_joined(graph, asked, explained):
    assert nested(graph, asked, explained[1])
