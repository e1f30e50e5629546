"""What a trace may hold: plain values in bounds, documented keys, facts of the graph."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass

import pytest

from tests.script import padme
from tests.toy import QUESTIONS

# -- what a trace may hold -------------------------------------------------------------------------

PLAIN = (str, int, float, bool, type(None))


def plain(value) -> bool:
    if is_dataclass(value):
        return all(plain(getattr(value, f.name)) for f in fields(value))
    if isinstance(value, dict):
        return all(type(k) is str and plain(v) for k, v in value.items())
    if isinstance(value, tuple):
        return all(plain(v) for v in value)
    return type(value) in PLAIN


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_trace_holds_plain_values_alone(tiny, question):
    trace = tiny.answer(question)
    assert plain(trace)
    assert json.loads(json.dumps(trace.to_dict(), allow_nan=False))["question"] == question


def test_the_json_object_has_the_documented_keys(script, trace_of):
    row = trace_of(padme(script)).to_dict()

    def check(part: dict, keys: str) -> None:
        assert set(part) == set(keys.split())

    mention, branch, answer = row["mentions"][0], row["branches"][0], row["answers"][0]
    entity = "id label description kind"
    check(
        row,
        "question edits notes outcome message answers confidence excluded mentions branches "
        "intersection timings model graph version value readout united unused given_up why",
    )
    check(mention, "start end text score used candidates")
    check(mention["candidates"][0], f"{entity} score alias")
    check(branch, "mention seeds hops stop reached negated stands_for")
    check(branch["seeds"][0], f"{entity} membership")
    check(branch["hops"][0], "relations words entities omitted dropped facts compared not_compared")
    check(branch["hops"][0]["relations"][0], "id label weight")
    check(row["intersection"], "rows omitted hops stop")
    check(row["intersection"]["rows"][0], f"{entity} memberships minimum")
    check(answer, f"{entity} score membership paths value")
    check(answer["paths"][0], "mention facts")
    check(answer["paths"][0]["facts"][0], "head relation tail sentence")
    check(row["timings"], "link encode hops trace total")


@pytest.mark.parametrize("question", QUESTIONS)
def test_numbers_of_a_trace_keep_their_bounds(tiny, question):
    trace = tiny.answer(question)
    assert 0 <= trace.confidence <= 1 and 0 <= trace.excluded <= 1
    for mention in trace.mentions:
        assert 0 <= mention.score <= 1
        assert sum(c.score for c in mention.candidates) == pytest.approx(1, abs=1e-4)
        assert [c.score for c in mention.candidates] == sorted(
            (c.score for c in mention.candidates), reverse=True
        )
        assert trace.question[mention.start : mention.end] == mention.text
    for branch in trace.branches:
        assert trace.mentions[branch.mention].used
        assert sum(branch.stop) == pytest.approx(1, abs=1e-4)
        for hop in branch.hops:
            assert all(0 <= e.membership <= 1 for e in hop.entities) and hop.omitted >= 0
            assert sum(a for _, a in hop.words) <= 1.01
            assert [r.weight for r in hop.relations] == sorted(
                (r.weight for r in hop.relations), reverse=True
            )
    for answer in trace.answers:
        assert 0 <= answer.membership <= 1 and 0 <= answer.score <= 1
    if trace.intersection is not None:
        for row in trace.intersection.rows:
            assert row.minimum == pytest.approx(min(row.memberships))
            assert len(row.memberships) == len(trace.branches)


@pytest.mark.parametrize("question", QUESTIONS)
def test_paths_are_facts_of_the_graph_from_a_seed_to_the_answer(tiny, question):
    graph, trace = tiny.graph, tiny.answer(question)
    words = {r.label: i for i, r in enumerate(graph.relations)}
    for answer in trace.answers:
        for path in answer.paths:
            seeds = {
                s.entity.id for b in trace.branches if b.mention == path.mention for s in b.seeds
            }
            for fact in path.facts:
                head, tail = graph.find(fact.head.id), graph.find(fact.tail.id)
                assert tail in graph.tails(head, words[fact.relation])
            ends = {answer.entity.id}
            for fact in reversed(path.facts):
                one, other = fact.head.id, fact.tail.id
                assert ends & {one, other}
                ends = {one, other} if {one, other} == ends else ({one, other} - ends or {one})
            assert ends & seeds, (answer.entity, path)
