"""A graph of films and rivers with numbers, with and without units."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kgqa.graph import Graph
from kgqa.graph.builder import GraphBuilder
from kgqa.graph.relation import Relation

UNITS = {
    "release year": "year",
    "release date": "date",
    "run time": "minutes",
    "box office": "US dollars",
    "area": "km²",
    "height": "m",
    "length": "",
    "awards": "awards",
}
FILMS = [
    # title, release date, run time, box office, awards
    ("Jaws", "1975-06-20", 124, 470_000_000, 3),
    ("Alien", "1979-05-25", 117, 203_000_000, 1),
    ("Heat", "1995-12-15", 170, 187_000_000, 0),
    ("300", "2007-03-09", 117, 456_000_000, 0),
    ("1941", "1979-12-14", 118, 95_000_000, 0),
]


def written(folder: Path, units: dict[str, str]) -> Graph:
    """Films and rivers with numbers, whose relations say these units."""
    relations = [Relation(id, id, "", literal=True, unit=unit) for id, unit in units.items()]
    builder = GraphBuilder("numbers", relations)
    for title, day, minutes, dollars, awards in FILMS:
        film = builder.entity("film", title, title=True)
        builder.number(film, "release year", int(day[:4]), day[:4])
        builder.number(film, "release date", date.fromisoformat(day).toordinal(), day)
        builder.number(film, "run time", minutes, f"{minutes} minutes")
        builder.number(film, "box office", dollars, f"${dollars}")
        builder.number(film, "awards", awards, f"{awards} awards")
    for name, area, height, length in (("Po", 74_000, 2000, 652), ("Nile", 3.4e6, 5109, 6650)):
        river = builder.entity("river", name)
        builder.number(river, "area", area, str(area))
        builder.number(river, "height", height, str(height))
        builder.number(river, "length", length, str(length))
    builder.entity("year", "1979")
    builder.write(folder)
    return Graph.load(folder)


@pytest.fixture(scope="session")
def graph(tmp_path_factory) -> Graph:
    return written(tmp_path_factory.mktemp("measured"), UNITS)


@pytest.fixture(scope="session")
def plain(tmp_path_factory) -> Graph:
    """The same graph without units."""
    return written(tmp_path_factory.mktemp("plain"), dict.fromkeys(UNITS, ""))
