r"""Statements of RDF, read apart: facts, and what says how things are called.

    raw (h, r, t)                             the statements; afterwards the facts alone
    about, other_names                        what is said of entities (``rdf_names``, ``kinds``)

The words of relations are the labels of predicates, or of Wikidata's properties that they are
claims of. What is left out is counted: pages about entities, statements about predicates,
bookkeeping. ``predicates`` says what each predicate is for.
"""

from __future__ import annotations

from kgqa.graph.importer import lines
from kgqa.graph.importer import predicates as known
from kgqa.graph.importer.kinds import read_kinds
from kgqa.graph.importer.parts import ImportOptions
from kgqa.graph.importer.predicates import Role, role, short_name
from kgqa.graph.importer.rdf_names import MANY, Names
from kgqa.graph.importer.sql import texts
from kgqa.graph.importer.tables import Tables
from kgqa.graph.importer.wordings import RelationWords
from kgqa.graph.relation import relation_of

_GENID = "contains(t, '/.well-known/genid/')"
_LITERAL = "starts_with(t, '\"')"


def read_statements(tables: Tables, options: ImportOptions) -> dict[str, RelationWords]:
    """Make the tables about and other_names of raw; returns the words of relations.

    Raises :class:`GraphError` if a class that is asked for is not there.
    """
    return _Statements(tables, options).read()


