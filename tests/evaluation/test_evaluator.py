"""The run: calibration by hand, oracle topics, and reports of a random model."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch

from kgqa.evaluation.evaluator import Evaluator, calibration_error, fit_calibration
from kgqa.inference.calibration import calibrated, features
from kgqa.walk.predict import Settings, adjacency, decide, oracle, predict_one

# -- calibration -----------------------------------------------------------------------------------


def test_calibration_error_by_hand():
    """Two bins. [0.2, 0.3): mean 0.25, a quarter right, gap 0. [0.9, 1]: 0.95, half right, gap 0.45, weight 2/6."""
    pairs = [(0.25, True), (0.25, False), (0.25, False), (0.25, False), (0.92, True), (0.98, False)]
    assert calibration_error(pairs) == pytest.approx(round(100 * 0.45 * 2 / 6, 2))


def test_certainty_falls_into_the_last_bin():
    assert calibration_error([(1.0, True), (0.0, False)]) == 0.0
    assert calibration_error([(1.0, False)]) == 100.0


def test_no_answers_have_no_calibration_error():
    assert calibration_error([]) == 0.0


def certain(p: float) -> tuple[float, ...]:
    """What calibration reads of an answer of full membership from one mention: its probability alone."""
    return features(p, 1.0, 1.0, 1)


def test_a_calibrated_model_is_left_as_it_is():
    """At 0.2, 0.5 and 0.8, exactly that share is right."""
    fitted = fit_calibration([(certain(p), i < 10 * p) for p in (0.2, 0.5, 0.8) for i in range(10)])
    for p in (0.2, 0.5, 0.8):
        assert calibrated(certain(p), fitted) == pytest.approx(p, abs=0.01)


def test_an_overconfident_model_is_moderated():
    """It says 0.9 and 0.1, but three in four and one in four are right."""
    pairs = [(certain(0.9), i < 3) for i in range(4)] + [(certain(0.1), i < 1) for i in range(4)]
    fitted = fit_calibration(pairs)
    assert calibrated(certain(0.9), fitted) == pytest.approx(0.75, abs=0.01)
    assert calibrated(certain(0.1), fitted) == pytest.approx(0.25, abs=0.01)
    assert calibration_error([(calibrated(v, fitted), c) for v, c in pairs]) < 1


# -- oracle topics ---------------------------------------------------------------------------------

PADME = "Who did Natalie Portman play in Star Wars?"


@pytest.fixture(scope="module")
def said(toy, toy_linker, toy_batcher, new_model):
    links = [toy_linker(PADME), toy_linker("Who is Tom Hanks?")]
    batch = toy_batcher.collate([toy_batcher.encode(link) for link in links])
    with torch.inference_mode():
        return links, batch, new_model(toy)(batch)


def chosen(batch, output, b) -> dict[int, float]:
    """{entity: probability} of the spans of the set that is decided on."""
    spans = output.sets[b][decide(output, b)[0]]
    best = {s: int(output.candidates[b, s].argmax()) for s in spans}
    return {
        int(batch.entities[b, s, c]): float(output.candidates[b, s, c].exp())
        for s, c in best.items()
    }


def test_the_oracle_imposes_the_topics_for_sure(toy, said):
    links, batch, output = said
    topics = [
        toy.index_of["person:Natalie Portman"],
        toy.index_of["film:Star Wars: Episode II – Attack of the Clones"],
    ]
    forced = oracle(output, batch, 0, links[0], topics)
    assert chosen(batch, forced, 0) == dict.fromkeys(topics, 1.0)
    spans = forced.sets[0][1]
    assert {links[0].text(links[0].proposals[s]) for s in spans} >= {"Star Wars"} and len(
        spans
    ) == 2
    assert decide(forced, 0)[1] == 1.0


def test_the_oracle_chooses_a_namesake(toy, said):
    links, batch, output = said
    forced = oracle(output, batch, 1, links[1], [toy.index_of["person:Tom Hanks (theology)"]])
    assert chosen(batch, forced, 1) == {toy.index_of["person:Tom Hanks (theology)"]: 1.0}


def test_the_oracle_leaves_other_questions_and_the_plan_alone(toy, said):
    links, batch, output = said
    forced = oracle(output, batch, 1, links[1], [toy.index_of["person:Tom Hanks (theology)"]])
    assert forced.sets[0] == output.sets[0]
    assert torch.equal(forced.set_scores[0], output.set_scores[0]) and torch.equal(
        forced.candidates[0], output.candidates[0]
    )
    for name in ("relations", "stop", "after", "after_stop", "exclude"):
        assert torch.equal(getattr(forced, name), getattr(output, name))
    assert output.set_scores[1, 0].exp() < 1  # nor was the original changed in place


def test_topics_that_no_words_name_leave_the_model_to_itself(toy, said):
    links, batch, output = said
    assert oracle(output, batch, 1, links[1], [toy.index_of["museum:Louvre"]]) is output


def test_the_walk_starts_from_the_imposed_topics(toy, said):
    links, batch, output = said
    forced = oracle(output, batch, 1, links[1], [toy.index_of["person:Tom Hanks (seismology)"]])
    found = predict_one(adjacency(toy), batch, forced, 1, 0.5)
    assert found.walk.branches[0].start.ids.tolist() == [
        toy.index_of["person:Tom Hanks (seismology)"]
    ]


# -- deciding --------------------------------------------------------------------------------------


def test_the_likeliest_set_is_chosen_unless_no_answer_is_likelier_than_not(said):
    _, _, output = said
    single = next(i for i, one in enumerate(output.sets[0]) if len(one) == 1)
    pair = next(i for i, one in enumerate(output.sets[0]) if len(one) == 2)
    for best, cases in (
        (single, ((0.49, True), (0.5, False), (0.9, False))),
        (
            pair,
            ((0.49, True), (0.89, True), (0.91, False)),
        ),  # an empty intersection would refuse, too
    ):
        for refused, answered in cases:
            scores = torch.full_like(output.set_scores, float("-inf"))
            scores[0, 0], scores[0, best] = math.log(refused), math.log(1 - refused)
            assert decide(replace(output, set_scores=scores), 0)[0] == (best if answered else 0)
        assert decide(replace(output, set_scores=scores), 0, refuse=False)[0] == best


# -- whole runs ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def evaluator(toy, toy_batcher, toy_questions) -> Evaluator:
    topics = {
        "Who directed J. Edgar?": ("film:J. Edgar",),
        "Who wrote Black Swan?": ("film:Black Swan",),
    }
    return Evaluator(
        toy, toy_batcher, [replace(q, topics=topics.get(q.question, ())) for q in toy_questions[1]]
    )


def test_scores_come_in_the_order_of_the_questions_and_repeat(evaluator, toy, new_model):
    model = new_model(toy, sharp=8.0)
    first, confidence, _ = evaluator(model)
    assert [s.answerable for s in first] == [True, True, True, False]
    assert first == evaluator(model)[0]
    assert confidence and all(
        0 < calibrated(values, model.config.calibration) < 1 for values, _ in confidence
    )


def test_gold_topics_resolve_every_question_that_has_them(evaluator, toy, new_model):
    scores, _, _ = evaluator(new_model(toy, sharp=8.0), gold_topics=True)
    assert [s.resolved for s in scores] == [1.0, 1.0, None, None]


def test_gold_topics_are_read_by_the_oracle_run_alone(evaluator, toy, toy_batcher, new_model):
    model = new_model(toy, sharp=8.0)
    wrong = Evaluator(
        toy, toy_batcher, [replace(q, topics=("museum:Louvre",)) for q in evaluator.questions]
    )
    answers = [replace(s, resolved=None) for s in evaluator(model)[0]]
    assert [replace(s, resolved=None) for s in wrong(model)[0]] == answers


def test_a_model_is_left_in_the_mode_it_was_in(evaluator, toy, new_model):
    model = new_model(toy).train()
    evaluator(model)
    assert model.training


def test_a_report_has_everything_that_is_printed(evaluator, toy, new_model):
    found = evaluator.report(new_model(toy, sharp=8.0), settings=Settings(intersect=False))
    assert found["questions"] == 4 and found["by_kind"]["toy"]["questions"] == 4
    assert found["by_hops"] == {"1": found["by_kind"]["toy"]}
    assert found["by_mentions"]["1"]["questions"] == 2  # those with topics
    assert found["questions_per_second"] > 0 and found["peak_memory_mb"] > 0
    assert 0 <= found["calibration_error"] <= 100
