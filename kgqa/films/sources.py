"""Films of the default graph: the table of ``bokeh_sampledata`` (Wikidata, CC0), and roles by hand.

Names are joined by commas in the table, so "Robert Downey, Jr." arrives in two pieces;
:func:`split_names` puts such names together again. A hand-written role enters only if the table
lists that actor in that film.
"""

from __future__ import annotations

import datetime
import sqlite3
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kgqa.films.tables import Refused, add_aliases, table
from kgqa.graph.builder import GraphBuilder
from kgqa.graph.names import KIND, fold, normalise

_SUFFIXES = set("Jr. Jr Sr. Sr II III IV V Inc. Inc Ltd. Ltd LLC L.L.C. Co. M.D. PhD Esq.".split())
_PARTICLES = set("de del della van von der le la di da du".split())
_QUERY = """
select omdb.ID, imdbID, Title, Year, omdb.Rating, Runtime, Genre, Released, Director, Writer,
       "Cast", Language, Country, Oscars, BoxOffice, Production
from omdb left join tomatoes on tomatoes.ID = omdb.ID order by omdb.ID
"""
_PEOPLE = {"Director": "director", "Writer": "screenwriter", "Cast": "cast member"}
_JOBS = {"Cast": "actor", "Director": "director", "Writer": "screenwriter"}
_JOINT_NAMES = "{} brothers|the {} brothers|the {}s|{}s|{} sisters|{} siblings"

Row = dict[str, Any]  #: a film, by the columns of _QUERY


@dataclass(frozen=True)
class Listed:
    """A film and the actors that the table lists in it."""

    film: int
    cast: set[str]


@dataclass
class Character:
    """A character, and what shows that a role of the same name is the same character."""

    entity: int
    traits: set[str]


Films = dict[tuple[str, int], list[Listed]]  #: by title and year


def split_names(cell: str | None) -> list[str]:
    """The names of a cell with their suffixes, in order and without repetitions.

    "A, Robert Downey, Jr." gives ["A", "Robert Downey Jr."].
    """
    names: list[str] = []
    for part in map(str.strip, (cell or "").split(",")):
        if part in _SUFFIXES and names:
            names[-1] = f"{names[-1]} {part}"
        elif part:
            names.append(part)
    return list(dict.fromkeys(names))


