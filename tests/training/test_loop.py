"""What a step reads and changes: no topics, frozen layers, masked words, averaged weights."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
import torch

from kgqa.errors import KGQAError
from kgqa.evaluation.metrics import score
from kgqa.questions import Question
from kgqa.training import loop
from tests.training.preparing import OPTIONS, in_process


def test_the_same_seed_gives_the_same_losses(train):
    short = replace(OPTIONS, epochs=1, follow_epochs=1)
    first, second = train("a", options=short), train("b", options=short)
    first.run(), second.run()
    assert first.losses == second.losses and len(first.losses) == 6


def test_training_never_reads_topics(train, toy_questions):
    """Wrong topics change no explanation and no loss; questions without topics are explained."""
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
