"""Folders of graphs with questions: the answers are those that the facts give."""

from __future__ import annotations

import pytest

from kgqa import questions
from kgqa.domains.write import graphs, write_graph
from kgqa.errors import DataError
from kgqa.graph import Graph
from kgqa.graph.importer import build_tables
from kgqa.graph.names import normalise
from kgqa.writer import read_wordings

SCHOOL = ("school",)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("domains")
    (made,) = graphs(1, 1, only=SCHOOL)
    write_graph(made, out, per_relation=30)
    return made, out / made.name


def test_a_folder_is_complete(folder):
    made, path = folder
    names = {file.name for file in path.iterdir()}
    assert {"entities.tsv", "triples.tsv", "train.jsonl", "dev.jsonl", "wordings.txt"} <= names
    train, dev = (questions.read(path / f"{split}.jsonl") for split in ("train", "dev"))
    assert len(train) >= 300 and 30 <= len(dev) < len(train)
    assert not {q.question.lower() for q in train} & {q.question.lower() for q in dev}
    assert read_wordings(path / "wordings.txt").relations.keys() == made.wordings.relations.keys()


def test_answers_are_entities_of_the_built_graph(folder, tmp_path):
    _, path = folder
    build_tables(path, tmp_path / "graph")
    graph = Graph.load(tmp_path / "graph")
    for question in questions.read(path / "train.jsonl"):
        assert len(graph.find_all(question.answers)) == len(question.answers)
        assert question.answerable != bool(question.refusal)


def test_the_answer_of_one_hop_is_what_the_tables_say(folder):
    """Read back from the words: a wording and a name give the facts that must be the answer."""
    made, path = folder
    label = {id_: name for id_, name, *_ in made.tables.entities}
    same = [*label.values()]
    facts: dict[tuple[str, str], set[str]] = {}
    for head, r, tail in made.tables.triples:
        facts.setdefault((r, head), set()).add(tail)
        facts.setdefault((f"-{r}", tail), set()).add(head)
    said: dict[str, set[tuple[str, str]]] = {}
    for r, wording in made.wordings.items():
        for sign, lines in (("", wording.forward), ("-", wording.inverse)):
            for line in lines:
                for id_, name in label.items():
                    if same.count(name) == 1 and line.count("{}") == 1:
                        text = normalise(line.replace("{}", name))
                        said.setdefault(text, set()).add((f"{sign}{r}", id_))
    checked = 0
    for question in questions.read(path / "train.jsonl"):
        meant = said.get(normalise(question.question), set())
        if question.kind == "one hop" and len(meant) == 1:
            (key,) = meant
            if key in facts:
                checked += 1
                assert set(question.answers) == facts[key], question.question
    assert checked > 40


def test_relations_left_out_are_refused(folder):
    made, path = folder
    asked = [q for q in questions.read(path / "train.jsonl") if q.kind == "missing"]
    assert asked and all(q.refusal == "graph" and not q.answerable for q in asked)
    meant = {normalise(text) for text in made.missing}
    assert sum(normalise(q.question) in meant for q in asked) > len(asked) / 2


def test_graphs_go_through_all_fields_in_turn():
    names = [made.name for made in graphs(4, 5, only=("school", "firm"))]
    assert names == ["firm-5", "school-5", "firm-6", "school-6"]
    with pytest.raises(DataError, match="no domain 'scool'"):
        next(graphs(1, 0, only=("scool",)))
