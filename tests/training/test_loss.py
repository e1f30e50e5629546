"""The two losses: a sum over explanations by hand, and a gradient that runs through follow."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch

from kgqa.model.outputs import ModelOutput
from kgqa.programs.explanation import Explanation, Seed
from kgqa.programs.program import Branch, Chain
from kgqa.training.config import GAMMA_FOLLOW, GAMMA_PATHS, JOINT_BONUS, MIN_F1
from kgqa.training.loss import _soft_f1, path_marginal, through_follow
from kgqa.walk.ops import Frontier
from tests.training import random_outputs
from tests.training.random_outputs import expected


def p(*rows) -> torch.Tensor:
    return torch.tensor(rows).log()


def small_output(questions: int = 1) -> ModelOutput:
    """Two spans, two candidates, two hops, three relations, one hop after; all questions alike."""
    repeat = lambda t: t.repeat(questions, *[1] * (t.dim() - 1))  # noqa: E731
    return ModelOutput(
        candidates=repeat(p([[0.7, 0.3], [0.6, 0.4]])),
        relations=repeat(
            p([[[0.5, 0.3, 0.2], [0.1, 0.1, 0.8]], [[0.2, 0.2, 0.6], [0.4, 0.3, 0.3]]])
        ),
        stop=repeat(p([[0.1, 0.6, 0.3], [0.2, 0.5, 0.3]])),
        attention=torch.zeros(questions, 2, 2, 1),
        after=repeat(p([[0.25, 0.25, 0.5]])),
        after_stop=repeat(p([0.4, 0.6])),
        after_attention=torch.zeros(questions, 1, 1),
        exclude=torch.full((questions,), 0.9).logit(),
        sets=(((), (0,), (1,), (0, 1)),) * questions,
        set_scores=repeat(p([0.1, 0.2, 0.3, 0.4])),
    )


def branch(span: int, candidate: int, *relations: int) -> Branch[Seed]:
    return Branch(Seed(span, candidate), Chain.of(*relations))


def loss(*explanations: Explanation) -> float:
    return float(path_marginal(small_output(), [list(explanations)]))


def test_one_mention_one_hop():
    """P(set) 0.2 * P(candidate 1) 0.3 * P(one hop) 0.6 * P(relation 1) 0.3."""
    assert loss(Explanation.of(branch(0, 1, 1))) == pytest.approx(
        -math.log(0.2 * 0.3 * 0.6 * 0.3), rel=1e-5
    )


def test_two_hops_take_both_relations():
    assert loss(Explanation.of(branch(0, 0, 0, 2))) == pytest.approx(
        -math.log(0.2 * 0.7 * 0.3 * 0.5 * 0.8), rel=1e-5
    )


def test_leaving_the_mentions_out_counts_where_it_makes_a_difference():
    base = 0.3 * 0.6 * 0.5 * 0.2  # set (1,), candidate 0, one hop, relation 0
    one = branch(1, 0, 0)
    assert loss(Explanation.of(one)) == pytest.approx(-math.log(base), rel=1e-5)
    assert loss(Explanation.of(one, exclude=True)) == pytest.approx(-math.log(base * 0.9), rel=1e-5)
    assert loss(Explanation.of(one, exclude=False)) == pytest.approx(
        -math.log(base * 0.1), rel=1e-5
    )


PAIR = (branch(0, 0, 2), branch(1, 1))
PAIR_P = (
    0.4 * (0.7 * 0.6 * 0.2) * (0.4 * 0.2)
)  # set (0, 1); candidate, one hop, relation; candidate, no hop


def test_a_pair_takes_the_stop_after_the_intersection():
    assert loss(Explanation.of(*PAIR)) == pytest.approx(
        -math.log(PAIR_P * 0.4) - JOINT_BONUS, rel=1e-5
    )


def test_a_hop_after_a_pair():
    assert loss(Explanation.of(*PAIR, after=Chain.of(2))) == pytest.approx(
        -math.log(PAIR_P * 0.6 * 0.5) - JOINT_BONUS, rel=1e-5
    )


def test_only_mentions_at_most_one_hop_away_have_the_bonus_of_using_several():
    far = (branch(0, 0, 2, 2), branch(1, 1))  # two hops: P(stop) 0.3 and another relation, 0.8
    assert loss(Explanation.of(*far)) == pytest.approx(
        -math.log(0.4 * (0.7 * 0.3 * 0.2 * 0.8) * (0.4 * 0.2) * 0.4), rel=1e-5
    )


def test_the_order_of_the_branches_does_not_matter():
    assert loss(Explanation.of(*PAIR[::-1])) == pytest.approx(loss(Explanation.of(*PAIR)))


def test_no_answer_is_the_empty_set():
    assert loss(Explanation.of()) == pytest.approx(-math.log(0.1), rel=1e-5)


def test_explanations_add_up_weighted_by_their_f1():
    one, other = (
        Explanation.of(branch(0, 1, 1), f1=1.0),
        Explanation.of(*PAIR, after=Chain.of(2), f1=0.8),
    )
    expected = 0.2 * 0.3 * 0.6 * 0.3 + PAIR_P * 0.6 * 0.5 * 0.8**GAMMA_PATHS * math.exp(JOINT_BONUS)
    assert loss(one, other) == pytest.approx(-math.log(expected), rel=1e-5)


def test_sharper_weights_favour_what_is_likelier():
    """Of a and b to the power of s; at 1 the gradient is that of the marginal likelihood."""
    one, other = Explanation.of(branch(0, 1, 1)), Explanation.of(branch(1, 0, 0))
    logs = -loss(one), -loss(other)
    for s in (2.0, 3.0):
        weights = [math.exp(s * log) for log in logs]
        expected = -sum(w * log for w, log in zip(weights, logs, strict=True)) / sum(weights)
        found = path_marginal(small_output(), [[one, other]], sharpness=s)
        assert float(found) == pytest.approx(expected, rel=1e-5)

    def gradient(sharpness: float) -> torch.Tensor:
        output = small_output(2)
        leaf = output.relations.requires_grad_()
        rows = [[one, other], [other]]
        path_marginal(output, rows, sharpness=sharpness).backward()
        return leaf.grad

    torch.testing.assert_close(gradient(1.0), gradient(1 + 1e-6), rtol=1e-4, atol=1e-6)
    assert not torch.allclose(gradient(1.0), gradient(2.0), rtol=1e-2)


def test_the_mean_is_over_questions_that_have_an_explanation():
    a, b = Explanation.of(), Explanation.of(branch(0, 1, 1))
    mean = float(path_marginal(small_output(3), [[a], [], [b]]))
    assert mean == pytest.approx((loss(a) + loss(b)) / 2, rel=1e-5)


def test_a_set_out_of_reach_is_passed_over():
    """Only sets that the model formed have a probability; a batch of none costs nothing."""
    output = small_output()
    output.set_scores.requires_grad_()
    nothing = path_marginal(output, [[Explanation.of(branch(0, 0), branch(1, 0), branch(2, 0))]])
    nothing.backward()
    assert float(nothing.detach()) == 0.0 and not output.set_scores.grad.any()


def test_nothing_within_reach_costs_nothing_beside_questions_of_fewer_sets():
    """Scores beyond a question's sets are minus infinity."""
    output = replace(small_output(), set_scores=torch.tensor([[0.0, -1.0, -2.0, -math.inf]]))
    leaf = output.set_scores.requires_grad_()
    far = Explanation.of(branch(0, 0), branch(1, 0), branch(2, 0))
    nothing = path_marginal(output, [[far]])
    nothing.backward()
    assert float(nothing.detach()) == 0.0 and not leaf.grad.any()


