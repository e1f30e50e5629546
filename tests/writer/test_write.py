"""Questions written for a small graph: right answers, every group, two splits, the same again."""

from __future__ import annotations

import pytest

from kgqa.errors import DataError
from kgqa.writer import Wording, Wordings, generic_wordings, write_questions
from kgqa.writer.write import GROUPS


@pytest.fixture(scope="module")
def graph(firm):
    return firm


@pytest.fixture(scope="module")
def written(graph):
    return write_questions(graph, generic_wordings(graph), per_relation=120)


def test_every_group_is_written(written):
    kinds = {question.kind for question in written.train}
    missing = set(GROUPS) - {"missing"} - kinds
    assert not missing


def test_train_and_dev_share_no_question(written):
    train = {question.question.lower() for question in written.train}
    dev = {question.question.lower() for question in written.dev}
    assert len(train) == len(written.train)
    assert dev and not train & dev


def test_dev_has_wordings_that_train_has_not(graph, written):
    wording = generic_wordings(graph)["manager"]
    texts = [question.question.lower() for question in written.train]
    line = wording.forward[4]
    assert line.endswith("{}?")
    start = line.removesuffix("{}?")
    held_out = [text for text in texts if text.startswith(start)]
    assert len(held_out) <= 0.02 * len(texts)


def test_one_hop_answers_are_those_of_the_graph(graph, written):
    seen = 0
    for question in written.train:
        if question.kind == "one hop" and "salary" not in question.question.lower():
            (topic,) = (graph.find(t) for t in question.topics)
            groups = [{graph.key(e) for e in tails.tolist()} for _, tails in graph.groups(topic)]
            assert set(question.answers) in groups
            seen += 1
    assert seen > 20


def test_refused_questions_have_no_answer_and_say_why(written):
    refused = [q for q in written.train if not q.answerable]
    assert refused
    assert {q.refusal for q in refused} == {"graph", "model"}
    assert all(q.answerable for q in written.train if not q.refusal)


def test_half_of_yes_or_no_questions_are_no(written):
    values = [q.value for q in written.train if q.kind == "yes or no"]
    assert 0.3 < sum(v is True for v in values) / len(values) < 0.7
    assert set(values) == {True, False}


def test_the_same_seed_gives_the_same_questions(graph, written):
    assert write_questions(graph, generic_wordings(graph), per_relation=120) == written
    other = write_questions(graph, generic_wordings(graph), per_relation=120, seed=1)
    assert other.train != written.train


def test_questions_that_are_given_are_refused(graph):
    given = tuple(f"what is the favourite dish of number {i}?" for i in range(12))
    found = write_questions(graph, generic_wordings(graph), missing=given)
    texts = [q for q in found.train if q.kind == "missing"]
    assert texts
    assert all(q.refusal == "graph" for q in texts)


def test_wordings_of_another_graph_are_refused(graph):
    with pytest.raises(DataError, match="'flies'"):
        write_questions(graph, Wordings({"flies": Wording("flies", ("who {}?",))}))


def test_wordings_of_a_file_are_used(graph):
    own = Wordings({"manager": Wording("manager", ("zap {} zop?",), ("zip {} zup?",))})
    found = write_questions(graph, own)
    asked = [q.question.lower() for q in found.train if q.kind == "one hop"]
    assert asked
    assert all("z" in text for text in asked)
