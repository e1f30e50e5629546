"""The lesson's figure for tests: a dozen facts of a small graph of films, named or found."""

from __future__ import annotations

from kgqa.graph import Graph
from kgqa.graph.builder import GraphBuilder
from kgqa.graph.relation import Relation
from kgqa.serve.figure import figure
from kgqa.ui.figure import Chosen, Figure

RELATIONS = (
    Relation("director", "director", "directed"),
    Relation("screenwriter", "screenwriter", "wrote"),
    Relation("cast member", "cast member", "acted in"),
    Relation("field of work", "field of work", "field of"),
    Relation("run time", "run time", "", True, unit="minutes", most="longest", least="shortest"),
)
#: film: minutes, actors, directors, writers
FILMS = {
    "Apollo 13": (140, ["Tom Hanks"], ["Ron Howard"], ["Al Reinert"]),
    "Saving Private Ryan": (169, ["Tom Hanks"], ["Steven Spielberg"], ["Robert Rodat"]),
    "Catch Me If You Can": (141, ["Tom Hanks"], ["Steven Spielberg"], ["Jeff Nathanson"]),
    "The Terminal": (128, ["Tom Hanks"], ["Steven Spielberg"], ["Jeff Nathanson"]),
    "Lincoln": (150, ["Daniel Day-Lewis"], ["Steven Spielberg"], ["Tony Kushner"]),
}
CHOSEN = Chosen(
    "Who wrote films starring Tom Hanks and directed by Steven Spielberg?",
    (
        ("Tom Hanks", ("person:Tom Hanks", "seismologist"), "-cast member"),
        ("Steven Spielberg", ("person:Steven Spielberg",), "-director"),
    ),
    (*(f"film:{name}" for name in FILMS), "field:seismology"),
    "screenwriter",
    ("person:Robert Rodat", "person:Jeff Nathanson"),
    "run time",
)
THRESHOLD = 0.5


def films() -> Graph:
    """Five films with those who made them, and a namesake."""
    b = GraphBuilder("films", RELATIONS)
    for name, (minutes, *people) in FILMS.items():
        film = b.entity("film", name, title=True)
        b.number(film, "run time", minutes, f"{minutes} minutes")
        for relation, names in zip(
            ("cast member", "director", "screenwriter"), people, strict=True
        ):
            for person in names:
                b.triple(film, relation, b.entity("person", person, description="film maker"))
    other = b.entity("person", "Tom Hanks", key="seismologist", description="seismologist, US")
    b.triple(other, "field of work", b.entity("field", "seismology"))
    return b.build()


def drawn(chosen: Chosen = CHOSEN, graph: Graph | None = None) -> Figure:
    """The figure of the films."""
    made = figure(films() if graph is None else graph, chosen, THRESHOLD)
    assert made is not None
    return made
