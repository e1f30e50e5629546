"""Graphs with numbers and classes, drawn at random, and one of states that everyone can check."""

from __future__ import annotations

from hypothesis import strategies as st

from kgqa.graph import Graph
from kgqa.graph.builder import GraphBuilder
from kgqa.graph.names import KIND
from kgqa.graph.relation import Relation

NAMES = "Ava Ben Cleo Dan Eva Finn Gus".split()
SIZE = Relation("size", "size", "", literal=True, unit="minutes")
VALUED = [Relation("knows", "knows", "known by"), Relation("is a", "is a", "instance"), SIZE]


@st.composite
def valued_graphs(draw) -> Graph:
    """Two to seven people who know each other; some are gizmos, some have a size."""
    names = NAMES[: draw(st.integers(2, len(NAMES)))]
    builder = GraphBuilder("drawn", VALUED)
    people = [builder.entity("person", name) for name in names]
    gizmo = builder.entity("class", "gizmo")
    pairs = st.tuples(st.sampled_from(people), st.sampled_from(people))
    for head, tail in sorted(draw(st.sets(pairs, min_size=1, max_size=16))):
        builder.triple(head, "knows", tail)
    for person in sorted(draw(st.sets(st.sampled_from(people)))):
        builder.triple(person, "is a", gizmo)
    sizes = draw(st.dictionaries(st.sampled_from(people), st.integers(1, 4)))
    for person, size in sorted(sizes.items()):
        builder.number(person, "size", size, f"{size} minutes")
    return builder.build()


#: state | population | capital | borders
STATES = """
Oregon | 4 | Salem | Idaho, Nevada
Idaho | 2 | Boise | Oregon, Nevada, Utah
Nevada | 3 | Carson | Oregon, Idaho, Utah
Utah | 3 | Provo | Idaho, Nevada
Maine | 1 | Augusta |
"""
RIVERS = {"Snake": ["Oregon", "Idaho"], "Bear": ["Idaho", "Utah"], "Owyhee": ["Idaho", "Nevada"]}


def states() -> Graph:
    """Five states with round numbers of people, their capitals, and three rivers."""
    people = Relation("population", "population", "", literal=True, unit="people")
    relations = [Relation(id, id, f"{id} of") for id in ("is a", "borders", "capital", "runs")]
    builder = GraphBuilder("states", [*relations, people])
    state, river = builder.entity("class", "state"), builder.entity("class", "river")
    builder.alias(river, "stream", KIND["other name"])
    rows = [[cell.strip() for cell in row.split("|")] for row in STATES.strip().splitlines()]
    ids = {name: builder.entity("state", name) for name, *_ in rows}
    for name, population, capital, borders in rows:
        builder.triple(ids[name], "is a", state)
        builder.number(ids[name], "population", int(population), f"{population} people")
        builder.triple(ids[name], "capital", builder.entity("city", capital))
        for other in filter(None, borders.split(", ")):
            builder.triple(ids[name], "borders", ids[other])
    for name, through in RIVERS.items():
        water = builder.entity("river", name)
        builder.triple(water, "is a", river)
        for other in through:
            builder.triple(water, "runs", ids[other])
    return builder.build()
