"""Facts as GraphML, N-Triples and CSV, labels of any kind among them."""

from __future__ import annotations

import csv
import io

import networkx
import pyoxigraph
import pytest

from kgqa.errors import DataError
from kgqa.graph import Graph
from kgqa.graph.export import to_csv, to_graphml, to_ntriples, write_facts
from kgqa.trace import Entity, Fact

JAWS = Entity("http://e/Jaws", "Jaws", "1975 film", "film")
HOSTILE = Entity("film:\x00<b>", '"=1+1"\n<script>&\x07\\', "", "film")
YEAR = Entity("year:1975", "1975", "", "value")
FACTS = (
    Fact(JAWS, "sequel", HOSTILE, "x is the sequel of Jaws"),
    Fact(JAWS, "release year", YEAR),
    Fact(HOSTILE, "<&>", JAWS),
)


def test_graphml_is_read_by_networkx():
    graph = networkx.parse_graphml(to_graphml(FACTS), force_multigraph=True)
    assert graph.nodes["http://e/Jaws"] == {
        "label": "Jaws",
        "kind": "film",
        "description": "1975 film",
    }
    assert {d["label"] for *_, d in graph.edges(data=True)} == {"sequel", "release year", "<&>"}
    assert graph.nodes["film:\ufffd<b>"]["label"] == '"=1+1"\n<script>&\ufffd\\'


def test_n_triples_are_read_by_pyoxigraph():
    text = to_ntriples(FACTS)
    found = list(pyoxigraph.parse(text.encode(), format=pyoxigraph.RdfFormat.N_TRIPLES))
    assert len(found) == 5  # three facts and the labels of two entities; a value is a literal
    objects = {t.object.value for t in found if isinstance(t.object, pyoxigraph.Literal)}
    assert objects == {"1975", "Jaws", '"=1+1"\n<script>&\ufffd\\'}
    assert "<urn:kgqa:relation:release%20year>" in text


def test_csv_has_a_header_and_no_formulas():
    fact = Fact(JAWS, "=cmd()", Entity("e", "-5.5", "", "value"), "+1 to you")
    header, row = csv.reader(io.StringIO(to_csv([fact])))
    assert header == ["head", "relation", "tail", "head id", "tail id", "sentence"]
    assert row == ["Jaws", "'=cmd()", "-5.5", "http://e/Jaws", "e", "'+1 to you"]


@pytest.mark.parametrize("ending", ["graphml", "nt", "csv"])
def test_what_is_written_can_be_built_again(tmp_path, ending):
    write_facts(tmp_path / f"x.{ending}", FACTS)
    graph = Graph.build(tmp_path / f"x.{ending}")
    labels = {graph.label(e) for e in range(graph.num_entities)}
    assert {"Jaws", "1975"} <= labels and graph.num_triples >= 3


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"x\.pdf must end in \.graphml, \.nt, \.csv"):
        write_facts(tmp_path / "x.pdf", FACTS)
    assert not (tmp_path / "x.pdf").exists()
