"""Counterfactuals are what a click on them gives, and cost a walk where no more is needed."""

from __future__ import annotations

import jsonschema
import pytest

from kgqa.checkpoint import Checkpoint
from kgqa.edits import Edits
from kgqa.inference import Pipeline
from kgqa.inference.fidelity import fidelity
from kgqa.inference.why import MOST
from kgqa.schema import trace_schema
from kgqa.ui.views.effect import brief
from kgqa.walk.settings import Settings
from tests.script import Scripted, hanks, mona_lisa, padme
from tests.toy import HANKS, PADME
from tests.ui import operator_traces

LEAST = Settings().min_relation


@pytest.fixture
def scripted(script, tokenizer):
    """scripted(script_of) -> a pipeline whose network says what is scripted."""
    return lambda script_of: Pipeline(
        Checkpoint(Scripted(script_of(script)), tokenizer, script(PADME).graph)
    )


def told(trace) -> dict[str, str]:
    return {one.condition: one.result for one in trace.why}


def test_each_mention_is_left_out_and_a_namesake_is_tried(scripted):
    pipeline = scripted(padme)
    trace = pipeline.why(pipeline.answer(PADME))
    assert len(trace.why) <= MOST and trace.answers[0].entity.label == "Padmé Amidala"
    assert told(trace)["without “Star Wars”"] == "Padmé Amidala and Nina Sayers"
    assert any(c.startswith("without “Natalie Portman”") for c in told(trace))
    assert not any(one.same for one in trace.why if one.condition == "without “Star Wars”")
    jsonschema.validate(trace.to_dict(), trace_schema())


def test_a_counterfactual_is_what_its_edits_give(new_pipeline):
    pipeline = new_pipeline(settings=Settings(refuse=False))
    seen = 0
    for question in (PADME, HANKS, "What city is the Mona Lisa in?"):
        for before in (Edits(), Edits(intersect=False)):
            trace = pipeline.why(pipeline.answer(question, edits=before))
            for one in trace.why:
                then = pipeline.answer(question, edits=one.edits)
                assert brief(then) == one.result, (question, one.condition)
                ids = {a.entity.id for a in trace.answers}
                same = ids == {a.entity.id for a in then.answers}
                assert one.same == (same and then.outcome == trace.outcome)
                seen += 1
    assert seen >= 5


def test_leaving_a_mention_out_runs_no_network(new_pipeline):
    pipeline = new_pipeline(settings=Settings(refuse=False))
    trace = pipeline.answer(PADME)
    runs, forward = [], pipeline.reader.forward
    pipeline.reader.forward = lambda batch: (runs.append(1), forward(batch))[1]
    alone = pipeline.why(trace, network=False)
    assert not runs and all(c.condition.startswith("without") for c in alone.why)
    assert len(alone.why) == 2 if len(trace.branches) > 1 else not alone.why
    pipeline.why(trace)
    assert len(runs) <= MOST


def test_another_relation_is_tried_where_there_is_one_mention(scripted, script):
    pipeline = scripted(mona_lisa)
    trace = pipeline.answer(mona_lisa(script).link.question)
    for one in pipeline.why(trace).why:
        assert one.condition.startswith(("following “", "if “")) and not one.same


def test_what_was_not_followed_has_no_counterfactual(tiny):
    for question in ("", "?!", "x" * 600, "Is it nice?"):
        trace = tiny.answer(question)
        assert trace.branches or tiny.why(trace).why == ()


def test_operators_have_counterfactuals_too():
    for question in operator_traces.WRITE:
        pipeline = operator_traces._pipeline(question)
        trace = pipeline.answer(question)
        for one in pipeline.why(trace, network=False).why:
            assert brief(pipeline.answer(question, edits=one.edits)) == one.result


def test_all_facts_of_a_walk_give_the_whole_answer_and_none_give_nothing(scripted, script):
    for script_of in (padme, hanks, mona_lisa):
        pipeline, question = scripted(script_of), script_of(script).link.question
        trace, graph = pipeline.answer(question), script_of(script).graph
        every = [
            graph.fact(head, r, tail)
            for head in range(graph.num_entities)
            for r in range(len(graph.relations))
            for tail in graph.tails(head, r).tolist()
        ]
        whole = fidelity(trace, every, graph=graph, min_relation=LEAST)
        assert whole == pytest.approx(1.0, abs=1e-4)
        assert fidelity(trace, [], graph=graph, min_relation=LEAST) == 0.0


def test_a_film_that_is_not_drawn_is_missing_from_the_membership(scripted, script):
    """Padmé is reached from two films, of 0.6 and 0.4: without the second, 0.6 is left."""
    pipeline, graph = scripted(padme), padme(script).graph
    trace = pipeline.answer(PADME)
    facts = [f for b in trace.branches for hop in b.hops for f in hop.facts]
    path = [f for f in facts if "Phantom" in str(f) or "Portman" in str(f)]
    share = fidelity(trace, path, graph=graph, min_relation=LEAST)
    assert share == pytest.approx(0.6 / trace.answers[0].membership, abs=1e-3)
    assert fidelity(pipeline.answer("?"), path, graph=graph, min_relation=LEAST) is None
