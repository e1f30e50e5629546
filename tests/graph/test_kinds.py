"""Classes of RDF: the kind of an entity, classes that can be asked for, and the filter by class."""

from __future__ import annotations

import pytest

from kgqa.errors import GraphError
from kgqa.graph.classes import Classes
from tests.graph.rdf_graphs import Built

TEAM = """
:ann a :Player, owl:NamedIndividual ; :plays :goal . :bo a :Player, :Person . :cy a :Person .
:Player rdfs:subClassOf :Athlete ; rdfs:label "Spieler"@de, "player"@en ; a owl:Class .
:Athlete rdfs:subClassOf :Person . :goal a :Position . :Person a owl:Class .
:Person rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :plays ] .
"""


def test_the_kind_is_the_label_of_the_most_specific_class(tmp_path):
    built = Built(tmp_path, TEAM)
    assert [built.kind(e) for e in ("ann", "bo", "cy", "goal")] == [
        "player",
        "player",  # which stands below "person"
        "person",
        "position",
    ]
    assert [built.kind(e) for e in ("Player", "Person", "Position")] == ["class"] * 3
    assert "Restriction" not in built.labels and built.label("Position") == "position"


def test_classes_can_be_asked_for(tmp_path):
    built = Built(tmp_path, TEAM)
    graph = built.graph
    members = Classes(graph).members(graph.find("http://e.org/Player"))
    assert {graph.label(int(e)) for e in members} == {"ann", "bo"}
    assert built.relations["type"] == ("is a", "instances of")
    assert built.names("player") == ["player"]


def test_of_several_classes_the_most_frequent_is_the_kind(tmp_path):
    built = Built(tmp_path, ":a a :X, :Y . :b a :Y . :c a :Z ; :knows :a . :d a :X, :Y .")
    assert [built.kind(e) for e in "abcd"] == ["y", "y", "z", "y"]
    assert built.count("entities of several classes, of which one is their kind") == 2


def test_classes_that_stand_above_each_other_do_no_harm(tmp_path):
    text = ":a a :X, :Y . :X rdfs:subClassOf :Y . :Y rdfs:subClassOf :X, :Y ."
    assert Built(tmp_path, text).kind("a") in ("x", "y")


def test_classes_with_the_names_of_kinds_that_a_graph_has_anyway_are_told_apart(tmp_path):
    built = Built(tmp_path, ":a a :Value ; :knows :b . :b a :Entity .")
    assert (built.kind("a"), built.kind("b")) == ("value (class)", "entity (class)")
    assert built.names("a") == ["a"]


def test_rare_classes_beyond_what_a_graph_can_keep_are_no_kinds(tmp_path):
    text = "".join(f":e{i} a :Class{i} . " for i in range(300)) + ":f a :Class7 ."
    built = Built(tmp_path, text)
    assert len(built.graph.kinds) <= 256 and built.kind("f") == "class7"
    assert built.count("entities of rare classes, whose kind is not kept") == 50


@pytest.mark.parametrize("asked", ["Player", "player", "PLAYER", "http://e.org/Player", "athlete"])
def test_statements_about_entities_of_a_class_can_be_kept_alone(tmp_path, asked):
    text = TEAM + ':cy :knows :goal ; rdfs:label "Cy" . :goal rdfs:label "Goal" .'
    if asked == "athlete":
        text += ":dee a :Athlete ."
    built = Built(tmp_path, text, classes=(asked,))
    assert {"ann", "bo", "Goal"} <= built.labels and "Cy" not in built.labels
    assert "knows" not in built.relations and built.kind("goal") == "position"
    assert built.count("statements about entities of other classes") > 0


def test_a_class_that_no_entity_has_is_named_with_those_that_there_are(tmp_path):
    with pytest.raises(GraphError, match=r"class 'film'\. The largest are: person \(2\), player"):
        Built(tmp_path, TEAM, classes=("film",))


def test_a_hierarchy_that_is_too_deep_is_followed_as_far_as_it_goes(tmp_path):
    chain = "".join(f":C{i} rdfs:subClassOf :C{i + 1} . " for i in range(60))
    built = Built(tmp_path, chain + ":a a :C0, :C50 . :b a :C50 . :d a :C50 . :c a :C0, :C20 .")
    assert built.kind("c") == "c0"
    assert built.kind("a") == "c50"  # 50 steps away, so that the most frequent counts
    assert built.count("hierarchies of classes that are too large to be followed to the top") == 1
