"""A trace replayed with set arithmetic gives its own answers: it shows what was computed."""

from __future__ import annotations

import inspect
from dataclasses import replace
from pathlib import Path

import pytest

from kgqa.films import phrasings
from kgqa.films.writer import Writer
from kgqa.inference.pipeline import Pipeline
from kgqa.inference.replay import replay
from kgqa.walk import Settings
from tests.script import mona_lisa

QUESTIONS = [
    "Who did Natalie Portman play in Star Wars?",
    "Who directed the film with Tom Hanks and Leonardo DiCaprio?",
    "What city is the Mona Lisa in?",
    "Who acted alongside Tom Hanks?",
    "the 2002 film with Tom Hanks by Steven Spielberg",
    "Who directed Sully?",
    "is Paris nice",
]


def assert_same(trace, replayed: dict[str, float], threshold: float) -> None:
    """Equal sets and memberships; an entity at the threshold may be on either side of it."""
    answers = {a.entity.id: a.membership for a in trace.answers}
    edge = threshold * max([0.0, *answers.values(), *replayed.values()])
    for entity in answers.keys() | replayed.keys():
        mine, theirs = answers.get(entity), replayed.get(entity)
        if mine is None or theirs is None:
            assert (mine if theirs is None else theirs) == pytest.approx(edge, abs=1e-4), (
                trace.question,
                entity,
            )
        else:
            assert mine == pytest.approx(theirs, abs=1e-4), (trace.question, entity)


def contradiction(trace, pipeline: Pipeline) -> str | None:
    """How the answers of a trace differ from its replay; None if they are the same."""
    threshold, min_relation = (
        pipeline.checkpoint.config.answer_threshold,
        pipeline.settings.min_relation,
    )
    try:
        again = replay(trace, pipeline.graph, threshold=threshold, min_relation=min_relation)
        assert_same(trace, again, threshold)
    except AssertionError as error:
        return str(error)
    return None


def check(pipeline: Pipeline, question: str, settings: Settings):
    trace = pipeline.answer(question, settings=settings)
    threshold = pipeline.checkpoint.config.answer_threshold
    assert_same(
        trace,
        replay(trace, pipeline.graph, threshold=threshold, min_relation=settings.min_relation),
        threshold,
    )
    return trace


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("sharp", [1.0, 8.0, 25.0])
def test_a_random_model_is_replayed(new_pipeline, seed, sharp):
    """Random models do what a trained one seldom does: spread relations, any stop, any set."""
    pipeline = new_pipeline(seed=seed, sharp=sharp)
    traces = [check(pipeline, q, Settings(refuse=False)) for q in QUESTIONS]
    assert any(t.answers for t in traces)


def test_other_limits_are_replayed(new_pipeline):
    pipeline = new_pipeline()
    for settings in (
        Settings(refuse=False, max_hops=1),
        Settings(refuse=False, min_relation=0.1),
        Settings(refuse=False, min_relation=0.005),
    ):
        for question in QUESTIONS:
            check(pipeline, question, settings)


def test_without_pruning_all_that_was_followed_is_listed(new_pipeline):
    """However light: "all that were followed are listed in any case"."""
    pipeline = new_pipeline()
    for question in QUESTIONS:
        check(pipeline, question, Settings(refuse=False, min_relation=0.0))


def test_a_scripted_trace_is_replayed_by_hand(script, trace_of, toy):
    s = script("Who acted alongside Natalie Portman?")
    s.mention(
        "Natalie Portman", {"person:Natalie Portman": 0.8}, ["-cast member", "cast member"]
    ).exclude(0.5)
    replayed = replay(trace_of(s), toy, threshold=0.5, min_relation=0.02)
    # Portman: three films at 0.8, clamped to 1, times 1 - 0.5 * 0.8. McGregor: two at 0.8, clamped.
    assert replayed == {
        "person:Natalie Portman": pytest.approx(0.6, abs=1e-3),
        "person:Ewan McGregor": pytest.approx(1, abs=1e-3),
    }


def test_a_trace_without_branches_replays_to_nothing(script, trace_of, toy):
    assert (
        replay(
            trace_of(
                script("Who is Tom Hanks?")
                .mention("Tom Hanks", {"person:Tom Hanks": 1.0}, [])
                .refuse()
            ),
            toy,
            threshold=0.5,
            min_relation=0.0,
        )
        == {}
    )


def test_a_forged_trace_is_found_out(script, trace_of, toy):
    """The replay would notice another relation than the one that was followed."""
    s = mona_lisa(script)
    trace = trace_of(s)
    (branch,) = trace.branches
    forged = replace(
        branch.hops[1],
        relations=(
            replace(branch.hops[1].relations[0], id="-exhibited at"),
            *branch.hops[1].relations[1:],
        ),
    )
    changed = replace(trace, branches=(replace(branch, hops=(branch.hops[0], forged)),))
    assert set(replay(trace, toy, threshold=0.5, min_relation=0.02)) == {"city:Paris"}
    assert set(replay(changed, toy, threshold=0.5, min_relation=0.02)) == {"artwork:Mona Lisa"}


def test_replay_uses_no_tensor():
    source = Path(inspect.getsourcefile(replay)).read_text(encoding="utf-8")
    assert "torch" not in source and "kgqa.model" not in source


@pytest.mark.checkpoint
def test_dev_questions_of_the_trained_model_are_replayed(pipeline):
    kinds = [k for i, k in enumerate(phrasings.read()) if i % 5 == 0]
    questions = Writer(pipeline.graph, kinds).write("dev", 2, 11)[:40]
    traces = [check(pipeline, q.question, pipeline.settings) for q in questions]
    assert len(traces) == 40 and sum(bool(t.answers) for t in traces) >= 20
