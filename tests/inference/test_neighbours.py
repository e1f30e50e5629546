"""Entities by name, their neighbours, and the graph of the lesson."""

from __future__ import annotations

from kgqa.inference.neighbours import named, neighbourhood
from kgqa.inference.pipeline import Pipeline
from kgqa.inference.toy import ENTITIES, TRIPLES, all_facts, toy_pipeline
from kgqa.linking.finder import Finder
from tests.script import ACTOR


def test_entities_are_found_by_name_and_by_what_is_near(toy):
    finder = Finder(toy)
    assert [e.id for e in named(toy, finder, "tom hanks")][:1] == [ACTOR] and len(
        named(toy, finder, "tom hanks")
    ) == 3
    assert {e.label for e in named(toy, finder, "hanks")} >= {"Tom Hanks"}
    assert named(toy, finder, "Mona Lsa")[0].label == "Mona Lisa"
    assert named(toy, finder, "?!") == () == named(toy, finder, "")


def test_a_neighbourhood_lists_every_relation_and_counts_what_it_cuts(toy):
    found = neighbourhood(toy, Finder(toy), ACTOR, each=2)
    (films,) = (g for g in found.groups if g.relation == "-cast member")
    assert (films.label, films.total, len(films.entities)) == ("acted in", 4, 2)
    assert neighbourhood(toy, Finder(toy), "nobody") is None


def test_the_toy_graph_needs_its_relations(toy, default, tokenizer, new_model):
    assert toy_pipeline(Pipeline(default, new_model(default), tokenizer)).graph.num_entities == len(
        ENTITIES
    )
    assert len(
        all_facts(toy_pipeline(Pipeline(default, new_model(default), tokenizer)).graph)
    ) == len(TRIPLES)
    graph = Pipeline(toy, new_model(toy), tokenizer)
    assert toy_pipeline(graph) is not None
