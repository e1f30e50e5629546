"""What the model commits to: mentions, how branches are combined, and what is read off the set."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from kgqa.graph import Graph
from kgqa.linking import Linker
from kgqa.model.outputs import Reading
from kgqa.walk import Prediction, predict
from kgqa.walk.predict import MIN_VERIFIED, decide
from tests.programs.graphs import states
from tests.script import Script


@pytest.fixture(scope="module")
def graph() -> Graph:
    return states()


@pytest.fixture
def script(graph):
    """script(question) -> Script with operators."""
    linker = Linker(graph)
    return lambda question: Script(graph, linker(question), operators=True)


def reading_of(s: Script) -> Reading:
    return Reading((s.link,), s.batch(), s.output(), s.config())


def predicted(graph: Graph, s: Script) -> Prediction:
    (prediction,) = predict(graph, reading_of(s))
    return prediction


def labels(graph: Graph, prediction: Prediction) -> set[str]:
    return {graph.label(e) for e in prediction.answers.ids.tolist()}


UTAH = "Utah", {"state:Utah": 1.0}
IDAHO = "Idaho", {"state:Idaho": 1.0}


@pytest.mark.parametrize(
    ("readout", "value"), [("", None), ("count", 2.0), ("sum(population)", 5.0), ("verify", True)]
)
def test_a_set_is_read_out(graph, script, readout, value):
    """Utah borders Idaho and Nevada, of 2 and 3 people."""
    s = script("beside Utah").mention(*UTAH, ["borders"]).read(readout)
    prediction = predicted(graph, s)
    assert prediction.value == value and type(prediction.value) is type(value)
    assert prediction.decision.readout == readout
    assert labels(graph, prediction) == {"Idaho", "Nevada"}


def test_a_class_stands_for_its_members_and_a_literal_for_those_who_have_it(graph, script):
    s = script("the largest state").mention("state", {"class:state": 1.0}, ["most(population)"])
    assert labels(graph, predicted(graph, s)) == {"Oregon"}
    s = script("states with more than 2 people")
    literal = next(p for p in s.link.proposals if max(p.entities) >= graph.num_entities)
    index = next(i for i, r in enumerate(s.link.ranges) if r.compare == "more")
    span = s.link.proposals.index(literal)
    s.candidates[0, span] = 0
    s.candidates[0, span, literal.entities.index(graph.num_entities + index)] = 1.0
    s.used.append(span)
    assert labels(graph, predicted(graph, s)) == {"Oregon", "Nevada", "Utah"}


@pytest.mark.parametrize(
    ("negate", "unite", "expected"),
    [
        (False, False, {"Nevada"}),
        (True, False, {"Oregon", "Utah"}),
        (False, True, {"Oregon", "Nevada", "Utah", "Idaho"}),
    ],
)
def test_branches_are_combined(graph, script, negate, unite, expected):
    """Idaho borders Oregon, Nevada and Utah; Utah borders Idaho and Nevada."""
    s = script("Idaho and Utah").mention(*UTAH, ["borders"]).mention(*IDAHO, ["borders"])
    s = s.negate("Utah") if negate else s
    prediction = predicted(graph, s.unite() if unite else s)
    assert labels(graph, prediction) == expected
    assert prediction.walk.either is unite and any(prediction.walk.negated) is negate


def test_if_all_are_to_be_subtracted_there_is_nothing_to_subtract_from(graph, script):
    s = script("Idaho and Utah").mention(*UTAH, ["borders"]).mention(*IDAHO, ["borders"])
    prediction = predicted(graph, s.negate("Utah").negate("Idaho"))
    assert prediction.decision.negated == () and labels(graph, prediction) == {"Nevada"}


@pytest.mark.parametrize(("second", "yes"), [(0.1, False), (0.9, True)])
def test_what_is_unlikely_is_no_reason_for_yes(graph, script, second, yes):
    """Oregon is two hops from Utah, which are taken with this probability."""
    s = script("Does Utah border Oregon?")
    s = s.mention(*UTAH, ["borders", "borders"], stop=[0.0, 1 - second, second])
    s = s.mention("Oregon", {"state:Oregon": 1.0}, []).read("verify")
    prediction = predicted(graph, s)
    assert prediction.value is yes and bool(len(prediction.answers)) is yes
    assert (second >= MIN_VERIFIED) is yes
    (as_set,) = predict(graph, reading_of(s.read("")))
    assert labels(graph, as_set) == {"Oregon"}  # the best there is


def test_nothing_is_none_and_no(graph, script):
    for readout, value in (("count", 0.0), ("verify", False)):
        s = script("beside Maine").mention("Maine", {"state:Maine": 1.0}, ["borders"]).read(readout)
        prediction = predicted(graph, s)
        assert prediction.value == value and not len(prediction.answers)


def test_a_refusal_has_no_walk_and_no_value(graph, script):
    s = script("beside Utah").mention(*UTAH, ["borders"]).read("count")
    prediction = predicted(graph, s.refuse())
    assert prediction.walk is None and prediction.value is None
    assert prediction.decision.spans == () and prediction.decision.readout == ""


def test_a_model_without_operators_keeps_the_set(graph, script):
    s = script("beside Utah").mention(*UTAH, ["borders"]).read("count")
    reading = reading_of(s)
    plain = dict.fromkeys("rank after_rank negate either readout beyond".split())
    decision = decide(replace(reading, output=replace(reading.output, **plain)), 0)
    assert (decision.negated, decision.either, decision.readout) == ((), False, "")


def test_one_branch_is_not_united(graph, script):
    s = script("beside Utah").mention(*UTAH, ["borders"]).unite()
    assert decide(reading_of(s), 0).either is False
    assert torch.isfinite(predicted(graph, s).answers.weights).all()


# -- giving up -------------------------------------------------------------------------------------


@pytest.fixture
def three(script):
    """(script, its output): states beside Utah, Idaho and Nevada, of which there is none.

    Without the third mention the set is likelier than without the first.
    """
    s = script("beside Utah and Idaho and Nevada").read("")
    for name in ("Utah", "Idaho", "Nevada"):
        s.mention(name, {f"state:{name}": 1.0}, ["borders"])
    a, b, c = s.spans
    sets = ((), (a, b, c), (a, b), (b, c))
    scores = torch.tensor([[0.01, 0.6, 0.25, 0.14]]).log()
    return s, replace(s.output(), sets=(sets,), set_scores=scores)


def test_the_least_sure_of_three_mentions_is_given_up(graph, three):
    s, output = three
    (prediction,) = predict(graph, Reading((s.link,), s.batch(), output, s.config()))
    a, b, c = s.spans
    assert prediction.decision.spans == (a, b) and prediction.decision.given_up == (c,)
    assert labels(graph, prediction) == {"Nevada"}


def test_two_mentions_that_reach_nothing_together_are_an_answer(graph, three):
    s, output = three
    pair = s.spans[:2]
    scores = torch.tensor([[0.1, 0.9]]).log()
    output = replace(output, sets=(((), pair),), set_scores=scores)
    (prediction,) = predict(graph, Reading((s.link,), s.batch(), output, s.config()))
    assert prediction.decision.given_up == () and prediction.decision.spans == pair


@pytest.mark.parametrize(
    ("alone", "refused", "given_up"),
    [(0.2, 0.01, True), (0.001, 0.01, False), (0.2, 0.2, False)],
)
def test_one_of_two_is_given_up_if_it_was_in_doubt(graph, script, alone, refused, given_up):
    s = script("beside Utah and Maine").read("")
    for name in ("Utah", "Maine"):
        s.mention(name, {f"state:{name}": 1.0}, ["borders"])
    utah, maine = s.spans
    scores = torch.tensor([[refused, 1 - refused - alone, alone]]).log()
    output = replace(s.output(), sets=(((), (utah, maine), (utah,)),), set_scores=scores)
    (prediction,) = predict(graph, Reading((s.link,), s.batch(), output, s.config()))
    decision = prediction.decision
    assert decision.given_up == ((maine,) if given_up else ())
    assert bool(labels(graph, prediction)) is given_up


# -- what is likeliest alone is walked first -------------------------------------------------------


def at(graph: Graph, s: Script, temperature: float) -> Prediction:
    reading = reading_of(s)
    cool = replace(reading, config=replace(reading.config, temperature=temperature))
    return predict(graph, cool)[0]


def test_at_a_low_temperature_what_is_unlikely_spoils_no_extreme(graph, script):
    """A tenth of the walk leads to Utah itself, of 3 people; its neighbour Idaho has 2."""

    def asked() -> Script:
        likely = {"-capital": 0.02, "borders": 0.98}
        return script("the smallest beside Utah").mention(
            *UTAH, [likely, "least(population)"], [0.1, 0.0, 0.9]
        )

    warm, cool = at(graph, asked(), 1.0), at(graph, asked(), 0.33)
    share = [p.answers.weights.max().item() for p in (warm, cool)]
    assert labels(graph, cool) == {"Idaho"} and share[1] > share[0]


def test_less_likely_hops_count_where_mentions_would_not_meet(graph, script):
    """Nothing is the capital of both; nine in a hundred of each walk meet in their neighbour."""

    def asked() -> Script:
        hop = {"capital": 0.91, "borders": 0.09}
        return script("Utah Idaho").mention(*UTAH, [hop]).mention(*IDAHO, [hop])

    assert labels(graph, at(graph, asked(), 0.33)) == {"Nevada"}
    counted = at(graph, asked().read("count"), 0.33)
    assert counted.value == 0  # that there is nothing is the answer


@pytest.mark.parametrize(("either", "expected"), [(0.3, {"Provo", "Boise"}), (0.05, set())])
def test_mentions_that_do_not_meet_are_united_if_that_is_likely_at_all(
    graph, script, either, expected
):
    s = script("Utah Idaho").mention(*UTAH, ["capital"]).mention(*IDAHO, ["capital"])
    s.either = either
    prediction = at(graph, s, 0.33)
    assert labels(graph, prediction) == expected
    assert prediction.decision.either == bool(expected)


def test_a_refusal_needs_what_the_config_says(graph, script):
    s = script("beside Utah").mention(*UTAH, ["borders"])
    s.answered = 0.3
    reading = reading_of(s)
    assert decide(reading, 0).spans == ()
    surer = replace(reading, config=replace(reading.config, refuse=(0.98, 0.995)))
    assert decide(surer, 0).spans
