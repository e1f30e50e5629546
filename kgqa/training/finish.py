"""After the last step: mix with the weights before, fit the calibration, choose examples."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import replace

import torch
from torch import Tensor

from kgqa.checkpoint import Checkpoint, parts
from kgqa.evaluation import metrics
from kgqa.evaluation.calibration import fit_calibration
from kgqa.evaluation.evaluator import Evaluation, Evaluator
from kgqa.evaluation.metrics import Score
from kgqa.model.network import KGQAModel
from kgqa.questions import Question
from kgqa.training.config import EXAMPLES, FURTHER, TEMPERATURES
from kgqa.training.run import Example


def result(
    trained: Checkpoint, weights: Mapping[str, Tensor], before: Mapping[str, Tensor]
) -> Checkpoint:
    """A checkpoint of the best weights of a run, mixed with those before it if there are any.

    ``weights`` are as a checkpoint stores them; ``trained`` is left as it is.
    """
    model = copy.deepcopy(trained.model).eval()
    parts.restore(model, weights)
    if before:
        _mix(before, model)
        parts.restore(model, parts.stored(model))  # what is measured is what will be opened
    return Checkpoint(model, trained.tokenizer, trained.graph)


def _mix(before: Mapping[str, Tensor], model: KGQAModel) -> None:
    """Give ``model`` the mean of both weights: more of what was learned before is kept.

    Wortsman et al. 2022, "Robust fine-tuning of zero-shot models", with a coefficient of 1/2.
    """
    with torch.no_grad():
        for name, new in model.state_dict().items():
            if new.is_floating_point():
                new.lerp_(before[name].to(new.device), FURTHER)


def cool(checkpoint: Checkpoint, dev: Evaluator) -> None:
    """Choose the temperature of hops in use by the dev questions: where answers are whole sets a
    low one is best, and where they are not, several hops may count."""
    at_first, best = checkpoint.config, (-1.0, 1.0)
    for temperature in TEMPERATURES:
        checkpoint.model.config = replace(at_first, temperature=temperature)
        scores = metrics.summary(dev().scores)
        best = max(best, ((scores.hits_at_1 or 0.0) + (scores.f1 or 0.0), temperature))
    checkpoint.model.config = replace(at_first, temperature=best[1])


def calibrate(checkpoint: Checkpoint, evaluation: Evaluation) -> None:
    """Fit the probabilities of answers, unless there are no right or no wrong ones to fit."""
    right = [correct for _, correct in evaluation.confidence]
    if any(right) and not all(right):
        calibration = fit_calibration(evaluation.confidence)
        checkpoint.model.config = replace(checkpoint.config, calibration=calibration)


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
