"""The CSR store: what was put in comes out again, in both directions."""

from __future__ import annotations

import numpy as np
import pytest

from kgqa.graph import Graph
from kgqa.graph.builder import GraphBuilder
from kgqa.graph.relation import Relation
from kgqa.graph.strings import Strings, pack


def test_every_triple_and_its_inverse_is_found(builder, toy):
    literal = {i for i, r in enumerate(builder.relations) if r.literal}
    for head, relation, tail in builder.triples:
        assert tail in toy.tails(head, relation)
        if relation not in literal:
            assert head in toy.tails(tail, toy.inverse(relation))


def test_nothing_is_found_that_was_not_put_in(builder, toy):
    half = len(builder.relations)
    literal = {i for i, r in enumerate(builder.relations) if r.literal}
    expected = set(builder.triples) | {
        (t, r + half, h) for h, r, t in builder.triples if r not in literal
    }
    stored = {
        (e, r, int(t)) for e in range(toy.num_entities) for r, tails in toy.groups(e) for t in tails
    }
    assert stored == expected
    assert toy.num_triples == len(builder.triples)
    assert int(toy.degree[range(toy.num_entities)].sum()) == len(toy.tail) == len(expected)


def test_a_literal_has_no_edge_back(toy):
    sully, minutes = toy.find("film:Sully"), toy.find("run time:96 minutes")
    assert toy.tails(sully, toy.relation_index["run time"]).tolist() == [minutes]
    assert toy.groups(minutes) == []
    assert toy.degree[minutes] == 0


def test_a_literal_keeps_its_number(toy):
    assert toy.numbers.entity.tolist() == [toy.find("film:Sully")]
    assert toy.numbers.value.tolist() == [96.0]
    assert toy.relations[int(toy.numbers.relation[0])].id == "run time"


def test_edges_are_sorted_by_entity_then_relation_then_tail(toy):
    assert (np.diff(toy.entity_group.astype(int)) >= 0).all()
    for e in range(toy.num_entities):
        relations = [r for r, _ in toy.groups(e)]
        assert relations == sorted(set(relations))
        for _, tails in toy.groups(e):
            assert tails.tolist() == sorted(set(tails.tolist()))


def test_the_inverse_of_the_inverse_is_the_relation(toy):
    for r in range(toy.num_relations):
        assert toy.inverse(toy.inverse(r)) == r
        assert toy.relation_id(toy.inverse(r)).lstrip("-") == toy.relation_id(r).lstrip("-")
        assert toy.relation_id(toy.inverse(r)) != toy.relation_id(r)


def test_relations_read_in_the_direction_that_is_walked(toy):
    assert toy.relation_label(toy.relation_index["director"]) == "director"
    assert toy.relation_label(toy.relation_index["-director"]) == "directed"


def test_a_fact_is_turned_the_way_it_is_stored(toy):
    lucas, phantom = (
        toy.find("person:George Lucas"),
        toy.tails(toy.find("person:George Lucas"), toy.relation_index["-director"])[0],
    )
    fact = toy.fact(lucas, toy.relation_index["-director"], int(phantom))
    assert (fact.head.kind, fact.relation, fact.tail.label) == ("film", "director", "George Lucas")


def test_tails_of_an_absent_relation_are_empty(toy):
    assert toy.tails(toy.find("country:France"), toy.relation_index["performer"]).tolist() == []


def test_a_relation_as_a_matrix_is_follow(toy):
    louvre, paris = toy.find("museum:Louvre"), toy.find("city:Paris")
    x = np.zeros(toy.num_entities, dtype=np.float32)
    x[louvre] = 0.25
    reached = x @ toy.matrix(toy.relation_index["located in"])
    assert {e: w for e, w in enumerate(reached.tolist()) if w} == {paris: 0.25}
    forward, back = (
        toy.matrix(toy.relation_index["director"]),
        toy.matrix(toy.relation_index["-director"]),
    )
    assert (back != forward.T).nnz == 0
    assert forward.nnz == 10  # ten films, one director each


def test_entities_with_the_default_key_take_no_room_for_it(toy):
    assert toy.key(toy.find("museum:Louvre")) == "museum:Louvre"
    namesakes = [e for e in range(toy.num_entities) if toy.label(e) == "Tom Hanks"]
    assert {toy.key(e) for e in namesakes} == {
        "person:Tom Hanks",
        "person:Tom Hanks (seismology)",
        "person:Tom Hanks (theology)",
    }
    assert len({toy.entity(e).description for e in namesakes}) == 3


def test_two_places_of_one_name_are_two_entities(toy):
    entry = toy.aliases.find("paris")
    low, high = toy.alias_entry[entry], toy.alias_entry[entry + 1]
    assert {toy.kind_of(e) for e in toy.alias_entity[low:high].tolist()} == {"city", "film"}


def test_what_people_may_ask_in_vain_and_stop_words_come_with_the_graph(tmp_path):
    more = {"missing": ["the weather"], "stop_words": ["starring", "film"]}
    b = GraphBuilder("two", [Relation("knows", "knows", "is known by")], **more)
    b.triple(b.entity("person", "Ann"), "knows", b.entity("person", "Bob"))
    b.write(tmp_path)
    graph = Graph.load(tmp_path)
    assert (graph.missing, graph.stop_words) == (("the weather",), frozenset(more["stop_words"]))
    assert graph.fact(0, 0, 1).sentence == "Ann, knows: Bob"


def test_a_graph_without_literals_or_keys_opens(tmp_path):
    """Arrays of length zero are written and mapped like the others."""
    b = GraphBuilder("two", [Relation("knows", "knows", "is known by")])
    b.triple(b.entity("person", "Ann"), "knows", b.entity("person", "Bob"))
    b.write(tmp_path)
    graph = Graph.load(tmp_path)
    assert (graph.num_entities, graph.num_triples, len(graph.numbers.value)) == (2, 1, 0)
    assert graph.key(1) == "person:Bob"


@pytest.mark.parametrize("strings", [[], [""], ["", "é", "日本", "a b"], ["x" * 300, "", "🎬"]])
def test_strings_come_back_as_they_were(strings):
    packed = Strings(*pack("label", strings).values())
    assert len(packed) == len(strings)
    assert [packed[i] for i in range(len(packed))] == strings


def test_find_in_sorted_strings_is_exact():
    words = sorted(["", "a", "ab", "abc", "b", "é", "日本"], key=lambda s: s.encode())
    packed = Strings(*pack("label", words).values())
    assert [packed.find(w) for w in words] == list(range(len(words)))
    assert [packed.find(w) for w in ("aa", "abcd", "c", "z", "日")] == [-1] * 5
