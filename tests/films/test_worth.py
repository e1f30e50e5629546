"""What is worth asking, on the toy graph."""

from __future__ import annotations

import pytest

from kgqa.films.worth import bounds_of, has_operators, is_operator, tells
from kgqa.programs.program import Program


@pytest.mark.parametrize(
    "text, expected",
    [
        ("person > -cast member", False),
        ("person > -cast member & year > -release year => director ! person", False),
        ("film & year > -release year", False),
        ("person > -cast member ? count", True),
        ("person > -cast member > most(run time)", True),
        ("person > -director => often(cast member)", True),
        ("person > -director & ~person2 > -cast member", True),
        ("person > -director | person2 > -director", True),
        ("person > -director & less(release year)", True),
        ("class:film > -is a", True),
    ],
)
def test_a_program_has_operators_or_not(text, expected):
    assert has_operators(Program.parse(text)) is expected


def test_bounds_are_the_starts_that_literals_fill():
    program = Program.parse("a > -director & at least(run time) & at most(run time)")
    assert list(bounds_of(program)) == ["at least(run time)", "at most(run time)"]
    assert is_operator("least(run time, 2)") and not is_operator("-director")


@pytest.fixture
def worth(toy):
    """worth(program, id by start) -> whether it tells something."""

    def worth(text, lenient=False, **starts):
        sets = {name: {toy.find(id): 1.0} for name, id in starts.items()}
        return tells(toy, Program.parse(text), sets, lenient=lenient)

    return worth


HANKS, LUCAS, SPIELBERG = "person:Tom Hanks", "person:George Lucas", "person:Steven Spielberg"
KLAPISCH, EASTWOOD = "person:Cédric Klapisch", "person:Clint Eastwood"


def test_an_extreme_of_one_is_not_worth_asking(worth):
    assert not worth("a > -director > most(cast member)", a=KLAPISCH)


def test_an_extreme_of_several_that_differ_is(worth):
    assert worth("a > -director > most(cast member)", a=SPIELBERG)
    assert not worth("a > -director > most(cast member)", a=LUCAS)  # two, both with two actors


def test_most_often_needs_more_than_once(worth):
    assert worth("a > -cast member > often(director)", a=HANKS)  # Spielberg twice
    assert worth("a > -director > often(cast member)", a=SPIELBERG)  # Hanks twice
    assert not worth("a > -director > often(cast member)", a=EASTWOOD)
    assert not worth("a > -cast member > often(cast member) ! a", a=HANKS)  # but he himself


def test_what_is_subtracted_must_leave_something_out(worth):
    assert worth("a > -cast member & ~b > -director", a=HANKS, b=SPIELBERG)
    assert not worth("a > -cast member & ~b > -director", a=HANKS, b=LUCAS)
    assert worth("a > -cast member & ~b > -director", lenient=True, a=HANKS, b=LUCAS)


def test_each_of_two_that_are_joined_must_add_something(worth):
    assert worth("a > -director | b > -cast member", a=SPIELBERG, b=HANKS)
    assert not worth("a > -director | b > -screenwriter", a=LUCAS, b=LUCAS)


def test_a_comparison_has_one_winner(worth):
    assert worth("a | b => most(-director)", a=SPIELBERG, b=KLAPISCH)
    assert not worth("a | b => most(-director)", a=LUCAS, b=EASTWOOD)
