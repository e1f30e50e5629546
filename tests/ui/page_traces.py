"""Hand-built traces for the page's tests, one for each thing that the page must show well.

``answer`` stands in for the pipeline: the same interface without a model, so that the page can be
looked at and tested on its own (``python tests/browser/fake_app.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kgqa.edits import Edits
from kgqa.trace import (
    OUTCOMES,
    Answer,
    Completion,
    Entity,
    Facet,
    Intersection,
    IntersectionRow,
    Neighbourhood,
    Neighbours,
    Path,
    Trace,
)
from kgqa.ui.service import Offers
from tests.ui.parts import (
    CARD,
    HANKS,
    HOSTILE,
    IMAGE,
    MANY,
    MONA,
    PORTMAN,
    SCRIPT,
    branch,
    entity,
    fact,
    hop,
    mention,
    person,
    rows,
    trace,
)

__all__ = ["CARD", "SCRIPT"]
SUBTITLES = {
    1999: "Episode I – The Phantom Menace",
    2002: "Episode II – Attack of the Clones",
    2005: "Episode III – Revenge of the Sith",
    1977: "Episode IV – A New Hope",
}
#: film: its writers
WRITTEN = {
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


def mona_lisa() -> Trace:
    work = entity("Mona Lisa", "painting by Leonardo da Vinci, 1503", "artwork")
    film = entity("Mona Lisa", "1986 film by Neil Jordan", "film", "mona-lisa-film")
    louvre = entity("Louvre Museum", "museum in Paris", "museum")
    paris = entity("Paris", "capital of France", "city")
    facts = fact(work, "exhibited at", louvre), fact(louvre, "located in", paris)
    relations, words = {"exhibited at": 0.97, "created by": 0.02}, {"city": 0.3, "in": 0.4}
    first = hop(relations, words, [facts[0]], [(louvre, 0.96)])
    second = hop({"located in": 0.98}, {"city": 0.7}, [facts[1]], [(paris, 0.94)])
    candidates = (work, 0.96, "label"), (film, 0.04, "label")
    return trace(
        MONA,
        answers=(Answer(paris, 0.96, 0.94, (Path(0, facts),)),),
        confidence=0.95,
        mentions=(mention(MONA, "Mona Lisa", 0.98, *candidates),),
        branches=(branch(0, [(work, 0.96), (film, 0.04)], [first, second], 1),),
    )


def hanks() -> Trace:
    actor = person("Tom Hanks", "American actor (born 1956)")
    born = "American seismologist (born 1944)"
    seismologist = entity("Tom Hanks", born, "person", "tom-hanks-seismologist")
    theologian = entity("Tom Hanks", "biblical scholar", "person", "tom-hanks-theologian")
    films = {name: entity(name, "film", "film") for name in WRITTEN}
    acted = {name: fact(film, "cast member", actor) for name, film in films.items()}
    written = [
        fact(films[name], "screenwriter", person(writer, "screenwriter"))
        for name, writers in WRITTEN.items()
        for writer in writers
    ]
    paths: dict[Entity, list[Path]] = {}
    for item in written:
        paths.setdefault(item.tail, []).append(Path(0, (acted[item.head.label], item)))
    answers = tuple(
        Answer(writer, 0.93 - 0.01 * i, 0.9, tuple(p))
        for i, (writer, p) in enumerate(paths.items())
    )
    relations, words = {"acted in": 0.98, "performed by": 0.01}, {"films": 0.41, "starring": 0.5}
    reached = [(film, 0.97) for film in films.values()]
    first = hop(relations, words, list(acted.values()), reached, 41)
    reached = [(a.entity, 0.9) for a in answers[:8]]
    second = hop({"screenwriter": 0.99}, {"wrote": 0.85}, written, reached, len(answers) - 8)
    seeds = [(actor, 0.95), (seismologist, 0.03), (theologian, 0.02)]
    film = entity("Films", "1999 film", "film")
    return trace(
        HANKS,
        answers=answers,
        confidence=0.91,
        mentions=(
            mention(HANKS, "Tom Hanks", 0.97, *((e, p, "label") for e, p in seeds)),
            mention(HANKS, "Hanks", 0.02, (actor, 0.7, "surname"), used=False),
            mention(HANKS, "films", 0.01, (film, 1.0, "label"), used=False),
        ),
        branches=(branch(0, seeds, [first, second], len(answers), 0.98),),
    )


def character(label: str, film: str = "Star Wars") -> Entity:
    return entity(label, f"character in {film}", "character")


def portman() -> Trace:
    actress = person("Natalie Portman", "Israeli and American actress (born 1981)")
    films = [
        entity(f"Star Wars: {title}", f"{year} film by George Lucas", "film")
        for year, title in SUBTITLES.items()
    ]
    padme = character("Padmé Amidala")
    hers = [
        padme,
        character("Nina Sayers", "Black Swan"),
        character("Evey Hammond", "V for Vendetta"),
        character("Mathilda", "Léon"),
        character("Jane Foster", "Thor"),
    ]
    others = "Luke Skywalker|Anakin Skywalker|Obi-Wan Kenobi|Yoda|Han Solo|Mace Windu".split("|")
    cast = [padme, *(character(name) for name in others)]
    played = [fact(c, "performed by", actress) for c in hers]
    appears = [
        fact(f, "character", c)
        for f in films
        for c in cast
        if (c is not padme or f is not films[3]) and (c.label != "Han Solo" or f is films[3])
    ]
    relations, words = {"played the character": 0.97, "acted in": 0.02}, {"play": 0.8, "who": 0.1}
    first = hop(relations, words, played, [(c, 0.97) for c in hers], 4)
    relations, words = {"character": 0.95, "cast member": 0.04}, {"play": 0.6, "in": 0.2}
    second = hop(relations, words, appears, [(c, 0.91) for c in cast], 23)
    meeting = [*rows([padme], 0.97, 0.91), *rows(hers[1:3], 0.97, 0.0), *rows(cast[1:4], 0.0, 0.91)]
    paths = (Path(0, (played[0],)), *(Path(1, (fact(f, "character", padme),)) for f in films[:3]))
    wars = ((f, s, "part of title") for f, s in zip(films, (0.3, 0.25, 0.25, 0.2), strict=True))
    genre = entity("War", "genre", "genre")
    return trace(
        PORTMAN,
        answers=(Answer(padme, 0.97, 0.91, paths),),
        confidence=0.94,
        mentions=(
            mention(PORTMAN, "Natalie Portman", 0.99, (actress, 1.0, "label")),
            mention(PORTMAN, "Star Wars", 0.97, *wars),
            mention(PORTMAN, "Wars", 0.01, (genre, 1.0, "other name"), used=False),
        ),
        branches=(
            branch(0, [(actress, 1.0)], [first], 9),
            branch(1, [(f, 1.0) for f in films], [second], 30),
        ),
        intersection=Intersection(tuple(meeting), 33, (), (1.0,)),
    )


def many() -> Trace:
    actor = person("Tom Hanks", "American actor (born 1956)")
    title = "Film number {}: a rather long title that goes on"
    films = [entity(title.format(i), f"{1950 + i} film", "film") for i in range(60)]
    facts = [fact(f, "cast member", actor) for f in films]
    reached = [(f, 0.98) for f in films[:12]]
    first = hop({"acted in": 0.99}, {"films": 0.9}, facts[:30], reached, 48)
    return trace(
        MANY,
        answers=tuple(Answer(f.head, 0.9, 0.98, (Path(0, (f,)),)) for f in facts),
        confidence=0.9,
        mentions=(mention(MANY, "Tom Hanks", 0.97, (actor, 1.0, "label")),),
        branches=(branch(0, [(actor, 1.0)], [first], 60),),
    )


def hostile() -> Trace:
    """Every string of the trace is an attack or far too long."""
    key, address = '"><script>window.hacked=1</script>', SCRIPT + "href=javascript:alert(1)"
    bad = entity(IMAGE * 20, address, "<b>kind</b>", key)
    longer = entity("x" * 500, "\u202e" + "y" * 500, "z" * 300, "a|b")
    item = fact(bad, SCRIPT, longer)
    step = hop({IMAGE: 0.9}, {SCRIPT: 0.5}, [item], [(longer, 0.9)])
    meeting = IntersectionRow(longer, (0.9, 0.8), 0.8), IntersectionRow(bad, (0.0, 0.8), 0.0)
    whole = trace(
        HOSTILE,
        answers=(Answer(longer, 0.9, 0.8, (Path(0, (item,)),)),),
        confidence=0.5,
        excluded=0.9,
        mentions=(mention(HOSTILE, IMAGE, 0.9, (bad, 0.9, SCRIPT), (longer, 0.1, "label")),) * 2,
        branches=tuple(branch(i, [(bad, 0.9)], [step], 1) for i in range(2)),
        intersection=Intersection(meeting, 0, (step,), (0.1, 0.9)),
        timings={"total": 1.0, IMAGE: 2.0},
    )
    return replace(whole, message=SCRIPT, model=IMAGE, graph=IMAGE, version=IMAGE)


def nothing(outcome: str, question: str = "What is Tom Hanks's favourite colour?") -> Trace:
    """A trace of each outcome without an answer, with as much of the walk as there would be."""
    if outcome in ("empty_question", "too_long", "no_mention"):
        return trace(question, outcome, timings={"total": 0.4})
    if outcome == "empty_intersection":
        full, message = portman(), OUTCOMES[outcome]
        meeting = tuple(replace(row, minimum=0.0) for row in full.intersection.rows[1:])
        intersection = Intersection(meeting, 30, (), (1.0,))
        changes = {"outcome": outcome, "message": message, "answers": (), "confidence": 0.6}
        return replace(full, **changes, intersection=intersection)
    actor = person("Tom Hanks", "American actor (born 1956)")
    asked = "Tom Hanks" in question
    spans = (mention(question, "Tom Hanks", 0.8, (actor, 1.0, "label")),) if asked else ()
    step = hop({"genre": 0.4, "art form": 0.3}, {"colour": 0.7}, [], [])
    walked = asked and outcome == "no_path"
    branches = (branch(0, [(actor, 1.0)], [step], 0),) if walked else ()
    return trace(question, outcome, confidence=0.4, mentions=spans, branches=branches)


def about(key: str) -> Neighbourhood | None:
    """The stand-in's facts: hostile ones about anything."""
    bad = Entity(key[:50] or "x", IMAGE, SCRIPT + " href", IMAGE)
    others = (entity("x" * 500, "y" * 500), Entity("evil", SCRIPT, IMAGE, "k"), bad)
    return Neighbourhood(
        bad, (Neighbours(IMAGE, SCRIPT, others, 9_999), Neighbours("-r{}", "{x} of", others, 3))
    )


