"""What a person decides about operators overrides the model."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kgqa.edits import Edits
from kgqa.inference.pipeline import Pipeline
from kgqa.linking import Linker
from tests.measured import measured
from tests.script import Script, labels, padme
from tests.script import hanks as hanks_of_toy
from tests.toy import HANKS as TOY_HANKS
from tests.toy import PADME

QUESTION = "movies of Tom Hanks without Leonardo DiCaprio over 120 minutes"
FILMS_OF_BOTH = {"Catch Me If You Can"}


def at(text: str, question: str = QUESTION) -> tuple[int, int]:
    start = question.index(text)
    return start, start + len(text)


HANKS, LEO, LITERAL = at("Tom Hanks"), at("Leonardo DiCaprio"), at("120 minutes")


@pytest.fixture(scope="module")
def graph():
    return measured()


@pytest.fixture
def both(graph):
    """The films of two actors, intersected."""
    s = Script(graph, Linker(graph)(QUESTION), operators=True)
    s.mention("Tom Hanks", {"person:Tom Hanks": 1.0}, ["-cast member"])
    return s.mention("Leonardo DiCaprio", {"person:Leonardo DiCaprio": 1.0}, ["-cast member"])


def test_a_branch_is_taken_away_or_kept_by_hand(both, trace_of):
    assert labels(trace_of(both)) == FILMS_OF_BOTH
    trace = trace_of(both, Edits().negating(*LEO))
    assert len(trace.answers) == 4 and [b.negated for b in trace.branches] == [False, True]
    assert not labels(trace) & FILMS_OF_BOTH
    both.negate("Leonardo DiCaprio")
    assert labels(trace_of(both, Edits().negating(*LEO, negated=False))) == FILMS_OF_BOTH


def test_branches_are_united_or_intersected_by_hand(both, trace_of):
    assert len(trace_of(both, Edits().uniting()).answers) == 6
    both.unite()
    trace = trace_of(both, Edits().uniting(False))
    assert labels(trace) == FILMS_OF_BOTH and not trace.united


def test_an_answer_is_read_out_by_hand_or_not(both, trace_of):
    trace = trace_of(both, Edits().uniting().reading_out("sum(run time)"))
    assert trace.value.number == 788 and trace.value.score == pytest.approx(1, abs=1e-4)
    both.read("count")
    trace = trace_of(both, Edits().reading_out(""))
    assert trace.value is None and trace.readout == ""


@pytest.mark.parametrize(
    ("relation", "films"),
    [
        ("most(run time)", {"Saving Private Ryan"}),
        ("least(run time, 2)", {"Road to Perdition"}),
        ("most(cast member)", {"Saving Private Ryan", "Catch Me If You Can"}),
        ("often(director)", {"Steven Spielberg"}),
    ],
)
def test_an_operator_is_taken_at_a_hop(both, trace_of, relation, films):
    edits = Edits().leaving_out(*LEO).following(*HANKS, 2, relation)
    trace = trace_of(both, edits)
    assert labels(trace) == films and trace.branches[0].hops[1].relations[0].id == relation


def test_an_operator_is_taken_after_the_branches(both, trace_of):
    edits = Edits().uniting().following(-1, -1, 1, "least(run time)")
    assert labels(trace_of(both, edits)) == {"Sully"}


def test_a_literal_is_chosen_from_its_candidates(both, trace_of):
    edits = Edits().leaving_out(*LEO).leaving_out(*HANKS)
    trace = trace_of(both, edits.using(*LITERAL, "range:run time<120"))
    assert labels(trace) == {"Road to Perdition", "Sully"} and trace.notes == ()


def test_a_range_that_the_words_do_not_say_is_chosen(graph, new_checkpoint):
    pipeline = Pipeline(new_checkpoint(graph=graph, sharp=8.0, operators=True, holds=True))
    edits = Edits().using(*LITERAL, "range:run time>=145").using(*HANKS, "range:run time<97")
    trace = pipeline.answer(QUESTION, edits=edits)
    seeds = {b.seeds[0].entity.label: b.stands_for for b in trace.branches}
    assert seeds == {"less than 97 minutes": 1, "at least 145 minutes": 2} and not trace.notes


def test_a_class_is_chosen_for_a_mention(both, trace_of):
    edits = Edits().leaving_out(*LEO).leaving_out(*HANKS).using(*at("movies"), "class:film")
    assert len(trace_of(both, edits).answers) == 7


@pytest.mark.parametrize(
    ("edits", "note"),
    [
        (Edits().following(*HANKS, 1, "most(no such)"), "no relation"),
        (Edits().following(*HANKS, 1, "most(run time, 9)"), "5th"),
        (Edits().negating(*at("of")), "no mention"),
        (Edits().negating(*at("movies")), "no part"),
        (Edits().reading_out("sum(colour)"), "cannot read out"),
        (Edits().using(*LITERAL, "range:colour>3"), "no entity"),
        (Edits().negating(*HANKS).negating(*LEO), "Nothing is left"),
    ],
)
def test_what_does_not_fit_is_said_and_changes_nothing(both, trace_of, edits, note):
    trace = trace_of(both, edits)
    assert len(trace.notes) == 1 and note in trace.notes[0]
    assert labels(trace) == FILMS_OF_BOTH


def test_a_model_without_operators_takes_away_and_unites_by_hand(script, trace_of):
    wars = at("Star Wars", PADME)
    trace = trace_of(padme(script), Edits().negating(*wars))
    assert labels(trace) == {"Nina Sayers"}
    assert len(trace_of(padme(script), Edits().uniting()).answers) == 3


def test_a_model_without_operators_says_what_it_cannot_do(script, trace_of):
    s = hanks_of_toy(script)
    span = at("Tom Hanks", TOY_HANKS)
    for edits in (Edits().following(*span, 1, "most(run time)"), Edits().reading_out("count")):
        trace = trace_of(s, edits)
        assert len(trace.notes) == 1 and labels(trace) == labels(trace_of(s))


def test_what_follows_an_operator_is_predicted_anew(graph, new_checkpoint):
    pipeline = Pipeline(new_checkpoint(graph=graph, sharp=8.0, operators=True, holds=True))
    edits = Edits().adding(*HANKS)
    free = pipeline.answer(QUESTION, edits=edits.following(*HANKS, 3, "director"))
    forced = pipeline.answer(
        QUESTION,
        edits=edits.following(*HANKS, 1, "least(run time)").following(*HANKS, 3, "director"),
    )
    hops = [
        next(b for b in t.branches if t.mentions[b.mention].text == "Tom Hanks").hops
        for t in (free, forced)
    ]
    assert hops[1][0].relations[0].id == "least(run time)"
    assert hops[0][1].relations != hops[1][1].relations


def test_without_edits_nothing_differs(graph, new_checkpoint):
    pipeline = Pipeline(new_checkpoint(graph=graph, sharp=8.0, operators=True, holds=True))
    one, other = pipeline.answer(QUESTION), pipeline.answer(QUESTION, edits=Edits())
    assert replace(one, timings={}) == replace(other, timings={})
