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
    assert [f.hop for f in Edits().following(1, 2, 3, "x").following(1, 2, 1, "").follow] == [1]


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