def search(text: str) -> tuple[Entity, ...]:
    """The stand-in's search."""
    return (Entity('"><i>', IMAGE, SCRIPT, "k"),) if text else ()


def complete(text: str) -> tuple[Completion, ...]:
    """The stand-in's completions of the last word: an actor, a namesake and an attack."""
    start = len(text) - len(text.split(" ")[-1])
    names = (
        person("Tom Hanks", "American actor (born 1956)"),
        Entity("seismologist", "Tom Hanks", "American seismologist", "person"),
        Entity('"><i>', IMAGE, SCRIPT, "k"),
    )
    begun = text[start:].lower()
    return tuple(
        Completion(e, start, shared=e.label == "Tom Hanks")
        for e in names
        if len(begun) > 1 and e.label.lower().startswith(begun)
    )


def facets(ids: Sequence[str]) -> tuple[Facet, ...]:
    """The stand-in's facets: a year after the other."""
    return (Facet("release year", tuple((str(1950 + i),) for i in range(len(ids))), year=True),)


def further(trace: Trace, before: Trace | None) -> Offers:
    """The stand-in's offers: the questions that it knows, and after a refusal the one before."""
    if trace.outcome != "answered":
        return Offers("meant", (before.question,)) if before else Offers("instead", (MONA, HOSTILE))
    return Offers("next", tuple(q for q in (HANKS, PORTMAN) if q != trace.question))


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
