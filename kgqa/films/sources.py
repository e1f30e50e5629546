"""Films of the default graph: the table of the package ``bokeh_sampledata`` (Wikidata, CC0), and
hand-written roles.

Names are joined by commas in the table, so "Robert Downey, Jr." arrives in two pieces;
:func:`split_names` puts such names together again. A role of the supplement enters only if the
table lists that actor in that film.
"""

from __future__ import annotations

import datetime
import sqlite3
from collections import Counter, defaultdict
from pathlib import Path

from kgqa.films.tables import Refused, table
from kgqa.graph.builder import GraphBuilder
from kgqa.graph.names import KIND, fold, normalise
from kgqa.graph.relation import Relation

RELATIONS = [
    Relation("director", "director", "directed"),
    Relation("screenwriter", "screenwriter", "wrote the screenplay of"),
    Relation("cast member", "cast member", "acted in"),
    Relation("genre", "genre", "films of the genre"),
    Relation("original language", "original language", "films in the language"),
    Relation("country of origin", "country of origin", "films from the country"),
    Relation("release year", "release year", "films released in the year"),
    Relation("production company", "production company", "produced the film"),
    Relation("content rating", "content rating", "films with the rating"),
    Relation("character", "character", "appears as a character in"),
    Relation("performer", "performed by", "played the character"),
    Relation("run time", "run time", "", literal=True),
    Relation("release date", "release date", "", literal=True),
    Relation("box office", "box office", "", literal=True),
    Relation("Academy Awards won", "Academy Awards won", "", literal=True),
]
_SUFFIXES = {
    "Jr.",
    "Jr",
    "Sr.",
    "Sr",
    "II",
    "III",
    "IV",
    "V",
    "Inc.",
    "Inc",
    "Ltd.",
    "Ltd",
    "LLC",
    "L.L.C.",
    "Co.",
    "M.D.",
    "PhD",
    "Esq.",
}
_QUERY = """
select omdb.ID, imdbID, Title, Year, omdb.Rating, Runtime, Genre, Released, Director, Writer, "Cast", Language, Country,
       Oscars, BoxOffice, Production
from omdb left join tomatoes on tomatoes.ID = omdb.ID order by omdb.ID
"""


def split_names(cell: str | None) -> list[str]:
    """The names of a comma-joined cell, suffixes put back: "A, Robert Downey, Jr." -> ["A", "Robert
    Downey Jr."].

    Order is kept, repetitions are dropped.
    """
    names: list[str] = []
    for part in (cell or "").split(","):
        part = part.strip()
        if part in _SUFFIXES and names:
            names[-1] = f"{names[-1]} {part}"
        elif part:
            names.append(part)
    return list(dict.fromkeys(names))


