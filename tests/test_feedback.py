"""The file of what people said: kept whole, read again, and bounded."""

from __future__ import annotations

import json
import threading

import pytest

from kgqa import feedback, questions
from kgqa.errors import DataError, FileError
from kgqa.feedback import Entry, FeedbackFile, entry, lessons

HOSTILE = "Who is \u202e<script>alert(1)</script>\x1b[2J?"


def texts(entries: list[Entry]) -> list[str]:
    return [e.question.question for e in entries]


def test_entries_are_read_as_they_were_kept(tmp_path):
    file = FeedbackFile(tmp_path / "new" / "f.jsonl")
    assert file.entries() == []
    kept = [
        entry("Who?", "right", ["a", "b", "a"], names=["A", "B"], graph="g"),
        entry("How many?", "should", value=12.0),
        entry("Is it?", "should", value=False),
        entry("What of it?", "should", refusal="graph"),
        entry(HOSTILE, "wrong"),
    ]
    for one in kept:
        file.add(one)
    assert file.entries() == kept and kept[0].question.answers == ("a", "b")
    assert [e.answer for e in kept] == ["A, B", "12", "no", "no answer in the graph", ""]
    assert "\x1b" not in file.path.read_text(encoding="utf-8")


def test_the_file_is_in_the_layout_of_the_benchmarks_but_for_what_is_merely_wrong(tmp_path):
    file = FeedbackFile(tmp_path / "f.jsonl")
    file.add(entry("Who?", "should", ["a"]))
    file.add(entry("Which?", "wrong"))
    file.add(entry("Is it?", "right", value=True))
    assert texts(file.entries()) == [q.question for q in questions.read(file.path)]
    taught = lessons(file.entries())
    assert [(q.question, q.answers, q.value) for q in taught] == [
        ("Who?", ("a",), None),
        ("Is it?", (), True),
    ]
    assert {q.kind for q in taught} == {feedback.KIND}


def test_what_is_said_again_of_a_question_takes_the_place_of_the_first(tmp_path):
    file = FeedbackFile(tmp_path / "f.jsonl")
    file.add(entry("Who?", "wrong"))
    file.add(entry("who?", "should", ["a"]))
    (only,) = file.entries()
    assert only.said == "should"
    file.add(entry("WHO?", "wrong"), instead_of=lambda old: False)  # of somebody else
    assert len(file.entries()) == 2 and lessons(file.entries()) == []  # the latest counts
    assert file.remove(only.id) and not file.remove(only.id)
    assert texts(file.entries()) == ["WHO?"]


def test_a_file_and_an_entry_are_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(feedback, "MOST", 2)
    file = FeedbackFile(tmp_path / "f.jsonl")
    for text in ("a", "b"):
        file.add(entry(text, "wrong"))
    with pytest.raises(DataError, match="is full: it has 2 entries"):
        file.add(entry("c", "wrong"))
    file.add(entry("b", "right", ["x"]))  # in place of another
    assert texts(file.entries()) == ["a", "b"]
    with pytest.raises(DataError, match=r"At most 1,000 answers"):
        entry("Who?", "right", list(map(str, range(1_001))))
    for text in ("", " ", "x" * 501):
        with pytest.raises(DataError, match="between 1 and 500 characters"):
            entry(text, "wrong")


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"question": "Who?", "answers": []}',
        '{"question": "Who?", "answers": [], "said": "perhaps"}',
        '{"question": "Who?", "answers": "a", "said": "right"}',
        '{"question": 1, "answers": [], "said": "right", "names": 3}',
    ],
)
def test_a_line_that_cannot_be_read_is_named_and_nothing_is_lost(tmp_path, line):
    file = FeedbackFile(tmp_path / "f.jsonl")
    file.add(entry("Who?", "wrong"))
    before = file.path.read_text(encoding="utf-8") + line + "\n"
    file.path.write_text(before, encoding="utf-8")
    for change in (file.entries, lambda: file.add(entry("b", "wrong")), lambda: file.remove("x")):
        with pytest.raises(DataError, match="line 2: expected what a person said"):
            change()
    assert file.path.read_text(encoding="utf-8") == before


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path):
    (tmp_path / "plain").write_text("", encoding="utf-8")
    with pytest.raises(FileError, match="cannot be written"):
        FeedbackFile(tmp_path / "plain" / "f.jsonl").add(entry("Who?", "wrong"))


def test_several_at_once_lose_nothing(tmp_path):
    """Threads that share a file, and two objects for one file, as two processes have."""
    files = [FeedbackFile(tmp_path / "f.jsonl") for _ in range(2)]
    threads = [
        threading.Thread(target=files[i % 2].add, args=(entry(f"question {i}", "wrong"),))
        for i in range(24)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = (tmp_path / "f.jsonl").read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["question"] for line in lines} == {f"question {i}" for i in range(24)}
