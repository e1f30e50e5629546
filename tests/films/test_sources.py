"""Reading the film table: names put together again, and roles that are checked against the cast."""

from __future__ import annotations

import pytest

from kgqa.films import sources as films
from kgqa.films.relations import relations
from kgqa.films.sources import Listed
from kgqa.graph.builder import GraphBuilder


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        (
            "Gwyneth Paltrow, Robert Downey, Jr., Jon Favreau",
            ["Gwyneth Paltrow", "Robert Downey Jr.", "Jon Favreau"],
        ),
        ("Robert Downey, Sr.", ["Robert Downey Sr."]),
        ("Ed Begley, Jr.,Ed Begley", ["Ed Begley Jr.", "Ed Begley"]),
        ("Pixar, Inc., Disney", ["Pixar Inc.", "Disney"]),
        ("Jr.", ["Jr."]),  # nobody stands before it
        ("A,,  ,B", ["A", "B"]),
        ("B, A, B", ["B", "A"]),  # order kept, repetitions dropped
        ("", []),
        (None, []),
    ],
)
def test_split_names(cell, names):
    assert films.split_names(cell) == names


@pytest.mark.parametrize(
    ("name", "surname"),
    [
        ("Alfred Hitchcock", "Hitchcock"),
        ("Robert Downey Jr.", "Downey"),
        ("Lars von Trier", "von Trier"),
        ("Vittorio De Sica", "Sica"),
        ("Cher", ""),
        ("Bong Joon Ho", ""),
    ],
)
def test_surnames(name, surname):
    if name == "Vittorio De Sica":
        assert films._surname(name) == "De Sica"  # a particle belongs to the surname
    else:
        assert films._surname(name) == surname


@pytest.fixture
def two_films():
    builder = GraphBuilder("films", relations())
    index = {
        title: builder.entity("film", title, title=True) for title in ("Iron Man", "Iron Man 2")
    }
    cast = {
        ("Iron Man", 2008): [Listed(index["Iron Man"], {"Robert Downey Jr."})],
        ("Iron Man 2", 2010): [Listed(index["Iron Man 2"], {"Robert Downey Jr.", "Don Cheadle"})],
    }
    return builder, cast


def role(character, actor, film, year, aliases=""):
    return {
        "character": character,
        "actor": actor,
        "film": film,
        "year": str(year),
        "aliases": aliases,
    }


def roles(monkeypatch, two_films, *rows):
    monkeypatch.setattr(films, "table", lambda name: list(rows))
    return films._roles(*two_films)


def edges(builder):
    return {
        (builder.labels[h], builder.relations[r].id, builder.labels[t])
        for h, r, t in builder.triples
    }


def test_a_role_whose_actor_is_not_in_the_cast_is_refused_with_its_reason(monkeypatch, two_films):
    refused = roles(monkeypatch, two_films, role("James Rhodes", "Don Cheadle", "Iron Man", 2008))
    assert [(r.table, r.row, r.why) for r in refused] == [
        (
            "roles.tsv",
            "James Rhodes / Don Cheadle / Iron Man",
            "the film table does not list the actor in it",
        )
    ]
    assert edges(two_films[0]) == set()


def test_a_role_in_an_unknown_film_is_refused_with_its_reason(monkeypatch, two_films):
    refused = roles(
        monkeypatch, two_films, role("Tony Stark", "Robert Downey Jr.", "Iron Man", 1969)
    )
    assert [r.why for r in refused] == ["no such film in the film table"]


def test_a_role_that_the_cast_confirms_is_kept_with_its_aliases(monkeypatch, two_films):
    assert (
        roles(
            monkeypatch,
            two_films,
            role("Tony Stark", "Robert Downey Jr.", "Iron Man", 2008, "Iron Man|Stark"),
        )
        == []
    )
    builder = two_films[0]
    assert edges(builder) == {
        ("Iron Man", "character", "Tony Stark"),
        ("Tony Stark", "performer", "Robert Downey Jr."),
    }
    assert ("stark", builder.find("character:Tony Stark")) in builder.aliases


def test_one_character_of_two_films_is_one_entity(monkeypatch, two_films):
    rows = [
        role("Tony Stark", "Robert Downey Jr.", "Iron Man", 2008),
        role("Tony Stark", "Robert Downey Jr.", "Iron Man 2", 2010),
    ]
    roles(monkeypatch, two_films, *rows)
    assert [label for label in two_films[0].labels if label == "Tony Stark"] == ["Tony Stark"]


def test_a_first_name_shared_by_two_roles_is_two_entities(monkeypatch):
    builder = GraphBuilder("films", relations())
    cast = {
        ("Memento", 2000): [Listed(builder.entity("film", "Memento"), {"Carrie-Anne Moss"})],
        ("Closer", 2004): [Listed(builder.entity("film", "Closer"), {"Julia Roberts"})],
    }
    roles(
        monkeypatch,
        (builder, cast),
        role("Anna", "Julia Roberts", "Closer", 2004),
        role("Anna", "Carrie-Anne Moss", "Memento", 2000),
    )
    keys = [builder.keys[i] for i, label in enumerate(builder.labels) if label == "Anna"]
    assert keys == ["", "character:Anna (Memento)"]  # "" is the default key
