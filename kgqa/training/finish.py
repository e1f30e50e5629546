"""After the last step: mix with the weights before, fit the calibration, choose examples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch

from kgqa.checkpoint import Checkpoint
from kgqa.evaluation.calibration import fit_calibration
from kgqa.evaluation.evaluator import Evaluation
from kgqa.evaluation.metrics import Score
from kgqa.questions import Question
from kgqa.training.config import EXAMPLES, FURTHER
from kgqa.training.run import Example


def mix(before: Checkpoint, after: Checkpoint) -> None:
    """Give ``after`` the mean of both weights: more of what was learned before is kept.

    Wortsman et al. 2022, "Robust fine-tuning of zero-shot models", with a coefficient of 1/2.
    """
    weights = before.model.state_dict().values(), after.model.state_dict().values()
    with torch.no_grad():
        for old, new in zip(*weights, strict=True):
            if new.is_floating_point():
                new.lerp_(old.to(new.device), FURTHER)


def calibrate(checkpoint: Checkpoint, evaluation: Evaluation) -> bool:
    """Fit the probabilities of answers; False if there are no right or no wrong answers to fit."""
    right = [correct for _, correct in evaluation.confidence]
    if not any(right) or all(right):
        return False
    calibration = fit_calibration(evaluation.confidence)
    checkpoint.model.config = replace(checkpoint.config, calibration=calibration)
    return True


def examples(
    questions: Sequence[Question], scores: Sequence[Score], limit: int = EXAMPLES
) -> list[Example]:
    """Short questions that were answered exactly, of as many kinds as there are."""
    kinds: dict[str, list[Question]] = {}
    pairs = sorted(zip(questions, scores, strict=True), key=lambda pair: len(pair[0].question))
    for question, score in pairs:
        if score.answerable and score.exact_match == 1:
            hops = f"{question.hops} hop{'s' * (question.hops > 1)}" if question.hops else ""
            kinds.setdefault(question.kind or hops, []).append(question)
    chosen: list[Example] = []
    for rank in range(limit):
        for kind, members in kinds.items():
            place = rank * max(1, len(members) // limit)
            if place < len(members) and len(chosen) < limit:
                chosen.append(Example(kind, members[place].question))
    return chosen
