"""Which questions the measurement of feedback corrects, and which it asks afterwards."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kgqa import questions as question_files
from kgqa.bench import feedback
from kgqa.errors import DataError


def test_what_is_corrected_is_never_asked(
    toy_folder, toy_questions, new_checkpoint, tmp_path, monkeypatch
):
    """Of one relation here: directors, of whom train asks twice and dev once."""
    monkeypatch.setattr(feedback, "FEWEST", 3)
    monkeypatch.setattr(feedback, "EACH", 1)
    for split, rows in zip(("train", "dev"), toy_questions, strict=True):
        rows = [replace(q, kind="one hop") for q in rows]
        question_files.write(tmp_path / f"{split}.jsonl", rows)
    plan = feedback.plan(new_checkpoint(), tmp_path, toy_folder)
    (corrected,), (same,) = plan.corrected, plan.asked["same relations"]
    assert {corrected.question, same.question} == {
        "Who directed Sully?",
        "Who directed Black Swan?",
    }
    assert [q.question for q in plan.asked["in other wordings"]] == ["Who directed J. Edgar?"]
    assert len(plan.asked["others"]) == 3
    (tmp_path / "x").mkdir()
    feedback._write(tmp_path / "x" / "f.jsonl", plan.corrected)
    feedback._write(tmp_path / "x" / "f.jsonl", [])
    assert len((tmp_path / "x" / "f.jsonl").read_text(encoding="utf-8").splitlines()) == 1


def test_too_few_questions_are_said_so(toy_folder, toy_questions, new_checkpoint, tmp_path):
    for split, rows in zip(("train", "dev"), toy_questions, strict=True):
        question_files.write(tmp_path / f"{split}.jsonl", rows)
    with pytest.raises(DataError, match="No relation has 20 questions of one hop"):
        feedback.plan(new_checkpoint(), tmp_path, toy_folder)