# -- through follow --------------------------------------------------------------------------------


def test_soft_f1_by_hand():
    """Memberships relative to the largest: 1, 0.5, 0.25; gold: first, third, one not reached."""
    x = Frontier(torch.tensor([3, 5, 7]), torch.tensor([0.8, 0.4, 0.2]))
    assert float(_soft_f1(x, torch.tensor([3, 7, 9]))) == pytest.approx(2 * 1.25 / (1.75 + 3))
    assert (
        float(_soft_f1(x, torch.tensor([3, 5, 7])))
        < 1
        == float(_soft_f1(Frontier(x.ids, torch.ones(3)), torch.tensor([3, 5, 7])))
    )
    assert float(_soft_f1(Frontier(x.ids[:0], x.weights[:0]), torch.tensor([3]))) == 0.0


LEAVES = ("candidates", "relations", "stop", "after", "after_stop", "exclude", "set_scores")


@pytest.fixture
def random_question(toy, toy_linker, toy_batcher):
    """random_question(text, seed) -> RandomQuestion."""
    return lambda text, seed=0: random_outputs.random_question(
        toy, toy_batcher, toy_linker(text), seed=seed
    )


PADME = "Who did Natalie Portman play in Star Wars?"


@pytest.mark.parametrize("seed", range(3))
def test_the_gradient_through_follow_reaches_every_choice(toy, random_question, seed):
    """Of three people called Tom Hanks one leads to an answer: which is meant matters, too."""
    asked = random_question("Who directed the film with Tom Hanks and Leonardo DiCaprio?", seed)
    answer = [expected(toy, "person:Steven Spielberg")]
    value = through_follow(toy, asked.batch, asked.output(asked.leaves), answer, sets=50)
    value.backward()
    assert value.isfinite() and float(value.detach()) > 0
    for name in LEAVES:
        gradient = asked.leaves[name].grad
        assert gradient is not None and gradient.isfinite().all(), name
        assert float(gradient.abs().max()) > 1e-9, name


