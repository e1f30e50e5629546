"""A trace as a person reads it: in a terminal and in a notebook."""

from __future__ import annotations

from dataclasses import replace

from kgqa.trace import Entity
from tests.script import hanks, mona_lisa, padme

HOSTILE = "\x1b[31m<img src=x onerror=alert(1)>\u202e"


def spoilt(trace):
    """The trace with a hostile label for its best answer."""
    best = replace(trace.best, entity=Entity("x", HOSTILE, HOSTILE, "film"))
    return replace(trace, question=HOSTILE, answers=(best,))


def test_it_prints_answers_mentions_hops_and_the_intersection(script, trace_of):
    printed = str(trace_of(padme(script)))
    for part in (
        "Who did Natalie Portman play in Star Wars?",
        "Padmé Amidala",
        "mention 'Star Wars'",
        "hop 1: played the character 1.00",
        "stop after 1: 1.00",
        "intersection (element-wise minimum)",
        "ms: link",
    ):
        assert part in printed, part


def test_a_refusal_prints_its_reason_and_the_words_that_could_be_names(script, trace_of):
    printed = str(trace_of(mona_lisa(script).refuse()))
    assert "does not hold what is asked" in printed
    assert "words that could be names: 'Mona Lisa'" in printed


def test_the_best_answer_is_the_first(script, trace_of):
    trace = trace_of(hanks(script))
    assert trace.best is trace.answers[0]
    assert trace_of(hanks(script).refuse()).best is None


def test_no_label_steers_a_terminal(script, trace_of):
    printed = str(spoilt(trace_of(mona_lisa(script))))
    assert "\x1b" not in printed and "\u202e" not in printed and "onerror" in printed


def test_a_notebook_gets_escaped_html(script, trace_of):
    html = spoilt(trace_of(mona_lisa(script)))._repr_html_()
    assert "<img" not in html and "&lt;img" in html and "\x1b" not in html
    assert (
        "No words"
        in replace(trace_of(mona_lisa(script)), answers=(), message="No words")._repr_html_()
    )


def test_its_facts_are_those_of_the_paths_to_the_answers(script, trace_of):
    trace = trace_of(padme(script))
    on_paths = {fact for answer in trace.answers for path in answer.paths for fact in path.facts}
    assert set(trace.facts) == on_paths != set() and len(trace.facts) == len(on_paths)


def test_without_paths_its_facts_are_those_that_were_followed(script, trace_of):
    trace = replace(trace_of(padme(script)), answers=())
    followed = {fact for branch in trace.branches for hop in branch.hops for fact in hop.facts}
    assert set(trace.facts) >= followed != set()
    assert replace(trace, branches=(), intersection=None).facts == ()
