"""Names of relations, entities and kinds may be anything: wordings are written, read and used."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgqa.errors import DataError
from kgqa.graph.builder import GraphBuilder
from kgqa.graph.relation import Relation, relation_of
from kgqa.writer import generic_wordings, read_wordings, write_questions, write_wordings

ODD = "who?|{}|{2}|<noun>|is|has|the|of|by|in|to|has of|is the|date of|1999|'s|[x]|# y|most: z|a;b"
texts = st.text(max_size=12).filter(lambda s: s.encode("utf-8", "ignore").decode() == s)
names = st.one_of(texts, st.sampled_from(ODD.split("|")))
triples = st.tuples(st.integers(0, 7), st.integers(0, 3), st.integers(0, 7))


@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(
    st.lists(names.filter(bool), min_size=1, max_size=4, unique=True),
    st.lists(names, min_size=2, max_size=8),
    st.lists(triples, min_size=1, max_size=15),
    st.lists(names, min_size=1, max_size=3),
)
def test_whatever_the_names_are(tmp_path_factory, relations, labels, facts, kinds):
    known = [relation_of(id) for id in relations]
    builder = GraphBuilder("odd", [*known, Relation("{n}", "{n}; m", "", literal=True)])
    entities = [
        builder.entity(kinds[i % len(kinds)], label, key=str(i)) for i, label in enumerate(labels)
    ]
    for head, relation, tail in facts:
        first, second = (entities[i % len(entities)] for i in (head, tail))
        builder.triple(first, relations[relation % len(relations)], second)
    builder.number(entities[0], "{n}", 5, "5")
    builder.number(entities[-1], "{n}", 7, "7")
    graph = builder.build()
    before = generic_wordings(graph)
    path = tmp_path_factory.mktemp("odd") / "w.txt"
    write_wordings(path, before)
    after = read_wordings(path)
    assert (after.relations, after.kinds) == (before.relations, before.kinds)
    try:
        assert write_questions(graph, after, per_relation=5).train
    except DataError as error:  # nothing has a name that a question can hold
        assert "No relation" in str(error)
