"""A small graph with numbers, dates and a class; all its facts are true.

seven films with their run times, directors and some of their cast
one film with the day of its first showing
"""

from __future__ import annotations

from datetime import date

from kgqa.graph import Graph
from kgqa.graph.builder import GraphBuilder
from kgqa.graph.names import KIND
from kgqa.graph.relation import Relation

RELATIONS = [
    Relation("director", "director", "directed"),
    Relation("cast member", "cast member", "acted in"),
    Relation("is a", "is a", "instances"),
    Relation(
        "run time", "run time", "", literal=True, unit="minutes", most="longest", least="shortest"
    ),
    Relation("release date", "release date", "", literal=True, unit="date"),
]

#: title | minutes | director | some of the cast
FILMS = """
Catch Me If You Can | 141 | Steven Spielberg | Tom Hanks, Leonardo DiCaprio
The Terminal | 128 | Steven Spielberg | Tom Hanks
Minority Report | 145 | Steven Spielberg | Tom Cruise
Saving Private Ryan | 169 | Steven Spielberg | Tom Hanks, Matt Damon
Road to Perdition | 117 | Sam Mendes | Tom Hanks
Sully | 96 | Clint Eastwood | Tom Hanks
J. Edgar | 137 | Clint Eastwood | Leonardo DiCaprio
"""


def measured() -> Graph:
    """The graph, in memory."""
    b = GraphBuilder("measured", RELATIONS)
    film = b.entity("class", "film")
    b.alias(film, "movie", KIND["other name"])
    for row in FILMS.strip().splitlines():
        title, minutes, director, cast = (cell.strip() for cell in row.split("|"))
        e = b.entity("film", title, title=True)
        b.triple(e, "is a", film)
        b.triple(e, "director", b.entity("person", director))
        for name in cast.split(", "):
            b.triple(e, "cast member", b.entity("person", name))
        b.number(e, "run time", int(minutes), f"{minutes} minutes")
    day = date(2016, 9, 2).toordinal()
    b.number(b.find("film:Sully"), "release date", day, "2 September 2016")
    return b.build()
