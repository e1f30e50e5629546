"""Graphs of a domain: deterministic, as the importer would make them, in many manners."""

from __future__ import annotations

import pytest

from kgqa.domains import decoys, read_domain
from kgqa.domains.manner import MANNERS, Manner
from kgqa.domains.reader import SCHEMAS
from kgqa.graph import Graph
from kgqa.graph.importer import build_tables

SCHOOL = read_domain(SCHEMAS / "school.txt")


def facts_of(graph):
    return {
        (graph.key(head), graph.relation_id(r), graph.key(tail))
        for head in range(graph.num_entities)
        for r in range(len(graph.relations))
        for tail in graph.tails(head, r).tolist()
    }


def test_a_seed_gives_the_same_graph():
    one, two, other = SCHOOL.graph(3), SCHOOL.graph(3), SCHOOL.graph(4)
    assert one.tables == two.tables and one.missing == two.missing
    assert one.wordings == two.wordings and one.tables != other.tables


@pytest.mark.parametrize("seed", range(4))
def test_the_graph_in_memory_is_that_of_the_folder(seed, tmp_path):
    """The importer makes of the folder what training would have in memory."""
    made = SCHOOL.graph(seed)
    made.tables.write(tmp_path / "tables")
    build_tables(tmp_path / "tables", tmp_path / "graph")
    read = Graph.load(tmp_path / "graph")
    assert facts_of(read) == facts_of(made.graph)
    assert read.relations == made.graph.relations
    assert sorted(read.kinds) == sorted(made.graph.kinds)
    assert [*read.aliases] == [*made.graph.aliases]


def test_sizes_vary():
    sizes = [len(SCHOOL.graph(seed).tables.entities) for seed in range(30)]
    assert min(sizes) < 80 and 250 < max(sizes) <= 850


def test_every_relation_of_a_graph_has_wordings_and_some_are_left_out():
    left_out = 0
    for seed in range(20):
        made = SCHOOL.graph(seed)
        types = {r.id for r in made.graph.relations if r.label in ("is a", "type", "instance of")}
        types |= {r for _, r, tail in made.tables.triples if tail.startswith(f"{decoys.KIND}/")}
        assert {r.id for r in made.graph.relations} - types == set(made.wordings)
        left_out += len(made.wordings) < len(SCHOOL.relations) + len(SCHOOL.attributes)
    assert left_out > 15


def test_what_is_left_out_is_asked_in_vain():
    for seed in range(20):
        made = SCHOOL.graph(seed)
        known = any(
            "who runs {}?" in wording.lines() + wording.lines(inverse=True)
            for wording in made.wordings.values()
        )
        assert known != any(question.startswith("who runs ") for question in made.missing)


def test_what_another_relation_answers_is_not_asked_in_vain(tmp_path):
    text = (SCHEMAS / "school.txt").read_text(encoding="utf-8")
    text = text.replace("who teaches {}?", "who is who in {}?").replace(
        "< what is taught in {}?", "who is who in {}?\n< what is taught in {}?"
    )  # now two relations of subjects have this question
    path = tmp_path / "school.txt"
    path.write_text(text, encoding="utf-8")
    domain, asked, known = read_domain(path), 0, 0
    for seed in range(40):
        made = domain.graph(seed)
        lines = [x for w in made.wordings.values() for x in (*w.forward, *w.inverse)]
        answered = "who is who in {}?" in lines
        in_vain = any(question.startswith("who is who in") for question in made.missing)
        assert not (answered and in_vain)
        asked, known = asked + in_vain, known + answered
    assert asked and known


def test_missing_questions_name_entities_of_the_graph():
    for seed in range(10):
        made = SCHOOL.graph(seed)
        labels = {label for _, label, *_ in made.tables.entities}
        assert len(made.missing) > 15
        for question in made.missing:
            assert "{" not in question and any(label in question for label in labels)


def test_a_reversed_relation_has_its_wordings_the_other_way_round():
    seen = set()
    for seed in range(40):
        made = SCHOOL.graph(seed)
        for id_, wording in made.wordings.items():
            if "who teaches {}?" in wording.lines() + wording.lines(inverse=True):
                back = "who teaches {}?" in wording.forward
                seen.add(back)
                heads = {head.split("/")[0] for head, r, _ in made.tables.triples if r == id_}
                assert len(heads) == 1
                subjects = {"subject", "Subject", "subjects"}
                assert (heads <= subjects) == back
    assert seen == {True, False}


def test_ids_come_in_every_manner():
    import random

    rng, seen = random.Random(0), set()
    for _ in range(300):
        manner = Manner("school", rng)
        seen.add(manner.name)
        first, second = (manner.relation("taught by", "pupil") for _ in range(2))
        assert first is not None and second is None
        assert (first.label == "taught by") == (manner.name in ("code", "camel", "table"))
    assert seen == MANNERS.keys()


def test_nobody_sits_next_to_themselves_and_neighbours_agree():
    for seed in range(10):
        made = SCHOOL.graph(seed)
        for id_, wording in made.wordings.items():
            if "who sits next to {}?" in wording.forward:
                pairs = {(h, t) for h, r, t in made.tables.triples if r == id_}
                assert pairs == {(t, h) for h, t in pairs} and all(h != t for h, t in pairs)
                assert len({h for h, _ in pairs}) == len(pairs)  # one neighbour each


def test_decoys_are_called_as_kinds_are_and_no_question_means_them():
    tagged = 0
    words = {word for kind in SCHOOL.kinds for pair in kind.words for word in pair}
    words |= {relation.name for relation in SCHOOL.relations} | {*decoys.WORDS}
    for seed in range(20):
        made = SCHOOL.graph(seed)
        tags = [row for row in made.tables.entities if row[3] == decoys.KIND]
        tagged += bool(tags)
        labels = [label for _, label, _, kind in made.tables.entities if kind != decoys.KIND]
        assert {label for _, label, *_ in tags} <= words - {*labels}
        heads = {tail for _, _, tail in made.tables.triples}
        assert all(key in heads for key, *_ in tags)
    assert 3 < tagged < 18


def test_a_noun_among_the_names_of_a_relation_is_asked_for_with_a_possessive():
    asked = [
        line
        for seed in range(10)
        for wording in SCHOOL.graph(seed).wordings.values()
        for line in (*wording.forward, *wording.inverse)
    ]
    assert "{}'s head teacher" in asked or any(line.startswith("what is {}'s ") for line in asked)
