r"""Files as numbered entities, relations and edges, in DuckDB, which sorts on disk.

    entities (i, key, label, description, kind)   label is NULL where the source gives none
    names (i, name)                               further names
    relations (r, id, literal)
    edges (k)                                     head, relation and tail in one number
    numbers (i, r, value)
    measured (line, h, r, label, value)           what ``values`` reads from a file of numbers
    attributes (r)                                those of them that become literal relations

In N-Triples, ``rdfs:label``, ``skos:prefLabel`` and ``schema:name`` are labels and names,
``skos:altLabel`` names, ``schema:description`` and ``rdfs:comment`` descriptions, if they are in
English or untagged; those in other languages are left out. Other literals become entities of kind
"value", which questions can reach and not name; numbers among them are kept as numbers, too. A
relation whose objects are all literals is walked forwards only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np

from kgqa.errors import GraphError
from kgqa.graph.builder import NO_TRIPLES
from kgqa.graph.importer import formats, lines
from kgqa.graph.importer.progress import Progress
from kgqa.graph.importer.sql import bare, view

LABELS = (
    "http://www.w3.org/2000/01/rdf-schema#label",
    "http://www.w3.org/2004/02/skos/core#prefLabel",
    "http://schema.org/name",
)
NAMES = (*LABELS, "http://www.w3.org/2004/02/skos/core#altLabel")
DESCRIPTIONS = ("http://schema.org/description", "http://www.w3.org/2000/01/rdf-schema#comment")
NUMERIC = "integer|decimal|double|float|int|long|short|byte|nonNegativeInteger|positiveInteger"
MEASURED = "line BIGINT, h VARCHAR, r VARCHAR, label VARCHAR, value DOUBLE"
MAX_RELATIONS = 16_000
ROWS = 100_000  #: read at a time as Python objects
CHUNK = 2**22  #: read at a time as arrays
_IN_ENGLISH = r"regexp_matches(t, '^\"(?s:.)*\"(@[Ee][Nn](-[A-Za-z0-9]+)*|\^\^<[^>]*>)?$')"
_IS_LITERAL = "starts_with(t, '\"')"
_TEXT = r"""regexp_extract(t, '^"((?s:.)*)"[^"]*$', 1)"""
_XSD = rf"http://www.w3.org/2001/XMLSchema#({NUMERIC})"
_NUMBER = rf"""regexp_extract(e.key, '^"([^"]*)"\^\^<{_XSD}>$', 1)"""

_CELLS = "string_split(line, chr(9))"


@dataclass(frozen=True)
class KeyBits:
    """An edge as one number of 62 bits: head, then relation, then tail."""

    entity: int  #: bits of an entity
    relation: int  #: bits of a relation, inverses included


class Tables:
    """The tables in one DuckDB file. ``progress`` is told how far each statement is."""

    def __init__(
        self, path: Path, triples: Path, *, memory: str, threads: int | None, progress: Progress
    ):
        limits: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory,
            "temp_directory": str(path.parent / "spill"),
            "preserve_insertion_order": True,
        }
        if threads:
            limits["threads"] = threads
        self.db = duckdb.connect(str(path), config=limits)
        self.ntriples = lines.is_ntriples(triples)
        self.folder = path.parent  #: of files that are deleted when all is done
        self.nameable = 0  #: entities [0, nameable) have names; those after them are values
        self._triples, self._progress = triples, progress

    def close(self) -> None:
        self.db.close()

    # -- reading tables ----------------------------------------------------------------------------

    def run(self, stage: str, sql: str) -> None:
        """Execute a statement as a stage."""
        with self._progress.watch(stage, self.db):
            self.db.execute(sql)

    def drop(self, table: str) -> None:
        self.db.execute(f"DROP TABLE {table}")

    def count(self, table: str) -> int:
        """How many rows a table has; ``table`` may go on with a condition."""
        (number,) = self.db.execute(f"SELECT count(*) FROM {table}").fetchall()[0]
        return int(number)

    def rows(self, stage: str, sql: str, total: int) -> Iterator[list[tuple]]:
        """The rows of a query, :data:`ROWS` at a time."""
        with self._progress.count(stage, total) as advance:
            cursor = self.db.cursor().execute(sql)
            while rows := cursor.fetchmany(ROWS):
                yield rows
                advance(len(rows))

    def chunks(self, stage: str, table: str) -> Iterator[dict[str, np.ndarray]]:
        """The columns of a table in its order, :data:`CHUNK` rows at a time."""
        total = self.count(table)
        with self._progress.count(stage, total) as advance:
            for low in range(0, total, CHUNK):
                among = f"rowid >= {low} AND rowid < {low + CHUNK}"
                part = self.db.execute(f"SELECT * FROM {table} WHERE {among} ORDER BY rowid")
                yield part.fetchnumpy()
                advance(min(CHUNK, total - low))

    # -- reading files -----------------------------------------------------------------------------

    def read_triples(self) -> None:
        """The table raw (h, r, t)."""
        if self.ntriples:
            grammar = lines.STATEMENT.replace("'", "''")
            cells = f"regexp_extract(line, '{grammar}', ['h', 'r', 't'])"
            among = "WHERE NOT regexp_matches(line, '^[ \\t]*(#.*)?$')"
            terms, escape = "[c.h, c.r, c.t]", lines.NO_CHARACTER
            # Few lines have escapes.
            escaped = f"contains(line, '\\') AND regexp_matches(c.h || c.r || c.t, '{escape}')"
            bad = f"c.h = '' OR list_contains({terms}, '<>') OR ({escaped})"
            head = f"CASE WHEN NOT ({bad}) THEN {bare('c.h')} END"
            columns = f"{bare('c.r')} AS r, {bare('c.t')} AS t"
        else:
            cells, among = _CELLS, ""
            filled = " AND ".join(f"trim(c[{i}]) <> ''" for i in (1, 2, 3))
            head = f"CASE WHEN len(c) = 3 AND {filled} THEN c[1] END"
            columns = "c[2] AS r, c[3] AS t"
        check = lines.statement if self.ntriples else lines.cells(3, 3, 3)
        select = (
            f"SELECT {head} AS h, {columns} FROM (SELECT line, {cells} AS c FROM lines {among})"
        )
        self._read("triples", self._triples, check, f"CREATE TABLE raw AS {select}", "raw")

    def read_entities(self, path: Path) -> None:
        """The table listed (h, label, description, kind), in the order of the file."""
        sql = (
            "CREATE TABLE listed AS SELECT "
            "CASE WHEN len(c) BETWEEN 2 AND 4 AND trim(c[1]) <> '' THEN c[1] END AS h, "
            "c[2] AS label, coalesce(c[3], '') AS description, coalesce(c[4], 'entity') AS kind "
            f"FROM (SELECT {_CELLS} AS c FROM lines)"
        )
        self._read("entities", path, lines.cells(2, 4, 1), sql, "listed")

    def _read(self, what: str, path: Path, check: lines.Check, sql: str, table: str) -> None:
        """Make a table from the view ``lines`` of a file; malformed lines have NULL in column h."""
        lines.opened(path).close()
        lines.verify(path)
        nothing = f"DROP TABLE IF EXISTS {table}; "
        try:
            try:
                self.run(f"reading {what}", view(path) + sql)
                bad = self.count(f"{table} WHERE h IS NULL")
            except duckdb.Error:
                bad = 1
            if bad:
                formats.refuse_other(path, what, check)
                lines.refuse(path, check)
                # The lines are well formed; DuckDB takes neither NULs nor mixed line ends, and
                # ends a line at a carriage return where a file has no other ends.
                plain = lines.plain_copy(path, self.folder / f"{what}.txt")
                self.run(f"reading {what}", nothing + view(plain) + sql)
                bad = self.count(f"{table} WHERE h IS NULL")
        except duckdb.Error as error:
            raise GraphError(f"{path} could not be read: {str(error).splitlines()[0]}") from None
        if bad:
            raise GraphError(f"{path}: {bad:,} lines could not be read.")

    # -- numbering ---------------------------------------------------------------------------------

    def number_entities(self, *, listed: bool) -> None:
        """The tables entities and names.

        ``listed`` says that a table of entities was read; a triple about an entity that is not in
        it raises :class:`GraphError`.
        """
        self._split_literals()
        if listed:
            number = (
                "SELECT row_number() OVER (ORDER BY place) - 1 AS i, key, place "
                "FROM (SELECT h AS key, min(rowid) AS place FROM listed GROUP BY h)"
            )
            about = "JOIN listed AS l ON l.rowid = n.place"
            columns = "l.label AS label, l.description AS description, l.kind AS kind"
        else:
            ends = "SELECT h AS key FROM raw UNION SELECT t FROM raw UNION SELECT key FROM literals"
            number = f"SELECT row_number() OVER (ORDER BY key) - 1 AS i, key FROM ({ends})"
            first = "arg_min(name, place) FILTER (what = '{0}') AS {0}"
            words = ", ".join(first.format(what) for what in ("label", "description"))
            about = f"LEFT JOIN (SELECT key, {words} FROM literals GROUP BY key) AS l USING (key)"
            value = (
                f"CASE WHEN {_IS_LITERAL.replace('(t,', '(n.key,')} THEN 'value' ELSE 'entity' END"
            )
            kind = value if self.ntriples else "'entity'"
            columns = (
                f"l.label AS label, coalesce(l.description, '') AS description, {kind} AS kind"
            )
        self.run("numbering entities", f"CREATE TABLE numbered AS {number}")
        if listed:
            self._refuse_unlisted()
        self.run(
            "describing entities",
            f"CREATE TABLE entities AS SELECT n.i, n.key, {columns} FROM numbered AS n {about}",
        )
        self.db.execute(
            "CREATE TABLE names AS SELECT n.i, s.name FROM literals AS s "
            "JOIN numbered AS n USING (key) WHERE s.what <> 'description'"
        )
        self.nameable = self.count("entities")
        self.db.execute(f"CREATE TABLE measured ({MEASURED}); CREATE TABLE attributes (r VARCHAR)")

    def _split_literals(self) -> None:
        """Move labels, names and descriptions from raw to literals (key, what, name, place)."""
        words = f"{_IS_LITERAL} AND r IN {(*NAMES, *DESCRIPTIONS)}" if self.ntriples else "false"
        what = f"WHEN r IN {LABELS} THEN 'label' WHEN r IN {NAMES} THEN 'name' ELSE 'description'"
        self.run(
            "reading names",
            f"CREATE TABLE literals AS SELECT h AS key, CASE {what} END AS what, {_TEXT} AS name, "
            f"rowid AS place FROM raw WHERE {words} AND {_IN_ENGLISH}",
        )
        self.run("reading names", f"DELETE FROM raw WHERE {words}")

    def _refuse_unlisted(self) -> None:
        ends = "SELECT h AS key FROM raw UNION SELECT t FROM raw"
        unlisted = f"({ends}) ANTI JOIN numbered USING (key)"
        first = self.db.execute(f"SELECT key FROM {unlisted} ORDER BY key LIMIT 1").fetchone()
        if first is None:
            return
        between = r"[<>\s]+" if self.ntriples else r"\t"
        number = lines.line_with(self._triples, lambda line: first[0] in re.split(between, line))
        line = f", line {number}" if number else ""
        raise GraphError(
            f"{self._triples}{line}: entity id {first[0]!r} is not in the table of entities."
        )

    def number_edges(self) -> KeyBits:
        """The tables relations, edges and numbers, of triples and of the table measured.

        Raises :class:`GraphError` if there are no triples, or more than a graph can hold.
        """
        literal = f"bool_and({_IS_LITERAL})" if self.ntriples else "false"
        self.run(
            "numbering relations",
            "CREATE TABLE relations AS SELECT row_number() OVER (ORDER BY r) - 1 AS r, r AS id, "
            f"r IN (FROM attributes) OR {literal} AS literal FROM raw GROUP BY r",
        )
        half, entities = self.count("relations"), self.count("entities")
        if not half:
            raise GraphError(NO_TRIPLES)
        bits = KeyBits(max(entities - 1, 1).bit_length(), (2 * half).bit_length())
        if half > MAX_RELATIONS or 2 * bits.entity + bits.relation > 62:
            raise GraphError(
                f"{entities:,} entities and {half:,} relations are more than a graph can hold."
            )
        self.run(
            "joining",
            "CREATE TABLE forward AS SELECT a.i AS h, q.r AS r, b.i AS t, q.literal AS literal "
            "FROM raw JOIN numbered AS a ON a.key = raw.h JOIN numbered AS b ON b.key = raw.t "
            "JOIN relations AS q ON q.id = raw.r",
        )
        self.drop("raw")
        key = f"(({{}} << {bits.relation} | {{}}) << {bits.entity} | {{}})"
        self.run(
            "both directions",
            f"CREATE TABLE edges AS SELECT {key.format('h', 'r', 't')} AS k FROM forward UNION ALL "
            f"SELECT {key.format('t', f'(r + {half})', 'h')} FROM forward WHERE NOT literal",
        )
        self.run(
            "numbers",
            "CREATE TABLE numbers AS SELECT i, r, value FROM ("
            f"SELECT DISTINCT f.h AS i, f.r AS r, TRY_CAST({_NUMBER} AS DOUBLE) AS value, 0 AS line"
            " FROM forward AS f JOIN entities AS e ON e.i = f.t WHERE f.literal UNION ALL "
            "SELECT n.i, q.r, value, line FROM measured AS m JOIN numbered AS n ON n.key = m.h "
            "JOIN relations AS q ON q.id = m.r) WHERE isfinite(value) ORDER BY i, r, line, value",
        )
        self.drop("forward")
        return bits
