"""The algebra as verbs: x.follow(graph, relation), a & b, a | b, a - b, on the toy graph."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given

from kgqa.errors import GraphError
from kgqa.walk import Frontier, ops
from tests.walk.frontiers import dense, frontiers

ACTOR, SPIELBERG = "person:Tom Hanks", "person:Steven Spielberg"


def labels(toy, x: Frontier) -> set[str]:
    return {toy.label(entity) for entity in x.ids.tolist()}


def test_verbs_say_what_a_walk_computes(toy):
    hanks = Frontier.of(toy, ACTOR).follow(toy, "-cast member")
    spielberg = Frontier.of(toy, SPIELBERG).follow(toy, "-director")
    assert labels(toy, hanks & spielberg) == {"Catch Me If You Can", "The Terminal"}
    assert labels(toy, spielberg - hanks) == {"Minority Report"}
    assert labels(toy, hanks - spielberg) == {"Road to Perdition", "Sully"}
    assert len(hanks | spielberg) == len(hanks) + 1
    assert labels(toy, (hanks & spielberg).follow(toy, "screenwriter")) == {"Jeff Nathanson"}


def test_follow_is_clamped_to_memberships(toy):
    """Hanks acted in two films of Spielberg, who is not more than reached."""
    directors = Frontier.of(toy, ACTOR).follow(toy, "-cast member").follow(toy, "director")
    assert dict(directors.top(9))[toy.find(SPIELBERG)] == 1.0


def test_a_distribution_over_relations_is_followed_as_it_is(toy):
    r = torch.zeros(toy.num_relations)
    r[toy.relation_index["director"]], r[toy.relation_index["screenwriter"]] = 0.75, 0.25
    x = Frontier.of(toy, "film:Sully").follow(toy, r)
    assert {toy.label(e): w for e, w in x.top(9)} == {
        "Clint Eastwood": 0.75,
        "Todd Komarnicki": 0.25,
    }


def test_a_difference_takes_what_membership_is_left(toy):
    """min(x, 1 - y): 0.9 and 0.3 leave 0.7, 0.2 and 0.3 leave 0.2, and 1 leaves nothing."""
    ids = torch.tensor([1, 4, 6])
    x = Frontier(ids, torch.tensor([0.9, 0.2, 0.5]))
    y = Frontier(ids, torch.tensor([0.3, 0.3, 1.0]))
    assert dict((x - y).top(9)) == {1: pytest.approx(0.7), 4: pytest.approx(0.2)}


@given(frontiers(2, 9))
def test_the_difference_is_the_dense_one(parts):
    x, y = map(ops.membership, parts)
    torch.testing.assert_close(dense(x - y, 9), torch.minimum(dense(x, 9), 1 - dense(y, 9)))


def test_the_gradient_of_a_difference_is_the_dense_one():
    a = torch.tensor([0.9, 0.2], requires_grad=True)
    b = torch.tensor([0.3, 0.3], requires_grad=True)
    ids = torch.tensor([1, 4])
    (Frontier(ids, a) - Frontier(ids, b)).weights.sum().backward()
    assert a.grad.tolist() == [0.0, 1.0] and b.grad.tolist() == [-1.0, 0.0]


def test_an_unknown_id_or_relation_is_a_sentence(toy):
    with pytest.raises(GraphError, match="no entity with the id 'person:Nobody'"):
        Frontier.of(toy, "person:Nobody")
    with pytest.raises(GraphError, match="no relation 'likes'"):
        Frontier.of(toy, ACTOR).follow(toy, "likes")
