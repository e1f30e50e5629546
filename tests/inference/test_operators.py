"""Operators in a trace: largest, most often, classes, literals, subtraction, union, read-outs."""

from __future__ import annotations

import jsonschema
import pytest

from kgqa.inference.operators import amount, choices
from kgqa.inference.pipeline import Pipeline
from kgqa.linking import Linker
from kgqa.schema import trace_schema
from tests.measured import measured
from tests.script import Script, labels

HANKS, LEO = {"person:Tom Hanks": 1.0}, {"person:Leonardo DiCaprio": 1.0}
FILMS = {"class:film": 1.0}


@pytest.fixture(scope="module")
def graph():
    return measured()


@pytest.fixture(scope="module")
def linker(graph):
    return Linker(graph)


@pytest.fixture
def write(graph, linker):
    """write(question) -> Script with operators over the measured graph."""
    return lambda question: Script(graph, linker(question), operators=True)


def longest(write, *, rank: str = "") -> Script:
    path = ["-cast member", f"most(run time{rank})"]
    return write("What is the longest movie with Tom Hanks?").mention("Tom Hanks", HANKS, path)


def test_the_largest_is_kept_and_what_was_compared_is_listed(write, trace_of):
    trace = trace_of(longest(write))
    assert labels(trace) == {"Saving Private Ryan"}
    hop = trace.branches[0].hops[1]
    assert (hop.relations[0].id, hop.relations[0].label) == (
        "most(run time)",
        "the longest run time",
    )
    assert [(c.entity.label, c.number, c.text, c.kept) for c in hop.compared] == [
        ("Saving Private Ryan", 169, "169 minutes", True),
        ("Catch Me If You Can", 141, "141 minutes", False),
        ("The Terminal", 128, "128 minutes", False),
        ("Road to Perdition", 117, "117 minutes", False),
        ("Sully", 96, "96 minutes", False),
    ]
    assert hop.not_compared == 0 and trace.branches[0].hops[0].compared == ()
    (path,) = trace.answers[0].paths  # what an operator keeps is where it was
    assert [(f.head.label, f.relation) for f in path.facts] == [
        ("Saving Private Ryan", "cast member")
    ]


def test_ranks_are_entries_of_their_own(write, trace_of):
    trace = trace_of(longest(write, rank=", 2"))
    assert labels(trace) == {"Catch Me If You Can"}
    relation = trace.branches[0].hops[1].relations[0]
    assert (relation.id, relation.label) == ("most(run time, 2)", "the second longest run time")
    mixed = longest(write)
    mixed.mention(
        "Tom Hanks", HANKS, ["-cast member", {"most(run time)": 0.7, "most(run time, 2)": 0.3}]
    )
    mixed.used = mixed.used[:1]
    relations = trace_of(mixed).branches[0].hops[1].relations
    assert [(r.id, r.weight) for r in relations[:2]] == [
        ("most(run time)", pytest.approx(0.7, abs=1e-4)),
        ("most(run time, 2)", pytest.approx(0.3, abs=1e-4)),
    ]


def test_ties_are_all_kept_and_edges_are_counted(write, trace_of):
    s = write("Which movies have the most actors?").mention("movies", FILMS, ["most(cast member)"])
    trace = trace_of(s)
    assert labels(trace) == {"Catch Me If You Can", "Saving Private Ryan"}
    compared = trace.branches[0].hops[0].compared
    assert [(c.text, c.kept) for c in compared] == [("2", True)] * 2 + [("1", False)] * 5


def test_most_often_counts_ways_and_shows_a_fact(write, trace_of):
    s = write("Who directed the most movies with Tom Hanks?")
    trace = trace_of(s.mention("Tom Hanks", HANKS, ["-cast member", "often(director)"]))
    assert labels(trace) == {"Steven Spielberg"}
    hop = trace.branches[0].hops[1]
    assert [(c.entity.label, c.number, c.kept) for c in hop.compared] == [
        ("Steven Spielberg", 3, True),
        ("Sam Mendes", 1, False),
        ("Clint Eastwood", 1, False),
    ]
    assert trace.answers[0].paths[0].facts[-1].relation == "director"


