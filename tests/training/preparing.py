"""What runs of training share in the tests: options, and explanations in this process."""

from __future__ import annotations

from kgqa.training.config import TrainConfig
from kgqa.training.explanations import Explainer, _read, _row

#: Twelve questions in batches of four are three steps an epoch: 24 steps of the first stage, then
#: 6 through follow. Without dropout and masked tokens, two runs can be compared step by step.
OPTIONS = TrainConfig(
    epochs=8,
    follow_epochs=2,
    batch_size=4,
    evaluate_every=8,
    frozen_layers=0,
    head_rate=3e-3,
    encoder_rate=1e-3,
    dev_questions=4,
    workers=1,
    mask_tokens=0.0,
    mask_names=0.0,
)


def in_process(questions, graph, file=None, *, complete=True, operators=False, **_):
    """``explanations.explain`` without a second process, and without its file."""
    explainer = Explainer(graph, complete, operators)
    return [_read(_row(explainer(question))) for question in questions]
