"""From what a visitor says to what is kept: ids that the graph has, numbers that it tells."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from kgqa.errors import DataError
from kgqa.feedback import FeedbackFile, entry
from kgqa.questions import Question
from kgqa.serve import ServeOptions, _feedback
from kgqa.serve import feedback as keeping
from kgqa.serve.feedback import entry_of, keeper
from kgqa.trace import Answer, Branch, EntityWeight, Trace, Value
from kgqa.ui.said import Verdict

SULLY = "Who directed Sully?"


@pytest.fixture
def pipeline(toy):
    return SimpleNamespace(graph=toy)


def answered(toy, *ids: str, **more) -> Trace:
    answers = tuple(Answer(toy.entity(toy.find(id)), 0.9, 1.0, ()) for id in ids)
    return Trace(SULLY, "answered" if ids else "not_in_graph", "", answers, **more)


def kept(pipeline, trace: Trace, verdict: Verdict) -> Question:
    return entry_of(pipeline, trace, verdict).question


def test_right_keeps_the_answer_that_was_given(pipeline, toy):
    right = Verdict("right")
    both = answered(toy, "person:Clint Eastwood", "person:Tom Hanks")
    assert kept(pipeline, both, right).answers == ("person:Clint Eastwood", "person:Tom Hanks")
    assert entry_of(pipeline, both, right).answer == "Clint Eastwood, Tom Hanks"
    count = answered(toy, value=Value("number", 3.0, "", "3", 0.9))
    assert kept(pipeline, count, right).value == 3.0
    yes = kept(pipeline, answered(toy, value=Value("yes_no", 1.0, "", "Yes", 0.9)), right)
    assert yes.value is True and yes.answers == ()
    assert kept(pipeline, answered(toy), right).refusal == "graph"
    beyond = Trace(SULLY, "not_possible", "")
    assert kept(pipeline, beyond, right).refusal == "model"


def test_another_answer_is_kept_by_ids_that_the_graph_has(pipeline, toy):
    trace = answered(toy, "person:Tom Hanks")
    said = kept(pipeline, trace, Verdict("should", ("person:Clint Eastwood",)))
    assert said.answers == ("person:Clint Eastwood",) and said.question == SULLY
    assert kept(pipeline, trace, Verdict("should", none=True)).refusal == "graph"
    assert kept(pipeline, trace, Verdict("should", value=True)).value is True
    assert kept(pipeline, trace, Verdict("should", value=7.0)).value == 7.0
    assert not kept(pipeline, trace, Verdict("wrong")).answerable
    with pytest.raises(DataError, match="no entity 'person:<b>'"):
        entry_of(pipeline, trace, Verdict("should", ("person:<b>",)))


def test_a_number_that_a_fact_tells_is_that_fact(pipeline, toy):
    """Sully, of 96 minutes, is on the walk; 97 minutes are told of nothing there."""
    at = toy.find("film:Sully")
    (time,) = [f.tail for f in toy.facts("film:Sully") if f.relation == "run time"]
    seeds = (EntityWeight(toy.entity(at), 1.0),)
    trace = answered(toy, branches=(Branch(0, seeds, (), (1.0,), 1),))
    number = float(time.label.split(" ")[0].replace(",", ""))
    assert kept(pipeline, trace, Verdict("should", value=number)).answers == (time.id,)
    assert kept(pipeline, trace, Verdict("should", value=number + 1)).value == number + 1


def test_what_is_kept_is_listed_removed_and_exported(pipeline, toy, tmp_path):
    place = tmp_path / "it's mine.jsonl"
    book = keeper(pipeline, str(place), alone=True, checkpoint="runs/mine")
    trace = answered(toy, "person:Clint Eastwood")
    id = book.keep(trace, Verdict("right"), None)
    (said,) = book.entries()
    assert (said.id, said.question, said.said, said.answer) == (
        *(id, SULLY, "right"),
        "Clint Eastwood",
    )
    assert '"answers": ["person:Clint Eastwood"]' in book.export()
    assert "--start runs/mine" in book.command and "'\"'\"'s mine.jsonl'" in book.command
    assert FeedbackFile(place).entries()[0].graph == toy.fingerprint
    assert book.remove(id) and not book.entries()


def test_a_file_that_is_none_is_refused_before_the_page_is_served(pipeline, tmp_path):
    (tmp_path / "f.jsonl").write_text("no\n", encoding="utf-8")
    with pytest.raises(DataError, match="line 1"):
        keeper(pipeline, str(tmp_path / "f.jsonl"), alone=True)


def test_each_graph_has_a_file_in_the_persons_own_folder(pipeline, toy, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    book = keeper(pipeline, "", alone=True)
    book.keep(answered(toy), Verdict("wrong"), None)
    (file,) = (tmp_path / ".kgqa" / "feedback").glob("*.jsonl")
    assert file == keeping.own_file(toy) and toy.fingerprint[:8] in file.name


@pytest.mark.parametrize(
    ("options", "alone"),
    [
        ({}, True),
        ({"host": "localhost"}, True),
        ({"host": "[::1]"}, True),
        ({"host": "0.0.0.0"}, False),
        ({"proxy": True}, False),
        ({"root_path": "/kg"}, False),
    ],
)
def test_a_page_is_for_one_person_if_nobody_else_can_reach_it(options, alone, monkeypatch):
    monkeypatch.delenv("SPACE_ID", raising=False)
    assert ServeOptions(**options).alone is alone
    monkeypatch.setenv("SPACE_ID", "owner/name")
    assert not ServeOptions(**options).alone


@pytest.mark.parametrize(
    ("options", "on"),
    [
        (ServeOptions(), True),
        (ServeOptions(feedback="off"), False),
        (ServeOptions(host="0.0.0.0"), False),
        (ServeOptions(host="0.0.0.0", feedback="{}/f.jsonl"), True),
    ],
)
def test_it_is_kept_where_one_is_alone_or_where_it_is_switched_on(
    options, on, pipeline, tmp_path, monkeypatch
):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SPACE_ID", raising=False)
    values = {**options.__dict__, "feedback": options.feedback.format(tmp_path)}
    book = _feedback(pipeline, "runs/mine", ServeOptions(**values))
    assert (book is not None) is on
    assert book is None or book.alone is (options.host == "127.0.0.1")


def test_an_entry_of_another_graph_stays_readable(tmp_path):
    file = FeedbackFile(tmp_path / "f.jsonl")
    file.add(entry("Who?", "right", ["x"], names=["X"], graph="another"))
    assert file.entries()[0].answer == "X"
