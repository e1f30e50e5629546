"""Strangers' files, built in a process of their own: what comes of them, and what stops it."""

import subprocess

import pytest

from kgqa.errors import GraphError
from kgqa.graph import Graph, apart
from kgqa.graph.apart import Bounds, build_apart


def test_a_graph_is_built_and_named(tmp_path):
    (tmp_path / "firm.csv").write_text("id,name,city\nS1,Norfield Metals,Leeds\n", "utf-8")
    build_apart([tmp_path / "firm.csv"], tmp_path / "graph", name="a firm")
    graph = Graph.load(tmp_path / "graph")
    assert graph.name == "a firm" and graph["Norfield Metals"] and graph.read


def test_what_is_wrong_comes_back_as_the_same_sentence(tmp_path):
    (tmp_path / "x.csv").write_text("", "utf-8")
    with pytest.raises(GraphError, match=r"x\.csv is empty"):
        build_apart([tmp_path / "x.csv"], tmp_path / "graph")


def test_what_takes_too_long_or_too_much_is_stopped(tmp_path, monkeypatch):
    rows = "".join(f"S{i},name {i},city {i % 7}\n" for i in range(1_000))
    (tmp_path / "firm.csv").write_text("id,name,city\n" + rows, "utf-8")
    with pytest.raises(GraphError, match="more time or memory"):
        build_apart([tmp_path / "firm.csv"], tmp_path / "graph", Bounds(memory=150_000_000))
    with pytest.raises(GraphError):
        build_apart([tmp_path / "firm.csv"], tmp_path / "graph", Bounds(unpacked=1_000))
    assert not (tmp_path / "graph").exists()

    def late(*_, timeout, **__):
        raise subprocess.TimeoutExpired("python", timeout)

    monkeypatch.setattr(apart.subprocess, "run", late)
    with pytest.raises(GraphError, match="more time or memory"):
        build_apart([tmp_path / "firm.csv"], tmp_path / "graph")
