"""Diagnosis, ceiling, baseline and the table of several seeds, on the toy graph."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from kgqa.evaluation.baseline import popularity
from kgqa.evaluation.diagnose import ERRORS, Ceiling, _called, ceiling, diagnose
from kgqa.evaluation.evaluator import Evaluator
from kgqa.evaluation.study import measure, needs_all
from kgqa.graph.numbers import ValueRange
from kgqa.questions import Question

PADME = Question(
    "p",
    "Who did Natalie Portman play in Star Wars: Episode II – Attack of the Clones?",
    ("character:Padmé Amidala",),
    ("person:Natalie Portman", "film:Star Wars: Episode II – Attack of the Clones"),
)
SWAN = Question("s", "Who wrote Black Swan?", ("person:Mark Heyman",), ("film:Black Swan",))
WRONG = Question("w", "Who wrote Sully?", ("museum:Louvre", "city:Paris"), ("film:Sully",))


def test_a_question_that_needs_both_mentions_is_told_from_one_that_does_not(toy):
    easy = replace(
        PADME,
        answers=("character:Nina Sayers",),
        topics=("person:Natalie Portman", "film:Black Swan"),
    )
    assert needs_all(toy, [PADME, SWAN, WRONG, easy]) == ["needs all mentions", "", "", ""]


def test_the_ceiling_counts_what_no_walk_reaches(toy):
    best = ceiling(toy, [PADME, SWAN, WRONG, replace(SWAN, answers=())])
    assert best == Ceiling(reachable=66.67, exact=66.67, f1=66.67)


def test_popularity_follows_the_commonest_relation_of_the_topic(toy):
    """Cast members are the commonest facts, so it names Sully's actor; train asks for writers."""
    train = [replace(SWAN, topics=("film:J. Edgar",), answers=("person:Dustin Lance Black",))]
    sully = replace(WRONG, answers=("person:Tom Hanks",))
    hits = popularity(toy, train, [sully, SWAN])
    assert hits["triples in the graph"] == 50.0
    assert (
        hits["leads to an answer in train"]
        == 50.0
        == hits["share that leads to an answer in train"]
    )


def test_every_wrong_answer_has_one_kind_of_error(new_checkpoint):
    questions = [PADME, SWAN, WRONG, replace(SWAN, question="Who wrote it?")]
    evaluator = Evaluator(new_checkpoint(sharp=8.0), questions)
    errors = diagnose(evaluator)
    scores = evaluator().scores
    assert sum(map(len, errors.values())) == sum(s.hits_at_1 < 1 for s in scores)
    assert set(errors) <= set(ERRORS)
    assert [w.question.id for w in errors["facts"]] == ["w"] and set(errors["facts"][0].gold) == {
        "Louvre",
        "Paris",
    }
    assert [w.question.question for w in errors["unlinked"]] == ["Who wrote it?"]


def test_a_literal_that_was_taken_and_a_number_that_was_expected_are_named(new_checkpoint):
    question = Question("n", "How many films since 2012 are there?", (), value=99.0)
    evaluator = Evaluator(new_checkpoint(sharp=8.0), [question])
    graph = evaluator.checkpoint.graph
    bound = ValueRange.of(graph.relation_index["release year"], 2012, 2012, "at least")
    link = replace(evaluator.items[0].link, ranges=(bound,))
    assert _called(graph, link, graph.num_entities) == "at least release year"
    (wrong,) = (w for found in diagnose(evaluator).values() for w in found)
    assert wrong.gold == ("99.0",)


def test_the_table_of_two_seeds_has_means_and_spreads(tiny_checkpoint, tmp_path):
    runs = [tmp_path / "seed-0", tmp_path / "seed-1"]
    for run in runs:
        shutil.copytree(tiny_checkpoint, run)
    table = measure(runs, [PADME, SWAN], [SWAN], device="cpu")
    assert table["questions"] == 2 and table["runs"] == 2 and table["ceiling"]["exact"] == 100.0
    assert table["gold topics"]["resolved"] == {
        "mean": 100.0,
        "spread": 0.0,
        "runs": [100.0, 100.0],
    }
    assert set(table["end to end"]["by_topics_and_answers"]) == {"in train", "not in train"}
    assert table["without intersection"]["by_need"]["needs all mentions"]["questions"] == 1
    assert table["end to end"]["hits_at_1"]["spread"] == pytest.approx(0.0)
