"""Museums, artists and works of art of the default graph, and namesakes: hand-written tables."""

from __future__ import annotations

from kgqa.films.places import Places
from kgqa.films.tables import Refused, add_aliases, table
from kgqa.graph.builder import GraphBuilder


def add_art(builder: GraphBuilder, places: Places) -> list[Refused]:
    """Add the tables; returns the rows that refer to something unknown."""
    refused: list[Refused] = []
    museums = _museums(builder, places, refused)
    artists = _artists(builder, places, refused)
    for row in table("artworks"):
        if row["museum"] in museums and row["artist"] in artists:
            _add_artwork(builder, row, museums[row["museum"]], artists[row["artist"]])
        else:
            why = "its museum or its artist is not in the tables"
            refused.append(Refused("artworks.tsv", row["title"], why))
    for row in table("people"):
        key, description = f"person:{row['name']} ({row['object']})", row["description"]
        index = builder.entity("person", row["name"], key=key, description=description)
        add_aliases(builder, index, row["aliases"])
        builder.triple(index, row["relation"], builder.entity("field", row["object"]))
    return refused


def _museums(builder: GraphBuilder, places: Places, refused: list[Refused]) -> dict[str, int]:
    museums: dict[str, int] = {}
    for row in table("museums"):
        name, city = row["museum"], places.cities.get(places.home(row))
        if city is None:
            why = f"no city {row['city']} in {row['country']}"
            refused.append(Refused("museums.tsv", name, why))
            continue
        where = f"in {builder.labels[city]}, {builder.labels[places.countries[row['country']]]}"
        index = museums[name] = builder.entity("museum", name, description=where, title=True)
        add_aliases(builder, index, row["aliases"])
        builder.triple(index, "located in", city)
    return museums


def _artists(builder: GraphBuilder, places: Places, refused: list[Refused]) -> dict[str, int]:
    artists: dict[str, int] = {}
    for row in table("artists"):
        name, description = row["artist"], row["description"]
        # Film people of the same name are others, unless the table says that the artist is in films
        key = "" if row["in_films"] else f"person:{name} (artist)"
        index = artists[name] = builder.entity("person", name, key=key, description=description)
        builder.descriptions[index] = description  # who is in films, too, is known for art
        add_aliases(builder, index, row["aliases"])
        if row["country"] in places.countries:
            builder.triple(index, "home country", places.countries[row["country"]])
        else:
            refused.append(Refused("artists.tsv", name, f"no country {row['country']}"))
    return artists


def _add_artwork(builder: GraphBuilder, row: dict[str, str], museum: int, artist: int) -> None:
    title, kind = row["title"], row["kind"]
    index = builder.entity(
        "artwork",
        title,
        key=f"artwork:{title} ({row['artist']})",
        title=True,
        description=f"{kind} by {row['artist']}, {row['year']}",
    )
    add_aliases(builder, index, row["aliases"])
    builder.triple(index, "creator", artist)
    builder.triple(index, "exhibited at", museum)
    year = f"{row['year'][1:]} BC" if row["year"].startswith("-") else row["year"]
    builder.triple(index, "inception", builder.entity("year", year))
    form = builder.entity("art form", kind)
    add_aliases(builder, form, f"{kind}es" if kind.endswith("o") else f"{kind}s")
    builder.triple(index, "art form", form)
