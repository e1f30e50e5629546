"""The words of a relation: those that its graph brings, and neutral ones where it brings none."""

from __future__ import annotations

import pytest

from kgqa.graph.relation import Relation, relation_of


@pytest.fixture
def director() -> Relation:
    return Relation(
        "director",
        "director",
        "directed",
        sentence="{head} was directed by {tail}",
        question="Who directed {}?",
        inverse_question="Which films did {} direct?",
    )


def test_a_fact_is_told_by_the_sentence_of_its_relation(director):
    assert director.fact("Jaws", "Steven Spielberg") == "Jaws was directed by Steven Spielberg"
    assert director.ask("Jaws") == "Who directed Jaws?"
    assert director.ask("Spielberg", inverse=True) == "Which films did Spielberg direct?"


def test_a_relation_without_sentences_is_told_by_its_label():
    director = Relation("d", "designed by", "designed")
    assert director.fact("Python", "Guido") == "Python, designed by: Guido"
    assert director.ask("Python") == "What is the designed by of Python?"


def test_a_name_that_looks_like_a_slot_stays_as_it_is(director):
    assert director.fact("{tail}", "{head}") == "{tail} was directed by {head}"
    odd = Relation("{head}", "{head} {}", "")
    assert odd.fact("a", "b") == "a, {head} {}: b"
    assert odd.ask("{}") == "What is the (head) () of {}?"


def test_what_is_written_to_json_is_read_again(director):
    assert Relation.from_dict(director.to_dict()) == director
    assert list(Relation("a", "b", "").to_dict()) == [
        "id",
        "label",
        "inverse",
        "literal",
        "triples",
    ]


def test_an_article_fits_the_name_after_it():
    is_a = Relation("is a", "is a", "instances of", sentence="{head} is a {tail}")
    assert is_a.fact("Jaws", "film") == "Jaws is a film"
    assert is_a.fact("Mona Lisa", "artwork") == "Mona Lisa is an artwork"


def test_words_for_numbers_are_stored_where_there_are_some():
    run_time = Relation("run time", "run time", "", unit="minutes", most="longest")
    values = run_time.to_dict()
    assert (values["unit"], values["most"]) == ("minutes", "longest") and "least" not in values
    assert Relation.from_dict(values) == run_time


@pytest.mark.parametrize(
    ("identifier", "label", "inverse", "context"),
    [
        ("starred_actors", "starred actors", "starred actors of", ""),
        ("directed_by", "directed by", "directed by, reversed", ""),
        ("/film/film/genre", "genre", "genre of", "film"),
        (
            "/people/person/places_lived./people/place_lived/location",
            "places lived, location",
            "places lived, location of",
            "people person place",
        ),
        ("/", "/", "/ of", ""),
        (" ", " ", "  of", ""),
        ("http://example.org/films#castMember", "cast member", "cast member of", ""),
        ("http://example.org/directed_by/", "directed by", "directed by, reversed", ""),
        ("http://example.org/caf%C3%A9Owner", "cafe owner", "cafe owner of", ""),
        ("worksFor", "works for", "works for, reversed", ""),
        ("WORKS_FOR", "works for", "works for, reversed", ""),
        ("ISBNNumber", "isbn number", "isbn number of", ""),
        ("dbo:birthPlace", "birth place", "birth place of", ""),
        (":KNOWS", "knows", "knows of", ""),
        ("urn:firm:worksFor", "works for", "works for, reversed", ""),
        ("works%20for", "works for", "works for, reversed", ""),
        ("start: date", "start date", "start date of", ""),  # words, and no prefix
        ("time:2010", "time 2010", "time 2010 of", ""),
    ],
)
def test_a_relation_is_labelled_by_the_words_of_its_identifier(identifier, label, inverse, context):
    assert relation_of(identifier) == Relation(identifier, label, inverse, context=context)


def test_a_label_that_a_source_gives_is_taken_as_it_is():
    relation = relation_of("http://www.wikidata.org/prop/direct/P69", "  educated\n at ")
    assert (relation.label, relation.inverse) == ("educated at", "educated at, reversed")
    assert relation_of("f_17", "Boss").inverse == "Boss of"
    assert relation_of("directedBy", " ") == relation_of("directedBy")
