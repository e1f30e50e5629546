"""Entities by name, and the graph of the lesson."""

from __future__ import annotations

from kgqa.graph.toy import ENTITIES, TRIPLES, all_facts
from kgqa.inference.pipeline import Pipeline
from kgqa.inference.toy import toy_pipeline
from tests.script import ACTOR


def test_entities_are_found_by_name_and_by_what_is_near(tiny):
    hanks = tiny.named("tom hanks")
    assert hanks[0].id == ACTOR and len(hanks) == 3
    assert {e.label for e in tiny.named("hanks")} >= {"Tom Hanks"}
    assert tiny.named("Mona Lsa")[0].label == "Mona Lisa"
    assert tiny.named("?!") == () == tiny.named("")


def test_the_toy_graph_needs_its_relations(new_checkpoint, default):
    pipeline = toy_pipeline(Pipeline(new_checkpoint(graph=default)))
    assert pipeline.graph.num_entities == len(ENTITIES)
    assert len(all_facts(pipeline.graph)) == len(TRIPLES)
    assert toy_pipeline(Pipeline(new_checkpoint())) is not None
