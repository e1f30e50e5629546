"""Wordings that could mean two relations."""

from __future__ import annotations

from kgqa.graph.builder import GraphBuilder
from kgqa.graph.relation import relation_of
from kgqa.writer.sides import Sides
from kgqa.writer.unlike import unlike
from kgqa.writer.wordings import Wording


def graph(second_kind: str):
    """Items with an age and another thing, of the same kind or not."""
    builder = GraphBuilder("two relations", [relation_of("age"), relation_of("span")])
    for i in range(4):
        item = builder.entity("item", f"I{i}")
        other = builder.entity(second_kind, f"I{i}")
        builder.triple(item, "age", builder.entity("number", f"{i}"))
        builder.triple(other, "span", builder.entity("number", f"{i + 9}"))
    return builder.build()


AGE = Wording("age", ("how old is {}?", "age of {}?", "the age of {}"))
SPAN = Wording("span", ("how old is {}?", "age of {}?", "span of {}?"))


def test_a_wording_of_two_relations_is_kept_by_the_one_that_it_names():
    age, span = unlike(Sides(graph("item"), {}, {}), [AGE, SPAN])
    assert age.forward == ("age of {}?", "the age of {}")
    assert span.forward == ("span of {}?",)


def test_relations_of_other_entities_may_share_wordings():
    assert unlike(Sides(graph("thing"), {}, {}), [AGE, SPAN]) == [AGE, SPAN]