def test_a_long_list_is_cut_and_the_rest_counted(write, trace_of, monkeypatch):
    monkeypatch.setattr("kgqa.inference.operators.MAX_COMPARED", 2)
    hop = trace_of(longest(write)).branches[0].hops[1]
    assert [c.kept for c in hop.compared] == [True, False] and hop.not_compared == 3


def test_a_class_stands_for_its_members(write, trace_of):
    s = write("the shortest movie").mention("movie", FILMS, ["least(run time)"])
    trace = trace_of(s)
    (branch,) = trace.branches
    assert labels(trace) == {"Sully"}
    assert [seed.entity.id for seed in branch.seeds] == ["class:film"] and branch.stands_for == 7
    (path,) = trace.answers[0].paths
    assert [(f.head.label, f.relation, f.tail.label) for f in path.facts] == [
        ("Sully", "is a", "film")
    ]


def test_a_literal_stands_for_whoever_has_such_a_value(write, trace_of):
    s = write("movies over 140 minutes").mention("140 minutes", {"range:run time>140": 1.0}, [])
    trace = trace_of(s)
    assert labels(trace) == {"Catch Me If You Can", "Minority Report", "Saving Private Ryan"}
    (branch,) = trace.branches
    assert branch.stands_for == 3 and branch.seeds[0].entity.label == "more than 140 minutes"
    facts = [a.paths[0].facts for a in trace.answers]
    assert {f.tail.label for (f,) in facts} == {"141 minutes", "145 minutes", "169 minutes"}
    mention = trace.mentions[branch.mention]
    assert (mention.candidates[0].entity.kind, mention.candidates[0].alias) == ("range", "more")


def without(write) -> Script:
    s = write("Tom Hanks without Leonardo DiCaprio")
    s.mention("Tom Hanks", HANKS, ["-cast member"])
    return s.mention("Leonardo DiCaprio", LEO, ["-cast member"])


def test_a_branch_is_taken_away(write, trace_of):
    trace = trace_of(without(write).negate("Leonardo DiCaprio"))
    assert labels(trace) == {
        "The Terminal",
        "Saving Private Ryan",
        "Road to Perdition",
        "Sully",
    }
    assert [b.negated for b in trace.branches] == [False, True] and not trace.united
    row = next(r for r in trace.intersection.rows if r.entity.label == "Catch Me If You Can")
    assert row.minimum == pytest.approx(0, abs=1e-4)
    assert {p.mention for a in trace.answers for p in a.paths} == {trace.branches[0].mention}


def test_branches_are_united(write, trace_of):
    trace = trace_of(without(write).unite())
    assert "J. Edgar" in labels(trace) and len(trace.answers) == 6 and trace.united


@pytest.mark.parametrize(
    ("readout", "kind", "number", "unit", "text"),
    [
        ("count", "number", 5, "", "5"),
        ("verify", "yes_no", 1, "", "Yes"),
        ("sum(run time)", "number", 651, "minutes", "651 minutes"),
    ],
)
def test_an_answer_is_read_off_the_set(write, trace_of, readout, kind, number, unit, text):
    s = write("How many movies has Tom Hanks made?").mention("Tom Hanks", HANKS, ["-cast member"])
    trace = trace_of(s.read(readout, 0.8))
    value = trace.value
    assert (value.kind, value.number, value.unit, value.text) == (kind, number, unit, text)
    assert value.score == pytest.approx(0.8, abs=1e-4)
    assert trace.readout == readout and trace.outcome == "answered" and len(trace.answers) == 5


def test_no_and_none_are_answers_and_a_sum_of_nothing_is_not(write, trace_of):
    def empty(readout: str):
        s = write("Did Tom Hanks direct a movie?").mention("Tom Hanks", HANKS, ["-director"])
        return trace_of(s.read(readout))

    assert (empty("verify").value.text, empty("verify").outcome) == ("No", "answered")
    assert (empty("count").value.text, empty("count").answers) == ("0", ())
    assert (empty("sum(run time)").value, empty("sum(run time)").outcome) == (None, "no_path")
    s = write("How long is Tom Hanks?").mention("Tom Hanks", HANKS, []).read("sum(run time)")
    assert (trace_of(s).value, trace_of(s).outcome, trace_of(s).answers) == (None, "no_path", ())


