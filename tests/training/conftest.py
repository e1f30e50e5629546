"""A trainer on the toy graph with a random encoder."""

from __future__ import annotations

import pytest
import torch
from tqdm import tqdm

from kgqa import questions as question_files
from kgqa.model import base
from kgqa.model.base import BaseEncoder
from kgqa.training import loop
from kgqa.training.loop import Trainer
from tests.training.preparing import OPTIONS, in_process


def silent(rows, **_):
    return tqdm(rows, disable=True)


@pytest.fixture
def train(toy_folder, toy_questions, tokenizer, new_encoder, monkeypatch, tmp_path):
    """train(name, ...) -> a Trainer that has not run; ``.said`` and ``.losses`` fill as it runs."""
    monkeypatch.setattr(base, "base_encoder", lambda: BaseEncoder(new_encoder(), tokenizer))
    monkeypatch.setattr(loop, "explanations", in_process)

    def make(
        name="run", *, options=OPTIONS, change=lambda q: q, questions=None, no_dev=False
    ) -> Trainer:
        data, out = tmp_path / f"{name}-data", tmp_path / name
        rows, dev = toy_questions if questions is None else (questions, toy_questions[1])
        dev = [] if no_dev else dev
        question_files.write(data / "train.jsonl", [change(q) for q in rows])
        question_files.write(data / "dev.jsonl", [change(q) for q in dev])
        out.mkdir(exist_ok=True)
        said: list[str] = []
        made = Trainer(
            toy_folder,
            data,
            out,
            options,
            torch.device("cpu"),
            name=name,
            progress=silent,
            say=said.append,
        )
        made.said, made.losses = said, []
        step = made._step

        def recorded(indices, *, follow):
            made.losses.append((follow, step(indices, follow=follow)))
            return made.losses[-1][1]

        made._step = recorded
        return made

    return make
