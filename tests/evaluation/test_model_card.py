"""The model card in the repository is the one that ``kgqa card`` prints."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgqa.checkpoint import Checkpoint
from kgqa.evaluation.model_card import model_card

CHECKPOINT = "checkpoints/films"


@pytest.mark.checkpoint
def test_the_committed_card_is_made_from_its_metrics_and_graph(default, monkeypatch):
    monkeypatch.chdir(Path(__file__).parents[2])
    checkpoint = Checkpoint.load(CHECKPOINT, device="cpu", graph=default)
    assert Path(CHECKPOINT, "README.md").read_text(encoding="utf-8") == model_card(checkpoint)
