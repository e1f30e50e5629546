"""Edits travel as JSON, and what is not a list of edits is refused."""

from __future__ import annotations

import json

import pytest

from kgqa.edits import Edits
from kgqa.errors import DataError


def test_changes_travel_as_json():
    edits = (
        Edits(intersect=False)
        .using(1, 2, "a")
        .adding(3, 4)
        .leaving_out(5, 6)
        .following(7, 8, 1, "-r")
    )
    assert Edits.read(json.dumps(edits.plain())) == edits == Edits.read(edits.plain())
    assert Edits.read(None) == Edits() == Edits.read("") == Edits.read("{}")
    assert Edits().short() == {} and not Edits()
    assert edits.leaving_out(1, 2).use == () and edits.using(5, 6, "b").leave_out == ()
    assert edits.negating(7, 8).leaving_out(7, 8).negate == ()
    assert [f.hop for f in Edits().following(1, 2, 3, "x").following(1, 2, 1, "").follow] == [1]


@pytest.mark.parametrize(
    "edits",
    [
        Edits().negating(1, 2).negating(3, 4, negated=False),
        Edits().uniting(),
        Edits().uniting(False),
        Edits().reading_out("sum(run time)"),
        Edits().reading_out(""),
        Edits().following(1, 2, 1, "most(run time, 2)"),
    ],
)
def test_changes_of_operators_travel_as_json(edits):
    assert edits and Edits.read(json.dumps(edits.plain())) == edits


def test_what_was_decided_last_counts():
    assert Edits().negating(1, 2).negating(1, 2, negated=False).negate == ()
    assert Edits(intersect=False).uniting(False) == Edits(unite=False)
    assert not Edits().uniting().uniting(None) and not Edits().reading_out("").reading_out(None)


@pytest.mark.parametrize(
    "bad",
    [
        "[",
        "[]",
        "3",
        {"x": 1},
        {"use": 1},
        {"use": [{"start": 0}]},
        {"add": [{"start": "a", "end": 2}]},
        {"intersect": 1},
        {"intersect": None},
        {"unite": 0},
        {"readout": 3},
        {"readout": "x" * 301},
        {"negate": [{"start": 0}]},
    ]
    + [
        {"add": [{"start": 0, "end": 10**9}]},
        {"add": [{"start": True, "end": 2}]},
        {"add": [{"start": 0, "end": 1}] * 13},
    ]
    + [{"use": [{"start": 0, "end": 1, "entity": "x" * 301}]}, "x" * 30_000, "[" * 10_000, {1: 2}],
)
def test_changes_that_are_not_are_refused_with_a_sentence(bad):
    with pytest.raises(DataError, match=r"\.$"):
        Edits.read(bad)
