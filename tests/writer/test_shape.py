"""Names of relations taken apart."""

from __future__ import annotations

import pytest

from kgqa.writer.shape import Form, shape_of


@pytest.mark.parametrize(
    "name", ["director", "has genre", "release year", "cause of death", "cast member", "date of x"]
)
def test_a_noun_is_what_the_tails_are_to_the_heads(name):
    shape = shape_of(name)
    assert shape.form is Form.NOUN and not shape.swapped
    assert shape.noun == name.removeprefix("has ")


def test_a_noun_with_of_names_the_heads():
    shape = shape_of("capital_of")
    assert (shape.form, shape.noun, shape.swapped) == (Form.NOUN, "capital", True)
    assert shape_of("is the favourite subject of").noun == "favourite subject"


@pytest.mark.parametrize(
    ("name", "verb", "preposition", "noun", "past"),
    [
        ("worksFor", "work", "for", "", False),
        ("WORKS_FOR", "work", "for", "", False),
        ("serves in regiment", "serve", "in", "regiment", False),
        ("drives vehicle", "drive", "", "vehicle", False),
        ("directed", "direct", "", "", True),
        ("acted in", "act", "in", "", True),
        ("shares desk with", "share", "desk with", "", False),
        ("borders", "border", "", "", False),
    ],
)
def test_a_verb_says_what_heads_do(name, verb, preposition, noun, past):
    shape = shape_of(name)
    assert shape.form is Form.VERB and not shape.swapped
    assert (shape.verb.base, shape.preposition, shape.noun) == (verb, preposition, noun)
    assert shape.past is past


def test_a_passive_says_what_tails_do():
    shape = shape_of("written by")
    assert (shape.form, shape.verb.base, shape.swapped, shape.past) == (
        *(Form.VERB, "write", True, True),
    )


@pytest.mark.parametrize(
    ("name", "verb", "preposition"),
    [("born in", "bear", "in"), ("is located in", "locate", "in"), ("used to write", "use", "to")],
)
def test_a_participle_says_what_is_done_to_heads(name, verb, preposition):
    shape = shape_of(name)
    assert (shape.form, shape.verb.base) == (Form.PARTICIPLE, verb)
    assert shape.preposition.split()[0] == preposition


def test_prepositions_alone_say_where_heads_are():
    assert shape_of("in country").noun == "country"
    for name in ("under the care of", "responsible for", "is from"):
        assert shape_of(name).form is Form.PREPOSITION
