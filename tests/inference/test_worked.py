"""The lesson's example of operators: real entities, and numbers that a reader gets by hand."""

import pytest

from kgqa.graph.builder import GraphBuilder
from kgqa.graph.relation import Relation
from kgqa.inference.worked import worked
from kgqa.programs.operators import extreme
from kgqa.ui.service import Worked

#: minutes of nine films; two tie at 150, and all have a genre
FILMS = {"A": 220, "B": 180, "C": 150, "D": 150, "E": 140, "F": 130, "G": 120, "H": 110, "I": 90}
X = (0.2, 0.5, 0.8, 0.4, 0.9, 0.6, 0.7, 0.3)
CRISP = (0, 1, 1, 1, 1, 0, 1, 1)


def graph_of(numbers: dict[str, float], *, extra: int = 0):
    """Films with run times; ``extra`` entities of another kind have one, too."""
    relations = [
        Relation(
            "run time", "run time", "", True, unit="minutes", most="longest", least="shortest"
        ),
        Relation("genre", "genre", "films of the genre"),
    ]
    b = GraphBuilder("films", relations)
    drama, comedy = b.entity("genre", "Drama"), b.entity("genre", "Comedy")
    for i, (name, value) in enumerate(numbers.items()):
        film = b.entity("film", name)
        b.number(film, "run time", value, f"{value} minutes")
        b.triple(film, "genre", comedy if i == 1 else drama)
    for i in range(extra):
        b.number(b.entity("series", f"series {i}"), "run time", 60 + i, f"{60 + i} minutes")
    return b.build()


@pytest.fixture(scope="module")
def example() -> Worked:
    """Typed as what the page expects."""
    found = worked(graph_of(FILMS), 0.5, "run time")
    assert found is not None
    return found


def test_the_eight_come_from_the_graph_with_a_tie_after_two(example):
    assert [e.label for e in example.entities] == list("ABCDEFGH")
    assert example.texts[:3] == ("220 minutes", "180 minutes", "150 minutes")
    assert (example.most, example.least) == ("the longest run time", "the shortest run time")


def test_of_a_crisp_set_exactly_the_largest_stays_and_a_tie_shares_its_rank(example):
    assert example.extreme(CRISP) == [0, 1, 0, 0, 0, 0, 0, 0]
    assert example.extreme(CRISP, rank=2) == [0, 0, 1, 1, 0, 0, 0, 0]
    assert example.extreme(CRISP, least=True) == [0, 0, 0, 0, 0, 0, 0, 1]


def test_the_products_of_a_fuzzy_set_are_those_by_hand(example):
    products = [1, 0.8, 0.8 * 0.5, 0.8 * 0.5, 0.4 * 0.2 * 0.6]  # 1 - 0.8 and 1 - 0.4 of the tie
    products += [0.048 * 0.1, 0.0048 * 0.4, 0.00192 * 0.3]
    assert example.better(X) == pytest.approx(products, rel=1e-12)
    stays = [x * p for x, p in zip(X, products, strict=True)]
    assert example.extreme(X) == pytest.approx(stays, rel=1e-12)


def test_the_second_largest_needs_exactly_one_better_one(example):
    one = [0, 0.2, 0.5, 0.5]  # none; A; A or B and not both: 0.2 * 0.5 + 0.8 * 0.5; the same
    assert example.better(X, rank=2)[:4] == pytest.approx(one, rel=1e-12)
    fifth = 0.5 * 0.2 * 0.6 + 0.4 * (0.8 * 0.6 + 0.2 * 0.4)
    assert example.better(X, rank=2)[4] == pytest.approx(fifth, rel=1e-12)


@pytest.mark.parametrize("least", [False, True])
@pytest.mark.parametrize("rank", [1, 2])
@pytest.mark.parametrize("x", [X, CRISP, (1.0,) * 8])
def test_the_definition_of_the_operator_gives_the_same(example, least, rank, x):
    values = {i: -v if least else v for i, v in enumerate(example.numbers)}
    expected = extreme({i: v for i, v in enumerate(x) if v}, values, rank)
    found = example.extreme(x, least=least, rank=rank)
    assert found == pytest.approx([expected.get(i, 0) for i in range(8)], abs=1e-12)


def test_the_other_operators_are_those_by_hand(example):
    total, size = example.count(X)
    assert total == pytest.approx(4.4) and size == 5  # at least half of 0.9
    none = 0.8 * 0.5 * 0.2 * 0.6 * 0.1 * 0.4 * 0.3 * 0.7
    assert example.nonempty(X) == pytest.approx(1 - none)
    assert example.difference(X, example.extreme(X))[2] == pytest.approx(1 - 0.32)
    relation, ((drama, ways), (comedy, fewer)) = example.often(X)
    assert (relation, drama.label, comedy.label) == ("genre", "Drama", "Comedy")
    assert (ways, fewer) == (pytest.approx(4.4 - 0.5), pytest.approx(0.5))
    assert example.often((0.1,) * 8) == ("", ())  # no sum is above 1


def test_another_attribute_serves_if_the_one_named_is_not_there():
    assert worked(graph_of(FILMS), 0.5, "no such").attribute == "run time"


def test_without_a_tie_the_eight_have_different_numbers():
    numbers = {name: 100 + i for i, name in enumerate("ABCDEFGHIJ")}
    found = worked(graph_of(numbers), 0.5)
    assert len(set(found.numbers)) == 8 and list(found.numbers) == sorted(found.numbers)[::-1]


def test_a_graph_without_eight_numbers_of_one_kind_has_no_example(toy):
    seven = dict(list(FILMS.items())[:7])
    assert worked(graph_of(seven, extra=3), 0.5) is None
    assert worked(toy, 0.5) is None


@pytest.mark.checkpoint
def test_the_committed_graph_has_an_example_with_a_tie(pipeline):
    found = worked(pipeline.graph, 0.5, "run time")
    assert found.attribute == "run time" and len(set(found.numbers)) == 7
