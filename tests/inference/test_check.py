"""A saved trace is walked again before the page says that it holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kgqa.inference import check as checking
from kgqa.inference.check import check
from tests.script import mona_lisa, padme

LIMITS = {"threshold": 0.5, "min_relation": 0.02}


@pytest.fixture
def trace(script, trace_of):
    return trace_of(padme(script))


def test_a_trace_of_this_graph_is_the_same_when_walked_again(trace, toy):
    assert check(trace, graph=toy, **LIMITS) == "same"


def test_a_changed_answer_is_found_out(trace, toy, script, trace_of):
    other = trace_of(mona_lisa(script)).answers
    assert check(replace(trace, answers=other), graph=toy, **LIMITS) == "differs"
    less = (replace(trace.answers[0], membership=0.1),)
    assert check(replace(trace, answers=less), graph=toy, **LIMITS) == "differs"


def test_relations_that_the_graph_does_not_have_are_no_error(trace, toy):
    hop = trace.branches[0].hops[0]
    odd = tuple(replace(r, id="-no such") for r in hop.relations)
    branch = replace(trace.branches[0], hops=(replace(hop, relations=odd),))
    changed = replace(trace, branches=(branch, *trace.branches[1:]))
    assert check(changed, graph=toy, **LIMITS) == "differs"


def test_another_graph_and_no_answer_are_not_checked(trace, toy):
    assert check(replace(trace, graph="f" * 16), graph=toy, **LIMITS) == "other graph"
    assert check(replace(trace, answers=()), graph=toy, **LIMITS) == "not checked"


def test_an_endless_walk_is_cut_off(trace, toy, monkeypatch):
    long = replace(trace.branches[0], hops=trace.branches[0].hops * 100)
    assert check(replace(trace, branches=(long,)), graph=toy, **LIMITS) == "not checked"
    monkeypatch.setattr(checking, "MOST_EDGES", 1)
    assert check(trace, graph=toy, **LIMITS) == "not checked"
