"""kgqa data: questions for a graph in words that a person can edit."""

from __future__ import annotations

from kgqa import questions
from kgqa.cli.train import folders
from tests.cli.running import sentence


def test_questions_and_wordings_of_any_graph_are_written(run, toy_folder, tmp_path):
    options = ("--out", tmp_path / "d", "--per-relation", 20)
    code, text, _ = run("data", "--graph", toy_folder, *options)
    assert code == 0 and "train:" in text and "wordings.txt" in text
    assert {p.name for p in (tmp_path / "d").iterdir()} == {
        *("train.jsonl", "dev.jsonl", "wordings.txt")
    }
    assert len(questions.read(tmp_path / "d" / "train.jsonl")) > 100


def test_wordings_that_were_edited_are_kept_and_used(run, toy_folder, tmp_path):
    (tmp_path / "wordings.txt").write_text("[director]\nzap {} zop?\n< zip {} zup?\n")
    code, text, _ = run("data", "--graph", toy_folder, "--out", tmp_path)
    assert code == 0 and "how people ask" not in text
    asked = [q for q in questions.read(tmp_path / "train.jsonl") if q.kind == "one hop"]
    assert asked and all("z" in q.question.lower() for q in asked)


def test_a_wrong_line_of_wordings_is_named(run, toy_folder, tmp_path):
    file = tmp_path / "w.txt"
    file.write_text("[director]\nwho made it?\n")
    code, _, err = run("data", "--graph", toy_folder, "--wordings", file, "--out", tmp_path / "d")
    assert code == 2 and sentence(err) and "w.txt, line 2" in err


def test_wordings_of_another_graph_are_refused_by_their_file(run, toy_folder, tmp_path):
    (tmp_path / "wordings.txt").write_text("[flies]\nwho does {} fly?\n")
    code, _, err = run("data", "--graph", toy_folder, "--out", tmp_path)
    assert code == 2 and sentence(err) and "wordings.txt" in err and "'flies'" in err


def test_training_without_questions_writes_them_beside_the_run(toy_folder, tmp_path):
    data, given = folders(None, str(toy_folder), tmp_path / "run")
    assert (data, given) == (tmp_path / "run" / "data", toy_folder)
    assert (data / "train.jsonl").is_file() and (data / "dev.jsonl").is_file()
    assert (tmp_path / "run" / "wordings.txt").is_file()
