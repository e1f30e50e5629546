"""What the network says is a set of distributions, whatever the batch."""

from __future__ import annotations

import math

import pytest
import torch

from kgqa.model.decoder import RelationVectors
from kgqa.model.network import MAX_SPANS_IN_SETS

QUESTIONS = [
    "Who did Natalie Portman play in Star Wars?",
    "Tom Hanks",
    "hello there",
    "?",
    "the 2002 film with Tom Hanks by Steven Spielberg",
]


@pytest.fixture(scope="module")
def forward_pass(toy, toy_linker, toy_batcher, new_model):
    links = [toy_linker(q) for q in QUESTIONS]
    batch = toy_batcher.collate([toy_batcher.encode(link) for link in links])
    with torch.inference_mode():
        return links, batch, new_model(toy)(batch)


@pytest.mark.parametrize(
    "name", ["candidates", "relations", "stop", "after", "after_stop", "set_scores"]
)
def test_log_probabilities_sum_to_one(forward_pass, name):
    values = getattr(forward_pass[2], name)
    assert not torch.isnan(values).any()
    torch.testing.assert_close(values.exp().sum(-1), torch.ones(values.shape[:-1]))


def test_attention_sums_to_one_over_the_words_outside_the_span(forward_pass):
    links, batch, output = forward_pass
    for b, link in enumerate(links):
        for s, p in enumerate(link.proposals):
            looks = output.attention[b, s]
            assert not looks[:, p.first : p.last + 1].any()
            assert not looks[:, len(link.words) :].any()
            others = len(link.words) > p.last - p.first + 1
            torch.testing.assert_close(looks.sum(-1), torch.full((looks.shape[0],), float(others)))


def test_shapes(forward_pass, toy):
    _, batch, output = forward_pass
    b, s, c = batch.entities.shape
    r, h, a, w = toy.num_relations, 3, 2, batch.word_mask.shape[1]
    assert output.candidates.shape == (b, s, c)
    assert (
        output.relations.shape == (b, s, h, r)
        and output.stop.shape == (b, s, h + 1)
        and output.attention.shape == (b, s, h, w)
    )
    assert (
        output.after.shape == (b, a, r)
        and output.after_stop.shape == (b, a + 1)
        and output.after_attention.shape == (b, a, w)
    )
    assert output.exclude.shape == (b,)
    assert output.set_scores.shape == (b, max(map(len, output.sets)))


def test_absent_candidates_and_sets_have_no_probability(forward_pass):
    links, batch, output = forward_pass
    real = batch.span_mask
    assert float(output.candidates.exp()[real][~batch.entity_mask[real]].sum()) == 0.0
    for b, sets in enumerate(output.sets):
        assert not output.set_scores[b, len(sets) :].exp().any()
        assert {s for one in sets for s in one} <= set(range(len(links[b].proposals)))


def test_a_question_without_mentions_has_no_answer_for_sure(forward_pass):
    output = forward_pass[2]
    assert output.sets[2] == output.sets[3] == ((),)
    assert output.set_scores[2, 0].exp() == pytest.approx(1.0)


def test_a_question_is_judged_alone_as_in_a_batch(forward_pass, toy, toy_batcher, new_model):
    links, _, together = forward_pass
    for b in (1, 4):
        batch = toy_batcher.collate([toy_batcher.encode(links[b])])
        with torch.inference_mode():
            alone = new_model(toy)(batch)
        n = len(links[b].proposals)
        assert alone.sets[0] == together.sets[b]
        torch.testing.assert_close(
            alone.set_scores[0],
            together.set_scores[b, : alone.set_scores.shape[1]],
            atol=1e-5,
            rtol=1e-4,
        )
        torch.testing.assert_close(
            alone.relations[0, :n], together.relations[b, :n], atol=1e-5, rtol=1e-4
        )
        torch.testing.assert_close(alone.exclude[0], together.exclude[b], atol=1e-5, rtol=1e-4)


def test_every_head_learns(toy, toy_linker, toy_batcher, new_model):
    model = new_model(toy)
    output = model(toy_batcher.collate([toy_batcher.encode(toy_linker(QUESTIONS[0]))]))
    parts = (
        output.candidates,
        output.relations,
        output.stop,
        output.after,
        output.after_stop,
        output.set_scores,
    )
    sum((p.exp() * torch.linspace(0, 1, p.shape[-1])).sum() for p in parts).add(
        output.exclude.sum()
    ).backward()
    silent = [
        n for n, p in model.named_parameters() if p.grad is None or not 0 < p.grad.norm() < math.inf
    ]
    assert silent == []


def test_more_spans_than_take_part_in_pairs_still_stand_alone(
    default, default_linker, tokenizer, new_model
):
    from kgqa.model.batch import Batcher

    batcher = Batcher(default, tokenizer)
    link = default_linker(
        "Star Wars, Star Trek, Titanic, Casablanca, Chicago, Brazil, "
        "Alien, Jaws, Psycho, Rocky, Fargo and Heat"
    )
    most = max(MAX_SPANS_IN_SETS.values())
    assert len(link.proposals) > most
    with torch.inference_mode():
        sets = new_model(default)(batcher.collate([batcher.encode(link)])).sets[0]
    assert {one[0] for one in sets if len(one) == 1} == set(range(len(link.proposals)))
    assert len({s for one in sets if len(one) > 1 for s in one}) <= most


def test_a_relation_is_found_by_its_words_before_any_training(toy, new_model):
    """With the trained part at zero, the relation whose words are most like the question's wins."""
    decoder = new_model(toy).decoder
    with torch.no_grad():
        decoder.relation[-1].weight.zero_()
        decoder.relation[-1].bias.zero_()
    names = torch.eye(32)[:5]
    words = 3 * names[[2, 2]].unsqueeze(0)  # two words, both about the third relation
    with torch.inference_mode():
        everywhere = torch.ones(1, 1, 2, dtype=torch.bool)
        relations = RelationVectors(torch.zeros(5, 32), 7 * names)
        output = decoder(torch.zeros(1, 1, 96), words, everywhere, relations)
    hops = output.relations
    assert hops[0, 0, 0].argmax() == 2 and torch.equal(hops[:, :, 0], output.first_hop)
    cosine = 1.0
    assert hops[0, 0, 0, 2].item() == pytest.approx(cosine * decoder.similarity.item(), rel=1e-5)


def test_dropout_is_for_training_alone(toy, toy_linker, toy_batcher, new_model):
    model = new_model(toy)
    batch = toy_batcher.collate([toy_batcher.encode(toy_linker("Mona Lisa"))])
    assert torch.equal(model(batch).relations, model(batch).relations)
    model.train()
    assert not torch.equal(model(batch).relations, model(batch).relations)
