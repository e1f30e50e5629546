"""A run learns, saves, resumes, and is trained further."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest
import torch

from kgqa.checkpoint import Checkpoint
from kgqa.inference.pipeline import Pipeline
from kgqa.questions import Question
from kgqa.training.loop import Trainer
from tests.training.preparing import OPTIONS


def interrupt(trainer: Trainer, at: int) -> None:
    step = trainer.step

    def failing(*arguments):
        if len(trainer.losses) == at:
            raise KeyboardInterrupt
        return step(*arguments)

    trainer.step = failing


def test_a_run_learns_saves_and_its_checkpoint_opens(train, toy, tmp_path):
    trainer = train()
    best = trainer.run().best
    first = [value for follow, value in trainer.losses if not follow]
    second = [value for follow, value in trainer.losses if follow]
    assert (len(first), len(second)) == (24, 6)
    assert sum(first[-3:]) < 0.8 * sum(first[:3])  # an epoch each
    assert all(v == v and abs(v) < 1e3 for v in first + second)

    rows = [json.loads(line) for line in (tmp_path / "run" / "log.jsonl").read_text().splitlines()]
    assert [row["step"] for row in rows] == [8, 16, 24, 30]
    assert best.step in {8, 16, 24, 30} and best.follow is True  # the last stage decides
    assert {
        "config.json",
        "model.safetensors",
        "tokenizer.json",
        "resume.safetensors",
        "log.jsonl",
    } <= {p.name for p in (tmp_path / "run").iterdir()}

    opened = Pipeline.load(tmp_path / "run", device="cpu")
    assert opened.graph.fingerprint == toy.fingerprint and opened.checkpoint.config.name == "run"
    assert opened.answer("Who directed Sully?").outcome in {
        "answered",
        "not_in_graph",
        "no_path",
        "empty_intersection",
    }


def test_an_interrupted_run_resumes_at_the_last_save_and_ends_the_same(train, tmp_path):
    whole = train("whole")
    whole.run()

    broken = train("broken")
    interrupt(broken, at=19)
    with pytest.raises(KeyboardInterrupt):
        broken.run()
    assert len(broken.losses) == 19

    resumed = train("broken")
    resumed.run()
    assert "Resuming at step 16 of 30." in resumed.progress.lines
    assert len(resumed.losses) == 30 - 16
    for (_, mine), (_, theirs) in zip(resumed.losses, whole.losses[16:], strict=True):
        assert mine == pytest.approx(theirs, rel=1e-3)
    for name, value in whole.checkpoint.model.state_dict().items():
        torch.testing.assert_close(
            resumed.checkpoint.model.state_dict()[name], value, atol=1e-4, rtol=1e-3
        )


def test_a_finished_run_has_nothing_left_to_do(train):
    short = replace(OPTIONS, epochs=1, follow_epochs=0)
    first = train(options=short)
    best = first.run()
    again = train(options=short)
    assert again.run() == best
    assert again.losses == []


def test_a_run_of_another_length_starts_anew(train):
    train(options=replace(OPTIONS, epochs=1, follow_epochs=0)).run()
    other = train(options=replace(OPTIONS, epochs=2, follow_epochs=0))
    other.run()
    assert len(other.losses) == 6
    assert any("starting anew" in line for line in other.progress.lines)


def test_a_checkpoint_is_trained_further_at_lower_rates(train, tmp_path):
    train("first").run()
    more = train(
        "more", options=replace(OPTIONS, start=str(tmp_path / "first"), evaluate_every=10**6)
    )
    kept = Checkpoint.load(tmp_path / "first", device="cpu").model.state_dict()
    assert all(
        torch.allclose(v, kept[k], atol=1e-3)
        for k, v in more.checkpoint.model.state_dict().items()
        if v.is_floating_point()
    )
    assert [g["initial_lr"] for g in more.learner.optimizer.param_groups] == [5e-4, 1.5e-3]
    more.run()
    afresh = train("afresh")
    afresh.run()
    assert more.losses[0][1] < 0.7 * afresh.losses[0][1]  # it goes on where the first run ended
    assert Checkpoint.load(tmp_path / "more", device="cpu").model.config.name == "more"
    mixed = Checkpoint.load(tmp_path / "more", device="cpu").model
    with more.learner.averaged():  # measured after the last step alone
        after = {k: v.clone() for k, v in more.checkpoint.model.state_dict().items()}
    # What is kept is the mean of before and after, in the half floats of a file.
    for name, value in mixed.state_dict().items():
        assert not value.is_floating_point() or torch.allclose(
            value, (kept[name] + after[name]) / 2, atol=2e-3, rtol=1e-3
        ), name


def test_a_checkpoint_of_another_graph_hands_on_what_it_learned(
    train, tmp_path, default, default_folder, new_model, tokenizer
):
    model = new_model(default, seed=3)
    Checkpoint(model, tokenizer, default).save(tmp_path / "other", graph=str(default_folder))
    trainer = train("more", options=replace(OPTIONS, start=str(tmp_path / "other")))
    own = trainer.checkpoint.model.state_dict()
    assert own["decoder.query.weight"].equal(
        model.state_dict()["decoder.query.weight"].half().float()
    )
    assert not trainer.before  # nothing of this graph to be kept
    assert [g["initial_lr"] for g in trainer.learner.optimizer.param_groups] == [1e-3, 3e-3]


# -- operators -------------------------------------------------------------------------------------


def test_a_model_with_operators_learns_the_toy_graph(train, toy, toy_questions):
    """A number, and yes, beside the questions without operators; then through follow."""
    questions = [
        *toy_questions[0],
        Question("n", "How many films did Clint Eastwood direct?", (), value=2.0),
        Question("y", "Is Tom Hanks in Sully?", (), value=True),
    ]
    trainer = train(options=replace(OPTIONS, operators=True), questions=questions)
    config = trainer.checkpoint.config
    assert config.operators and config.holds and config.attributes == ("run time",)
    assert config.vocabulary == 4 * toy.num_relations and len(trainer.training) == len(questions)
    trainer.run()
    first = [value for follow, value in trainer.losses if not follow]
    last = [value for follow, value in trainer.losses if follow]
    assert sum(first[-3:]) < 0.5 * sum(first[:3])
    assert all(math.isfinite(value) for value in last) and last


def test_a_checkpoint_without_operators_is_given_them(train, tiny_checkpoint):
    trainer = train(options=replace(OPTIONS, operators=True, start=str(tiny_checkpoint)))
    assert trainer.config.operators is True and trainer.checkpoint.config.operators
    assert not trainer.before  # more than half of it is new


def test_a_checkpoint_that_is_trained_further_keeps_its_vocabulary(train, tiny_checkpoint):
    trainer = train(options=replace(OPTIONS, start=str(tiny_checkpoint)))
    assert trainer.config.operators is False and not trainer.checkpoint.config.operators
    entries = trainer.checkpoint.config.vocabulary
    explanations = [e for x in trainer.training.examples for e in x.explanations]
    assert explanations
    assert all(int(r) < entries for e in explanations for r in e.program.relations)
