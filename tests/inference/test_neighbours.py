"""Entities by name, their neighbours, and the graph of the lesson."""

from __future__ import annotations

from kgqa.inference.pipeline import Pipeline
from kgqa.inference.toy import ENTITIES, TRIPLES, all_facts, toy_pipeline
from tests.script import ACTOR


def test_entities_are_found_by_name_and_by_what_is_near(tiny):
    hanks = tiny.named("tom hanks")
    assert hanks[0].id == ACTOR and len(hanks) == 3
    assert {e.label for e in tiny.named("hanks")} >= {"Tom Hanks"}
    assert tiny.named("Mona Lsa")[0].label == "Mona Lisa"
    assert tiny.named("?!") == () == tiny.named("")


def test_a_neighbourhood_lists_every_relation_and_counts_what_it_cuts(toy):
    around = toy.neighbourhood(ACTOR, each=2)
    (films,) = (g for g in around.groups if g.relation == "-cast member")
    assert (films.label, films.total, len(films.entities)) == ("acted in", 4, 2)
    assert toy.neighbourhood("nobody") is None


def test_the_toy_graph_needs_its_relations(new_checkpoint, default):
    pipeline = toy_pipeline(Pipeline(new_checkpoint(graph=default)))
    assert pipeline.graph.num_entities == len(ENTITIES)
    assert len(all_facts(pipeline.graph)) == len(TRIPLES)
    assert toy_pipeline(Pipeline(new_checkpoint())) is not None