class _Statements:
    def __init__(self, tables: Tables, options: ImportOptions):
        self.tables, self.db, self.options = tables, tables.db, options
        self.notes = tables.notes
        self.roles: dict[str, Role] = {}

    def read(self) -> dict[str, RelationWords]:
        self._unescape()
        self._unroll_lists()
        self._assign_roles()
        self._read_schema()
        if not self.options.keep_bookkeeping:
            self._drop_pages()
            self._drop_unknown()
        names = Names(self.tables, self.options, self.roles)
        names.read()
        words = self._relation_words()
        if not self.options.keep_bookkeeping:
            self._drop_statements_about_predicates(names.predicates)
        self._drop_names(names)
        read_kinds(self.tables, self._of("type"), self.options)
        if not self.options.keep_bookkeeping:
            self._drop_bookkeeping()
        names.describe()
        for table in ("schema", "properties", "roles"):
            self.tables.drop(table)
        return words

    def _of(self, *whats: str) -> list[str]:
        """The predicates of some roles."""
        return sorted(p for p, found in self.roles.items() if found.what in whats)

    def _unescape(self) -> None:
        """IRIs with letters for their escapes, so that the same one is one entity."""
        for column in ("h", "r", "t"):
            escaped = f"contains({column}, '\\') AND NOT starts_with({column}, '\"')"
            found = self.db.execute(f"SELECT DISTINCT {column} FROM raw WHERE {escaped}").fetchall()
            rows = [[iri, lines.unescape_iri(iri)] for (iri,) in found]
            if rows:
                self.db.execute("CREATE TABLE letters (iri VARCHAR, plain VARCHAR)")
                self.tables.insert("letters", rows)
                self.db.execute(
                    f"UPDATE raw SET {column} = plain FROM letters WHERE {column} = iri;"
                    "DROP TABLE letters"
                )

    def _unroll_lists(self) -> None:
        """One statement for each item of a list, if nothing else leads to the list's cells."""
        first, rest, nil = known.FIRST, known.REST, known.NIL
        if not self.tables.count(f"raw WHERE r = '{rest}'"):
            return
        self.tables.run(
            "reading lists",
            "CREATE TABLE cells AS SELECT t AS cell, any_value(r) AS r FROM raw "
            f"SEMI JOIN (SELECT h FROM raw WHERE r = '{first}') AS f ON f.h = raw.t "
            "GROUP BY t HAVING count(*) = 1;"
            "CREATE TABLE members AS WITH RECURSIVE walk(list, cell) AS ("
            f"SELECT cell, cell FROM cells WHERE r NOT IN ('{first}', '{rest}') UNION ALL "
            "SELECT w.list, c.cell FROM walk AS w "
            f"JOIN raw AS n ON n.h = w.cell AND n.r = '{rest}' "
            f"JOIN cells AS c ON c.cell = n.t AND c.r = '{rest}') FROM walk;"
            "INSERT INTO raw SELECT l.h, l.r, i.t FROM raw AS l JOIN members AS m ON m.list = l.t "
            f"JOIN raw AS i ON i.h = m.cell AND i.r = '{first}';"
            f"DELETE FROM raw WHERE t = '{nil}' OR t IN (SELECT list FROM members) OR "
            f"(r IN ('{first}', '{rest}') AND h IN (SELECT cell FROM members))",
        )
        lists = self.tables.count("(SELECT DISTINCT list FROM members)")
        self.notes.add("lists, whose order is not kept", count=lists)
        self.db.execute("DROP TABLE cells; DROP TABLE members")

    # -- predicates --------------------------------------------------------------------------------

    def _assign_roles(self) -> None:
        """The table roles (r, what, rank), of every predicate."""
        found = self.db.execute(f"SELECT r, bool_and({_LITERAL}) FROM raw GROUP BY r").fetchall()
        self.roles = {r: role(r, literal=literal) for r, literal in found}
        self.db.execute("CREATE TABLE roles (r VARCHAR, what VARCHAR, rank INTEGER)")
        rows = [[r, found.what, found.rank] for r, found in sorted(self.roles.items())]
        self.tables.insert("roles", rows)

    def _read_schema(self) -> None:
        """The tables schema (h, r, t), what is said of predicates, and properties (key)."""
        said = texts([*known.ABOUT_PREDICATES, known.PROPERTY_TYPE, known.TYPE])
        kinds = texts(known.PROPERTIES)
        self.db.execute(
            f"CREATE TABLE schema AS SELECT h, r, t FROM raw WHERE r IN ({said}) "
            f"AND (r <> '{known.TYPE}' OR t IN ({kinds}));"
            "CREATE TABLE properties AS SELECT r AS key FROM roles UNION SELECT h FROM schema "
            f"UNION SELECT t FROM schema WHERE r IN ({texts(known.LINKS)})"
        )
        foreign = self.db.execute(
            "SELECT DISTINCT c.t FROM schema AS c JOIN schema AS p USING (h) "
            f"WHERE c.r = '{known.DIRECT_CLAIM}' AND p.r = '{known.PROPERTY_TYPE}' "
            f"AND p.t IN ({texts(known.FOREIGN)})"
        ).fetchall()
        for (predicate,) in foreign:
            if predicate in self.roles:
                self.roles[predicate] = Role("bookkeeping")

    def _relation_words(self) -> dict[str, RelationWords]:
        """The words of predicates: their own label, or that of the property they are claims of."""
        labels = dict(
            self.db.execute(
                "SELECT r.r, n.label FROM roles AS r JOIN schema AS s ON s.t = r.r "
                f"AND s.r = '{known.DIRECT_CLAIM}' JOIN named AS n ON n.key = s.h ORDER BY n.label"
            ).fetchall()
        )
        labels |= dict(
            self.db.execute("SELECT key, label FROM named SEMI JOIN roles ON r = key").fetchall()
        )
        pairs = self.db.execute(
            f"SELECT DISTINCT h, t FROM schema WHERE r = '{known.INVERSE}' ORDER BY h, t"
        ).fetchall()
        named = {h: t for h, t in [*pairs, *((t, h) for h, t in pairs)] if not t.startswith("_:")}
        inverses = dict(
            self.db.execute(
                "SELECT DISTINCT n.key, n.label FROM named AS n "
                "JOIN schema AS s ON n.key IN (s.h, s.t) WHERE s.r = ?",
                [known.INVERSE],
            ).fetchall()
        )
        told = labels.keys() | (named.keys() & self.roles.keys()) | set(self._of("type"))
        words = {r: _words(labels.get(r, ""), named.get(r, ""), inverses) for r in told}
        for predicate in self._of("type"):
            label = "" if predicate == known.TYPE else words[predicate].label
            words[predicate] = RelationWords(label or "is a", "instances of")
        return words

    # -- what is no fact ---------------------------------------------------------------------------

    def _drop_pages(self) -> None:
        if self.roles.keys() & set(known.ABOUT):
            about, pages = texts(known.ABOUT), texts(known.PAGES)
            self.db.execute(
                f"CREATE TABLE pages AS SELECT h FROM raw WHERE r = '{known.TYPE}' AND t IN "
                f"({pages}) INTERSECT SELECT h FROM raw WHERE r IN ({about})"
            )
            self.tables.delete("h IN (FROM pages)", "statements about pages that tell of an entity")

    def _drop_unknown(self) -> None:
        if self.tables.count(f"raw WHERE {_GENID}"):
            condition = f"{_GENID} AND t NOT IN (SELECT h FROM raw)"
            self.tables.delete(condition, "values that the source calls unknown", "r")

    def _drop_statements_about_predicates(self, words: list[str]) -> None:
        condition = "h IN (SELECT key FROM properties)"
        rest = f"{condition} AND r NOT IN ({texts(words)})" if words else condition
        self.tables.delete(rest, "statements about relations and not about entities", "r")
        self.db.execute(
            "DELETE FROM literals WHERE key IN (SELECT key FROM properties);"
            "DELETE FROM named WHERE key IN (SELECT key FROM properties)"
        )

    def _drop_names(self, names: Names) -> None:
        """Names are no facts, unless nothing else is said."""
        names.drop()
        left_out = texts(self._of("bookkeeping"))
        if not self.tables.count(f"raw WHERE r NOT IN ({left_out})" if left_out else "raw"):
            self.db.execute("INSERT INTO raw SELECT key, r, '\"' || name || '\"' FROM literals")
            kept = self.tables.count("literals")
            self.notes.add("names that are kept as facts, since there are no others", count=kept)

    def _drop_bookkeeping(self) -> None:
        left_out = texts(self._of("bookkeeping"))
        empty = " OR ".join(f"starts_with(t, '{start}')" for start in known.NO_CLASSES)
        odd = f"(r IN ({texts(known.SUBCLASS)}) AND starts_with(t, '_:'))"
        condition = f"(r = '{known.TYPE}' AND ({empty})) OR {odd}"
        condition += f" OR r IN ({left_out})" if left_out else ""
        counted = self.db.execute(
            f"SELECT r, count(*) AS n FROM raw WHERE {condition} GROUP BY r ORDER BY n DESC, r"
        ).fetchall()
        for predicate, count in counted:
            self.notes.add(
                "statements of bookkeeping", f"{short_name(predicate)} {count:,}", count, most=MANY
            )
        self.tables.delete(condition)


def _words(label: str, inverse: str, labels: dict[str, str]) -> RelationWords:
    """The words of a relation with this label, if any, and with this inverse predicate, if any."""
    back = labels.get(inverse) or (relation_of(inverse).label if inverse else "")
    return RelationWords(_line(label), _line(back))


def _line(text: str) -> str:
    return " ".join(lines.unescape(text).split())
