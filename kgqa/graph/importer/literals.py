r"""Typed literals of RDF as numbers and dates: the table numbers (i, r, value).

    xsd:integer, decimal, double, ...     the number
    xsd:gYear                             the year, or in a relation with dates, its first day
    xsd:date, dateTime, gYearMonth        the day (``date.toordinal``); the time is left out
    those of DBpedia (dbt:kilometre)      the number; the type is the unit

A relation holds one sort of them; those of another sort, and days that no calendar has, stay words
and are counted. Durations are words.
"""

from __future__ import annotations

import re

from kgqa.graph.importer.predicates import XSD
from kgqa.graph.importer.tables import Tables
from kgqa.graph.relation import relation_of

_NUMBERS = (
    "integer|decimal|double|float|int|long|short|byte|nonNegativeInteger|positiveInteger|"
    "nonPositiveInteger|negativeInteger|unsignedLong|unsignedInt|unsignedShort|unsignedByte"
)
_DAYS = "date|dateTime|dateTimeStamp|gYearMonth"
_MEASURE = "http://dbpedia.org/datatype/"
_LITERAL = r"""'^"([^"]*)"\^\^<([^>]*)>$'"""
#: Typed literals: number, day and the sort that they are of, "" for what is neither.
_TYPED = f"""
CREATE TABLE typed AS SELECT i, r, text, type, sort,
  CASE WHEN sort IN ('number', 'year') THEN TRY_CAST(
    CASE WHEN sort = 'year' THEN regexp_extract(text, '^-?[0-9]+') ELSE text END AS DOUBLE)
  END AS number,
  CASE WHEN sort IN ('day', 'year') THEN date_diff('day', DATE '0001-01-01', TRY_CAST(
    CASE WHEN regexp_matches(text, '^[0-9]{{4}}($|Z|[+-]..:)') THEN text[:4] || '-01-01'
         WHEN regexp_matches(text, '^[0-9]{{4}}-[0-9]{{2}}($|Z|[+-]..:)') THEN text[:7] || '-01'
         WHEN regexp_matches(text, '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}') THEN text[:10] END
    AS DATE)) + 1 END AS day
FROM (
  SELECT i, r, c.text AS text, c.type AS type,
    CASE WHEN regexp_matches(c.type, '^{XSD}({_NUMBERS})$') THEN 'number'
         WHEN starts_with(c.type, '{_MEASURE}') AND TRY_CAST(c.text AS DOUBLE) IS NOT NULL
         THEN 'number'
         WHEN c.type = '{XSD}gYear' THEN 'year'
         WHEN regexp_matches(c.type, '^{XSD}({_DAYS})$') THEN 'day' ELSE '' END AS sort
  FROM (SELECT DISTINCT f.h AS i, f.r AS r, regexp_extract(e.key, {_LITERAL}, ['text', 'type'])
        AS c FROM forward AS f JOIN entities AS e ON e.i = f.t WHERE starts_with(e.key, '"'))
) WHERE sort <> ''
"""
_SORTS = """
CREATE TABLE units AS SELECT r, CASE WHEN days > 0 AND days + years >= numbers THEN 'date'
  WHEN years > numbers THEN 'year' ELSE '' END AS unit FROM (
  SELECT r, count(*) FILTER (sort = 'day' AND day > 0) AS days,
    count(*) FILTER (sort = 'year') AS years, count(*) FILTER (sort = 'number') AS numbers
  FROM typed GROUP BY r)
"""
_VALUE = (
    "CASE unit WHEN 'date' THEN CASE WHEN day > 0 AND sort <> 'number' THEN day END "
    "WHEN 'year' THEN CASE WHEN sort <> 'day' THEN number END "
    "ELSE CASE WHEN sort = 'number' THEN number END END"
)
_NUMBERS_TABLE = (
    "CREATE TABLE numbers AS SELECT i, r, value FROM ("
    "SELECT i, r, value, 0 AS line FROM compared UNION ALL "
    "SELECT n.i, q.r, value, line FROM measured AS m JOIN numbered AS n ON n.key = m.h "
    "JOIN relations AS q ON q.id = m.r) WHERE isfinite(value) ORDER BY i, r, line, value"
)


def number_literals(tables: Tables) -> dict[str, str]:
    """Make the table numbers of the tables forward and measured; returns {relation: unit}."""
    db = tables.db
    tables.run(
        "numbers",
        f"{_TYPED}; {_SORTS}; CREATE TABLE compared AS SELECT i, r, {_VALUE}::DOUBLE AS value, "
        "text FROM typed JOIN units USING (r)",
    )
    odd = "compared WHERE value IS NULL"
    tables.notes.add("numbers and dates that are kept as words alone", count=tables.count(odd))
    for (text,) in db.execute(f"SELECT text FROM {odd} ORDER BY text LIMIT 3").fetchall():
        tables.notes.add("numbers and dates that are kept as words alone", text, count=0)
    units = dict(
        db.execute(
            "SELECT id, unit FROM units JOIN relations USING (r) WHERE unit <> ''"
        ).fetchall()
    )
    measures = db.execute(
        "SELECT id, min(type) FROM typed JOIN relations USING (r) JOIN units USING (r) "
        f"WHERE unit = '' GROUP BY id HAVING min(type) = max(type) "
        f"AND starts_with(min(type), '{_MEASURE}')"
    ).fetchall()
    units |= {id_: _unit(type_) for id_, type_ in measures}
    tables.run("numbers", _NUMBERS_TABLE)
    for table in "forward typed units compared".split():
        tables.drop(table)
    return units


def _unit(type_: str) -> str:
    """The words of a type of DBpedia: "square kilometre"."""
    return re.sub(r"\s+", " ", relation_of(type_).label)
