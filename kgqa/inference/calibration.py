"""The calibrated probability of an answer, from the model's output.

A membership is a degree, not a probability: where an intersection settles which of seven films
"Star Wars" is, the one answer has a membership of 1/7 and is nevertheless sure. So a logistic
regression, fitted on dev questions (``kgqa.evaluation.calibration``), reads the probability of the
chosen mentions, the largest membership (by itself, and once more for intersections), and the
answer's membership relative to it. It changes probabilities only, never the answer set or its
order.
"""

from __future__ import annotations

import math


def features(
    probability: float, membership: float, largest: float, mentions: int
) -> tuple[float, ...]:
    """What the calibration reads of one answer: five numbers, the last one 1."""
    p = min(max(probability, 1e-6), 1 - 1e-6)
    top = math.log(max(largest, 1e-6))
    relative = math.log(max(membership, 1e-6)) - top
    return (math.log(p / (1 - p)), top, top if mentions > 1 else 0.0, relative, 1.0)


def calibrated(values: tuple[float, ...], weights: tuple[float, ...]) -> float:
    """Probability in (0, 1) for the features of an answer."""
    logit = sum(w * v for w, v in zip(weights, values, strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))
