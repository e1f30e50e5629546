"""The toy graph, which everyone knows by heart, and questions that it answers.

Thirty-odd entities; all facts are true:

    Mona Lisa --creator--> Leonardo da Vinci
    Mona Lisa --exhibited at--> Louvre --located in--> Paris --located in--> France
    France --capital--> Paris                       Paris, a film of 2008, is another Paris
    Star Wars I and II: Natalie Portman as Padmé Amidala, Ewan McGregor as Obi-Wan Kenobi
    Black Swan: Natalie Portman as Nina Sayers
    three people called Tom Hanks: the actor, a seismologist, a theologian
    six films that need intersection: no two of Hanks, Spielberg and 2002 name one film
"""

from __future__ import annotations

from kgqa.graph.builder import GraphBuilder
from kgqa.graph.description import Source
from kgqa.graph.names import KIND
from kgqa.graph.relation import Relation
from kgqa.questions import Question

RELATIONS = [
    Relation("creator", "created by", "created"),
    Relation("exhibited at", "exhibited at", "exhibits"),
    Relation("located in", "located in", "location of"),
    Relation("capital", "capital", "is the capital of"),
    Relation("director", "director", "directed"),
    Relation("screenwriter", "screenwriter", "wrote the screenplay of"),
    Relation("cast member", "cast member", "acted in"),
    Relation("character", "character", "appears as a character in"),
    Relation("performer", "performed by", "played the character"),
    Relation("release year", "release year", "films released in the year"),
    Relation("field of work", "field of work", "field of"),
    Relation("run time", "run time", "", literal=True),
]

PHANTOM = "Star Wars: Episode I – The Phantom Menace"
CLONES = "Star Wars: Episode II – Attack of the Clones"

#: title | year | director | writers | cast
FILMS = f"""
{PHANTOM} | 1999 | George Lucas | George Lucas | Natalie Portman, Ewan McGregor
{CLONES} | 2002 | George Lucas | George Lucas | Natalie Portman, Ewan McGregor
Black Swan | 2010 | Darren Aronofsky | Mark Heyman | Natalie Portman
Paris | 2008 | Cédric Klapisch | Cédric Klapisch |
Catch Me If You Can | 2002 | Steven Spielberg | Jeff Nathanson | Tom Hanks, Leonardo DiCaprio
The Terminal | 2004 | Steven Spielberg | Jeff Nathanson | Tom Hanks
Minority Report | 2002 | Steven Spielberg | Scott Frank | Tom Cruise
Road to Perdition | 2002 | Sam Mendes | David Self | Tom Hanks
Sully | 2016 | Clint Eastwood | Todd Komarnicki | Tom Hanks
J. Edgar | 2011 | Clint Eastwood | Dustin Lance Black | Leonardo DiCaprio
"""

PADME = "Who did Natalie Portman play in Star Wars?"
HANKS = "Who wrote films starring Tom Hanks?"

#: Questions of every shape, as people type them.
QUESTIONS = [
    PADME,
    "Who directed the film with Tom Hanks and Leonardo DiCaprio?",
    "What city is the Mona Lisa in?",
    "Tom Hanks",
    "the 2002 film with Tom Hanks by Steven Spielberg",
    "Who directed Sully?",
    "Paris",
    "hello",
]

TRAIN = [
    ("What city is the Mona Lisa in?", ["city:Paris"]),
    ("Who painted the Mona Lisa?", ["person:Leonardo da Vinci"]),
    ("Which museum has La Gioconda?", ["museum:Louvre"]),
    ("What is the capital of France?", ["city:Paris"]),
    ("Who directed Sully?", ["person:Clint Eastwood"]),
    ("Who directed Black Swan?", ["person:Darren Aronofsky"]),
    ("Who wrote Minority Report?", ["person:Scott Frank"]),
    ("When did Sully come out?", ["year:2016"]),
    ("Who acted alongside Leonardo DiCaprio?", ["person:Tom Hanks"]),
    ("Who directed the film with Tom Hanks and Leonardo DiCaprio?", ["person:Steven Spielberg"]),
    ("Who did Natalie Portman play in Star Wars?", ["character:Padmé Amidala"]),
    ("What is Tom Hanks's favourite colour?", []),
]
DEV = [
    ("Who directed J. Edgar?", ["person:Clint Eastwood"]),
    ("Who wrote Black Swan?", ["person:Mark Heyman"]),
    ("Who did Ewan McGregor play in Star Wars?", ["character:Obi-Wan Kenobi"]),
    ("What is the favourite colour of Ewan McGregor?", []),
]


def toy_questions() -> tuple[list[Question], list[Question]]:
    """Questions for training and for measuring, without topics."""
    train, dev = (
        [
            Question(f"{name}{i}", text, tuple(answers), (), "toy", 1)
            for i, (text, answers) in enumerate(rows)
        ]
        for name, rows in (("train", TRAIN), ("dev", DEV))
    )
    return train, dev


def toy_builder() -> GraphBuilder:
    """The toy graph, not yet written."""
    b = GraphBuilder("toy", RELATIONS, sources=[Source("Toy", "tests/toy.py", "CC0 1.0")])
    leonardo = b.entity("person", "Leonardo da Vinci", description="Italian painter")
    mona_lisa = b.entity(
        "artwork", "Mona Lisa", description="painting by Leonardo da Vinci", title=True
    )
    louvre = b.entity("museum", "Louvre", description="museum in Paris", title=True)
    paris = b.entity("city", "Paris", description="capital of France")
    france = b.entity("country", "France", description="country in Europe")
    b.alias(mona_lisa, "La Gioconda", KIND["other name"])
    b.alias(france, "French", KIND["adjective"])
    b.triple(mona_lisa, "creator", leonardo)
    b.triple(mona_lisa, "exhibited at", louvre)
    b.triple(louvre, "located in", paris)
    b.triple(paris, "located in", france)
    b.triple(france, "capital", paris)
    for row in FILMS.strip().splitlines():
        title, year, director, writers, cast = (cell.strip() for cell in row.split("|"))
        film = b.entity("film", title, description=f"{year} film by {director}", title=True)
        b.triple(film, "director", b.entity("person", director))
        for name in filter(None, writers.split(", ")):
            b.triple(film, "screenwriter", b.entity("person", name))
        for name in filter(None, cast.split(", ")):
            description = "actor" if name == "Tom Hanks" else ""
            b.triple(film, "cast member", b.entity("person", name, description=description))
        b.triple(film, "release year", b.entity("year", year))
    for film, character, actor in (
        (PHANTOM, "Padmé Amidala", "Natalie Portman"),
        (CLONES, "Padmé Amidala", "Natalie Portman"),
        (PHANTOM, "Obi-Wan Kenobi", "Ewan McGregor"),
        (CLONES, "Obi-Wan Kenobi", "Ewan McGregor"),
        ("Black Swan", "Nina Sayers", "Natalie Portman"),
    ):
        index = b.entity("character", character)
        b.triple(b.find(f"film:{film}"), "character", index)
        b.triple(index, "performer", b.find(f"person:{actor}"))
    for field, what in (("seismology", "seismologist"), ("theology", "theologian")):
        namesake = b.entity(
            "person", "Tom Hanks", key=f"person:Tom Hanks ({field})", description=f"American {what}"
        )
        b.triple(namesake, "field of work", b.entity("field", field))
    b.number(b.find("film:Sully"), "run time", 96, "96 minutes")
    return b