def rows(database: Path) -> list[dict]:
    """The film table, one dict a film, by id."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(_QUERY)]


def add_films(builder: GraphBuilder, database: Path, countries: dict[str, int]) -> list[Refused]:
    """Add films, people and roles. ``countries`` maps a country name of the table to its entity;
    new ones are added.

    Returns the roles that were refused, with reasons.
    """
    table_rows = rows(database)
    genres, languages, companies = (
        {row[key]: row for row in table(name)}
        for name, key in (
            ("genres", "genre"),
            ("languages", "film_name"),
            ("companies", "film_name"),
        )
    )
    jobs: dict[str, Counter] = defaultdict(Counter)
    for row in table_rows:
        for job, column in (
            ("actor", "Cast"),
            ("director", "Director"),
            ("screenwriter", "Writer"),
        ):
            for name in split_names(row[column]):
                jobs[name][job] += 1
    films: dict[tuple[str, int], list[tuple[int, set[str]]]] = defaultdict(list)
    for row in table_rows:
        film = builder.entity(
            "film",
            row["Title"],
            key=row["imdbID"] or f"film:{row['ID']}",
            description=_film_description(row),
            title=True,
        )
        films[row["Title"], row["Year"]].append((film, set(split_names(row["Cast"]))))
        for relation, column in (
            ("director", "Director"),
            ("screenwriter", "Writer"),
            ("cast member", "Cast"),
        ):
            for name in split_names(row[column]):
                builder.triple(
                    film, relation, builder.entity("person", name, description=_job(jobs[name]))
                )
        for name in split_names(row["Genre"]):
            builder.triple(film, "genre", _named(builder, "genre", name, genres.get(name)))
        for name in split_names(row["Language"]):
            entry = languages.get(name)
            if entry is None or entry["label"]:
                builder.triple(film, "original language", _named(builder, "language", name, entry))
        for name in split_names(row["Production"]):
            builder.triple(
                film, "production company", _named(builder, "company", name, companies.get(name))
            )
        for name in split_names(row["Country"]):
            if name not in countries:
                countries[name] = builder.entity(
                    "country", name, description="former or constituent country"
                )
            builder.triple(film, "country of origin", countries[name])
        if row["Year"]:
            builder.triple(film, "release year", builder.entity("year", str(row["Year"])))
        if row["Rating"]:
            builder.triple(
                film, "content rating", builder.entity("rating", row["Rating"], nameable=False)
            )
        _numbers(builder, film, row)
    _person_aliases(builder, jobs, table_rows)
    return _roles(builder, films)


def _named(builder: GraphBuilder, kind: str, name: str, entry: dict | None) -> int:
    label = entry["label"] if entry else name
    known = builder.find(f"{kind}:{label}")
    index = builder.entity(kind, label)
    if entry and (known is None or name != label):
        for alias in filter(None, entry["aliases"].split("|")):
            builder.alias(index, alias, KIND["other name"])
    if name != label:
        builder.alias(index, name, KIND["other name"])
    return index


def _film_description(row: dict) -> str:
    directors = split_names(row["Director"])
    by = "" if not directors else f" by {directors[0]}"
    by += (
        f" and {directors[1]}"
        if len(directors) == 2
        else " and others"
        if len(directors) > 2
        else ""
    )
    return f"{row['Year'] or 'undated'} film{by}"


def _job(jobs: Counter) -> str:
    names = [job for job, _ in sorted(jobs.items(), key=lambda item: (-item[1], item[0]))]
    films = max(jobs.values())
    return f"{' and '.join(names[:2]) if len(names) < 3 else ', '.join(names)}, {films} film{'s' * (films > 1)}"


def _numbers(builder: GraphBuilder, film: int, row: dict) -> None:
    if row["Runtime"]:
        builder.number(film, "run time", row["Runtime"], f"{row['Runtime']:g} minutes")
    if row["Released"] and not row["Released"].endswith(
        "-01-01"
    ):  # 1 January stands for "day unknown" in the source
        day = datetime.date.fromisoformat(row["Released"])
        builder.number(film, "release date", day.toordinal(), f"{day.day} {day:%B %Y}")
    if row["BoxOffice"]:
        builder.number(film, "box office", row["BoxOffice"], f"${row['BoxOffice']:,.0f}")
    if row["Oscars"]:
        count = row["Oscars"]
        builder.number(
            film, "Academy Awards won", count, f"{count} Academy Award{'s' * (count > 1)}"
        )


def _person_aliases(
    builder: GraphBuilder, jobs: dict[str, Counter], table_rows: list[dict]
) -> None:
    """Surnames of much-filmed people, and joint names of people who share a surname and direct
    together.
    """
    by_surname: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for name, counts in jobs.items():
        surname = _surname(name)
        if surname and max(counts.values()) >= 7:
            by_surname[surname].append((-sum(counts.values()), name))
    for surname, people in sorted(by_surname.items()):
        for _, name in sorted(people)[:3]:
            builder.alias(builder.entity("person", name), surname, KIND["surname"])
    pairs = Counter()
    for row in table_rows:
        directors = split_names(row["Director"])
        if (
            len(directors) == 2
            and _surname(directors[0])
            and _surname(directors[0]) == _surname(directors[1])
        ):
            pairs[tuple(sorted(directors))] += 1
    for (first, second), films in sorted(pairs.items()):
        surname = _surname(first)
        if films >= 2 and surname:
            for name in (first, second):
                for form in (
                    f"{surname} brothers",
                    f"the {surname} brothers",
                    f"the {surname}s",
                    f"{surname}s",
                    f"{surname} sisters",
                    f"{surname} siblings",
                ):
                    builder.alias(builder.entity("person", name), form, KIND["joint name"])


def _surname(name: str) -> str:
    parts = [p for p in name.split() if p not in _SUFFIXES]
    if len(parts) < 2 or len(parts[-1]) < 4:
        return ""
    particles = {"de", "del", "della", "van", "von", "der", "le", "la", "di", "da", "du"}
    return " ".join(parts[-2:]) if len(parts) > 2 and fold(parts[-2]) in particles else parts[-1]


def _roles(builder: GraphBuilder, films: dict) -> list[Refused]:
    """Characters: film -> character -> performer. One name is one character if the films or the
    actor connect it.
    """
    refused, kept = [], []
    for row in table("roles"):
        listed = films.get((row["film"], int(row["year"])), [])
        match = [film for film, cast in listed if row["actor"] in cast]
        if match:
            kept.append((match[0], row))
        else:
            why = (
                "the film table does not list the actor in it"
                if listed
                else "no such film in the film table"
            )
            refused.append(
                Refused("roles.tsv", f"{row['character']} / {row['actor']} / {row['film']}", why)
            )
    characters: dict[str, list[tuple[int, set[str]]]] = defaultdict(list)
    for film, row in kept:
        traits = {f"actor:{row['actor']}"} | {
            w for w in normalise(row["film"]).split() if len(w) > 3
        }
        known = characters[row["character"]]
        index = -1
        for one, seen in known:
            if len(row["character"].split()) > 1 or seen & traits:
                seen |= traits
                index = one
                break
        if index < 0:
            key = f"character:{row['character']}" + (f" ({row['film']})" if known else "")
            index = builder.entity(
                "character", row["character"], key=key, description=f"character in {row['film']}"
            )
            known.append((index, traits))
        for alias in filter(None, row["aliases"].split("|")):
            builder.alias(index, alias, KIND["other name"])
        builder.triple(film, "character", index)
        builder.triple(index, "performer", builder.entity("person", row["actor"]))
    return refused
