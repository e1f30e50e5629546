"""Batches: shapes, masks and the features that need no learning."""

from __future__ import annotations

import pytest
import torch

from kgqa.graph.names import KIND
from kgqa.graph.numbers import COMPARE
from kgqa.linking import Linker
from kgqa.model.batch import CANDIDATE_FEATURES, MAX_TOKENS, SPAN_FEATURES, Batcher
from kgqa.model.features import ENTITY_FEATURES, relation_shares
from tests.programs.graphs import states

STATES = "Oregon Idaho Nevada Utah Maine".split()
QUESTIONS = ["Who wrote films starring Tom Hanks?", "is Paris nice", "hello there", "?"]


@pytest.fixture(scope="module")
def links(toy_linker):
    return [toy_linker(q) for q in QUESTIONS]


@pytest.fixture(scope="module")
def batch(toy_batcher, links):
    return toy_batcher.collate([toy_batcher.encode(link) for link in links])


def test_shapes(batch, links, toy):
    b, s = 4, max(len(link.proposals) for link in links)
    w, c = max(len(link.words) for link in links), 3  # three Tom Hanks
    tokens = batch.input_ids.shape[1]
    assert (
        batch.input_ids.shape
        == batch.attention_mask.shape
        == batch.word_of_token.shape
        == (b, tokens)
    )
    assert batch.word_mask.shape == (b, w)
    assert batch.first.shape == batch.last.shape == batch.span_mask.shape == (b, s)
    assert batch.span_features.shape == (b, s, SPAN_FEATURES)
    assert batch.entities.shape == batch.entity_mask.shape == (b, s, c)
    assert batch.entity_features.shape == (b, s, c, CANDIDATE_FEATURES)
    assert batch.profiles.shape == (b, s, c, toy.num_relations)


def test_masks_count_what_is_there(batch, links, toy_batcher):
    for i, link in enumerate(links):
        assert int(batch.word_mask[i].sum()) == len(link.words)
        assert int(batch.span_mask[i].sum()) == len(link.proposals)
        assert int(batch.attention_mask[i].sum()) == len(
            toy_batcher.tokenizer(link.question)["input_ids"]
        )
        for s, p in enumerate(link.proposals):
            assert batch.entities[i, s][batch.entity_mask[i, s]].tolist() == list(p.entities)
            assert (int(batch.first[i, s]), int(batch.last[i, s])) == (p.first, p.last)
        assert not batch.entity_mask[i, len(link.proposals) :].any()


def test_padding_is_blank(batch):
    assert not batch.entity_features[~batch.entity_mask].any()
    assert not batch.profiles[~batch.entity_mask].any()
    assert not batch.span_features[~batch.span_mask].any()
    assert not batch.input_ids[batch.attention_mask == 0].any()


def test_every_word_has_its_tokens_and_the_rest_point_outside(batch, links):
    outside = batch.word_mask.shape[1]
    for i, link in enumerate(links):
        owners = batch.word_of_token[i][batch.attention_mask[i] == 1].tolist()
        assert owners[0] == owners[-1] == outside  # [CLS], [SEP]
        assert set(owners) - {outside} == set(range(len(link.words)))
        assert set(batch.word_of_token[i][batch.attention_mask[i] == 0].tolist()) <= {outside}


def test_a_profile_shares_one_among_the_relations_that_leave_the_entity(
    toy, toy_batcher, toy_linker
):
    link = toy_linker("Louvre")
    batch = toy_batcher.collate([toy_batcher.encode(link)])
    relations = {
        toy.relation_index["located in"],
        toy.relation_index["-exhibited at"],
    }  # all that the Louvre has
    assert {r for r, v in enumerate(batch.profiles[0, 0, 0].tolist()) if v} == relations
    assert batch.profiles[0, 0, 0].sum() == pytest.approx(1.0)
    assert set(batch.profiles[0, 0, 0].unique().tolist()) == {0.0, 0.5}


def test_a_profile_that_counts_facts_tells_what_an_entity_is_known_for(
    toy, toy_batcher, toy_linker
):
    """Square roots of the film's facts of each relation (two actors, one director), of sum one."""
    link = toy_linker("Catch Me If You Can")
    profile = toy_batcher([link]).profiles[0, 0, 0]
    facts = {r: len(tails) for r, tails in toy.groups(link.proposals[0].entities[0])}
    assert len(set(facts.values())) > 1
    total = sum(n**0.5 for n in facts.values())
    assert {r: pytest.approx(v, abs=1e-6) for r, v in enumerate(profile.tolist()) if v} == {
        r: n**0.5 / total for r, n in facts.items()
    }


