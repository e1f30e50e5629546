"""The graph that a person names: a built folder, or files of which one is built."""

import os
from pathlib import Path

import pytest

from kgqa.errors import GraphError
from kgqa.graph import given
from kgqa.graph.given import described, open_graph

FIRM = {
    "suppliers.csv": "id,name,city\nS1,Norfield Metals,Leeds\nS2,Hagen Steel,Hamburg\n",
    "products.csv": "id,name,supplier_id\nP1,Bolt,S2\nP2,Steel Sheet,S2\nP3,Nail,S1\n",
}


@pytest.fixture
def firm(tmp_path) -> list[Path]:
    """Two tables that make one graph."""
    for name, text in FIRM.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return [tmp_path / name for name in FIRM]


def test_files_become_a_graph_that_leaves_nothing_behind(firm, tmp_path, monkeypatch):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(given.tempfile, "tempdir", str(temporary))
    graph = open_graph(firm)
    if os.name == "posix":
        assert list(temporary.iterdir()) == []
    (bolt,) = graph["Bolt"]
    assert "Hagen Steel" in {fact.tail.label for fact in graph.facts(bolt.id)}
    told = "\n".join(described(graph))
    assert "read suppliers.csv" in told and "entities" in told and "triples" in told


def test_a_build_that_fails_leaves_nothing_behind(tmp_path, monkeypatch):
    temporary, wrong = tmp_path / "temporary", tmp_path / "wrong.ttl"
    temporary.mkdir()
    wrong.write_text("@prefix ex: <http://e.x/> .\nex:a ex:b", encoding="utf-8")
    monkeypatch.setattr(given.tempfile, "tempdir", str(temporary))
    with pytest.raises(GraphError, match=r"wrong\.ttl"):
        open_graph(wrong)
    assert list(temporary.iterdir()) == []


def test_a_graph_can_be_kept_and_is_then_opened_as_it_is(firm, tmp_path):
    kept = tmp_path / "kept"
    built = open_graph(firm, out=kept)
    assert open_graph(kept).fingerprint == built.fingerprint
    with pytest.raises(GraphError, match="kept is a built graph: there is nothing to write"):
        open_graph(kept, out=tmp_path / "other")
    with pytest.raises(GraphError, match="kept is a built graph, which is opened alone"):
        open_graph([kept, *firm])


def test_what_is_no_graph_is_a_sentence(firm, tmp_path, tiny_checkpoint):
    with pytest.raises(GraphError, match="none"):
        open_graph(tmp_path / "none.csv")
    with pytest.raises(GraphError, match="is a checkpoint, not a graph.*--checkpoint"):
        open_graph(tiny_checkpoint)
    with pytest.raises(GraphError, match="No files"):
        open_graph([])
