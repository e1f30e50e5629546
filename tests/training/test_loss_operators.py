"""The two losses with operators: sums by hand, and numbers, yes and no through follow."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch

from kgqa.graph import Graph
from kgqa.linking import Linker
from kgqa.model.batch import Batcher
from kgqa.model.outputs import ModelOutput
from kgqa.programs.explanation import Explanation, Seed
from kgqa.programs.program import Branch, Chain
from kgqa.training.config import GAMMA_FOLLOW, JOINT_BONUS, MIN_F1
from kgqa.training.dataset import Example
from kgqa.training.loss import log_told, not_beyond, path_marginal, through_follow
from tests.programs.graphs import states
from tests.script import Script
from tests.training import random_outputs
from tests.training.random_outputs import expected
from tests.training.test_loss import p, small_output

# -- path-marginal ---------------------------------------------------------------------------------

#: Of two relations: follow, most, least, often of each. Hops of the first span, then of the second.
HOPS = [
    [[0.1, 0.1, 0.3, 0.1, 0.1, 0.1, 0.1, 0.1], [0.2, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.2]],
    [[0.3, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1], [0.1, 0.1, 0.1, 0.4, 0.1, 0.1, 0.05, 0.05]],
]
MOST, LEAST, OFTEN = 2, 5, 7  #: most of the first relation, least and often of the second
SECOND = 8 + MOST  #: the second largest
NEGATED, EITHER = (0.2, 0.3), 0.4


def output() -> ModelOutput:
    """``small_output``, with operators; the last read-out is a sum."""
    return replace(
        small_output(),
        relations=p(HOPS),
        after=p([[0.05, 0.05, 0.05, 0.05, 0.1, 0.1, 0.2, 0.4]]),
        rank=p([[[0.9, 0.1], [0.8, 0.2]], [[0.7, 0.3], [0.6, 0.4]]]),
        after_rank=p([[0.5, 0.5]]),
        negate=torch.tensor([NEGATED]).logit(),
        either=torch.tensor([EITHER]).logit(),
        readout=p([0.4, 0.3, 0.2, 0.1]),
        readouts=("", "count", "verify", "sum(area)"),
        beyond=torch.zeros(1),
    )


def branch(span: int, candidate: int, *hops: int, negated: bool = False) -> Branch[Seed]:
    return Branch(Seed(span, candidate), Chain.of(*hops), negated)


def chance(*branches: Branch[Seed], **more) -> float:
    """P(explanation)."""
    return math.exp(-float(path_marginal(output(), [[Explanation.of(*branches, **more)]])))


#: Set (0,), candidate 1, one hop, and its branch is not subtracted.
ONE = 0.2 * 0.3 * 0.6 * (1 - 0.2)


@pytest.mark.parametrize(
    ("hop", "expected"),
    [
        (0, 0.1),
        (MOST, 0.3 * 0.9),  # which extreme is meant is a choice of its own
        (SECOND, 0.3 * 0.1),
        (LEAST, 0.1 * 0.9),
        (OFTEN, 0.1),  # it has no rank
    ],
)
def test_one_hop(hop, expected):
    assert chance(branch(0, 1, hop)) == pytest.approx(ONE * expected * 0.4, rel=1e-5)


@pytest.mark.parametrize(("readout", "expected"), [("count", 0.3), ("sum(area)", 0.1)])
def test_the_set_is_read_out(readout, expected):
    found = chance(branch(0, 1, MOST), readout=readout)
    assert found == pytest.approx(ONE * 0.3 * 0.9 * expected, rel=1e-5)


def test_each_further_hop_is_a_little_less_welcome():
    """P(two hops) is 0.3, and ``chance`` takes the penalty of one hop off."""
    expected = 0.2 * 0.3 * 0.3 * (1 - 0.2) * (0.1 * 0.2) * 0.4
    assert chance(branch(0, 1, 0, OFTEN)) == pytest.approx(expected, rel=1e-5)


#: Set (0, 1); candidate, one hop, most of the first relation; candidate, no hop.
PAIR = 0.4 * (0.7 * 0.6 * 0.3 * 0.9) * (0.4 * 0.2) * math.exp(JOINT_BONUS)
AND, OR, KEPT = 1 - EITHER, EITHER, (1 - 0.2) * (1 - 0.3)


def pair(*, negated: bool = False) -> tuple[Branch[Seed], ...]:
    return branch(0, 0, MOST), branch(1, 1, negated=negated)


@pytest.mark.parametrize(
    ("negated", "combine", "expected"),
    [
        (False, "&", KEPT * AND),
        (False, "|", KEPT * OR),
        (True, "&", (1 - 0.2) * 0.3 * AND),  # the second branch is subtracted
    ],
)
def test_two_mentions_are_combined(negated, combine, expected):
    found = chance(*pair(negated=negated), combine=combine)
    assert found == pytest.approx(PAIR * expected * 0.4 * 0.4, rel=1e-5)  # stop, set


def test_a_hop_after_the_combination_has_a_rank_too():
    found = chance(*pair(), after=Chain.of(8 + LEAST))
    assert found == pytest.approx(PAIR * KEPT * AND * 0.6 * 0.1 * 0.5 * 0.4, rel=1e-5)


def test_a_refusal_reads_nothing_out():
    assert chance() == pytest.approx(0.1, rel=1e-5)


def test_gradients_reach_every_table():
    made = output()
    names = "relations rank after after_rank negate either readout".split()
    leaves = {name: getattr(made, name).requires_grad_() for name in names}
    after = Explanation.of(*pair(), after=Chain.of(LEAST))
    path_marginal(made, [[after]]).backward()
    for name, leaf in leaves.items():
        assert leaf.grad.abs().max() > 0, name


# -- through follow --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def graph() -> Graph:
    return states()


@pytest.fixture
def script(graph):
    """script(question) -> Script with operators."""
    linker = Linker(graph)
    return lambda question: Script(graph, linker(question), operators=True)


def loss(graph: Graph, s: Script, example: Example) -> float:
    return float(through_follow(graph, s.batch(), s.output(), [example]))


BORDERS = "Utah", {"state:Utah": 1.0}, ["borders"]  #: Idaho and Nevada, of 2 and 3 people


@pytest.mark.parametrize(
    ("readout", "right", "wrong"), [("count", 2.0, 4.0), ("sum(population)", 5.0, 8.0)]
)
def test_a_number_that_is_read_out_is_right_or_near(graph, script, readout, right, wrong):
    s = script("How many states does Utah border?").mention(*BORDERS).read(readout)
    assert loss(graph, s, expected(graph, value=right)) == pytest.approx(0, abs=1e-3)
    off = GAMMA_FOLLOW * abs(right - wrong) / wrong
    assert loss(graph, s, expected(graph, value=wrong)) == pytest.approx(off, rel=1e-2)


def test_a_number_may_be_told_by_the_node_that_stands_for_it(graph, script):
    s = script("How many people has Utah?").mention("Utah", {"state:Utah": 1.0}, ["population"])
    assert loss(graph, s, expected(graph, value=3.0)) == pytest.approx(0, abs=1e-3)
    assert loss(graph, s, expected(graph, value=2.0)) > 5


@pytest.mark.parametrize("other", ["Idaho", "Oregon"])
def test_yes_and_no(graph, script, other):
    """Utah borders Idaho, not Oregon."""
    s = script(f"Does Utah border {other}?").mention(*BORDERS)
    s = s.mention(other, {f"state:{other}": 1.0}, []).read("verify")
    yes = other == "Idaho"
    assert loss(graph, s, expected(graph, value=yes)) == pytest.approx(0, abs=1e-2)
    floor = -math.log(MIN_F1)
    assert loss(graph, s, expected(graph, value=not yes)) == pytest.approx(floor, rel=1e-2)


def test_an_answer_of_the_wrong_sort_is_wrong(graph, script):
    """A count where a set is expected, and the other way around."""
    question = "Which states does Utah border?"
    counted = script(question).mention(*BORDERS).read("count")
    answers = expected(graph, "state:Idaho", "state:Nevada")
    assert loss(graph, counted, answers) > 5
    assert loss(graph, script(question).mention(*BORDERS), answers) < 1e-3
    assert loss(graph, script(question).mention(*BORDERS), expected(graph, value=True)) > 5


def test_subtracting_and_uniting_count(graph, script):
    """Idaho borders Oregon, Nevada and Utah; Utah borders Idaho and Nevada."""
    question = "beside Idaho, not beside Utah"
    both = script(question).mention(*BORDERS)
    both = both.mention("Idaho", {"state:Idaho": 1.0}, ["borders"]).negate("Utah")
    assert loss(graph, both, expected(graph, "state:Oregon", "state:Utah")) < 1e-3
    either = script(question).mention(*BORDERS)
    either = either.mention("Idaho", {"state:Idaho": 1.0}, ["borders"]).unite()
    everywhere = [f"state:{name}" for name in ("Oregon", "Nevada", "Utah", "Idaho")]
    assert loss(graph, either, expected(graph, *everywhere)) < 1e-3


@pytest.mark.parametrize("beyond", [True, False])
def test_a_refusal_asks_for_no_answer_and_says_why(graph, script, beyond):
    s = script("How many states does Utah border?").mention(*BORDERS)
    example = expected(graph, beyond=beyond)
    assert loss(graph, s, example) == pytest.approx(-math.log(1e-9), rel=1e-4)  # it is sure
    output = replace(s.output(), beyond=torch.tensor([1.0]))
    told = math.log1p(math.exp(-1 if beyond else 1))
    assert float(not_beyond(output, [example])) == pytest.approx(told, rel=1e-5)


def test_why_is_asked_of_refusals_alone(graph, script):
    s = script("How many states does Utah border?").mention(*BORDERS)
    answered = expected(graph, value=2.0)
    assert float(not_beyond(s.output(), [answered])) == 0.0
    plain = replace(s.output(), beyond=None)
    assert float(not_beyond(plain, [expected(graph, beyond=True)])) == 0.0


# -- its gradient ----------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [True, False])
def test_who_is_sure_and_wrong_learns(value):
    """Sydney is in Australia, and not its capital: a walk over "located in" says yes, surely."""
    logit = torch.tensor(-12.0 if value else 12.0, requires_grad=True)
    told = log_told(logit.sigmoid(), value)
    told.backward()
    assert float(told.detach()) < -5 and abs(float(logit.grad)) > 0.05
    assert float(log_told(torch.tensor(1.0 if value else 0.0), value)) == pytest.approx(0, abs=1e-3)


@pytest.fixture
def random_question(graph, tokenizer):
    """random_question(text) -> RandomQuestion with operators."""
    batcher, linker = Batcher(graph, tokenizer), Linker(graph)
    return lambda text: random_outputs.random_question(graph, batcher, linker(text), operators=True)


VALUES = {
    "How many states does Utah border?": 2.0,
    "How many live beside Nevada?": 9.0,
    "How many live in Utah, Oregon and Idaho?": 3.0,
    "Does Utah border Idaho?": True,
    "Does Utah border Maine?": False,
}


@pytest.mark.parametrize(("question", "value"), VALUES.items())
def test_the_gradient_is_the_finite_difference(graph, random_question, question, value):
    """Along a random direction; the loss is smooth except where a clamp begins or ends."""
    asked, answer = random_question(question), [expected(graph, value=value)]
    slope, difference = asked.slopes(
        lambda output: through_follow(graph, asked.batch, output, answer, min_relation=0.0), seed=7
    )
    assert abs(slope) > 1e-6
    assert slope == pytest.approx(difference, rel=1e-4, abs=1e-7)


@pytest.mark.parametrize("question", list(VALUES)[::3])
def test_steps_against_the_gradient_lower_the_loss(graph, random_question, question):
    """Of a count, and of a question for yes or no."""
    asked, answer = random_question(question), [expected(graph, value=VALUES[question])]
    values = asked.descend(
        lambda output: through_follow(graph, asked.batch, output, answer, sets=1),
        steps=25,
        rate=0.4,
    )
    assert values[-1] < 0.4 * values[0]
    assert asked.leaves["readout"].grad.any() and asked.leaves["relations"].grad.any()


def test_a_prior_weighs_an_explanation():
    """As likely as the other for the model, one of them has a weight of 1/4."""
    e = [Explanation.of(branch(0, 0, 0)), Explanation.of(branch(0, 0, 0), readout="count")]
    even, weighed = (
        float(path_marginal(output(), [e], priors=[[0.0, p]])) for p in (0.0, math.log(0.25))
    )
    alone = float(path_marginal(output(), [e[:1]]))
    other = math.exp(-even) - math.exp(-alone)
    assert math.exp(-weighed) == pytest.approx(math.exp(-alone) + other / 4)
