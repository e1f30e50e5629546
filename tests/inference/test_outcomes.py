"""What a scripted output becomes in the trace: answers, facts, intersections, refusals."""

from __future__ import annotations

import pytest

from tests.script import STAR_WARS, mona_lisa, padme
from tests.toy import PADME


def test_two_branches_meet_in_padme(script, trace_of):
    trace = trace_of(padme(script))
    assert trace.outcome == "answered"
    assert [a.entity.label for a in trace.answers] == ["Padmé Amidala"]
    assert trace.answers[0].membership == pytest.approx(1.0, abs=1e-5)
    assert [m.text for m in trace.mentions if m.used] == ["Natalie Portman", "Star Wars"]
    assert [trace.mentions[b.mention].text for b in trace.branches] == [
        "Natalie Portman",
        "Star Wars",
    ]
    row, *others = trace.intersection.rows  # the others are in one branch alone
    assert all(other.minimum == 0 < max(other.memberships) for other in others)
    assert (row.entity.label, row.minimum) == ("Padmé Amidala", min(row.memberships))
    assert trace.intersection.stop[0] == pytest.approx(1.0) and trace.intersection.hops == ()


def test_every_answer_is_explained_from_each_mention(script, trace_of):
    trace = trace_of(padme(script))
    first, second = trace.answers[0].paths
    assert [(f.head.label, f.relation, f.tail.label) for f in first.facts] == [
        ("Padmé Amidala", "performed by", "Natalie Portman")
    ]
    # The likelier of the two films carried more.
    assert [(f.head.label, f.relation) for f in second.facts] == [
        ("Star Wars: Episode I – The Phantom Menace", "character")
    ]


def test_a_path_of_two_hops_is_a_chain(script, trace_of):
    s = mona_lisa(script)
    trace = trace_of(s)
    assert [a.entity.label for a in trace.answers] == ["Paris"] and trace.intersection is None
    (path,) = trace.answers[0].paths
    expected = [("Mona Lisa", "exhibited at", "Louvre"), ("Louvre", "located in", "Paris")]
    assert [(f.head.label, f.relation, f.tail.label) for f in path.facts] == expected
    (branch,) = trace.branches
    assert [h.relations[0].id for h in branch.hops] == ["exhibited at", "located in"]
    assert [[e.entity.label for e in h.entities] for h in branch.hops] == [["Louvre"], ["Paris"]]
    assert [(f.head.label, f.tail.label) for f in branch.hops[1].facts] == [("Louvre", "Paris")]
    assert branch.reached >= 1 and branch.stop == pytest.approx((0, 0, 1, 0), abs=1e-5)


def test_a_literal_is_an_answer_with_its_fact(script, trace_of):
    s = script("How long is Sully?").mention("Sully", {"film:Sully": 1.0}, ["run time"])
    trace = trace_of(s)
    assert [a.entity.label for a in trace.answers] == ["96 minutes"]
    assert [(f.head.label, f.relation) for f in trace.answers[0].paths[0].facts] == [
        ("Sully", "run time")
    ]


def test_hops_after_the_intersection_are_in_the_trace(script, trace_of):
    s = script("Who directed the film with Tom Hanks and Leonardo DiCaprio?")
    s.mention("Tom Hanks", {"person:Tom Hanks": 1.0}, ["-cast member"])
    s.mention("Leonardo DiCaprio", {"person:Leonardo DiCaprio": 1.0}, ["-cast member"]).after(
        ["director"]
    )
    trace = trace_of(s)
    assert [a.entity.label for a in trace.answers] == ["Steven Spielberg"]
    assert [r.entity.label for r in trace.intersection.rows if r.minimum > 0] == [
        "Catch Me If You Can"
    ]
    assert "The Terminal" in [
        r.entity.label for r in trace.intersection.rows
    ]  # one branch alone reaches it: minimum 0
    assert [h.relations[0].id for h in trace.intersection.hops] == ["director"]
    assert all(
        [f.tail.label for f in p.facts][-1] == "Steven Spielberg" and len(p.facts) == 2
        for p in trace.answers[0].paths
    )


def test_refusing_is_an_outcome(script, trace_of):
    trace = trace_of(padme(script).refuse())
    assert (trace.outcome, trace.answers, trace.branches) == ("not_in_graph", (), ())
    assert trace.mentions and not any(m.used for m in trace.mentions)
    assert trace.confidence == pytest.approx(1.0)


def test_paths_that_meet_nowhere_are_an_outcome(script, trace_of):
    s = (
        script(PADME)
        .mention("Natalie Portman", {"person:Natalie Portman": 1.0}, ["-performer"])
        .mention("Star Wars", STAR_WARS, ["director"])
    )
    trace = trace_of(s)
    assert (trace.outcome, trace.answers) == ("empty_intersection", ())
    assert len(trace.branches) == 2 and trace.intersection.omitted == 0
    assert all(row.minimum == 0 < max(row.memberships) for row in trace.intersection.rows)


def test_a_path_that_leads_nowhere_is_an_outcome(script, trace_of):
    trace = trace_of(
        script("Who is Tom Cruise?").mention("Tom Cruise", {"person:Tom Cruise": 1.0}, ["capital"])
    )
    assert (trace.outcome, trace.answers) == ("no_path", ())
    assert [len(h.entities) for h in trace.branches[0].hops] == [0]


def test_excluded_mentions_are_reported(script, trace_of):
    s = script("Who acted alongside Natalie Portman?").mention(
        "Natalie Portman", {"person:Natalie Portman": 1.0}, ["-cast member", "cast member"]
    )
    assert {a.entity.label for a in trace_of(s).answers} == {"Natalie Portman", "Ewan McGregor"}
    trace = trace_of(s.exclude(1.0))
    assert trace.excluded == pytest.approx(1.0, abs=1e-4)
    assert {a.entity.label for a in trace.answers} == {"Ewan McGregor"}


def test_candidates_are_listed_best_first_with_how_the_words_match(script, trace_of):
    trace = trace_of(padme(script))
    mention = next(m for m in trace.mentions if m.text == "Star Wars")
    assert [c.score for c in mention.candidates] == pytest.approx([0.6, 0.4], abs=1e-5)
    assert {c.alias for c in mention.candidates} == {"part of title"}
    assert PADME[mention.start : mention.end] == mention.text


def test_answers_come_best_first_and_above_the_threshold(script, trace_of):
    s = script("What city is the Mona Lisa in?")
    s.mention(
        "Mona Lisa",
        {"artwork:Mona Lisa": 1.0},
        [{"exhibited at": 0.5, "creator": 0.3, "-director": 0.2}],
    )
    trace = trace_of(s)
    assert [(a.entity.label, round(a.membership, 3)) for a in trace.answers] == [
        ("Louvre", 0.5),
        ("Leonardo da Vinci", 0.3),
    ]
    assert trace.answers[0].score > trace.answers[1].score
