"""GraphML of several writers, and what is refused of it."""

from __future__ import annotations

import io

import networkx
import pytest

from kgqa.errors import GraphError
from tests.graph.built import facts, graph_of, kinds, notes

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns"'
)
#: As apoc.export.graphml.all writes it, with types.
APOC = f"""{HEAD}>
<key id="name" for="node" attr.name="name" attr.type="string"/>
<key id="born" for="node" attr.name="born" attr.type="long"/>
<key id="labels" for="node" attr.name="labels" attr.type="string"/>
<key id="label" for="edge" attr.name="label" attr.type="string"/>
<key id="roles" for="edge" attr.name="roles" attr.type="string"/>
<graph id="G" edgedefault="directed">
<node id="n0" labels=":Movie"><data key="labels">:Movie</data><data key="name">Jaws</data></node>
<node id="n1" labels=":Person:Actor"><data key="labels">:Person:Actor</data>
<data key="born">1932</data><data key="name">Roy &amp; Co</data></node>
<edge id="e0" source="n1" target="n0" label="ACTED_IN"><data key="label">ACTED_IN</data>
<data key="roles">["Brody"]</data></edge>
</graph></graphml>
"""
YED = f"""{HEAD} xmlns:y="http://www.yworks.com/xml/graphml">
<key for="node" id="d6" yfiles.type="nodegraphics"/>
<key for="edge" id="d10" yfiles.type="edgegraphics"/>
<graph edgedefault="directed" id="G">
<node id="n0"><data key="d6"><y:ShapeNode><y:Geometry height="30.0"/>
<y:NodeLabel alignment="center">Ann</y:NodeLabel></y:ShapeNode></data></node>
<node id="n1"><data key="d6"><y:ShapeNode><y:NodeLabel>Bo</y:NodeLabel></y:ShapeNode></data></node>
<edge id="e0" source="n0" target="n1"><data key="d10"><y:PolyLineEdge>
<y:EdgeLabel>works for</y:EdgeLabel></y:PolyLineEdge></data></edge>
</graph></graphml>
"""


def written(graph: networkx.Graph) -> bytes:
    """What NetworkX writes."""
    file = io.BytesIO()
    networkx.write_graphml(graph, file)
    return file.getvalue()


def test_a_file_of_networkx(tmp_path):
    graph = networkx.MultiDiGraph()
    graph.add_node("ann", name="Ann", kind="person", age=34, height=1.7)
    graph.add_node("acme", name="Acme Works", kind="company")
    graph.add_edge("ann", "acme", relation="works at", since=2010)
    graph.add_edge("ann", "acme", relation="owns")
    built = graph_of(tmp_path, {"g.graphml": written(graph)})
    assert facts(built) == {
        ("Ann", "works at", "Acme Works"),
        ("Ann", "owns", "Acme Works"),
        ("Ann", "age", "34"),
        ("Ann", "height", "1.7"),
    }
    assert kinds(built)["person"] == {"Ann"}
    assert notes(built) == {"properties of edges, which are left out": 1}


def test_a_graph_without_directions_and_names(tmp_path):
    graph = networkx.karate_club_graph()
    built = graph_of(tmp_path, {"karate.graphml": written(graph)})
    edges = [fact for fact in facts(built) if fact[1] == "linked to"]
    assert len(edges) == graph.number_of_edges()
    counted = notes(built)
    assert counted["edges without a direction, read from source to target"] == len(edges)


def test_a_file_of_neo4j(tmp_path):
    built = graph_of(tmp_path, {"all.graphml": APOC})
    assert facts(built) == {("Roy & Co", "acted in", "Jaws"), ("Roy & Co", "born", "1932")}
    assert kinds(built)["movie"] == {"Jaws"}
    assert notes(built) == {
        "properties of edges, which are left out": 1,
        "further labels of nodes, which are left out": 1,
    }


def test_a_file_of_yed(tmp_path):
    assert facts(graph_of(tmp_path, {"d.graphml": YED})) == {("Ann", "works for", "Bo")}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '<?xml version="1.0"?><!DOCTYPE g [<!ENTITY a "b">]>' + APOC.split("?>", 1)[1],
            r"x\.graphml has a document type",
        ),
        (APOC[:-30], r"x\.graphml, line 1\d: "),
        (f"{HEAD}></graphml>", r"x\.graphml is GraphML without nodes and edges"),
        (APOC.replace("Jaws", "x" * 2**21), r"a value of more than"),
        (f"{HEAD}>" + "<graph>" * 100, r"more than 64 levels deep"),
    ],
)
def test_what_is_no_graph_is_refused(tmp_path, text, message):
    with pytest.raises(GraphError, match=message):
        graph_of(tmp_path, {"x.graphml": text})
