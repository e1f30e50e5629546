"""The loop on the toy graph with a random encoder of width 32: it learns, saves, resumes, and reads no topics."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest
import torch
from tqdm import tqdm

from kgqa import checkpoint
from kgqa import questions as question_files
from kgqa.errors import KGQAError
from kgqa.evaluation.metrics import score
from kgqa.inference.pipeline import Pipeline
from kgqa.questions import Question
from kgqa.training import dataset as prepare
from kgqa.training import loop
from kgqa.training.loop import TrainConfig, Trainer

#: Twelve questions in batches of four: three steps an epoch; 24 steps of the first stage and 6 through follow.
#: Nothing is left to chance (no dropout, no masked tokens), so that two runs can be compared step by step.
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
)


def in_process(questions, graph_folder, cache, *, complete=True, **_):
    """``prepare.explanations`` without a second process."""
    prepare._start(graph_folder, complete)
    return [prepare._read(prepare._one(q)) for q in questions]


def silent(rows, **_):
    return tqdm(rows, disable=True)


@pytest.fixture
def train(toy_folder, toy_questions, tokenizer, new_encoder, monkeypatch, tmp_path):
    """train(folder name, ...) -> a Trainer that has not run; ``.said`` and ``.losses`` fill as it runs."""
    monkeypatch.setattr(checkpoint, "base_encoder", lambda: (new_encoder(), tokenizer))
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


def interrupt(trainer: Trainer, at: int) -> None:
    step = trainer._step

    def failing(indices, *, follow):
        if len(trainer.losses) == at:
            raise KeyboardInterrupt
        return step(indices, follow=follow)

    trainer._step = failing


def test_a_run_learns_saves_and_its_checkpoint_opens(train, toy, tmp_path):
    trainer = train()
    best = trainer.run()
    first = [value for follow, value in trainer.losses if not follow]
    second = [value for follow, value in trainer.losses if follow]
    assert (len(first), len(second)) == (24, 6)
    assert sum(first[-3:]) < 0.8 * sum(first[:3])  # an epoch each
    assert all(v == v and abs(v) < 1e3 for v in first + second)

    rows = [json.loads(line) for line in (tmp_path / "run" / "log.jsonl").read_text().splitlines()]
    assert [row["step"] for row in rows] == [8, 16, 24, 30]
    assert best["step"] in {8, 16, 24, 30} and best["follow"] is True  # the last stage decides
    assert {
        "config.json",
        "model.safetensors",
        "tokenizer.json",
        "resume.safetensors",
        "log.jsonl",
    } <= {p.name for p in (tmp_path / "run").iterdir()}

    opened = Pipeline.load(tmp_path / "run", device="cpu")
    assert opened.graph.fingerprint == toy.fingerprint and opened.model.config.name == "run"
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
    assert "Resuming at step 16 of 30." in resumed.said
    assert len(resumed.losses) == 30 - 16
    for (_, mine), (_, theirs) in zip(resumed.losses, whole.losses[16:], strict=True):
        assert mine == pytest.approx(theirs, rel=1e-3)
    for name, value in whole.model.state_dict().items():
        torch.testing.assert_close(resumed.model.state_dict()[name], value, atol=1e-4, rtol=1e-3)


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
    assert any("starting anew" in line for line in other.said)


def test_a_checkpoint_is_trained_further_at_lower_rates(train, tmp_path):
    train("first").run()
    more = train(
        "more", options=replace(OPTIONS, start=str(tmp_path / "first"), evaluate_every=10**6)
    )
    kept = Pipeline.load(tmp_path / "first", device="cpu").model.state_dict()
    assert all(
        torch.allclose(v, kept[k], atol=1e-3)
        for k, v in more.model.state_dict().items()
        if v.is_floating_point()
    )
    assert [g["initial_lr"] for g in more.optimizer.param_groups] == [5e-4, 1.5e-3]
    more.run()
    afresh = train("afresh")
    afresh.run()
    assert more.losses[0][1] < 0.7 * afresh.losses[0][1]  # it goes on where the first run ended
    assert Pipeline.load(tmp_path / "more", device="cpu").model.config.name == "more"
    found = Pipeline.load(tmp_path / "more", device="cpu").model
    with more.averaged() as last:  # measured after the last step alone
        after = {k: v.clone() for k, v in last.state_dict().items()}
    for name, value in found.state_dict().items():  # what is kept is the mean of before and after
        assert not value.is_floating_point() or torch.allclose(
            value, (kept[name] + after[name]) / 2, atol=2e-3
        ), name


def test_a_checkpoint_of_another_graph_is_not_trained_further(
    train, tmp_path, default, default_folder, new_model, tokenizer
):
    checkpoint.save(tmp_path / "other", new_model(default), tokenizer, graph=str(default_folder))
    with pytest.raises(KGQAError, match="another graph"):
        train("more", options=replace(OPTIONS, start=str(tmp_path / "other")))


def test_the_same_seed_gives_the_same_losses(train):
    short = replace(OPTIONS, epochs=1, follow_epochs=1)
    first, second = train("a", options=short), train("b", options=short)
    first.run(), second.run()
    assert first.losses == second.losses and len(first.losses) == 6


def test_training_never_reads_topics(train, toy_questions):
    """Garbage for topics changes neither the explanations nor one loss; objects without topics are explained too."""
    short = replace(OPTIONS, epochs=1, follow_epochs=1)
    clean = train("clean", options=short)
    garbage = train(
        "garbage",
        options=short,
        change=lambda q: replace(
            q, topics=("no such entity", "person:Tom Hanks"), kind="wrong", hops=9
        ),
    )
    assert clean.explanations == garbage.explanations
    clean.run(), garbage.run()
    assert clean.losses == garbage.losses
    blind = [
        SimpleNamespace(id=q.id, question=q.question, answers=q.answers) for q in toy_questions[0]
    ]
    assert in_process(blind, clean.graph.folder, None) == in_process(
        toy_questions[0], clean.graph.folder, None
    )


def test_only_questions_with_an_explanation_are_trained_on(train, toy_questions):
    odd = replace(toy_questions[0][0], id="odd", answers=("field:theology",))
    trainer = train(questions=[*toy_questions[0], odd])
    assert len(trainer.items) == 12 and any(
        "12 questions have an explanation" in line for line in trainer.said
    )


def test_nothing_to_train_on_is_a_sentence_and_no_endless_loop(train, toy_questions):
    with pytest.raises(KGQAError, match="None of the 1 questions .* has an explanation"):
        train(questions=[replace(toy_questions[0][0], answers=("field:theology",))])


def test_frozen_layers_do_not_move(train):
    trainer = train(options=replace(OPTIONS, frozen_layers=1, epochs=1, follow_epochs=0))
    transformer = trainer.model.encoder.transformer
    kept = [
        p.clone()
        for p in (*transformer.embeddings.parameters(), *transformer.encoder.layer[0].parameters())
    ]
    moving = transformer.encoder.layer[1].attention.self.query.weight.clone()
    trainer.run()
    after = [*transformer.embeddings.parameters(), *transformer.encoder.layer[0].parameters()]
    assert all(torch.equal(a, b) for a, b in zip(kept, after, strict=True))
    assert not torch.equal(moving, transformer.encoder.layer[1].attention.self.query.weight)


def test_the_relation_vocabulary_of_a_new_model_is_the_graphs(train, toy):
    config = train().model.config
    assert config.relations == tuple(toy.relation_id(r) for r in range(toy.num_relations))
    assert len(config.relation_words) == len(config.relations) and all(config.relation_words)
    assert config.graph_fingerprint == toy.fingerprint and config.hidden == 32


def test_masking_hides_word_pieces_of_words_alone(train):
    trainer = train(options=replace(OPTIONS, mask_tokens=1.0))
    batch = trainer.batcher.collate(trainer.items[:3])
    hidden = trainer._masked(batch).input_ids
    inside = batch.word_of_token < batch.word_mask.shape[1]
    mask = trainer.tokenizer.mask_token_id
    assert (hidden[inside] == mask).all()
    assert torch.equal(
        hidden[~inside], batch.input_ids[~inside]
    )  # [CLS], [SEP], punctuation and padding
    trainer.options = OPTIONS
    assert torch.equal(trainer._masked(batch).input_ids, batch.input_ids)


def test_a_run_with_masking_repeats_from_its_seed(train):
    short = replace(OPTIONS, epochs=1, follow_epochs=1, mask_tokens=0.3)
    first = train("a", options=short)
    first.run()
    second = train("b", options=short)
    second.run()
    assert first.losses == second.losses


@pytest.mark.parametrize("empty", [{"questions": []}, {"no_dev": True}], ids=["train", "dev"])
def test_an_empty_question_file_is_a_sentence(train, empty):
    with pytest.raises(KGQAError):
        train(options=replace(OPTIONS, epochs=1, follow_epochs=0), **empty).run()


def test_what_is_kept_is_the_running_average_of_the_weights(train):
    trainer = train(options=replace(OPTIONS, average=0.5))
    before = [p.detach().clone() for p in trainer.parameters]
    trainer._step([0, 1, 2, 3], follow=False)
    trainer._step([0, 1, 2, 3], follow=False)
    now = [p.detach().clone() for p in trainer.parameters]
    with trainer.averaged() as model:
        inside = [p.detach().clone() for p in trainer.parameters]
        assert model is trainer.model
    assert all(torch.equal(a, p) for a, p in zip(now, trainer.parameters, strict=True))
    moved = [i for i, (a, b) in enumerate(zip(before, now, strict=True)) if not torch.equal(a, b)]
    assert moved
    for i in moved:
        low, high = torch.minimum(before[i], now[i]) - 2e-3, torch.maximum(before[i], now[i]) + 2e-3
        assert ((inside[i] >= low) & (inside[i] <= high)).all() and not torch.equal(
            inside[i], now[i]
        )


def test_a_short_data_set_is_passed_more_often(train):
    trainer = train(options=replace(OPTIONS, epochs=None, follow_epochs=None, evaluate_every=None))
    assert trainer.first_stage == loop.MAX_EPOCHS * 3 and trainer.total == 9 * 3  # 3 steps a pass


def test_the_page_is_offered_short_questions_of_every_kind_that_were_answered_exactly():
    def row(text, kind, exact):
        return Question("", text, ("a",), kind=kind), score(
            [0] if exact else [1], {0}, chosen=set(), topics=None, mentions=1
        )

    rows = [row("long " * n, "A", True) for n in range(9, 1, -1)] + [
        row("b?", "B", True),
        row("no", "C", False),
    ]
    found = loop.example_questions(*zip(*rows, strict=True), limit=4)
    assert [e["kind"] for e in found] == ["B", "A", "A", "A"] and found[1][
        "question"
    ] == "long long "
    assert loop.example_questions([], []) == []
