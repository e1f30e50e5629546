"""Plurals, forms of verbs and comparatives."""

from __future__ import annotations

import pytest

from kgqa.writer.english import comparative, forms, is_plural, plural, singular, verb_of


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("film", "films"),
        ("city", "cities"),
        ("child", "children"),
        ("cause of death", "causes of death"),
        ("salesperson", "salespeople"),
        ("box", "boxes"),
        ("status", "statuses"),
        ("movie", "movies"),
        ("series", "series"),
        ("bus", "buses"),
    ],
)
def test_singular_and_plural_lead_to_each_other(one, many):
    assert plural(one) == many
    assert plural(many) == many
    assert singular(many) == one
    assert singular(one) == one
    assert is_plural(many)


@pytest.mark.parametrize(
    ("word", "base", "third", "past", "participle", "ing"),
    [
        ("wrote", "write", "writes", "wrote", "written", "writing"),
        ("plays", "play", "plays", "played", "played", "playing"),
        ("supplied", "supply", "supplies", "supplied", "supplied", "supplying"),
        ("starring", "star", "stars", "starred", "starred", "starring"),
        ("born", "bear", "bears", "bore", "born", "bearing"),
        ("founded", "found", "founds", "founded", "founded", "founding"),
        ("taught", "teach", "teaches", "taught", "taught", "teaching"),
    ],
)
def test_any_form_gives_all_forms(word, base, third, past, participle, ing):
    verb = forms(word)
    assert (verb.base, verb.third, verb.past) == (base, third, past)
    assert (verb.participle, verb.ing) == (participle, ing)


def test_nouns_are_no_verbs():
    assert forms("director") is None
    assert verb_of("googol").third == "googols"


def test_comparatives_come_from_superlatives():
    assert comparative("oldest") == "older"
    assert comparative("most populous") == "more populous"
    assert comparative("least populous") == "less populous"
    assert comparative("latest") == "later"
    assert comparative("first") == ""
