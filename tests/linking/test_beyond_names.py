"""Mentions beyond names as they are written: numbers in them, and question words."""

from __future__ import annotations

import pytest

from kgqa.graph.builder import GraphBuilder
from kgqa.graph.relation import relation_of
from kgqa.linking import Linker
from tests.linking.test_linker import proposed


@pytest.fixture(scope="module")
def firm_linker():
    builder = GraphBuilder("a firm", [relation_of("is a"), relation_of("works in")])
    classes = [builder.entity("class", name) for name in ("employee", "city")]
    for i, name in enumerate(("Ann Abel", "Bo Brook", "Cy Crane", "Lund", "Oslo")):
        kind = "city" if i > 2 else "employee"
        entity = builder.entity(kind, name)
        builder.triple(entity, "is a", classes[i > 2])
    return Linker(builder.build())


@pytest.fixture(scope="module")
def numbers(graph):
    return Linker(graph)


@pytest.mark.parametrize(
    ("question", "span", "film"),
    [
        ("cast of twelve angry men", "twelve angry men", "12 Angry Men"),
        ("who directed 7 samurai", "7 samurai", "Seven Samurai"),
        ("twelve monkeys cast", "twelve monkeys", "12 Monkeys"),
        ("when did 12 angry men come out", "12 angry men", "12 Angry Men"),
    ],
)
def test_a_number_in_a_name_may_be_written_in_words_or_digits(
    default_linker, default, question, span, film
):
    spans = proposed(default_linker, question)
    assert film in {default.label(default.find(key)) for key in spans[span]}


def test_where_nothing_is_named_a_question_word_is_proposed_for_what_there_is(firm_linker):
    graph = firm_linker.graph

    def asked(question: str) -> dict[str, list[str]]:
        link = firm_linker(question)
        assert not link.named
        return {link.text(p): [graph.label(e) for e in p.entities] for p in link.proposals}

    assert asked("Who earns the most?") == {"Who": ["employee"]}
    assert asked("so what is the largest") == {"what": ["employee", "city"]}
    assert asked("which one was founded first") == {"which": ["employee", "city"]}
    assert firm_linker("hello there").proposals == ()
    named = firm_linker("Who works with Ann Abel?")
    assert named.named and "Who" not in map(named.text, named.proposals)


def test_without_classes_a_question_word_is_no_mention(numbers):
    assert numbers("what is the largest").proposals == ()
