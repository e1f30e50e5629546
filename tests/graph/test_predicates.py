"""What predicates of RDF are for."""

from __future__ import annotations

import pytest

from kgqa.graph.importer import predicates as known


@pytest.mark.parametrize(
    ("predicate", "what"),
    [
        ("http://e.org/director", "fact"),
        ("http://schema.org/director", "fact"),
        ("http://dbpedia.org/ontology/birthPlace", "fact"),
        ("http://dbpedia.org/ontology/wikiPageRevisionID", "bookkeeping"),
        ("http://dbpedia.org/ontology/imdbId", "bookkeeping"),
        ("http://www.w3.org/2002/07/owl#differentFrom", "bookkeeping"),
        ("http://www.wikidata.org/prop/direct-normalized/P214", "bookkeeping"),
        ("http://e.org/terms#uuid", "bookkeeping"),
        ("http://e.org/instance of", "type"),
        ("http://www.wikidata.org/prop/direct/P31", "type"),
        ("http://e.org/surname", "fact"),
        ("http://e.org/jobTitle", "fact"),
    ],
)
def test_the_role_of_a_predicate(predicate, what):
    assert known.role(predicate, literal=False).what == what


def test_words_of_a_source_are_names_only_if_they_lead_to_texts():
    assert known.role("http://e.org/title", literal=False).what == "fact"
    assert known.role("http://e.org/title", literal=True) == known.Role("label", known.TITLES)
    assert known.role("http://e.org/Name", literal=True) == known.Role("label", known.NAMES)


@pytest.mark.parametrize(
    ("iri", "last"), [("http://e/a#b", "b"), ("http://e/a/b/", "b"), ("urn:x:b", "b"), ("b", "b")]
)
def test_the_last_part_of_an_iri(iri, last):
    assert known.last_part(iri) == last


def test_well_known_namespaces_are_short():
    assert known.short_name("http://www.wikidata.org/prop/direct/P31") == "wdt:P31"
    assert known.short_name("http://e.org/x") == "http://e.org/x"
