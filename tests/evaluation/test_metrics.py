"""Metrics by hand."""

from __future__ import annotations

import pytest

from kgqa.evaluation.metrics import Score, grouped, score, summary


def one(ranked, gold, **more) -> Score:
    return score(ranked, set(gold), **{"chosen": set(), "topics": None, "mentions": 1} | more)


def test_the_gold_set_scores_one():
    found = one([3, 1, 2], [1, 2, 3])
    assert (found.hits_at_1, found.hits_at_5, found.exact_match, found.f1) == (1, 1, 1, 1)
    assert found.answerable and not found.refused


def test_half_right():
    """Two of four answers are gold, one of three gold is missing: F1 = 2 * 2 / (4 + 3)."""
    found = one([9, 1, 2, 8], [1, 2, 3])
    assert (found.hits_at_1, found.hits_at_5, found.exact_match) == (0, 1, 0)
    assert found.f1 == pytest.approx(4 / 7)


def test_the_sixth_answer_is_no_hit_at_5():
    assert one([9, 8, 7, 6, 5, 1], [1]).hits_at_5 == 0
    assert one([9, 8, 7, 6, 1], [1]).hits_at_5 == 1


def test_nothing_answered_where_there_is_an_answer():
    found = one([], [1])
    assert (found.hits_at_1, found.hits_at_5, found.exact_match, found.f1, found.refused) == (
        0,
        0,
        0,
        0,
        True,
    )


@pytest.mark.parametrize(("ranked", "value"), [([], 1), ([4], 0)])
def test_a_question_without_answers_is_right_if_nothing_is_answered(ranked, value):
    found = one(ranked, [], topics={7}, chosen={7})
    assert (found.hits_at_1, found.hits_at_5, found.exact_match, found.f1) == (value,) * 4
    assert not found.answerable and found.resolved is None


def test_resolved_compares_the_chosen_entities_with_the_topics():
    assert one([1], [1], chosen={7, 8}, topics={8, 7}).resolved == 1
    assert one([1], [1], chosen={7}, topics={8, 7}).resolved == 0
    assert one([1], [1], chosen={7}).resolved is None


def test_a_summary_is_means_in_percent():
    scores = [
        one([1], [1], topics={5}, chosen={5}),
        one([], [1], topics={5}, chosen=set()),
        one([], []),
        one([3], []),
        one([2, 1], [1]),
    ]
    assert summary(scores) == {
        "questions": 5,
        "hits_at_1": 40.0,  # the first and the third
        "hits_at_5": 60.0,  # and the last
        "exact_match": 40.0,
        "f1": round(100 * (1 + 0 + 1 + 0 + 2 / 3) / 5, 2),
        "resolved": 50.0,  # of the two with topics
        "refused_answerable": 33.33,  # one of three
        "recognised_unanswerable": 50.0,
    }


def test_a_summary_of_nothing_has_no_numbers():
    found = summary([])
    assert found.pop("questions") == 0
    assert set(found.values()) == {None}


def test_groups_by_name_and_leaves_out_the_nameless():
    scores = [one([1], [1]), one([2], [1]), one([1], [1])]
    found = grouped(scores, ["b", "", "a"])
    assert list(found) == ["a", "b"]
    assert (
        found["a"]["questions"] == found["b"]["questions"] == 1 and found["a"]["hits_at_1"] == 100.0
    )


def test_groups_must_be_as_many_as_scores():
    with pytest.raises(ValueError, match="shorter"):
        grouped([one([1], [1])] * 2, ["a"])
