"""The graph that is drawn: bounded, left to right, the same every time, and it counts the rest."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from kgqa.trace import Answer, Branch, EntityWeight, Fact, Mention, Path, Trace
from kgqa.ui.drawing import layout, lines, network, picture, select, svg
from kgqa.ui.views import candidates, outline
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
    assert "50 more answers" in outline.summary(chosen)
    whole = outline.summary(select.select(traces.mona_lisa()))
    assert "nothing that the walk reached is left out" in whole


def test_links_follow_the_walk_in_the_words_of_the_steps():
    """ "cast member" leads from a film to an actor: the walk takes it the other way round."""
    chosen = select.select(traces.hanks())
    walked = {
        (e.label, chosen.nodes[e.left].text, chosen.nodes[e.right].text) for e in links(chosen)
    }
    assert ("acted in", "Tom Hanks, American actor (born 1956)", "Big") in walked
    assert ("screenwriter", "Big", "Anne Spielberg") in walked
    assert not any(label == "cast member" for label, _, _ in walked)
    inverse = replace(traces.hanks().branches[0].hops[0], relations=())
    labels = {"cast": "cast member", "-cast": "is in the cast of", "cast member": "x"}
    branch = replace(traces.hanks().branches[0], hops=(inverse, traces.hanks().branches[0].hops[1]))
    unnamed = select.select(replace(traces.hanks(), branches=(branch,)), labels)
    assert any(e.label in ("is in the cast of", "cast member") for e in links(unnamed))


def links(chosen):
    """The edges that are facts."""
    return [e for e in chosen.edges.values() if e.fact]


@pytest.mark.parametrize("make", ALL)
def test_an_entity_is_one_node_also_where_branches_meet(make):
    drawn = network.drawing(make(), select.select(make()))
    entities = [n["entity"] for n in drawn["nodes"] if n["entity"]]
    assert len(entities) == len(set(entities))


def test_the_meeting_is_emphasised_and_has_all_its_branches():
    drawn = network.drawing(traces.portman(), select.select(traces.portman()))
    meeting = [n for n in drawn["nodes"] if n["meets"]]
    assert [n["label"] for n in meeting] == ["✓ Padmé Amidala"]
    assert {0, 1} <= set(meeting[0]["branches"]) and meeting[0]["borderWidth"] == 3
    assert not any(n["out"] for n in drawn["nodes"])  # three films add up: none is ruled out


def test_meanings_that_the_intersection_ruled_out_are_marked():
    """One of two films carries all that stays, so the other carries none of it."""
    trace = traces.portman()
    first, second, *_ = trace.branches[1].seeds
    seeds = (replace(first, membership=1.0), replace(second, membership=0.3))
    padme = trace.answers[0]
    path = next(p for p in padme.paths if p.facts[0].head.id == first.entity.id)
    answer = replace(padme, paths=(padme.paths[0], path))
    branch = replace(trace.branches[1], seeds=seeds)
    both = replace(trace.intersection, omitted=0)
    changes = {"answers": (answer,), "branches": (trace.branches[0], branch), "intersection": both}
    chosen = select.select(replace(trace, **changes))
    out = [n for n in chosen.nodes.values() if n.out]
    assert [n.entity for n in out] == [second.entity.id] and network.label_of(out[0])[0] == "✕"
    shown = str(candidates.render(replace(trace, **changes)))
    assert shown.count("ruled out by the intersection") == 1
    unproved = replace(trace, **{**changes, "intersection": trace.intersection})
    assert not any(n.out for n in select.select(unproved).nodes.values())


@pytest.mark.parametrize("make", ALL)
def test_no_line_is_behind_a_node_and_every_link_has_its_words(make):
    chosen = select.select(make())
    place = layout.layout(chosen)
    drawn = lines.lines(chosen, place)
    for line in drawn:
        (x1, y1), (x2, y2) = line.start, line.end
        assert x1 <= x2
        for node in chosen.nodes.values():
            x, y = place.at[node.key]
            half = place.width[node.column] / 2, layout.height_of(node) / 2
            beside = x2 <= x - half[0] or x1 >= x + half[0]
            assert beside or abs((y1 + y2) / 2 - y) > half[1]
    named = {i for line in drawn if line.label for i in line.links}
    assert named == set(range(len(chosen.edges)))
    stems = [line for line in drawn if line.label]
    for i, one in enumerate(stems):
        for other in stems[:i]:
            apart = one.start[0] != other.start[0] or abs(one.end[1] - other.end[1]) >= 15
            assert apart, (one.label, other.label)


def test_a_link_that_passes_a_column_has_a_place_of_its_own_there():
    chosen = picture.Picture(columns=3)
    for column, name in ((0, "a"), (1, "b"), (2, "c")):
        chosen.node(column, traces.entity(name), 0)
    chosen.edge("entity|a", "entity|b", 0, None, "r")
    chosen.edge("entity|b", "entity|c", 0, None, "r")
    chosen.edge("entity|a", "entity|c", 0, None, "s")
    chosen.pass_columns()
    place = layout.layout(chosen)
    between = place.lines["entity|a", "entity|c", "s"][1]
    assert abs(between[1] - place.at["entity|b"][1]) >= (layout.GAP + layout.LINE) / 2


def test_pictures_to_take_away_carry_question_answer_and_legend():
    trace = traces.portman()
    chosen = select.select(trace)
    for file in (svg.svg(trace, chosen), network.standalone(trace, chosen)):
        for text in (trace.question, "Padmé Amidala", "Natalie Portman", "where the paths meet"):
            assert text in file
    tree = ElementTree.fromstring(svg.svg(traces.hostile(), select.select(traces.hostile())))
    assert {part.tag.split("}")[1] for part in tree.iter()} <= set(
        "svg title rect path polygon text".split()
    )
    assert not any(name.startswith("on") for part in tree.iter() for name in part.attrib)


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
            and max(edges) < len(drawing["links"])
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
