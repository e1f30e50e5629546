r"""Files as tables: numbered entities, relations and edges, by DuckDB, which sorts and joins on disk within a limit of memory.

    entities (i, key, label, description, kind)   label is NULL where the source gives none
    names (i, name)                               further names
    relations (r, id, literal)
    edges (k)                                     head << (bits_r + bits_e) | relation << bits_e | tail, both directions
    numbers (i, r, value)

In N-Triples, English or untagged ``rdfs:label``, ``skos:prefLabel`` and ``schema:name`` are labels and names, ``skos:altLabel``
names, ``schema:description`` and ``rdfs:comment`` descriptions; those in other languages are left out. Other literals become
entities of kind "value" that questions can reach and not name; numbers among them are kept as numbers, too. A relation whose
objects are all literals is walked forwards only.
"""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

from kgqa.errors import GraphError
from kgqa.graph.importer import lines

LABELS = (
    "http://www.w3.org/2000/01/rdf-schema#label",
    "http://www.w3.org/2004/02/skos/core#prefLabel",
    "http://schema.org/name",
)
NAMES = (*LABELS, "http://www.w3.org/2004/02/skos/core#altLabel")
DESCRIPTIONS = ("http://schema.org/description", "http://www.w3.org/2000/01/rdf-schema#comment")
NUMERIC = "integer|decimal|double|float|int|long|short|byte|nonNegativeInteger|positiveInteger"
MAX_RELATIONS = 16_000
_IN_ENGLISH = r"regexp_matches(t, '^\"(?s:.)*\"(@en(-[A-Za-z0-9]+)*|\^\^<[^>]*>)?$')"


def lines_of(path: Path) -> str:
    """The lines of a file as a table of one column, blank ones and line ends left out."""
    name = str(path).replace("'", "''")
    return (
        f"(SELECT rtrim(line, chr(13)) AS line FROM read_csv('{name}', columns = {{'line': 'VARCHAR'}}, delim = chr(1), "
        "quote = '', escape = '', header = false, auto_detect = false, strict_mode = true, max_line_size = 16777216) "
        "WHERE rtrim(line, chr(13)) <> '')"
    )


