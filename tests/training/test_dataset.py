"""Explanations of a whole file, by workers, kept beside the run; batches of similar lengths."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kgqa.training import dataset as prepare
from kgqa.training.dataset import batches, explanations


def alone(questions, folder, complete=True):
    prepare._start(folder, complete)
    return [prepare._read(prepare._one(q)) for q in questions]


class OneProcess:
    """Stands in for the pool: the same calls, here."""

    def __init__(self, workers, start, arguments):
        start(*arguments)
        OneProcess.runs += 1

    runs = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def imap(self, call, rows, chunksize):
        return map(call, rows)


@pytest.fixture
def here(monkeypatch):
    OneProcess.runs = 0
    monkeypatch.setattr(
        prepare.multiprocessing, "get_context", lambda _: type("Context", (), {"Pool": OneProcess})
    )
    return OneProcess


def test_worker_processes_find_the_same_in_the_same_order(toy_questions, toy_folder, tmp_path):
    cache = tmp_path / "run" / "explanations.jsonl"
    found = explanations(toy_questions[0], toy_folder, cache, workers=2)
    assert found == alone(toy_questions[0], toy_folder)
    assert all(found) and cache.is_file()


def test_a_second_call_reads_what_the_first_one_kept(here, toy_questions, toy_folder, tmp_path):
    first = explanations(toy_questions[0], toy_folder, tmp_path / "e.jsonl")
    again = explanations(toy_questions[0], toy_folder, tmp_path / "e.jsonl")
    assert again == first and here.runs == 1


def test_other_questions_are_searched_anew(here, toy_questions, toy_folder, tmp_path):
    explanations(toy_questions[0], toy_folder, tmp_path / "e.jsonl")
    found = explanations(toy_questions[0][:3], toy_folder, tmp_path / "e.jsonl")
    assert len(found) == 3 and here.runs == 2


def test_another_graph_is_searched_anew(here, builder, toy_questions, toy_folder, tmp_path):
    explanations(toy_questions[0], toy_folder, tmp_path / "e.jsonl")
    builder.entity("film", "One More")
    builder.write(tmp_path / "other")
    explanations(toy_questions[0], tmp_path / "other", tmp_path / "e.jsonl")
    assert here.runs == 2


@pytest.mark.parametrize(
    "change", [{"answers": ("museum:Louvre",)}, {"question": "Which museum has the Mona Lisa?"}]
)
def test_changed_questions_under_the_same_ids_are_searched_anew(
    here, toy_questions, toy_folder, tmp_path, change
):
    """Ids default to line numbers, so another file often has the same ones."""
    explanations(toy_questions[0][:1], toy_folder, tmp_path / "e.jsonl")
    changed = [replace(toy_questions[0][0], **change)]
    assert explanations(changed, toy_folder, tmp_path / "e.jsonl") == alone(changed, toy_folder)
    assert here.runs == 2


def test_incomplete_answers_are_searched_anew(here, toy_questions, toy_folder, tmp_path):
    explanations(toy_questions[0], toy_folder, tmp_path / "e.jsonl", complete=True)
    explanations(toy_questions[0], toy_folder, tmp_path / "e.jsonl", complete=False)
    assert here.runs == 2


def test_a_half_written_file_is_searched_anew(here, toy_questions, toy_folder, tmp_path):
    """A killed run may leave it so: its rows belong to these questions, but some are missing."""
    cache = tmp_path / "e.jsonl"
    whole = explanations(toy_questions[0], toy_folder, cache)
    cache.write_text(
        "".join(line + "\n" for line in cache.read_text().splitlines()[:-2]), encoding="utf-8"
    )
    assert explanations(toy_questions[0], toy_folder, cache) == whole


def test_answers_that_the_graph_does_not_have_are_no_reason_to_refuse(toy_questions, toy_folder):
    unknown = replace(toy_questions[0][0], answers=("no such entity",))
    part = replace(toy_questions[0][0], answers=("no such entity", "city:Paris"))
    assert alone([unknown], toy_folder) == [[]]
    assert alone([part], toy_folder) == alone([toy_questions[0][0]], toy_folder)


def test_batches_hold_every_question_once_with_similar_lengths():
    order = list(range(100, 0, -1))
    lengths = [i % 37 for i in range(101)]
    made = list(batches(order, 4, lengths))
    assert sorted(i for b in made for i in b) == sorted(order)
    assert max(map(len, made)) == 4
    for window in (made[:16], made[16:]):  # sixteen batches are sorted together
        row = [lengths[i] for b in window for i in b]
        assert row == sorted(row)
