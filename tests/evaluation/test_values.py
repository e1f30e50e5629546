"""Questions whose answer is a number, or yes or no: what counts as right."""

from __future__ import annotations

import pytest

from kgqa.checkpoint import Checkpoint
from kgqa.evaluation.evaluator import Evaluator, evaluate
from kgqa.evaluation.metrics import Score
from kgqa.graph import Graph
from kgqa.linking import Linker
from kgqa.questions import Question
from tests.programs.graphs import states
from tests.script import Script, Scripted

TEXT = "How many states does Utah border?"


@pytest.fixture(scope="module")
def graph() -> Graph:
    return states()


@pytest.fixture
def utah(graph):
    """utah(path) -> Script of one mention."""
    link = Linker(graph)(TEXT)
    return lambda path: Script(graph, link, operators=True).mention(
        "Utah", {"state:Utah": 1.0}, path
    )


@pytest.fixture
def score(graph, tokenizer):
    """score(script, answers=..., value=...) -> Score of the one question."""

    def run(script: Script, *answers: str, value: float | bool | None = None) -> Score:
        checkpoint = Checkpoint(Scripted(script), tokenizer, graph)
        question = Question("q", TEXT, answers, value=value)
        return evaluate(checkpoint, [question]).scores[0]

    return run


def hits(score: Score) -> tuple[float, bool]:
    """The score, the same by every measure, and whether the question was refused."""
    assert score.hits_at_1 == score.hits_at_5 == score.exact_match == score.f1
    return score.f1, score.refused


@pytest.mark.parametrize(
    ("readout", "value", "right"),
    [
        ("count", 2.0, 1.0),
        ("count", 3.0, 0.0),
        ("sum(population)", 5.0, 1.0),
        ("sum(population)", 5.0 + 1e-9, 1.0),  # up to rounding
        ("verify", True, 1.0),
        ("verify", False, 0.0),
        ("count", True, 0.0),  # a number is neither yes nor no
        ("verify", 1.0, 0.0),
    ],
)
def test_a_value_is_right_or_wrong(utah, score, readout, value, right):
    assert hits(score(utah(["borders"]).read(readout), value=value)) == (right, False)


def test_a_number_may_be_told_by_its_node(utah, score):
    """Three people live in Utah; the set is the node "3 people"."""
    assert hits(score(utah(["population"]), value=3.0)) == (1.0, False)
    assert hits(score(utah(["population"]), value=2.0)) == (0.0, False)
    assert hits(score(utah(["borders"]), value=2.0)) == (0.0, False)  # two states are no number


def test_a_refusal_is_no_number(utah, score):
    refused = score(utah(["borders"]).refuse(), value=2.0)
    assert hits(refused) == (0.0, True) and refused.answerable


def test_a_number_is_no_set_of_entities(utah, score):
    assert hits(score(utah(["borders"]).read("count"), "state:Idaho")) == (0.0, False)


def test_a_number_where_there_is_no_answer_is_wrong(utah, score):
    answered = score(utah(["borders"]).read("count"))
    assert hits(answered) == (0.0, False) and not answered.answerable
    assert hits(score(utah(["borders"]).refuse())) == (1.0, True)


def test_a_calibration_is_of_entities_alone(graph, utah, tokenizer):
    """A number that is read out has no membership; its node has one, and is right."""
    question = Question("q", TEXT, (), value=3.0)

    def confidence(script: Script) -> list[bool]:
        checkpoint = Checkpoint(Scripted(script), tokenizer, graph)
        return [right for _, right in Evaluator(checkpoint, [question])().confidence]

    assert confidence(utah(["borders"]).read("count")) == []
    assert confidence(utah(["population"])) == [True]
    assert confidence(utah(["borders"])) == [False, False]
