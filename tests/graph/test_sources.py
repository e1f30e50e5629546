"""Graphs from what a Python program holds."""

from __future__ import annotations

import gc
from pathlib import Path

import networkx
import pandas
import pytest

from kgqa.errors import GraphError
from kgqa.graph import Graph
from tests.graph.built import facts, kinds, notes

STAFF = pandas.DataFrame({"id": [1, 2], "name": ["Ann", "Bo"], "manager_id": [None, 1]})
TEAMS = pandas.DataFrame({"id": [1], "name": ["Night shift"], "head_id": [2]})


def test_triples_become_a_graph():
    graph = Graph.build([("Oslo", "capital of", "Norway"), ("Bern, city", "in", 7)])
    assert facts(graph) == {("Oslo", "capital of", "Norway"), ("Bern, city", "in", "7")}
    assert graph.name == "graph"


def test_a_graph_without_a_folder_of_its_own_leaves_nothing_behind():
    graph = Graph.build(iter([("a", "b", "c")]))
    folder = Path(graph.folder)
    assert folder.is_dir()
    del graph
    gc.collect()
    assert not folder.exists()


def test_files_become_a_graph_in_the_folder_that_is_named(tmp_path):
    (tmp_path / "facts.csv").write_text("Oslo,capital of,Norway\n")
    graph = Graph.build(tmp_path / "facts.csv", tmp_path / "graph")
    assert graph.name == "facts" and Graph.load(tmp_path / "graph").fingerprint == graph.fingerprint
    assert Graph.build([str(tmp_path / "facts.csv")]).fingerprint == graph.fingerprint


def test_dataframes_refer_to_each_other_by_the_names_of_their_tables():
    graph = Graph.build({"staff": STAFF, "teams": TEAMS}, name="firm")
    assert facts(graph) == {("Bo", "manager", "Ann"), ("Night shift", "head", "Bo")}
    assert kinds(graph) == {"staff": {"Ann", "Bo"}, "team": {"Night shift"}}
    assert graph.name == "firm" and notes(graph) == {}


def test_one_dataframe_of_facts_is_one_of_facts():
    frame = pandas.DataFrame({"head": ["Oslo"], "relation": ["in"], "tail": ["Norway"]})
    assert facts(Graph.build(frame)) == {("Oslo", "in", "Norway")}


def test_a_network_brings_names_kinds_and_relations():
    network = networkx.DiGraph(name="people")
    network.add_node(1, name="Ann", kind="person", age=34)
    network.add_node(2, label="Acme Works", kind="company")
    network.add_edge(1, 2, relation="worksAt", since=2010)
    graph = Graph.build(network)
    assert facts(graph) == {("Ann", "works at", "Acme Works"), ("Ann", "age", "34")}
    assert kinds(graph)["company"] == {"Acme Works"} and graph.name == "people"
    assert notes(graph) == {"properties of edges, which are left out": 1}


def test_parallel_edges_of_a_network_are_told_apart_by_their_keys():
    network = networkx.MultiDiGraph()
    network.add_edge("Ann", "Bo", key="knows")
    network.add_edge("Ann", "Bo", key="teaches")
    assert facts(Graph.build(network)) == {("Ann", "knows", "Bo"), ("Ann", "teaches", "Bo")}


def test_what_a_graph_gives_to_networkx_can_be_built_again(tmp_path):
    graph = Graph.build([("Oslo", "capital of", "Norway"), ("Oslo", "part of", "Norway")])
    again = Graph.build(graph.to_networkx(["Oslo", "Norway"]))
    assert facts(again) == facts(graph)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (7, "No graph can be built from a int: expected a path"),
        ([("a", "b")], "Item 1 is no triple"),
        ([("a", "b", "c"), "abc"], "Item 2 is no triple"),
        ({"staff": [1]}, "The table 'staff' is a list: expected"),
        ("none.csv", r"none\.csv is missing"),
        ([], "at least one triple"),
    ],
)
def test_what_is_none_of_these_is_refused(source, message):
    with pytest.raises(GraphError, match=message):
        Graph.build(source)
