"""Wordings from the names of relations: their number, their directions, their question words."""

from __future__ import annotations

import pytest

from kgqa.graph.builder import GraphBuilder
from kgqa.graph.relation import Relation, relation_of
from kgqa.writer import generic_wordings
from kgqa.writer.phrase import phrase_of


def wording(name: str, head: str = "zorb", tail: str = "blick"):
    """The wording of one relation between entities of two kinds."""
    builder = GraphBuilder("one relation", [relation_of(name)])
    for i in range(3):
        builder.triple(builder.entity(head, f"H{i} A"), name, builder.entity(tail, f"T{i} B"))
    return generic_wordings(builder.build())[name]


NAMES = "overseer has_glaze wrote serves_in born_in painted_by responsible_for in_zone drawn_to"


@pytest.mark.parametrize("name", NAMES.split())
def test_each_direction_has_twelve_wordings_and_a_class_phrase(name):
    found = wording(name)
    assert len(found.forward) >= 12
    assert len(found.inverse) >= 12
    assert len(set(found.forward + found.inverse)) == len(found.forward + found.inverse)
    assert any(phrase_of(line).noun for line in found.phrases(inverse=True))
    assert found.checks()


def test_directions_of_a_verb_are_told_apart():
    found = wording("serves_in")
    assert "what does {} serve in?" in found.forward
    assert "what serves in {}?" in found.inverse or "who serves in {}?" in found.inverse


def test_a_passive_is_a_verb_the_other_way_round():
    found = wording("painted_by")
    assert "what painted {}?" in found.forward or "who painted {}?" in found.forward
    assert "blicks that painted {}" not in found.inverse


def test_persons_are_asked_for_by_who():
    assert "who is the overseer of {}?" in wording("overseer", tail="employee").forward
    assert "what is the overseer of {}?" in wording("overseer", tail="company").forward


def test_class_words_come_from_kinds():
    found = wording("has_glaze", head="TeaPot", tail="glaze")
    assert "which tea pots have {} as glaze?" in found.inverse
    assert "tea pots whose glaze is {}" in found.inverse


def test_a_common_relation_has_words_of_its_own():
    assert "who does {} work for?" in wording("employer").forward
    assert "who works for {}?" in wording("employer").inverse
    assert "who does {} work for?" in wording("employees").inverse  # read the other way round
    assert "who works for {}?" in wording("employees").forward


def test_common_words_are_left_out_where_the_sides_are_of_other_kinds():
    film = wording("director", head="film", tail="person")
    rule = wording("director", head="person", tail="city")
    assert "what did {} direct?" in film.inverse
    assert "what did {} direct?" not in rule.inverse


def test_an_attribute_has_extremes_and_bounds(firm):
    salary = generic_wordings(firm)["salary"]
    assert "best paid" in salary.most and "how much does {} earn?" in salary.forward
    assert "with a salary of more than {}" in salary.more
    assert salary.inverse == ()


@pytest.mark.parametrize("name", ["founded", "hired", "discontinued", "zzinaugurated", "launched"])
def test_a_participle_that_is_dated_is_asked_for_by_when(name):
    year = Relation(name, name, "", literal=True, unit="year")
    builder = GraphBuilder("dated", [year])
    for i in range(3):
        builder.number(builder.entity("firm", f"H{i} A"), name, 1990 + i, str(1990 + i))
    forward = generic_wordings(builder.build())[name].forward
    known = not name.startswith("zz")  # what is no verb is a noun
    assert (f"when was {{}} {name}?" in forward) is known
    assert not (known and any(f"the {name} of" in line for line in forward))


def test_kinds_and_classes_have_words(firm):
    kinds = generic_wordings(firm).kinds
    assert kinds["employee"] == (("employee", "employees"),)
    assert kinds["city"] == (("city", "cities"),)