@pytest.mark.parametrize("seed", range(3))
def test_the_gradient_through_follow_is_the_finite_difference(toy, random_question, seed):
    """Along a random direction; the loss is smooth except where a clamp begins or ends."""
    asked, answer = random_question(PADME, seed), [expected(toy, "character:Padmé Amidala")]
    slope, difference = asked.slopes(
        lambda output: through_follow(toy, asked.batch, output, answer), seed=seed + 7
    )
    assert slope == pytest.approx(difference, rel=1e-4, abs=1e-7)


def test_a_step_against_the_gradient_lowers_the_loss(toy, random_question):
    asked = random_question("What city is the Mona Lisa in?")
    answer = [expected(toy, "city:Paris")]
    values = asked.descend(
        lambda output: through_follow(toy, asked.batch, output, answer), steps=40, rate=0.3
    )
    assert values[-1] < 0.3 * values[0]


def test_the_loss_of_a_certain_and_right_walk_is_nothing(toy, script):
    s = script("What city is the Mona Lisa in?").mention(
        "Mona Lisa", {"artwork:Mona Lisa": 1.0}, ["exhibited at", "located in"]
    )
    value = through_follow(toy, s.batch(), s.output(), [expected(toy, "city:Paris")])
    assert float(value) == pytest.approx(0, abs=1e-3)


def test_the_loss_of_a_certain_and_wrong_walk_is_the_floor(toy, script):
    s = script("What city is the Mona Lisa in?").mention(
        "Mona Lisa", {"artwork:Mona Lisa": 1.0}, ["creator"]
    )
    value = through_follow(toy, s.batch(), s.output(), [expected(toy, "city:Paris")])
    assert float(value) == pytest.approx(-GAMMA_FOLLOW * math.log(MIN_F1), rel=1e-4)


def test_no_answers_ask_for_no_answer(toy, random_question):
    asked = random_question(PADME)
    predicted = asked.output(asked.leaves)
    value = through_follow(toy, asked.batch, predicted, [expected(toy)]).detach()
    assert float(value) == pytest.approx(-float(predicted.set_scores[0, 0].detach()))


def test_questions_are_walked_together_as_one_by_one(toy, toy_linker, toy_batcher, new_model):
    """The mean of the losses of each; a question without mentions is passed over."""
    model = new_model(toy, sharp=8.0)
    questions = {
        PADME: ["character:Padmé Amidala"],
        "What city is the Mona Lisa in?": ["city:Paris"],
        "Who is Tom Hanks?": [],
        "hello there": ["city:Paris"],
    }
    links = [toy_linker(text) for text in questions]
    examples = [expected(toy, *answers) for answers in questions.values()]

    def value(chosen: slice) -> float:
        batch = toy_batcher(links[chosen])
        with torch.no_grad():
            return float(through_follow(toy, batch, model(batch), examples[chosen]))

    alone = [value(slice(i, i + 1)) for i in range(len(links))]
    assert alone[3] == 0.0
    assert value(slice(0, 4)) == pytest.approx(sum(alone[:3]) / 3, rel=1e-4)