class Tables:
    """The tables in one DuckDB file; ``run`` shows progress through ``stage``."""

    def __init__(self, path: Path, *, memory: str, threads: int | None, stage):
        limits = {
            "memory_limit": memory,
            "temp_directory": str(path.parent / "spill"),
            "preserve_insertion_order": True,
        }
        if threads:
            limits["threads"] = threads
        self.db, self.stage = duckdb.connect(str(path), config=limits), stage

    def run(self, name: str, sql: str) -> None:
        with self.stage(name, self.db):
            self.db.execute(sql)

    def one(self, sql: str):
        """The only value of a query."""
        return self.db.execute(sql).fetchone()[0]

    def close(self) -> None:
        self.db.close()

    def _read(self, name: str, path: Path, check: lines.Check, sql: str, table: str) -> None:
        """Make a table from the lines of a file; a malformed line gives a row whose first cell is NULL."""
        if not path.is_file():
            raise GraphError(f"The file {path} is missing.")
        try:
            self.run(name, sql)
            bad = self.one(f"SELECT count(*) FROM {table} WHERE h IS NULL")
        except duckdb.Error as error:
            lines.refuse(path, check)
            raise GraphError(f"{path} could not be read: {error}") from None
        if bad:
            lines.refuse(path, check)
            raise GraphError(f"{path}: {bad:,} lines could not be read.")

    def read_triples(self, path: Path) -> None:
        """The table raw (h, r, t)."""
        if lines.is_ntriples(path):
            grammar = lines.STATEMENT.replace("'", "''")
            rows = (
                f"SELECT regexp_extract(line, '{grammar}', ['h', 'r', 't']) AS c FROM {lines_of(path)} "
                r"WHERE NOT regexp_matches(line, '^[ \t]*(#.*)?$')"
            )
            sql = f"SELECT CASE WHEN c.h <> '' THEN {_bare('c.h')} END AS h, {_bare('c.r')} AS r, {_bare('c.t')} AS t FROM ({rows})"
            check: lines.Check = lines.statement
        else:
            rows = f"SELECT string_split(line, chr(9)) AS c FROM {lines_of(path)}"
            whole = "len(c) = 3 AND c[1] <> '' AND c[2] <> '' AND c[3] <> ''"
            sql = f"SELECT CASE WHEN {whole} THEN c[1] END AS h, c[2] AS r, c[3] AS t FROM ({rows})"
            check = lines.cells(3, 3, 3)
        self._read("reading triples", path, check, f"CREATE TABLE raw AS {sql}", "raw")

    def read_entities(self, path: Path) -> None:
        """The table listed (h, label, description, kind), in the order of the file."""
        rows = f"SELECT string_split(line, chr(9)) AS c FROM {lines_of(path)}"
        sql = (
            "SELECT CASE WHEN len(c) BETWEEN 2 AND 4 AND c[1] <> '' THEN c[1] END AS h, c[2] AS label, coalesce(c[3], '') AS "
            f"description, coalesce(c[4], 'entity') AS kind FROM ({rows})"
        )
        self._read(
            "reading entities",
            path,
            lines.cells(2, 4, 1),
            f"CREATE TABLE listed AS {sql}",
            "listed",
        )

    def number_entities(self, triples: Path, *, listed: bool) -> None:
        """The tables entities and names; raises :class:`GraphError` for a triple about an entity that is not listed."""
        ntriples = lines.is_ntriples(triples)
        if ntriples:
            self._split_literals()
        else:
            self.db.execute(
                "CREATE TABLE said (key VARCHAR, what VARCHAR, name VARCHAR, place BIGINT)"
            )
        if listed:
            order = "SELECT h AS key, min(rowid) AS place FROM listed GROUP BY h"
            number = (
                f"SELECT row_number() OVER (ORDER BY place) - 1 AS i, key, place FROM ({order})"
            )
            about = "LEFT JOIN listed AS l ON l.rowid = n.place"
            columns = "l.label AS label, l.description AS description, l.kind AS kind"
        else:
            ends = "SELECT h AS key FROM raw UNION SELECT t FROM raw UNION SELECT key FROM said"
            number = f"SELECT row_number() OVER (ORDER BY key) - 1 AS i, key FROM ({ends})"
            first = "arg_min(name, place) FILTER (what = '{}') AS {}"
            about = (
                f"LEFT JOIN (SELECT key, {first.format('label', 'label')}, {first.format('description', 'description')} "
                "FROM said GROUP BY key) AS l ON l.key = n.key"
            )
            kind = (
                "CASE WHEN starts_with(n.key, '\"') THEN 'value' ELSE 'entity' END"
                if ntriples
                else "'entity'"
            )
            columns = (
                f"l.label AS label, coalesce(l.description, '') AS description, {kind} AS kind"
            )
        self.run("numbering entities", f"CREATE TABLE numbered AS {number}")
        if listed:
            self._refuse_unlisted(triples, ntriples)
        self.run(
            "describing entities",
            f"CREATE TABLE entities AS SELECT n.i, n.key, {columns} FROM numbered AS n {about}",
        )
        names = "SELECT n.i, s.name FROM said AS s JOIN numbered AS n USING (key) WHERE s.what <> 'description'"
        self.db.execute(f"CREATE TABLE names AS {names}")

    def _refuse_unlisted(self, triples: Path, ntriples: bool) -> None:
        ends = "SELECT h AS key FROM raw UNION SELECT t FROM raw"
        unknown = self.db.execute(
            f"SELECT key FROM ({ends}) ANTI JOIN numbered USING (key) ORDER BY key LIMIT 1"
        ).fetchone()
        if unknown is not None:
            key = unknown[0]
            cells = (
                (lambda text: re.split(r"[<>\s]+", text))
                if ntriples
                else (lambda text: text.split("\t"))
            )
            line = lines.line_with(triples, lambda text: key in cells(text))
            raise GraphError(
                f"{triples}, line {line}: entity id {key!r} is not in the table of entities."
            )

    def _split_literals(self) -> None:
        """Move labels, names and descriptions from raw to said (key, what, name, place)."""
        what = f"CASE WHEN r IN {LABELS} THEN 'label' WHEN r IN {NAMES} THEN 'name' ELSE 'description' END"
        literal = r"starts_with(t, '\"')".replace("\\", "")
        self.run(
            "reading names",
            f"CREATE TABLE said AS SELECT h AS key, {what} AS what, "
            r"""regexp_extract(t, '^"((?s:.)*)"[^"]*$', 1) AS name, rowid AS place """
            f"FROM raw WHERE {literal} AND r IN {(*NAMES, *DESCRIPTIONS)} AND {_IN_ENGLISH}",
        )
        self.run(
            "reading names", f"DELETE FROM raw WHERE {literal} AND r IN {(*NAMES, *DESCRIPTIONS)}"
        )

    def number_edges(self, *, ntriples: bool) -> tuple[int, int]:
        """The tables relations, edges and numbers; returns (bits of an entity, bits of a relation)."""
        literal = "bool_and(starts_with(t, '\"'))" if ntriples else "false"
        self.run(
            "numbering relations",
            "CREATE TABLE relations AS SELECT row_number() OVER (ORDER BY r) - 1 AS r, r AS id, "
            f"{literal} AS literal FROM raw GROUP BY r",
        )
        half, count = (
            self.one("SELECT count(*) FROM relations"),
            self.one("SELECT count(*) FROM entities"),
        )
        if not half:
            raise GraphError(
                "A graph needs at least one triple; none was read from the source tables."
            )
        bits, bits_r = max(count - 1, 1).bit_length(), (2 * half).bit_length()
        if half > MAX_RELATIONS or 2 * bits + bits_r > 62:
            raise GraphError(
                f"{count:,} entities and {half:,} relations are more than a graph can hold."
            )
        self.run(
            "joining",
            "CREATE TABLE forward AS SELECT a.i AS h, q.r AS r, b.i AS t, q.literal AS literal FROM raw "
            "JOIN numbered AS a ON a.key = raw.h JOIN numbered AS b ON b.key = raw.t JOIN relations AS q ON q.id = raw.r",
        )
        shift = bits + bits_r
        self.run(
            "both directions",
            f"CREATE TABLE edges AS SELECT (h << {shift}) | (r << {bits}) | t AS k FROM forward UNION ALL "
            f"SELECT (t << {shift}) | ((r + {half}) << {bits}) | h FROM forward WHERE NOT literal",
        )
        value = rf"""regexp_extract(e.key, '^"([^"]*)"\^\^<http://www.w3.org/2001/XMLSchema#({NUMERIC})>$', 1)"""
        found = (
            f"SELECT DISTINCT f.h AS i, f.r AS r, TRY_CAST({value} AS DOUBLE) AS value "
            "FROM forward AS f JOIN entities AS e ON e.i = f.t WHERE f.literal"
        )
        self.run(
            "numbers",
            f"CREATE TABLE numbers AS SELECT * FROM ({found}) WHERE value IS NOT NULL ORDER BY i, r, value",
        )
        self.db.execute("DROP TABLE forward")
        return bits, bits_r


def _bare(column: str) -> str:
    """An IRI without its angle brackets; anything else as it is."""
    return f"CASE WHEN starts_with({column}, '<') THEN {column}[2:-2] ELSE {column} END"
