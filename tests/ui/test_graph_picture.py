"""The graph that is drawn: bounded, left to right, the same every time, and it counts the rest."""

import re

import pytest

from kgqa.trace import Answer, Branch, EntityWeight, Fact, Mention, Path, Trace
from kgqa.ui.drawing import layout, network, picture, select
from kgqa.ui.views import outline
from tests.ui import page_traces as traces

ALL = [traces.mona_lisa, traces.hanks, traces.portman, traces.many, traces.hostile]


@pytest.mark.parametrize("make", ALL)
def test_edges_run_from_left_to_right_between_nodes_that_are_drawn(make):
    chosen = select.select(make())
    for edge in chosen.edges.values():
        assert chosen.nodes[edge.left].column < chosen.nodes[edge.right].column


@pytest.mark.parametrize("make", ALL)
def test_the_number_of_nodes_is_bounded(make):
    chosen = select.select(make())
    assert len(chosen.nodes) <= picture.MOST_NODES
    for column in range(chosen.columns):
        assert sum(n.column == column for n in chosen.nodes.values()) <= picture.MOST_IN_COLUMN + 2


def test_a_trace_with_very_many_entities_is_still_bounded():
    """20 mentions, 400 answers with 4 paths each: 1,600 facts."""
    centre = [traces.entity(f"hub {i}") for i in range(20)]
    facts, answers = [], []
    for i in range(400):
        a = traces.entity(f"answer {i}")
        mine = [Fact(c, "genre", a) for c in centre[:4]]
        facts += mine
        answers.append(Answer(a, 0.5, 0.5, tuple(Path(m, (f,)) for m, f in enumerate(mine))))
    spans = tuple(Mention(i, i + 1, f"hub {i}", 0.9, True, ()) for i in range(20))
    hop = traces.hop({"genre": 1.0}, {}, facts, [(a.entity, 0.5) for a in answers])
    branches = tuple(
        Branch(i, (EntityWeight(c, 1.0),), (hop,), (0.0, 1.0), 400) for i, c in enumerate(centre)
    )
    trace = Trace("q" * 20, "answered", "", tuple(answers), mentions=spans, branches=branches)
    chosen = select.select(trace)
    assert len(chosen.nodes) <= picture.MOST_NODES
    assert chosen.omitted_answers == 400 - select.MOST_ANSWERS


@pytest.mark.parametrize("make", ALL)
def test_positions_are_the_same_every_time_and_never_overlap(make):
    chosen = select.select(make())
    at = layout.positions(chosen)
    assert at == layout.positions(select.select(make()))
    for column in range(chosen.columns):
        rows = sorted(at[n.key][1] for n in chosen.nodes.values() if n.column == column)
        assert all(b - a >= layout.LINE for a, b in zip(rows, rows[1:], strict=False))
    xs = {n.column: at[n.key][0] for n in chosen.nodes.values()}
    assert sorted(xs.values()) == [xs[c] for c in sorted(xs)]


def test_every_shown_answer_of_the_example_is_tied_to_both_mentions():
    chosen = select.select(traces.portman())
    answer = next(n for n in chosen.nodes.values() if n.role == "answer")
    assert answer.text == "Padmé Amidala" and {0, 1} <= answer.branches
    reached, todo = set(), [answer.key]
    while todo:
        key = todo.pop()
        reached.add(key)
        todo += [e.left for e in chosen.edges.values() if e.right == key and e.left not in reached]
    assert {"mention|0", "mention|1"} <= reached


def test_what_is_left_out_is_said():
    trace = traces.many()
    chosen = select.select(trace)
    assert chosen.omitted_answers == 60 - select.MOST_ANSWERS
    assert "46 more answers" in outline.summary(chosen)
    whole = outline.summary(select.select(traces.mona_lisa()))
    assert "nothing that the walk reached is left out" in whole


def test_edges_are_labelled_with_relations_and_point_as_facts_are_stored():
    trace = traces.hanks()
    drawn = network.drawing(trace, select.select(trace))
    labels = {(e["label"], e["arrows"]) for e in drawn["edges"]}
    assert ("cast member", "from") in labels and ("screenwriter", "to") in labels


def test_every_relation_between_two_columns_has_at_least_one_label():
    for make in ALL:
        chosen = select.select(make())
        named = layout.labelled(chosen, layout.positions(chosen))
        groups = {(chosen.nodes[e.left].column, e.label) for e in chosen.edges.values() if e.fact}
        assert groups == {
            (chosen.nodes[chosen.edges[k].left].column, chosen.edges[k].label) for k in named
        }


def test_answers_are_marked_not_by_colour_alone():
    trace = traces.mona_lisa()
    nodes = network.drawing(trace, select.select(trace))["nodes"]
    assert [n["label"] for n in nodes if n["role"] == "answer"] == ["✓ Paris"]
    assert {n["borderWidth"] for n in nodes if n["role"] == "answer"} == {3}


def test_the_graph_has_an_equivalent_in_words():
    trace = traces.hanks()
    html = str(outline.in_words(trace, select.select(trace)))
    assert "Forrest Gump was written by Eric Roth" in re.sub(r"<[^>]+>", "", html)


@pytest.mark.parametrize("make", ALL)
def test_a_drawing_has_steps_paths_and_a_place_for_every_row(make):
    trace = make()
    picture = select.select(trace)
    drawing = network.drawing(trace, picture)
    assert len(drawing["steps"]) == picture.columns and all(
        0 <= n["step"] < picture.columns for n in drawing["nodes"]
    )
    rows = layout.tree(picture)
    assert len(set(rows.values())) == len(rows) <= max(layout.MOST_ROWS, 6 * len(trace.branches))
    assert sorted(y for _, y in rows.values()) == [i * layout.ROW for i in range(len(rows))]
    for answer, edges in drawing["paths"].items():
        assert (
            edges
            and max(edges) < len(drawing["edges"])
            and answer in {a.entity.id for a in trace.answers}
        )
    assert all(1 <= e["width"] <= 4 for e in drawing["edges"])


def test_nothing_walked_is_nothing_drawn():
    trace = traces.nothing("no_mention")
    assert network.drawing(trace, select.select(trace)) is None


def test_labels_are_wrapped_and_bounded():
    wrapped = layout.wrap("x" * 500)
    assert (
        len(wrapped.split("\n")) <= layout.LINES
        and max(map(len, wrapped.split("\n"))) <= layout.WRAP
    )
    assert layout.wrap("\u202e") == "(no name)"
