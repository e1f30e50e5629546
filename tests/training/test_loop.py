"""What a step reads and changes: no topics, frozen layers, masked words, averaged weights."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace

import pytest
import torch

from kgqa.errors import DataError, KGQAError
from kgqa.evaluation.metrics import score
from kgqa.questions import Question
from kgqa.training import dataset
from kgqa.training.config import MAX_EPOCHS, SHARPENED, SHARPEST
from kgqa.training.finish import examples
from kgqa.training.masking import masked
from tests.training.preparing import OPTIONS, in_process


def explanations(trainer):
    return [example.explanations for example in trainer.training.examples]


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
    assert explanations(clean) == explanations(garbage)
    clean.run(), garbage.run()
    assert clean.losses == garbage.losses
    blind = [
        SimpleNamespace(id=q.id, question=q.question, answers=q.answers, value=q.value)
        for q in toy_questions[0]
    ]
    folder = clean.checkpoint.graph.folder
    assert in_process(blind, folder) == in_process(toy_questions[0], folder)


def test_follow_alone_learns_without_explanations(train, monkeypatch):
    def searched(*_args, **_options):
        raise AssertionError("explanations were searched")

    monkeypatch.setattr(dataset, "explain", searched)
    alone = replace(OPTIONS, epochs=0, follow_epochs=12, batch_size=12, frozen_layers=0)
    trainer = train(options=alone)
    assert trainer.schedule.first_stage == 0 and not any(explanations(trainer))
    trainer.run()
    follow, losses = zip(*trainer.losses, strict=True)
    assert all(follow) and losses[-1] < 0.9 * losses[0]


def test_follow_alone_leaves_out_answers_that_the_graph_does_not_have(train, toy_questions):
    lost = replace(toy_questions[0][0], id="lost", answers=("no such entity",))
    alone = replace(OPTIONS, epochs=0, follow_epochs=1)
    assert len(train(options=alone, questions=[*toy_questions[0], lost]).training) == 12
    with pytest.raises(DataError, match="check entity ids"):
        train("none", options=alone, questions=[lost])


def test_only_questions_with_an_explanation_are_trained_on(train, toy_questions):
    odd = replace(toy_questions[0][0], id="odd", answers=("field:theology",))
    trainer = train(questions=[*toy_questions[0], odd])
    assert len(trainer.training) == 12
    assert any("12 questions have an explanation" in line for line in trainer.progress.lines)


def test_nothing_to_train_on_is_a_sentence_and_no_endless_loop(train, toy_questions):
    with pytest.raises(KGQAError, match="None of the 1 questions .* has an explanation"):
        train(questions=[replace(toy_questions[0][0], answers=("field:theology",))])


def test_frozen_layers_do_not_move(train):
    trainer = train(options=replace(OPTIONS, frozen_layers=1, epochs=1, follow_epochs=0))
    transformer = trainer.checkpoint.model.encoder.transformer
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
    config = train().checkpoint.config
    assert config.relations == tuple(toy.relation_id(r) for r in range(toy.num_relations))
    assert len(config.relation_words) == len(config.relations) and all(config.relation_words)
    assert config.graph_fingerprint == toy.fingerprint and config.hidden == 32


def test_masking_hides_word_pieces_of_words_alone(train):
    trainer = train(options=replace(OPTIONS, mask_tokens=1.0))
    examples = trainer.training.examples[:3]
    batch = trainer.checkpoint.batcher.collate([example.item for example in examples])
    hidden = masked(batch, examples, trainer.checkpoint, trainer.config).input_ids
    inside = batch.word_of_token < batch.word_mask.shape[1]
    mask = trainer.checkpoint.tokenizer.mask_token_id
    assert (hidden[inside] == mask).all()
    # [CLS], [SEP], punctuation and padding are left as they are.
    assert torch.equal(hidden[~inside], batch.input_ids[~inside])
    trainer.config = OPTIONS
    assert torch.equal(
        masked(batch, examples, trainer.checkpoint, trainer.config).input_ids, batch.input_ids
    )


def test_masking_hides_names_as_a_whole_and_no_other_word(train):
    """Of "Who did Natalie Portman play in Star Wars?" the best explanation starts from both."""
    trainer = train(options=replace(OPTIONS, mask_names=1.0, operators=True))
    padme = next(e for e in trainer.training.examples if "Portman" in e.item.link.question)
    assert {padme.item.link.words[a][2] for a, _ in padme.names(10**6)} == {"natalie", "star"}
    batch = trainer.checkpoint.batcher.collate([padme.item])
    hidden = masked(batch, [padme], trainer.checkpoint, trainer.config).input_ids[0]
    mask = trainer.checkpoint.tokenizer.mask_token_id
    words = [w for _, _, w in padme.item.link.words]
    changed = {words[w] for w in batch.word_of_token[0][hidden == mask].tolist()}
    assert changed == {"natalie", "portman", "star", "wars"}
    trainer.config = replace(trainer.config, operators=False)
    assert torch.equal(
        masked(batch, [padme], trainer.checkpoint, trainer.config).input_ids, batch.input_ids
    )


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
    examples, weights = list(trainer.training.examples[:4]), trainer.learner.parameters
    before = [p.detach().clone() for p in weights]
    batch = trainer.checkpoint.batcher.collate([example.item for example in examples])
    for done in (0, 1):
        trainer.step(examples, batch, done)
    now = [p.detach().clone() for p in weights]
    with trainer.learner.averaged():
        inside = [p.detach().clone() for p in weights]
    assert all(torch.equal(a, p) for a, p in zip(now, weights, strict=True))
    moved = [i for i, (a, b) in enumerate(zip(before, now, strict=True)) if not torch.equal(a, b)]
    assert moved
    for i in moved:
        low, high = torch.minimum(before[i], now[i]) - 2e-3, torch.maximum(before[i], now[i]) + 2e-3
        assert ((inside[i] >= low) & (inside[i] <= high)).all()
        assert not torch.equal(inside[i], now[i])


def test_a_short_data_set_is_passed_more_often(train):
    trainer = train(options=replace(OPTIONS, epochs=None, follow_epochs=None, evaluate_every=None))
    schedule = trainer.schedule  # 3 steps a pass
    assert schedule.first_stage == MAX_EPOCHS * 3 and schedule.total == 9 * 3


def test_explanations_are_weighed_more_sharply_until_most_of_the_first_stage_is_over(train):
    schedule = train().schedule
    assert schedule.sharpness(0) == 1
    first = schedule.first_stage
    assert schedule.sharpness(first) == SHARPEST == schedule.sharpness(math.ceil(SHARPENED * first))
    assert 1 < schedule.sharpness(first // 4) < schedule.sharpness(first // 2) < SHARPEST


def test_the_page_is_offered_short_questions_of_every_kind_that_were_answered_exactly():
    def row(text, kind, exact):
        ranked = [0] if exact else [1]
        question = Question("", text, ("a",), kind=kind)
        return question, score(ranked, {0}, chosen=set(), topics=None, mentions=1)

    rows = [row("long " * n, "A", True) for n in range(9, 1, -1)]
    rows += [row("b?", "B", True), row("no", "C", False)]
    chosen = examples(*zip(*rows, strict=True), limit=4)
    assert [e.kind for e in chosen] == ["B", "A", "A", "A"]
    assert chosen[1].question == "long long "
    assert examples([], []) == []
