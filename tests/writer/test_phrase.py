"""Wordings put together: agreement, clauses, phrases of one and of several."""

from __future__ import annotations

import pytest

from kgqa.writer.phrase import fill, is_phrase, joined, negated, phrase_of, predicate, single

WORK = phrase_of("people who work for {}")
LIVE = phrase_of("people who live in {}")
PART = phrase_of("films directed by {}")


@pytest.mark.parametrize(
    ("line", "filled"),
    [
        ("who does {} work for?", "who do A and B work for?"),
        ("what is {} known for?", "what are A and B known for?"),
        ("{} works for whom?", "A and B work for whom?"),
        ("{} has which head?", "A and B have which head?"),
        ("who works for {}?", "who works for A and B?"),
    ],
)
def test_verbs_agree_with_several_names(line, filled):
    assert fill(line, "A and B", plural=True) == filled


def test_a_class_phrase_is_a_class_word_and_a_clause():
    assert (WORK.noun, WORK.clause, WORK.said) == ("people", "who work for {}", True)
    assert (PART.noun, PART.clause) == ("films", "directed by {}")
    assert phrase_of("films that {} directed").said is False  # its subject is the slot
    assert phrase_of("stops on {}", frozenset(["stops"])).noun == "stops"


def test_a_definite_phrase_has_no_class_word():
    phrase = phrase_of("the employers of {}")
    assert (phrase.noun, phrase.head, phrase.plural) == ("", "employers", True)
    assert phrase.fill("Ann").definite == "the employers of Ann"
    assert PART.fill("Ann").definite == "the films directed by Ann"


@pytest.mark.parametrize(
    ("clause", "said", "opposite"),
    [
        ("who work for X", "work for X", "do not work for X"),
        ("who wrote X", "wrote X", "did not write X"),
        ("that are in X", "are in X", "are not in X"),
        ("directed by X", "were directed by X", "not directed by X"),
        ("located in X", "are located in X", "not located in X"),
        ("starring X", "star X", "not starring X"),
        ("with X", "have X", "not with X"),
        ("that X owns", "", ""),
    ],
)
def test_clauses_are_said_and_denied(clause, said, opposite):
    assert predicate(clause) == said
    assert negated(clause) == opposite


@pytest.mark.parametrize(
    ("first", "second", "word", "text"),
    [
        (WORK, LIVE, "and", "people who work for {} and live in {}"),
        (WORK, PART, "and", "people who work for {} and were directed by {}"),
        (PART, PART, "and", "films directed by {} and directed by {}"),
        (WORK, LIVE, "but", "people who work for {} but do not live in {}"),
    ],
)
def test_a_second_clause_narrows_a_phrase(first, second, word, text):
    assert joined(first, second.clause, word).text == text


def test_one_of_a_class_has_its_own_verb():
    assert single(WORK) == ("person", "who works for {}")
    assert single(PART) == ("film", "directed by {}")


def test_requests_are_no_phrases():
    assert is_phrase("the employer of {}") and is_phrase("people in {}")
    assert not is_phrase("name everybody in {}") and not is_phrase("who is in {}?")
