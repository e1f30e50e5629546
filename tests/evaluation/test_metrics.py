"""Metrics by hand."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from kgqa.evaluation.metrics import Score, grouped, score, summary


def scored(ranked, gold, **more) -> Score:
    return score(ranked, set(gold), **{"chosen": set(), "topics": None, "mentions": 1} | more)


def figures(score: Score) -> tuple[float, ...]:
    return score.hits_at_1, score.hits_at_5, score.exact_match, score.f1


def test_the_gold_set_scores_one():
    whole = scored([3, 1, 2], [1, 2, 3])
    assert figures(whole) == (1, 1, 1, 1)
    assert whole.answerable and not whole.refused


def test_half_right():
    """Two of four answers are gold, one of three gold is missing: F1 = 2 * 2 / (4 + 3)."""
    half = scored([9, 1, 2, 8], [1, 2, 3])
    assert figures(half) == (0, 1, 0, pytest.approx(4 / 7))


def test_the_sixth_answer_is_no_hit_at_5():
    assert scored([9, 8, 7, 6, 5, 1], [1]).hits_at_5 == 0
    assert scored([9, 8, 7, 6, 1], [1]).hits_at_5 == 1


def test_nothing_answered_where_there_is_an_answer():
    nothing = scored([], [1])
    assert figures(nothing) == (0, 0, 0, 0) and nothing.refused


@pytest.mark.parametrize(("ranked", "value"), [([], 1), ([4], 0)])
def test_a_question_without_answers_is_right_if_nothing_is_answered(ranked, value):
    judged = scored(ranked, [], topics={7}, chosen={7})
    assert figures(judged) == (value,) * 4
    assert not judged.answerable and judged.resolved is None


def test_resolved_compares_the_chosen_entities_with_the_topics():
    assert scored([1], [1], chosen={7, 8}, topics={8, 7}).resolved == 1
    assert scored([1], [1], chosen={7}, topics={8, 7}).resolved == 0
    assert scored([1], [1], chosen={7}).resolved is None


def test_a_summary_is_means_in_percent():
    scores = [
        scored([1], [1], topics={5}, chosen={5}),
        scored([], [1], topics={5}, chosen=set()),
        scored([], []),
        scored([3], []),
        scored([2, 1], [1]),
    ]
    assert asdict(summary(scores)) == {
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
    values = asdict(summary([]))
    assert values.pop("questions") == 0
    assert set(values.values()) == {None}


def test_groups_by_name_and_leaves_out_the_nameless():
    scores = [scored([1], [1]), scored([2], [1]), scored([1], [1])]
    groups = grouped(scores, ["b", "", "a"])
    assert list(groups) == ["a", "b"]
    assert groups["a"].questions == groups["b"].questions == 1
    assert groups["a"].hits_at_1 == 100.0


def test_groups_must_be_as_many_as_scores():
    with pytest.raises(ValueError, match="shorter"):
        grouped([scored([1], [1])] * 2, ["a"])
