"""Exports of property graphs, as Neo4j, APOC, Neptune and plain scripts write them."""

from __future__ import annotations

from tests.graph.built import facts, graph_of, kinds, notes

KNOWN = {("Ann", "works at", "Acme Works"), ("Ann", "knows", "Bo")}
#: neo4j-admin database import: several id spaces, typed properties, arrays.
ADMIN = {
    "persons.csv": (
        "personId:ID(Person),name,age:int,active:boolean,nick:string[],:LABEL\n"
        "1,Ann,34,true,Annie;Nan,Person;Manager\n2,Bo,41,false,,Person\n"
    ),
    "firms.csv": "firmId:ID(Firm),name,founded:date,:LABEL\n1,Acme Works,1990-05-01,Company\n",
    "works.csv": ":START_ID(Person),role,:END_ID(Firm),:TYPE\n1,boss,1,WORKS_AT\n",
    "knows.csv": ":START_ID(Person),:END_ID(Person),since:int,:TYPE\n1,2,2010,KNOWS\n",
}


def test_an_export_for_the_import_tool_of_neo4j(tmp_path):
    graph = graph_of(tmp_path, ADMIN)
    found = facts(graph)
    assert found >= KNOWN
    assert {("Ann", "age", "34"), ("Bo", "active", "not active"), ("Ann", "nick", "Nan")} <= found
    assert ("Acme Works", "founded", "1 May 1990") in found
    assert kinds(graph)["person"] == {"Ann", "Bo"} and kinds(graph)["company"] == {"Acme Works"}
    assert notes(graph) == {
        "further labels of nodes, which are left out": 1,
        "properties of edges, which are left out": 2,
    }


def test_headers_in_files_of_their_own(tmp_path):
    """As ``--nodes=persons_header.csv,persons-part1.csv`` takes them."""
    files = {}
    for name, text in ADMIN.items():
        header, _, rows = text.partition("\n")
        files[name.replace(".csv", "_header.csv")] = header + "\n"
        files[name.replace(".csv", "-part1.csv")] = rows
    apart = graph_of(tmp_path, files)
    (tmp_path / "whole").mkdir()
    assert apart.fingerprint == graph_of(tmp_path / "whole", ADMIN).fingerprint


def test_the_export_of_apoc_has_nodes_and_edges_in_one_file(tmp_path):
    text = (
        '"_id","_labels","age","name","_start","_end","_type","since"\n'
        '"0",":Person","34","Ann",,,,\n"1",":Person","41","Bo",,,,\n'
        '"2",":Company","","Acme Works",,,,\n'
        ',,,,"0","2","WORKS_AT",""\n,,,,"0","1","KNOWS","2010"\n'
    )
    graph = graph_of(tmp_path, {"all.csv": text})
    assert facts(graph) == KNOWN | {("Ann", "age", "34"), ("Bo", "age", "41")}
    assert kinds(graph)["company"] == {"Acme Works"}
    assert notes(graph) == {"properties of edges, which are left out": 1}


def test_the_files_of_neptune_and_gremlin(tmp_path):
    graph = graph_of(
        tmp_path,
        {
            "vertices.csv": (
                "~id,~label,name:String(single),age:Int,score:Double[]\n"
                "v1,Person,Ann,34,\nv2,Person,Bo,,\nv3,Company,Acme Works,,\n"
            ),
            "edges.csv": (
                "~id,~from,~to,~label,weight:Double\ne1,v1,v3,worksAt,0.5\ne2,v1,v2,knows,\n"
            ),
        },
    )
    assert facts(graph) == KNOWN | {("Ann", "age", "34")}


def test_edges_without_their_nodes_make_a_graph_and_say_so(tmp_path):
    graph = graph_of(tmp_path, {"rels.csv": ":START_ID,:END_ID,:TYPE\n1,2,KNOWS\n"})
    assert facts(graph) == {("1", "knows", "2")}
    assert notes(graph)["ends of edges that no file describes"] == 2


def test_nodes_without_an_id_are_counted(tmp_path):
    graph = graph_of(tmp_path, {"n.csv": ":ID,name,:LABEL\n1,Ann,Person\n,Bo,Person\n"})
    assert notes(graph) == {"nodes without an id": 1} and graph["Bo"] == ()
