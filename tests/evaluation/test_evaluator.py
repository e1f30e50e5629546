"""The run: calibration by hand, oracle topics, and reports of a random model."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch

from kgqa.evaluation.calibration import calibration_error, fit_calibration
from kgqa.evaluation.evaluator import Evaluator
from kgqa.evaluation.oracle import impose_topics
from kgqa.inference.calibration import calibrated, features
from kgqa.inference.reader import Reader
from kgqa.model.outputs import Reading
from kgqa.walk import Settings, predict
from kgqa.walk.predict import decide

# -- calibration -----------------------------------------------------------------------------------


def test_calibration_error_by_hand():
    """Two bins: [0.2, 0.3) has mean 0.25, a quarter right, gap 0; [0.9, 1] has mean 0.95, half
    right, gap 0.45 and weight 2/6.
    """
    pairs = [(0.25, True), (0.25, False), (0.25, False), (0.25, False), (0.92, True), (0.98, False)]
    assert calibration_error(pairs) == pytest.approx(round(100 * 0.45 * 2 / 6, 2))


def test_certainty_falls_into_the_last_bin():
    assert calibration_error([(1.0, True), (0.0, False)]) == 0.0
    assert calibration_error([(1.0, False)]) == 100.0


def test_no_answers_have_no_calibration_error():
    assert calibration_error([]) == 0.0


def certain(p: float) -> tuple[float, ...]:
    """The features of an answer of full membership from one mention: its probability alone."""
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
def reading(toy_linker, new_checkpoint) -> Reading:
    links = [toy_linker(PADME), toy_linker("Who is Tom Hanks?")]
    return Reader(new_checkpoint()).read(links)


def chosen(reading: Reading, b: int) -> dict[int, float]:
    """{entity: probability} of the spans of the set that is decided on."""
    candidates, entities = reading.output.candidates[b], reading.batch.entities[b]
    best = {s: int(candidates[s].argmax()) for s in decide(reading, b).spans}
    return {int(entities[s, c]): float(candidates[s, c].exp()) for s, c in best.items()}


def test_the_oracle_imposes_the_topics_for_sure(toy, reading):
    topics = [
        toy.find("person:Natalie Portman"),
        toy.find("film:Star Wars: Episode II – Attack of the Clones"),
    ]
    forced = impose_topics(reading, [topics, None])
    assert chosen(forced, 0) == dict.fromkeys(topics, 1.0)
    link, spans = reading.links[0], forced.output.sets[0][1]
    assert {link.text(link.proposals[s]) for s in spans} >= {"Star Wars"} and len(spans) == 2
    assert decide(forced, 0).probability == 1.0


def test_the_oracle_chooses_a_namesake(toy, reading):
    theologian = toy.find("person:Tom Hanks (theology)")
    assert chosen(impose_topics(reading, [None, [theologian]]), 1) == {theologian: 1.0}


def test_the_oracle_leaves_other_questions_and_the_plan_alone(toy, reading):
    topics = [None, [toy.find("person:Tom Hanks (theology)")]]
    output, forced = reading.output, impose_topics(reading, topics).output
    assert forced.sets[0] == output.sets[0]
    assert torch.equal(forced.set_scores[0], output.set_scores[0])
    assert torch.equal(forced.candidates[0], output.candidates[0])
    for name in ("relations", "stop", "after", "after_stop", "exclude"):
        assert torch.equal(getattr(forced, name), getattr(output, name))
    assert output.set_scores[1, 0].exp() < 1  # nor was the original changed in place


def test_topics_that_no_words_name_leave_the_model_to_itself(toy, reading):
    louvre = toy.find("museum:Louvre")
    assert impose_topics(reading, [None, [louvre]]).output is reading.output


def test_the_walk_starts_from_the_imposed_topics(toy, reading):
    seismologist = toy.find("person:Tom Hanks (seismology)")
    prediction = predict(toy, impose_topics(reading, [None, [seismologist]]))[1]
    assert prediction.walk.branches[0].start.ids.tolist() == [seismologist]


# -- deciding --------------------------------------------------------------------------------------


def test_the_likeliest_set_is_chosen_unless_no_answer_is_likelier_than_not(reading):
    output = reading.output
    single = next(i for i, spans in enumerate(output.sets[0]) if len(spans) == 1)
    pair = next(i for i, spans in enumerate(output.sets[0]) if len(spans) == 2)
    for best, cases in (
        (single, ((0.49, True), (0.5, False), (0.9, False))),
        (pair, ((0.49, True), (0.89, True), (0.91, False))),  # an empty intersection refuses, too
    ):
        spans = output.sets[0][best]
        for refused, answered in cases:
            scores = torch.full_like(output.set_scores, float("-inf"))
            scores[0, 0], scores[0, best] = math.log(refused), math.log(1 - refused)
            scored = replace(reading, output=replace(output, set_scores=scores))
            assert decide(scored, 0).spans == (spans if answered else ())
        assert decide(scored, 0, refuse=False).spans == spans


# -- whole runs ------------------------------------------------------------------------------------


TOPICS = {
    "Who directed J. Edgar?": ("film:J. Edgar",),
    "Who wrote Black Swan?": ("film:Black Swan",),
}


@pytest.fixture(scope="module")
def evaluator(toy_questions, new_checkpoint) -> Evaluator:
    questions = [replace(q, topics=TOPICS.get(q.question, ())) for q in toy_questions[1]]
    return Evaluator(new_checkpoint(sharp=8.0), questions)


def test_scores_come_in_the_order_of_the_questions_and_repeat(evaluator):
    first = evaluator()
    assert [s.answerable for s in first.scores] == [True, True, True, False]
    assert first.scores == evaluator().scores
    scores = [calibrated(values, first.calibration) for values, _ in first.confidence]
    assert scores and all(0 < score < 1 for score in scores)


def test_gold_topics_resolve_every_question_that_has_them(evaluator):
    assert [s.resolved for s in evaluator(gold_topics=True).scores] == [1.0, 1.0, None, None]


def test_gold_topics_are_read_by_the_oracle_run_alone(evaluator):
    questions = [replace(q, topics=("museum:Louvre",)) for q in evaluator.questions]
    wrong = Evaluator(evaluator.checkpoint, questions)
    scores = [replace(s, resolved=None) for s in evaluator().scores]
    assert [replace(s, resolved=None) for s in wrong().scores] == scores


def test_a_model_is_left_in_the_mode_it_was_in(evaluator):
    model = evaluator.checkpoint.model.train()
    evaluator()
    assert model.training
    model.eval()


def test_a_report_has_everything_that_is_printed(evaluator):
    report = evaluator(settings=Settings(intersect=False)).report()
    assert report["questions"] == 4 and report["by_kind"]["toy"]["questions"] == 4
    assert report["by_hops"] == {"1": report["by_kind"]["toy"]}
    assert report["by_mentions"]["1"]["questions"] == 2  # those with topics
    assert report["questions_per_second"] > 0 and report["peak_memory_mb"] > 0
    assert 0 <= report["calibration_error"] <= 100
