"""The words for relations of the default graph."""

from __future__ import annotations

from kgqa.films.relations import relations


def test_every_relation_has_a_sentence_and_questions_both_ways():
    for relation in relations():
        assert "{head}" in relation.sentence and "{tail}" in relation.sentence, relation
        assert relation.question.count("{}") == 1, relation
        assert relation.inverse_question.count("{}") == (0 if relation.literal else 1), relation


def test_questions_of_one_kind_of_node_differ():
    """Countries and years have several relations; each is asked in words of its own."""
    questions = [q for r in relations() for q in (r.question, r.inverse_question) if q]
    same = {q for q in questions if questions.count(q) > 1}
    assert same == {
        "Which countries border {}?",  # the same both ways
        "Which country is {} from?",  # of films and of people
    }


def test_a_fact_reads_as_a_sentence():
    by_id = {relation.id: relation for relation in relations()}
    fact = by_id["exhibited at"].fact("Mona Lisa", "Louvre Museum")
    assert fact == "Mona Lisa is exhibited at Louvre Museum"
