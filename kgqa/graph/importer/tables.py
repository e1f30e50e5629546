r"""Files as numbered entities, relations and edges, in DuckDB, which sorts on disk.

    entities (i, key, label, description, kind)   label is NULL where the source gives none
    about (key, label, description, kind)         what the source says of entities
    names (i, name)                               further names
    relations (r, id, literal)
    edges (k)                                     head, relation and tail in one number
    numbers (i, r, value)
    measured (line, h, r, label, value)           what ``values`` reads from a file of numbers
    attributes (r)                                those of them that become literal relations

What N-Triples say of names, classes and predicates is read by ``statements``. Literals that remain
become entities of kind "value", which questions can reach and not name; ``literals`` reads numbers
and dates among them. A relation whose objects are all literals is walked forwards only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np

from kgqa.errors import GraphError
from kgqa.graph.builder import NO_TRIPLES
from kgqa.graph.importer import formats, lines
from kgqa.graph.importer.predicates import short_name
from kgqa.graph.importer.progress import Progress
from kgqa.graph.importer.sql import bare, view
from kgqa.graph.notes import Notes

MEASURED = "line BIGINT, h VARCHAR, r VARCHAR, label VARCHAR, value DOUBLE"
MAX_RELATIONS = 16_000
ROWS = 100_000  #: read at a time as Python objects
CHUNK = 2**22  #: read at a time as arrays
_IS_LITERAL = "starts_with(t, '\"')"

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
        self.notes = Notes()  #: what is left out
        self.called, self.skip = str(triples), False  #: the file in errors; skip malformed lines
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

    def insert(self, table: str, rows: Sequence[Sequence[object]]) -> None:
        """Add rows to a table."""
        if rows:
            columns = [list(column) for column in zip(*rows, strict=True)]
            values = ", ".join(["unnest(?)"] * len(columns))
            self.db.execute(f"INSERT INTO {table} SELECT {values}", columns)

    def delete(self, condition: str, note: str = "", example: str = "h") -> None:
        """Delete statements from raw; a note counts them, with a column as examples."""
        if note:
            shown = f"SELECT {example} FROM raw WHERE {condition} LIMIT 3"
            count = self.count(f"raw WHERE {condition}")
            for (text,) in self.db.execute(shown).fetchall() if count else ():
                self.notes.add(note, short_name(text), count=0)
            self.notes.add(note, count=count)
        self.run("reading names", f"DELETE FROM raw WHERE {condition}")

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

    def say_nothing(self) -> dict:
        """The tables about and other_names of files that hold triples alone: empty."""
        columns = "key VARCHAR, label VARCHAR, description VARCHAR, kind VARCHAR"
        self.db.execute(
            f"CREATE TABLE about ({columns}); CREATE TABLE other_names (key VARCHAR, name VARCHAR)"
        )
        return {}

    def _read(self, what: str, path: Path, check: lines.Check, sql: str, table: str) -> None:
        """Make a table from the view ``lines`` of a file; malformed lines have NULL in column h."""
        called = self.called if path == self._triples else str(path)
        lines.opened(path).close()
        lines.verify(path)
        nothing = f"DROP TABLE IF EXISTS {table}; "
        bad_rows = f"{table} WHERE h IS NULL"
        try:
            try:
                self.run(f"reading {what}", view(path) + sql)
                bad = self.count(bad_rows)
            except duckdb.Error:
                bad = 1
            if bad:
                formats.refuse_other(path, what, check)
                if not self.skip:
                    lines.refuse(path, check, called)
                # The lines are well formed; DuckDB takes neither NULs nor mixed line ends, and
                # ends a line at a carriage return where a file has no other ends.
                plain = self.folder / f"{what}.txt"
                lines.plain_copy(path, plain, check if self.skip else None, called, self.notes)
                self.run(f"reading {what}", nothing + view(plain) + sql)
                bad = self.count(bad_rows)
        except duckdb.Error as error:
            why = str(error).splitlines()[0]
            raise GraphError(f"{called} could not be read: {why}") from None
        if bad:
            raise GraphError(f"{called}: {bad:,} lines could not be read.")

    # -- numbering ---------------------------------------------------------------------------------

    def number_entities(self, *, listed: bool) -> None:
        """The tables entities and names.

        ``listed`` says that a table of entities was read; a triple about an entity that is not in
        it raises :class:`GraphError`.
        """
        if listed:
            number = (
                "SELECT row_number() OVER (ORDER BY place) - 1 AS i, key, place "
                "FROM (SELECT h AS key, min(rowid) AS place FROM listed GROUP BY h)"
            )
            about = "JOIN listed AS l ON l.rowid = n.place"
            columns = "l.label AS label, l.description AS description, l.kind AS kind"
        else:
            ends = "SELECT h AS key FROM raw UNION SELECT t FROM raw UNION SELECT key FROM about"
            number = f"SELECT row_number() OVER (ORDER BY key) - 1 AS i, key FROM ({ends})"
            about = "LEFT JOIN about AS a USING (key)"
            kind = "coalesce(a.kind, 'entity')"
            if self.ntriples:
                kind = f"CASE WHEN starts_with(n.key, '\"') THEN 'value' ELSE {kind} END"
            columns = (
                f"a.label AS label, coalesce(a.description, '') AS description, {kind} AS kind"
            )
        self.run("numbering entities", f"CREATE TABLE numbered AS {number}")
        if listed:
            self._refuse_unlisted()
        self.run(
            "describing entities",
            f"CREATE TABLE entities AS SELECT n.i, n.key, {columns} FROM numbered AS n {about}",
        )
        self.db.execute(
            "CREATE TABLE names AS SELECT n.i, s.name FROM other_names AS s "
            "JOIN numbered AS n USING (key)"
        )
        self.nameable = self.count("entities")
        self.db.execute(f"CREATE TABLE measured ({MEASURED}); CREATE TABLE attributes (r VARCHAR)")

    def count_unnamed(self) -> None:
        """Note which entities of N-Triples have no name of their own."""
        if not self.ntriples:
            return
        without = "entities WHERE label IS NULL AND NOT starts_with(key, '\"') AND "
        sorts = {
            "entities without a name, which are called by their ids": "NOT starts_with(key, '_:')",
            "entities without name and id (blank nodes)": "starts_with(key, '_:')",
        }
        for what, condition in sorts.items():
            self.notes.add(what, count=self.count(without + condition))
            shown = f"SELECT key FROM {without}{condition} ORDER BY i LIMIT 3"
            for (key,) in self.db.execute(shown).fetchall() if "ids" in what else ():
                self.notes.add(what, key, count=0)

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
        """The tables relations, forward (h, r, t, literal) and edges.

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
        return bits