def test_candidate_features_say_what_the_graph_knows(toy, toy_batcher, toy_linker):
    link = toy_linker("Tom Hanks")
    features = toy_batcher.encode(link).features[0]
    degrees = [int(toy.degree[e]) for e in link.proposals[0].entities]
    assert features[:, KIND["label"]].tolist() == [1, 1, 1]
    assert features[:, : KIND["in"]].sum(1).tolist() == [1, 1, 1]  # one-hot
    tail = features[:, KIND["in"] :]
    assert tail[0, 0] == pytest.approx(float(torch.log1p(torch.tensor(float(degrees[0])))) / 5)
    assert tail[:, 1].tolist() == pytest.approx([1, 1 / 2, 1 / 3])  # rank by degree
    assert tail[:, 2].tolist() == [0, 0, 0]  # not the only candidate
    assert tail[:, 3].tolist() == [1, 1, 1]  # the words are the label to the letter


def test_span_features_of_a_nested_lower_case_span(toy_batcher, toy_linker):
    link = toy_linker("who is in star wars episode i the phantom menace")
    rows = {
        link.text(p): row
        for p, row in zip(
            link.proposals, toy_batcher.encode(link).span_features.tolist(), strict=True
        )
    }
    size, _, capital, digit, common, nested, label, misspelt = rows["star wars"]
    assert (size, capital, digit, common, nested, label, misspelt) == (0.5, 0, 0, 0, 1, 0, 0)
    assert rows["star wars episode i the phantom menace"][5:7] == [
        0,
        1,
    ]  # in no longer span, and the label itself


def test_a_batch_of_one_equals_its_row_in_a_larger_batch(toy_batcher, links, batch):
    alone = toy_batcher.collate([toy_batcher.encode(links[1])])
    n, w = alone.input_ids.shape[1], alone.word_mask.shape[1]
    s, c = alone.entities.shape[1:]
    assert torch.equal(alone.input_ids[0], batch.input_ids[1, :n])
    assert torch.equal(alone.word_mask[0], batch.word_mask[1, :w])
    assert torch.equal(alone.entities[0], batch.entities[1, :s, :c])
    assert torch.equal(alone.profiles[0], batch.profiles[1, :s, :c])


def test_a_question_without_mentions_and_an_empty_one_still_make_a_batch(toy_batcher, toy_linker):
    batch = toy_batcher.collate([toy_batcher.encode(toy_linker(q)) for q in ("", "?")])
    assert not batch.span_mask.any() and not batch.word_mask.any()
    assert batch.entities.shape[1:] == (1, 1)  # never a dimension of zero


def test_a_long_question_is_cut_and_words_beyond_the_cut_keep_their_place(toy_batcher, toy_linker):
    link = toy_linker("nothing " * 150 + "Louvre")
    item = toy_batcher.encode(link)
    batch = toy_batcher.collate([item])
    assert batch.input_ids.shape[1] == MAX_TOKENS
    assert batch.word_mask.shape[1] == 151 and int(batch.first[0, 0]) == 150


# -- classes and literals --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def valued():
    return states()


@pytest.fixture(scope="module")
def valued_batcher(valued, tokenizer) -> Batcher:
    return Batcher(valued, tokenizer)


def test_literals_bring_their_sets_along(valued, valued_batcher):
    links = [Linker(valued)(q) for q in ("states with more than 2 people", "Utah")]
    batch = valued_batcher(links)
    assert batch.ranges == (links[0].ranges, ()) and links[0].ranges
    assert batch.to("cpu").ranges == batch.ranges
    literal = batch.entities[0] >= valued.num_entities
    assert int(literal.sum()) == len(links[0].ranges)
    features = batch.entity_features[0][literal]
    assert not features[:, :ENTITY_FEATURES].any()
    told = features[:, ENTITY_FEATURES:].argmax(-1).tolist()
    assert [COMPARE[i] for i in told] == [within.compare for within in links[0].ranges]


def shares_of(graph, entities) -> torch.Tensor:
    """The mean profile of some entities."""
    rows = torch.zeros(len(entities), graph.num_relations)
    for row, entity in zip(rows, entities, strict=True):
        relations, shares = relation_shares(graph, int(entity))
        row[torch.tensor(relations.astype(int))] = torch.tensor(shares)
    return rows.mean(0)


def test_the_profile_of_a_class_is_that_of_its_members(valued, valued_batcher):
    batch = valued_batcher([Linker(valued)("states")])
    members = valued.classes.members(valued.find("class:state"))
    torch.testing.assert_close(batch.profiles[0, 0, 0], shares_of(valued, members))


def test_half_the_profile_of_a_literal_is_its_attribute(valued, valued_batcher):
    """The rest is what those with such a number have."""
    link = Linker(valued)("2 people")
    population = valued.relation_index["population"]
    expected = shares_of(valued, valued.find_all(f"state:{s}" for s in STATES)) / 2
    expected[population] += 0.5
    for profile in valued_batcher([link]).profiles[0, 0, : len(link.ranges)]:
        torch.testing.assert_close(profile, expected)
