"""Invented names are many and varied, and share parts now and then."""

from __future__ import annotations

import random

import pytest

from kgqa.domains.fields import GENERATORS
from kgqa.domains.names import Namer

FEW = {"department": 60, "year": 100, "first name": 500}


@pytest.mark.parametrize("generator", sorted(GENERATORS))
def test_a_generator_has_many_names(generator):
    namer = Namer(random.Random(1))
    names = {name for _ in range(1_500) if (name := namer.name(generator))}
    assert len(names) > FEW.get(generator, 1_300)
    for name in names:
        assert name == " ".join(name.split()) and not set(name) & set("{}^*_\t")


def test_names_of_one_graph_share_parts():
    namer = Namer(random.Random(1))
    people = [namer.name("person") for _ in range(200)]
    surnames = [name.split()[-1] for name in people]
    streets = [namer.name("street") for _ in range(200)]
    assert len(set(surnames)) < 180
    assert any(set(street.split()) & set(surnames) for street in streets)


def test_some_entities_have_the_same_name():
    namer = Namer(random.Random(1))
    people = [namer.name("person") for _ in range(1_000)]
    assert 2 < len(people) - len(set(people)) < 40


def test_a_seed_gives_the_same_names():
    one, two = (Namer(random.Random("x")) for _ in range(2))
    assert [one.name("book") for _ in range(20)] == [two.name("book") for _ in range(20)]
