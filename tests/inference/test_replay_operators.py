"""Traces with operators are replayed on the graph, and wrong ones are found out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kgqa.edits import Edits
from kgqa.graph.operators import same_value
from kgqa.inference.pipeline import Pipeline
from kgqa.inference.replay import replay, replay_value
from kgqa.linking import Linker
from kgqa.walk import Settings
from tests.inference.test_replay import assert_same
from tests.measured import measured
from tests.script import Script

HANKS, LEO = {"person:Tom Hanks": 1.0}, {"person:Leonardo DiCaprio": 1.0}
LIMITS = {"threshold": 0.5, "min_relation": 0.02}
QUESTIONS = [
    "What is the longest movie with Tom Hanks over 120 minutes?",
    "Which movies by Steven Spielberg are without Leonardo DiCaprio?",
    "How many movies has Tom Hanks made that are 100 minutes?",
    "Did Clint Eastwood or Sam Mendes direct Sully?",
]


@pytest.fixture(scope="module")
def graph():
    return measured()


@pytest.fixture
def write(graph):
    linker = Linker(graph)
    return lambda question: Script(graph, linker(question), operators=True)


def check(trace, graph, **limits) -> None:
    limits = {**LIMITS, **limits}
    assert_same(trace, replay(trace, graph, **limits), limits["threshold"])
    again = replay_value(trace, graph, **limits)
    if trace.value is not None:
        value = trace.value.number
        assert same_value(bool(value) if trace.value.kind == "yes_no" else value, again)


def scripts(write):
    """Scripts of every operator, some with uncertain choices."""
    mixed = {"most(run time)": 0.5, "most(run time, 2)": 0.3, "least(cast member)": 0.2}
    yield write("the longest movie with Tom Hanks").mention(
        "Tom Hanks", HANKS, ["-cast member", mixed]
    )
    often = ["-cast member", {"often(director)": 0.9, "director": 0.1}]
    yield write("Who made movies with Tom Hanks?").mention("Tom Hanks", HANKS, often)
    # He is in most of them himself, and is left out before it is counted.
    often = ["-cast member", "often(cast member)"]
    yield write("Who acted with Tom Hanks?").mention("Tom Hanks", HANKS, often).exclude(0.9)
    both = {"range:run time>140": 0.6, "range:run time<140": 0.4}
    yield write("movies over 140 minutes").mention("140 minutes", both, ["least(run time)"])
    yield write("the shortest movie").mention("movie", {"class:film": 0.9}, ["least(run time, 3)"])
    s = write("Tom Hanks without Leonardo DiCaprio")
    s.mention("Tom Hanks", HANKS, ["-cast member"])
    s.mention("Leonardo DiCaprio", {"person:Leonardo DiCaprio": 0.7}, ["-cast member"])
    yield s.negate("Leonardo DiCaprio").after(["most(run time, 2)"]).read("count")
    s = write("Tom Hanks or Leonardo DiCaprio")
    s.mention("Tom Hanks", HANKS, ["-cast member"])
    s.mention("Leonardo DiCaprio", LEO, ["-cast member"])
    yield s.unite().read("sum(run time)")
    yield write("Did Tom Hanks direct?").mention("Tom Hanks", HANKS, ["-director"]).read("verify")


def test_every_operator_is_replayed(write, trace_of, graph):
    for script in scripts(write):
        trace = trace_of(script)
        check(trace, graph)
        assert trace.answers or trace.value is not None


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("sharp", [1.0, 8.0, 25.0])
def test_a_random_model_is_replayed(graph, new_checkpoint, seed, sharp):
    """It spreads entries and ranks, takes away and unites at random."""
    checkpoint = new_checkpoint(graph=graph, seed=seed, sharp=sharp, operators=True, holds=True)
    for least in (0.02, 0.0):
        settings = Settings(refuse=False, min_relation=least)
        pipeline = Pipeline(checkpoint, settings=settings)
        traces = pipeline.answer_many(QUESTIONS)
        for trace in traces:
            check(trace, graph, min_relation=least)
        assert any(t.answers or t.value for t in traces)


def test_random_models_try_everything(graph, new_checkpoint):
    """The test above is of use only if what it replays occurs."""
    seen = set()
    for seed in range(3):
        for sharp in (1.0, 8.0, 25.0):
            checkpoint = new_checkpoint(
                graph=graph, seed=seed, sharp=sharp, operators=True, holds=True
            )
            pipeline = Pipeline(checkpoint, settings=Settings(refuse=False))
            for trace in pipeline.answer_many(QUESTIONS):
                seen |= {trace.readout, "united" if trace.united else ""}
                seen |= {"negated" for b in trace.branches if b.negated}
                seen |= {"stands for" for b in trace.branches if b.stands_for}
                heaviest = (h.relations[0] for b in trace.branches for h in b.hops)
                seen |= {relation.id.split("(")[0] for relation in heaviest}
    assert seen >= {"united", "negated", "stands for", "most", "least", "often", "count"}


def forged_hop(trace, id: str):
    """The trace with another entry at the last hop of its first branch."""
    branch, *rest = trace.branches
    *hops, last = branch.hops
    last = replace(last, relations=(replace(last.relations[0], id=id), *last.relations[1:]))
    return replace(trace, branches=(replace(branch, hops=(*hops, last)), *rest))


def test_a_wrong_operator_or_rank_is_found_out(write, trace_of, graph):
    s = write("the longest movie with Tom Hanks")
    trace = trace_of(s.mention("Tom Hanks", HANKS, ["-cast member", "most(run time)"]))
    check(trace, graph)
    for id in ("least(run time)", "most(run time, 2)", "most(cast member)", "often(director)"):
        with pytest.raises(AssertionError):
            check(forged_hop(trace, id), graph)


def test_a_wrong_combination_or_read_out_is_found_out(write, trace_of, graph):
    s = write("Tom Hanks without Leonardo DiCaprio")
    s.mention("Tom Hanks", HANKS, ["-cast member"])
    s.mention("Leonardo DiCaprio", LEO, ["-cast member"])
    trace = trace_of(s.negate("Leonardo DiCaprio").read("sum(run time)"))
    check(trace, graph)
    branches = tuple(replace(b, negated=False) for b in trace.branches)
    forged = [
        replace(trace, branches=branches),
        replace(trace, branches=branches, united=True),
        replace(trace, readout="count"),
        replace(trace, value=replace(trace.value, number=1.0)),
    ]
    for wrong in forged:
        with pytest.raises(AssertionError):
            check(wrong, graph)


def test_another_class_or_literal_is_found_out(write, trace_of, graph):
    s = write("movies over 140 minutes").mention("140 minutes", {"range:run time>140": 1.0}, [])
    trace = trace_of(s)
    check(trace, graph)
    (branch,) = trace.branches
    for id in ("range:run time<140", "class:film", "film:Sully", "no such entity"):
        seed = replace(branch.seeds[0], entity=replace(branch.seeds[0].entity, id=id))
        with pytest.raises(AssertionError):
            check(replace(trace, branches=(replace(branch, seeds=(seed,)),)), graph)


def test_edits_are_replayed(graph, new_checkpoint):
    checkpoint = new_checkpoint(graph=graph, sharp=8.0, operators=True, holds=True)
    pipeline, question = Pipeline(checkpoint), QUESTIONS[1]
    spielberg = question.index("Steven"), question.index("Steven") + len("Steven Spielberg")
    edits = Edits().adding(*spielberg).following(*spielberg, 2, "least(run time, 2)")
    for edit in (edits, edits.uniting(), edits.negating(*spielberg), edits.reading_out("count")):
        check(pipeline.answer(question, edits=edit), graph)