def test_a_number_and_a_date_are_typed(write, trace_of):
    s = write("How long is Sully?").mention("Sully", {"film:Sully": 1.0}, ["run time"])
    value = trace_of(s).answers[0].value
    assert (value.kind, value.number, value.unit, value.text) == (
        "number",
        96,
        "minutes",
        "96 minutes",
    )
    s = write("When was Sully?").mention("Sully", {"film:Sully": 1.0}, ["release date"])
    value = trace_of(s).answers[0].value
    assert (value.kind, value.unit, value.text) == ("date", "date", "2 September 2016")
    assert trace_of(longest(write)).answers[0].value is None


def test_values_of_a_whole_class_have_their_facts(write, trace_of):
    s = write("run times of movies").mention("movies", FILMS, ["run time"])
    trace = trace_of(s)
    assert len(trace.answers) == 7
    for answer in trace.answers:
        kind, measured = answer.paths[0].facts
        assert kind.head == measured.head and measured.tail == answer.entity
        assert answer.value.text == answer.entity.label


def test_what_the_model_cannot_do_is_told_from_what_the_graph_lacks(write, trace_of):
    assert trace_of(longest(write).beyond()).outcome == "not_possible"
    assert trace_of(longest(write).refuse()).outcome == "not_in_graph"


def test_words_without_effect_are_named(write, trace_of):
    s = longest(write)
    output = s.output()
    for word, weight in enumerate([0.02, 0.02, 0.02, 0.5, 0.3, 0.04, 0.05, 0.05]):
        output.attention[..., word] = weight
    s.output = lambda: output
    assert trace_of(s).unused == ()  # stop words and the mention's own are left out
    output.attention[..., 4] = 0.03
    assert trace_of(s).unused == ("movie",)
    output.read_attention[..., 4] = 0.9
    assert trace_of(s).unused == ("movie",)
    s.output = lambda: _counted(output)
    assert trace_of(s).unused == ()  # the read-out attends to it


def _counted(output):
    output.readout[0, :2] = output.readout[0, :2].flip(0)
    return output


def test_it_prints_and_keeps_to_the_schema(write, trace_of):
    trace = trace_of(without(write).negate("Leonardo DiCaprio").after(["most(run time)"]))
    for part in ("what it reaches is taken away", "the longest run time 1.00", "169 minutes*"):
        assert part in str(trace)
    trace = trace_of(without(write).unite().read("count"))
    assert "union (element-wise maximum)" in str(trace) and "counted:" in str(trace)
    html = trace._repr_html_()
    assert "<bdi>6</bdi>" in html and "Sully" in html
    jsonschema.validate(trace.to_dict(), trace_schema())


@pytest.mark.parametrize(
    ("number", "unit", "text"),
    [
        (1, "minutes", "1 minute"),
        (-5, "US dollars", "-$5"),
        (0.1 + 0.2, "km²", "0.3 km²"),
        (-43, "year", "43 BC"),
        (7, "%", "7%"),
    ],
)
def test_amounts_in_words(number, unit, text):
    assert amount(number, unit) == text


def test_all_that_a_hop_can_keep_is_offered_in_groups(graph):
    offered = choices(graph)
    most, least, often = offered.values()
    assert most[:2] == [
        ("most(release date)", "the latest release date"),
        ("most(run time)", "the longest run time"),
    ]
    assert ("least(-cast member)", "the fewest acted in") in least and len(least) == len(most)
    assert ("often(director)", "most often director") in often
    assert not any("run time" in label for _, label in often)  # values are compared by size


@pytest.mark.parametrize("seed", range(3))
def test_a_random_model_keeps_to_the_schema(graph, new_checkpoint, seed):
    checkpoint = new_checkpoint(graph=graph, seed=seed, sharp=8.0, operators=True, holds=True)
    pipeline = Pipeline(checkpoint)
    for question in ("the longest movie over 100 minutes", "Tom Hanks without Leonardo DiCaprio"):
        jsonschema.validate(pipeline.answer(question).to_dict(), trace_schema())
