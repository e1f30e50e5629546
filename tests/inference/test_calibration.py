"""The probability of an answer, by hand."""

from __future__ import annotations

import math

import pytest

from kgqa.inference.calibration import calibrated, features
from kgqa.model.config import UNFITTED


def test_features_of_an_answer_of_an_intersection():
    """P(mentions) 0.8; the largest membership is 0.5, the answer's 0.25."""
    values = features(0.8, 0.25, 0.5, 2)
    assert values == pytest.approx((math.log(4), math.log(0.5), math.log(0.5), math.log(0.5), 1.0))


def test_one_mention_has_nothing_for_intersections():
    assert features(0.8, 0.5, 0.5, 1)[2:] == (0.0, 0.0, 1.0)


def test_unfitted_a_sure_membership_leaves_the_probability_of_the_mentions():
    for p in (0.01, 0.3, 0.5, 0.99):
        assert calibrated(features(p, 1.0, 1.0, 1), UNFITTED) == pytest.approx(p)


def test_weights_scale_and_shift_the_logit():
    """logit 0.8 = log 4; halved it is log 2, so 2/3; shifted by log 3 more it is log 6, so 6/7."""
    values = features(0.8, 1.0, 1.0, 1)
    assert calibrated(values, (0.5, 0, 0, 0, 0)) == pytest.approx(2 / 3)
    assert calibrated(values, (0.5, 0, 0, 0, math.log(3))) == pytest.approx(6 / 7)


def test_a_lower_membership_is_less_probable():
    scores = [calibrated(features(0.7, m, 0.8, 2), UNFITTED) for m in (0.8, 0.5, 0.1)]
    assert scores == sorted(scores, reverse=True) and scores[0] > scores[2]


@pytest.mark.parametrize("p", [0.0, 1.0])
@pytest.mark.parametrize("membership", [0.0, 1.0])
def test_certainty_stays_inside_zero_and_one(p, membership):
    assert 0 < calibrated(features(p, membership, 1.0, 3), (50.0, 50.0, 50.0, 50.0, 0.0)) < 1