def rows(database: Path) -> list[Row]:
    """The film table by id."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(_QUERY)]


def add_films(builder: GraphBuilder, database: Path, countries: dict[str, int]) -> list[Refused]:
    """Add films, people and roles; returns the roles that were refused.

    ``countries`` maps names of the table to entities; countries that it lacks are added to it.
    """
    table_rows = rows(database)
    jobs: dict[str, Counter[str]] = defaultdict(Counter)
    for row in table_rows:
        for column, job in _JOBS.items():
            for name in split_names(row[column]):
                jobs[name][job] += 1
    names = {
        kind: _Names(builder, kind, {row[column]: row for row in table(file)})
        for kind, file, column in (
            ("genre", "genres", "genre"),
            ("language", "languages", "film_name"),
            ("company", "companies", "film_name"),
        )
    }
    films: Films = defaultdict(list)
    for row in table_rows:
        film = builder.entity(
            "film",
            row["Title"],
            key=row["imdbID"] or f"film:{row['ID']}",
            description=_description(row),
            title=True,
        )
        films[row["Title"], row["Year"]].append(Listed(film, set(split_names(row["Cast"]))))
        for column, relation in _PEOPLE.items():
            for name in split_names(row[column]):
                person = builder.entity("person", name, description=_job(jobs[name]))
                builder.triple(film, relation, person)
        names["genre"].add(film, "genre", row["Genre"])
        names["language"].add(film, "original language", row["Language"])
        names["company"].add(film, "production company", row["Production"])
        _add_country(builder, film, row, countries)
        _add_values(builder, film, row)
    _add_surnames(builder, jobs)
    _add_joint_names(builder, table_rows)
    return _roles(builder, films)


@dataclass(frozen=True)
class _Names:
    """Entities of a kind whose names are mended by a table of labels and aliases."""

    builder: GraphBuilder
    kind: str
    entries: dict[str, dict[str, str]]  #: by the name in the film table

    def add(self, film: int, relation: str, cell: str | None) -> None:
        for name in split_names(cell):
            entry = self.entries.get(name)
            if self.kind != "language" or entry is None or entry["label"]:
                self.builder.triple(film, relation, self._entity(name, entry))

    def _entity(self, name: str, entry: dict[str, str] | None) -> int:
        label = entry["label"] if entry else name
        is_new = self.builder.find(f"{self.kind}:{label}") is None
        index = self.builder.entity(self.kind, label)
        if entry and (is_new or name != label):
            add_aliases(self.builder, index, entry["aliases"])
        if name != label:
            add_aliases(self.builder, index, name)
        return index


def _description(row: Row) -> str:
    year, directors = row["Year"] or "undated", split_names(row["Director"])
    if not directors:
        return f"{year} film"
    others = f" and {directors[1]}" if len(directors) == 2 else " and others"
    return f"{year} film by {directors[0]}{others if len(directors) > 1 else ''}"


def _job(jobs: Counter[str]) -> str:
    names = [job for job, _ in sorted(jobs.items(), key=lambda item: (-item[1], item[0]))]
    films = max(jobs.values())
    listed = " and ".join(names) if len(names) < 3 else ", ".join(names)
    return f"{listed}, {films} film{'s' * (films > 1)}"


def _add_country(builder: GraphBuilder, film: int, row: Row, countries: dict[str, int]) -> None:
    for name in split_names(row["Country"]):
        if name not in countries:
            description = "former or constituent country"
            countries[name] = builder.entity("country", name, description=description)
        builder.triple(film, "country of origin", countries[name])


def _add_values(builder: GraphBuilder, film: int, row: Row) -> None:
    """Year, rating and numbers."""
    if row["Year"]:
        builder.triple(film, "release year", builder.entity("year", str(row["Year"])))
    if row["Rating"]:
        rating = builder.entity("rating", row["Rating"], nameable=False)
        builder.triple(film, "content rating", rating)
    if row["Runtime"]:
        builder.number(film, "run time", row["Runtime"], f"{row['Runtime']:g} minutes")
    # 1 January stands for "day unknown" in the source
    if row["Released"] and not row["Released"].endswith("-01-01"):
        day = datetime.date.fromisoformat(row["Released"])
        builder.number(film, "release date", day.toordinal(), f"{day.day} {day:%B %Y}")
    if row["BoxOffice"]:
        builder.number(film, "box office", row["BoxOffice"], f"${row['BoxOffice']:,.0f}")
    if row["Oscars"]:
        awards = f"{row['Oscars']} Academy Award{'s' * (row['Oscars'] > 1)}"
        builder.number(film, "Academy Awards won", row["Oscars"], awards)


def _add_surnames(builder: GraphBuilder, jobs: dict[str, Counter[str]]) -> None:
    """Surnames of people of seven films or more, for the three busiest of each surname."""
    by_surname: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for name, counts in jobs.items():
        if max(counts.values()) >= 7:
            by_surname[_surname(name)].append((-sum(counts.values()), name))
    by_surname.pop("", None)
    for surname, people in sorted(by_surname.items()):
        for _, name in sorted(people)[:3]:
            builder.alias(builder.entity("person", name), surname, KIND["surname"])


def _add_joint_names(builder: GraphBuilder, table_rows: list[Row]) -> None:
    """Names of two people who share a surname and directed two films together."""
    pairs: Counter[tuple[str, ...]] = Counter()
    for row in table_rows:
        directors = split_names(row["Director"])
        surnames = {_surname(name) for name in directors}
        if len(directors) == 2 and len(surnames) == 1 and surnames != {""}:
            pairs[tuple(sorted(directors))] += 1
    for pair, films in sorted(pairs.items()):
        for name in pair if films >= 2 else ():
            joint = _JOINT_NAMES.replace("{}", _surname(name))
            add_aliases(builder, builder.entity("person", name), joint, "joint name")


def _surname(name: str) -> str:
    """The surname with its particle ("von Trier"); empty if there is none of four letters."""
    parts = [p for p in name.split() if p not in _SUFFIXES]
    if len(parts) < 2 or len(parts[-1]) < 4:
        return ""
    has_particle = len(parts) > 2 and fold(parts[-2]) in _PARTICLES
    return " ".join(parts[-2:]) if has_particle else parts[-1]


def _roles(builder: GraphBuilder, films: Films) -> list[Refused]:
    """Add film -> character -> performer for roles that the table confirms; returns the others."""
    refused: list[Refused] = []
    confirmed: list[tuple[int, dict[str, str]]] = []
    for row in table("roles"):
        listed = films.get((row["film"], int(row["year"])), [])
        match = [item.film for item in listed if row["actor"] in item.cast]
        if match:
            confirmed.append((match[0], row))
            continue
        why = "the film table does not list the actor in it"
        role = f"{row['character']} / {row['actor']} / {row['film']}"
        refused.append(
            Refused("roles.tsv", role, why if listed else "no such film in the film table")
        )
    characters: dict[str, list[Character]] = defaultdict(list)
    for film, row in confirmed:
        character = _character(builder, row, characters[row["character"]])
        add_aliases(builder, character, row["aliases"])
        builder.triple(film, "character", character)
        builder.triple(character, "performer", builder.entity("person", row["actor"]))
    return refused


def _character(builder: GraphBuilder, row: dict[str, str], namesakes: list[Character]) -> int:
    """The character of a role: of a single name only if the films or the actor connect it."""
    name, film = row["character"], row["film"]
    traits = {f"actor:{row['actor']}", *(w for w in normalise(film).split() if len(w) > 3)}
    for character in namesakes:
        if len(name.split()) > 1 or character.traits & traits:
            character.traits |= traits
            return character.entity
    key = f"character:{name}" + (f" ({film})" if namesakes else "")
    entity = builder.entity("character", name, key=key, description=f"character in {film}")
    namesakes.append(Character(entity, traits))
    return entity
