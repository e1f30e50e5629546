"""The question writer with operators: what is beside the plain questions, and instead of them."""

from __future__ import annotations

import pytest

from kgqa.films import phrasings
from kgqa.films.phrasings import SPLITS
from kgqa.films.topics import split_of
from kgqa.films.writer import Writer
from tests.films.test_writer import open_topics

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def kinds():
    return {k.name: k for k in phrasings.read()}


@pytest.fixture(scope="module")
def operators(default, kinds):
    """A writer of few plain kinds, and of the kinds with operators that need no class."""
    writer = Writer(default, [kinds[n] for n in ("country-capital", "film-director")])
    names = (
        "how-many-actor-films compare-films-longer verify-film-actor longest-actor-film "
        "actor-not-actor actor-longer-films sum-run-time-director-films"
    ).split()
    writer.operators = [k for k in phrasings.read(phrasings.OPERATORS) if k.name in names]
    assert len(writer.operators) == len(names)
    return writer


def test_plain_questions_are_the_same_with_and_without_operators(default, operators):
    with_operators = operators.write("train", 8, 5, revise=False)
    plain = Writer(default, operators.kinds).write("train", 8, 5)
    names = {kind.name for kind in operators.kinds}
    assert [q for q in with_operators if q.kind in names] == plain
    assert len(with_operators) > len(plain) == 16


def test_a_question_with_an_operator_holds_its_answer(default, operators):
    questions = [q for s in SPLITS for q in operators.write(s, 16, 6)]
    kinds = {kind.name: kind for kind in operators.operators}
    with_operators = [q for q in questions if q.kind in kinds]
    assert {q.kind for q in with_operators} == set(kinds)
    for q in with_operators:
        readout = kinds[q.kind].program.readout
        assert "{" not in q.question and "<" not in q.question
        assert (q.value is None) == (not readout) == bool(q.answers), q
        assert not readout or isinstance(q.value, bool) == (readout == "verify"), q


def test_a_question_with_an_operator_is_about_entities_of_its_split(default, operators):
    for split in SPLITS:
        topics = open_topics(default, operators.write(split, 12, 7))
        assert topics and {split_of(t) for t in topics} == {split}


def test_how_many_is_answered_by_a_number_where_there_are_operators(default, kinds):
    writer = Writer(
        default, [kinds["director-films"], kinds["no-yesno-film"], kinds["film-oscars"]]
    )
    before, after = (writer.write("train", 60, 8, revise=revise) for revise in (False, True))
    kept = [q for q in before if q.kind != "no-yesno-film"]  # operators answer these
    assert len(kept) < len(before)
    assert [q.question for q in kept] == [q.question for q in after]
    changed = [(a, b) for a, b in zip(kept, after, strict=True) if a != b]
    assert 0 < len(changed) < 10
    for a, b in changed:
        assert "how many" in a.question.lower() and a.kind == "director-films"
        assert b.answers == () and b.value == len(a.answers) > 0
