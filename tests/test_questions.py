"""Question files: what is written is read, and a malformed line is named."""

from __future__ import annotations

import pytest

from kgqa.errors import DataError
from kgqa.questions import Question, read, write


def lines(tmp_path, *rows: str):
    path = tmp_path / "train.jsonl"
    path.write_text("".join(row + "\n" for row in rows), encoding="utf-8")
    return path


def test_questions_come_back_as_they_were_written(tmp_path):
    questions = [
        Question(
            "1",
            "Who directed “Amélie” 🎬?",
            ("person:a", "person:b"),
            ("film:x",),
            "film-director",
            1,
        ),
        Question("2", 'quotes " and \\ and \t tab', (), (), "", 0),
    ]
    write(tmp_path / "new" / "q.jsonl", questions)
    assert read(tmp_path / "new" / "q.jsonl") == questions


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c"])
def test_a_line_separator_inside_a_question_does_not_break_the_line(tmp_path, separator):
    """JSON lines end at a line feed; text copied from the web holds other separators."""
    questions = [Question("1", f"Who directed{separator}Sully?", ("person:a",))]
    write(tmp_path / "q.jsonl", questions)
    assert read(tmp_path / "q.jsonl") == questions


def test_only_question_and_answers_are_needed(tmp_path):
    path = lines(
        tmp_path, '{"question": "a", "answers": ["x"]}', "", '{"question": "b", "answers": []}'
    )
    assert read(path) == [
        Question("1", "a", ("x",)),
        Question("3", "b", ()),
    ]  # ids are line numbers


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"nothing\.jsonl"):
        read(tmp_path / "nothing.jsonl")


@pytest.mark.parametrize(
    "bad",
    [
        "not json",
        '{"question": "a"}',  # no answers
        '{"answers": ["x"]}',  # no question
        '{"question": "a", "answers": null}',
        '{"question": "a", "answers": 3}',
        '{"question": "a", "answers": ["x"], "hops": "two"}',
        '{"question": "a", "answers": ["x"], "topics": 5}',
        '{"question": "a", "answers": [5]}',
        '{"question": "a", "answers": ["x"], "hops": Infinity}',
        "[" * 200_000,
        "[1, 2]",
        '"text"',
        "null",
        "7",
    ],
)
def test_a_malformed_line_is_named_by_its_number(tmp_path, bad):
    path = lines(tmp_path, '{"question": "a", "answers": ["x"]}', "", bad)
    with pytest.raises(DataError, match=r"train\.jsonl, line 3"):
        read(path)


def test_answers_given_as_one_string_are_refused(tmp_path):
    """tuple("Q90") would be three answers of one letter each, and no error."""
    with pytest.raises(DataError, match="line 1"):
        read(lines(tmp_path, '{"question": "a", "answers": "Q90"}'))


def test_a_question_that_is_no_text_is_refused(tmp_path):
    with pytest.raises(DataError, match="line 1"):
        read(lines(tmp_path, '{"question": 5, "answers": ["x"]}'))


def test_a_file_that_is_not_utf8_is_named(tmp_path):
    path = tmp_path / "train.jsonl"
    path.write_bytes(b'{"question": "\xff", "answers": []}\n')
    with pytest.raises(DataError, match=r"train\.jsonl"):
        read(path)


def test_a_byte_order_mark_is_dropped(tmp_path):
    path = tmp_path / "train.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"question": "a", "answers": ["x"]}\n')
    assert read(path) == [Question("1", "a", ("x",))]


def test_half_a_character_is_replaced(tmp_path):
    """JSON can hold a lone surrogate; no tokenizer can."""
    (question,) = read(lines(tmp_path, r'{"question": "a\ud800b", "answers": []}'))
    assert question.question == "a?b"
