"""A firm: employees with managers, departments in cities, and what they earn."""

from __future__ import annotations

import random

import pytest

from kgqa.graph.builder import GraphBuilder
from kgqa.graph.relation import Relation, relation_of
from kgqa.writer import generic_wordings
from kgqa.writer.desk import Desk
from kgqa.writer.names import Names

FIRST = "Ada Bela Cleo Dora Emil Finn Gita Hugo Iris Jona Kira Lars".split()
LAST = "Abel Brook Crane Dunn Evert Frost Glenn Hart".split()


@pytest.fixture(scope="session")
def firm():
    """A firm: employees with managers, departments in cities, and what they earn."""
    rng = random.Random(0)
    relations = [relation_of(name) for name in ("manager", "department", "located_in", "is a")]
    salary = Relation("salary", "salary", "", literal=True)
    builder = GraphBuilder("a firm", [*relations, salary])
    cities = [builder.entity("city", name) for name in ("Lund", "Oslo", "Turin")]
    teams = [builder.entity("department", name) for name in ("Sales", "Legal", "Design", "Stores")]
    classes = {name: builder.entity("class", name) for name in ("employee", "city", "department")}
    people = [builder.entity("employee", f"{a} {b}") for a in FIRST for b in LAST]
    for i, team in enumerate(teams):
        builder.triple(team, "located_in", cities[i % 3])
        builder.triple(team, "is a", classes["department"])
    for city in cities:
        builder.triple(city, "is a", classes["city"])
    for i, person in enumerate(people):
        builder.triple(person, "department", rng.choice(teams))
        builder.triple(person, "is a", classes["employee"])
        pay = rng.randrange(20, 90) * 1000
        builder.number(person, "salary", pay, f"{pay:,}")
        if i:
            builder.triple(person, "manager", people[rng.randrange(min(i, 12))])
    return builder.build()


@pytest.fixture(scope="session")
def firm_names(firm):
    return Names(firm)


@pytest.fixture
def desk(firm, firm_names):
    """The desk of the train split."""
    return Desk(firm, generic_wordings(firm), firm_names, "train", 0)
