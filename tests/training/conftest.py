"""A trainer on the toy graph with a random encoder."""

from __future__ import annotations

import pytest

from kgqa import questions as question_files
from kgqa.model import base
from kgqa.model.base import BaseEncoder
from kgqa.training import dataset
from kgqa.training.loop import Trainer
from kgqa.training.progress import Progress
from kgqa.training.run import Run
from tests.training.preparing import OPTIONS, in_process


class Recorder(Progress):
    """Keeps what a run says."""

    def __init__(self):
        self.lines: list[str] = []

    def say(self, line: str) -> None:
        self.lines.append(line)


@pytest.fixture
def train(toy_folder, toy_questions, tokenizer, new_encoder, monkeypatch, tmp_path):
    """train(name, ...) -> a Trainer that has not run; ``.losses`` fills as it runs."""
    monkeypatch.setattr(base, "base_encoder", lambda: BaseEncoder(new_encoder(), tokenizer))
    monkeypatch.setattr(dataset, "explain", in_process)

    def make(
        name="run", *, options=OPTIONS, change=lambda q: q, questions=None, no_dev=False
    ) -> Trainer:
        data, run = tmp_path / f"{name}-data", Run(tmp_path / name)
        rows, dev = toy_questions if questions is None else (questions, toy_questions[1])
        question_files.write(data / "train.jsonl", [change(q) for q in rows])
        question_files.write(data / "dev.jsonl", [change(q) for q in dev] if not no_dev else [])
        trainer = Trainer(
            data,
            toy_folder,
            run,
            options,
            name=name,
            device="cpu",
            explanations=run.explanations,
            progress=Recorder(),
        )
        trainer.losses = []
        step = trainer.step

        def recorded(examples, batch, done, checkpoint=None):
            follow = done >= trainer.schedule.first_stage
            trainer.losses.append((follow, step(examples, batch, done, checkpoint)))
            return trainer.losses[-1][1]

        trainer.step = recorded
        return trainer

    return make
