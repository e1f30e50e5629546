"""Kinds with operators by what they need."""

from __future__ import annotations

from collections import Counter

import pytest

from kgqa.films.groups import EXTREME, by_operator, group_of
from kgqa.programs.program import Program


@pytest.mark.parametrize(
    ("program", "group"),
    [
        ("person > -director ? count", "count"),
        ("film | film2 => most(run time)", EXTREME),
        ("person > -director & ~person2 > -cast member", "difference"),
        ("person > -director & less(release year)", "before, after, more than"),
        ("person > -director & film ? verify", "yes or no"),
        ("person > -director > run time ? sum(run time)", "sum"),
        ("person > -director | person2 > -director", "either, or"),
    ],
)
def test_a_program_has_one_group(program, group):
    assert group_of(Program.parse(program)) == group


def test_every_group_has_several_kinds():
    counts = Counter(by_operator().values())
    assert min(counts.values()) >= 3 and len(counts) >= 6, counts
