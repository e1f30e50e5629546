"""What a sample of questions says about names and answers, on tables of the benchmark layout."""

from __future__ import annotations

import shutil

import pytest

from kgqa.errors import DataError
from kgqa.graph import Graph
from kgqa.graph.names import normalise
from kgqa.questions import Question
from kgqa.training.survey import prepare, survey
from tests.dying import Killed, dying


@pytest.fixture
def tables(tmp_path):
    folder = tmp_path / "tables"
    folder.mkdir()
    people = [("o", "Barack Obama"), ("l", "Abraham Lincoln"), ("k", "John F. Kennedy")]
    places = [("h", "Honolulu"), ("r", "Hodgenville"), ("b", "Brookline"), ("c", "Chicago")]
    (folder / "entities.tsv").write_text(
        "".join(f"{k}\t{v}\n" for k, v in people + places), encoding="utf-8"
    )
    facts = [
        ("o", "born_in", "h"),
        ("o", "lived_in", "c"),
        ("l", "born_in", "r"),
        ("k", "born_in", "b"),
    ]
    (folder / "triples.tsv").write_text(
        "".join("\t".join(f) + "\n" for f in facts), encoding="utf-8"
    )
    return folder


def ask(*pairs) -> list[Question]:
    return [
        Question(str(i), question, tuple(answers)) for i, (question, answers) in enumerate(pairs)
    ]


def has(folder, name: str) -> bool:
    return Graph.load(folder).aliases.find(normalise(name)) >= 0


def test_full_names_need_no_parts(tables, tmp_path):
    result = survey(
        tables,
        ask(("Where was Barack Obama born?", "h"), ("Where was Abraham Lincoln born?", "r")),
        tmp_path / "g",
    )
    assert (
        not result.part_names
        and result.complete
        and result.explained == 1.0
        and result.best_f1 == 1.0
    )
    assert not has(tmp_path / "g", "Obama") and not (tmp_path / "g-part-names").exists()


def test_surnames_make_parts_of_names_known(tables, tmp_path):
    result = survey(
        tables,
        ask(("Where was Obama born?", "h"), ("Where was John Kennedy born?", "b")),
        tmp_path / "g",
    )
    assert result.part_names and result.explained == 1.0
    assert (
        has(tmp_path / "g", "Obama")
        and has(tmp_path / "g", "John Kennedy")
        and not (tmp_path / "g-part-names").exists()
    )


def test_half_of_the_answers_are_not_complete_answers(tables, tmp_path):
    """Two are expected, and no walk reaches more than one of them: F1 2/3."""
    result = survey(
        tables,
        ask(("Where was Barack Obama born?", "hr"), ("Where was Abraham Lincoln born?", "rb")),
        tmp_path / "g",
    )
    assert not result.complete and result.best_f1 == pytest.approx(2 / 3, abs=1e-3)


def test_the_survey_is_kept_with_the_graph(tables, tmp_path):
    first = survey(tables, ask(("Where was Obama born?", "h")), tmp_path / "g")
    (tables / "entities.tsv").unlink()
    assert survey(tables, [], tmp_path / "g") == first


def test_a_survey_that_is_killed_is_made_again(tables, tmp_path):
    asked = ask(("Where was Obama born?", "h"), ("Where was John Kennedy born?", "b"))
    with dying(0) as calls:
        expected = survey(tables, asked, tmp_path / "whole")
    moves = [i for i, name in enumerate(calls, 1) if name in ("rename", "replace")]
    for last in moves[:: len(moves) // 3]:
        with pytest.raises(Killed), dying(last):
            survey(tables, asked, tmp_path / "g")
        assert survey(tables, asked, tmp_path / "g") == expected
        assert has(tmp_path / "g", "Obama")
        shutil.rmtree(tmp_path / "g")


def test_answers_that_are_no_entities_are_a_sentence(tables, tmp_path):
    with pytest.raises(DataError, match="check entity ids"):
        survey(tables, ask(("Where was Barack Obama born?", ["nowhere"])), tmp_path / "g")


# -- what a run walks on ---------------------------------------------------------------------------


def test_there_are_operators_where_there_are_numbers(toy_folder, tables, tmp_path):
    (tables / "train.jsonl").write_text(
        '{"question": "Where was Barack Obama born?", "answers": ["h"]}', encoding="utf-8"
    )
    surveyed = prepare(tables, tmp_path / "run", None, None)
    assert not surveyed.operators and surveyed.complete
    assert surveyed.graph == tmp_path / "run" / "graph"
    given = prepare(tables, tmp_path / "run", toy_folder, None)
    assert given.operators and given.graph == toy_folder  # a run time


def test_a_survey_counts_what_operators_explain(tables, tmp_path):
    """With numbers, "How many" has an explanation; without, it has none."""
    asked = [Question("0", "In how many places did Barack Obama live?", (), value=1.0)]
    with pytest.raises(DataError, match="has an explanation"):
        survey(tables, asked, tmp_path / "plain")
    (tables / "numbers.tsv").write_text("o\tborn\t1961\nl\tborn\t1809\n", encoding="utf-8")
    assert survey(tables, asked, tmp_path / "valued").explained == 1.0
