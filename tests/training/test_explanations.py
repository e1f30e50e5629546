"""Explanations of a whole file, searched once by several processes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kgqa.programs.explanation import Explanation, Seed
from kgqa.programs.program import Branch, Chain
from kgqa.questions import Question
from kgqa.training import explanations as module
from kgqa.training.explanations import explain
from tests.training.preparing import in_process


class OneProcess:
    """Stands in for the pool: the same calls, in this process."""

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
def searches(monkeypatch):
    """``searches.runs`` counts the searches."""
    OneProcess.runs = 0
    context = type("Context", (), {"Pool": OneProcess})
    monkeypatch.setattr(module.multiprocessing, "get_context", lambda _: context)
    return OneProcess


def test_worker_processes_find_the_same_in_the_same_order(toy_questions, toy_folder, tmp_path):
    cache = tmp_path / "run" / "explanations.jsonl"
    explanations = explain(toy_questions[0], toy_folder, cache, workers=2)
    assert explanations == in_process(toy_questions[0], toy_folder)
    assert all(explanations) and cache.is_file()


def test_a_second_call_reads_what_the_first_one_kept(searches, toy_questions, toy_folder, tmp_path):
    first = explain(toy_questions[0], toy_folder, tmp_path / "e.jsonl")
    again = explain(toy_questions[0], toy_folder, tmp_path / "e.jsonl")
    assert again == first and searches.runs == 1


def test_other_questions_are_searched_anew(searches, toy_questions, toy_folder, tmp_path):
    explain(toy_questions[0], toy_folder, tmp_path / "e.jsonl")
    explanations = explain(toy_questions[0][:3], toy_folder, tmp_path / "e.jsonl")
    assert len(explanations) == 3 and searches.runs == 2


def test_another_graph_is_searched_anew(searches, builder, toy_questions, toy_folder, tmp_path):
    explain(toy_questions[0], toy_folder, tmp_path / "e.jsonl")
    builder.entity("film", "One More")
    builder.write(tmp_path / "other")
    explain(toy_questions[0], tmp_path / "other", tmp_path / "e.jsonl")
    assert searches.runs == 2


@pytest.mark.parametrize(
    "change", [{"answers": ("museum:Louvre",)}, {"question": "Which museum has the Mona Lisa?"}]
)
def test_changed_questions_under_the_same_ids_are_searched_anew(
    searches, toy_questions, toy_folder, tmp_path, change
):
    """Ids default to line numbers, so another file often has the same ones."""
    explain(toy_questions[0][:1], toy_folder, tmp_path / "e.jsonl")
    changed = [replace(toy_questions[0][0], **change)]
    assert explain(changed, toy_folder, tmp_path / "e.jsonl") == in_process(changed, toy_folder)
    assert searches.runs == 2


def test_incomplete_answers_are_searched_anew(searches, toy_questions, toy_folder, tmp_path):
    explain(toy_questions[0], toy_folder, tmp_path / "e.jsonl", complete=True)
    explain(toy_questions[0], toy_folder, tmp_path / "e.jsonl", complete=False)
    assert searches.runs == 2


def test_a_half_written_file_is_searched_anew(searches, toy_questions, toy_folder, tmp_path):
    """As a killed run may leave it: the rows belong to these questions, but some are missing."""
    cache = tmp_path / "e.jsonl"
    whole = explain(toy_questions[0], toy_folder, cache)
    cache.write_text(
        "".join(line + "\n" for line in cache.read_text().splitlines()[:-2]), encoding="utf-8"
    )
    assert explain(toy_questions[0], toy_folder, cache) == whole


def test_a_changed_file_is_searched_anew(searches, toy_questions, toy_folder, tmp_path):
    """Every line is whole; one digit of one relation is another."""
    cache = tmp_path / "e.jsonl"
    whole = explain(toy_questions[0], toy_folder, cache)
    first, body = cache.read_text().split("\n", 1)
    cache.write_text(f"{first}\n{body.replace('1', '2', 1)}", encoding="utf-8")
    assert explain(toy_questions[0], toy_folder, cache) == whole and searches.runs == 2


def test_answers_that_the_graph_does_not_have_are_no_reason_to_refuse(toy_questions, toy_folder):
    unknown = replace(toy_questions[0][0], answers=("no such entity",))
    part = replace(toy_questions[0][0], answers=("no such entity", "city:Paris"))
    assert in_process([unknown], toy_folder) == [()]
    assert in_process([part], toy_folder) == in_process([toy_questions[0][0]], toy_folder)


# -- with operators --------------------------------------------------------------------------------


def test_operators_are_searched_anew(searches, toy_questions, toy_folder, tmp_path):
    plain = explain(toy_questions[0], toy_folder, tmp_path / "e.jsonl")
    more = explain(toy_questions[0], toy_folder, tmp_path / "e.jsonl", operators=True)
    assert searches.runs == 2
    assert all(set(a) <= set(b) for a, b in zip(plain, more, strict=True)) and plain != more


def test_a_number_is_explained_by_operators_alone(toy_folder):
    """Four films of the toy graph came out in 2002; Sully runs 96 minutes."""
    asked = [
        Question("a", "How many films came out in 2002?", (), value=4.0),
        Question("b", "How long is Sully?", (), value=96.0),
        Question("c", "Is Tom Hanks in Sully?", (), value=True),
        Question("d", "Did Sam Mendes direct Sully?", (), value=False),
    ]
    assert in_process(asked, toy_folder) == [()] * 4
    counted, long, yes, no = in_process(asked, toy_folder, operators=True)
    assert "count" in {e.program.readout for e in counted}
    assert "" in {e.program.readout for e in long}
    for found in (yes, no):
        assert found and {e.program.readout for e in found} == {"verify"}


def test_a_question_that_needs_no_operator_keeps_its_explanations(toy_questions, toy_folder):
    (plain,) = in_process(toy_questions[0][:1], toy_folder)
    (both,) = in_process(toy_questions[0][:1], toy_folder, operators=True)
    assert both[: len(plain)] == plain


@pytest.mark.parametrize(
    "explanation",
    [
        Explanation.of(Branch(Seed(0, 1), Chain.of(3, 70)), exclude=True),
        Explanation.of(
            Branch(Seed(0, 0), Chain.of(3)),
            Branch(Seed(2, 4), Chain(), negated=True),
            after=Chain.of(150),
        ),
        Explanation.of(
            Branch(Seed(0, 0), Chain.of(3)), Branch(Seed(1, 0), Chain.of(3)), combine="|"
        ),
        Explanation.of(Branch(Seed(0, 0), Chain.of(3)), readout="sum(area (km²))"),
        Explanation.of(),
    ],
)
def test_an_explanation_is_read_as_it_was_written(explanation):
    assert module._read(module._row([explanation])) == (explanation,)
