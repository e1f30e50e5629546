r"""Names and descriptions of RDF, in many languages: which is the label, which are other names.

    about (key, label, description, kind)     of each entity; NULL where the source says nothing
    other_names (key, name)

A name is chosen by its language: the one that is asked for (or none), Wikidata's "mul", English,
then any, those in Latin letters and those of which the source has most first. An entity that no
known predicate names is called by a predicate "name" or "title" of the source's own, if it can be.
"""

from __future__ import annotations

from kgqa.graph.importer.parts import ImportOptions
from kgqa.graph.importer.predicates import NAMES, Role
from kgqa.graph.importer.sql import texts
from kgqa.graph.importer.tables import Tables

MANY = 20  #: predicates and languages that a note lists
_LITERAL = "starts_with(t, '\"')"
_TEXT = r"""regexp_extract(t, '^"((?s:.)*)"[^"]*$', 1)"""
_LANGUAGE = r"""lower(regexp_extract(t, '"@([A-Za-z]+)[A-Za-z0-9-]*$', 1))"""
_LATIN = r"regexp_matches(regexp_replace(name, '\\[uU][0-9A-Fa-f]+', '', 'g'), '\p{Latin}')"
#: Of the names of one entity the least is its label: a source's own "title" last, then letters,
#: languages, predicates, and the order of the file.
_ORDER = (
    "(((level * 2 + foreign_letters) * 1024 + tongue) * 8 + rank)::BIGINT * (1::BIGINT << 40) "
    "+ place"
)


class Names:
    """The names and descriptions of the table raw, whose predicates have these roles."""

    def __init__(self, tables: Tables, options: ImportOptions, roles: dict[str, Role]):
        self.tables, self.db, self.options, self.roles = tables, tables.db, options, roles
        self.notes = tables.notes
        self.predicates = [
            predicate
            for predicate, role in sorted(roles.items())
            if role.what in ("label", "name", "description")
        ]

    def read(self) -> None:
        """The tables literals, of all names and descriptions, and named (key, label, level)."""
        self.tables.run(
            "reading names",
            f"CREATE TABLE literals AS SELECT h AS key, r, what, rank, greatest(rank - 2, 0) AS "
            f"level, {_TEXT} AS name, {_LANGUAGE} AS language, raw.rowid AS place "
            f"FROM raw JOIN roles USING (r) WHERE what IN ('label', 'name', 'description') "
            f"AND {_LITERAL}",
        )
        self._drop_other_languages()
        blank = "literals WHERE trim(name) = ''"
        self.notes.add("blank names", count=self.tables.count(blank))
        self.db.execute(f"DELETE FROM {blank}")
        self.db.execute("CREATE TABLE tongues (language VARCHAR, tongue INTEGER)")
        spoken = self.db.execute(
            "SELECT language FROM literals WHERE what = 'label' GROUP BY language "
            "ORDER BY count(*) DESC, language"
        ).fetchall()
        first = {"": 0, "mul": 1, "en": 2} | {_primary(self.options.language): 0}
        others = (language for (language,) in spoken if language not in first)
        order = first | {language: 3 + i for i, language in enumerate(others)}
        rows = [[language, min(place, 1023)] for language, place in order.items()]
        self.tables.insert("tongues", rows)
        self.tables.run(
            "choosing names",
            "CREATE TABLE named AS SELECT key, arg_min(name, place) AS label, min(level) AS level, "
            "arg_min(language, place) AS language FROM (SELECT * REPLACE "
            f"({_ORDER} AS place) FROM ({self._ordered('label')})) GROUP BY key",
        )

    def _ordered(self, what: str) -> str:
        """The names or descriptions with what their order depends on."""
        return (
            f"SELECT key, name, rank, level, language, coalesce(tongue, 1023) AS tongue, place, "
            f"CASE WHEN tongue < 3 OR {_LATIN} THEN 0 ELSE 1 END AS foreign_letters "
            f"FROM literals LEFT JOIN tongues USING (language) WHERE what = '{what}'"
        )

    def _drop_other_languages(self) -> None:
        if not self.options.languages:
            return
        spoken = {_primary(tag) for tag in (*self.options.languages, self.options.language)}
        kept = texts(sorted(spoken | {"", "mul"}))
        count = self.tables.count(f"literals WHERE language NOT IN ({kept})")
        self.notes.add("names and descriptions in other languages", count=count)
        self.db.execute(f"DELETE FROM literals WHERE language NOT IN ({kept})")
        names = texts(self.predicates)
        condition = f"{_LITERAL} AND {_LANGUAGE} NOT IN ({kept})"
        rest = f"{condition} AND r NOT IN ({names})" if names else condition
        self.tables.delete(rest, "texts in other languages", "t")

    def drop(self) -> None:
        """Names and descriptions are no facts, except a "title" beside a name."""
        whole = [
            predicate
            for predicate in self.predicates
            if self.roles[predicate].rank < NAMES or self.roles[predicate].what == "description"
        ]
        if whole:
            self.tables.delete(f"r IN ({texts(whole)}) AND {_LITERAL}")
        for predicate in sorted(set(self.predicates) - set(whole)):
            level = self.roles[predicate].rank - 2
            self.tables.delete(
                f"r IN ({texts([predicate])}) AND {_LITERAL} AND "
                f"h NOT IN (SELECT key FROM named WHERE level < {level})"
            )

    def describe(self) -> None:
        """The tables about and other_names."""
        self.tables.run(
            "choosing names",
            "CREATE TABLE described AS SELECT key, arg_min(name, place) AS description FROM "
            f"(SELECT * REPLACE ({_ORDER} AS place) FROM ({self._ordered('description')})) "
            "GROUP BY key;"
            "CREATE TABLE about AS SELECT key, label, description, kind FROM named "
            "FULL JOIN described USING (key) FULL JOIN kinds USING (key)",
        )
        further = self.tables.count("literals WHERE what = 'description'")
        further -= self.tables.count("described")
        self.notes.add("descriptions beside the first of an entity", count=further)
        asked = texts(sorted({_primary(tag) for tag in self.options.languages} | {""}))
        spoken = f"(t.tongue < 3 OR l.language = n.language OR l.language IN ({asked}))"
        self.db.execute(
            "CREATE TABLE other_names AS SELECT l.key, l.name, l.language, "
            f"coalesce({spoken}, n.key IS NULL) AS taken FROM literals AS l "
            "LEFT JOIN named AS n USING (key) LEFT JOIN tongues AS t ON t.language = l.language "
            "WHERE l.what = 'name' OR (l.what = 'label' AND l.level <= n.level)"
        )
        left = self.db.execute(
            "SELECT language, count(*) AS n FROM other_names WHERE NOT taken GROUP BY language "
            "ORDER BY n DESC, language"
        ).fetchall()
        for language, count in left:
            self.notes.add("names in other languages", f"{language} {count:,}", count, most=MANY)
        self.db.execute("DELETE FROM other_names WHERE NOT taken")
        for table in "literals named described kinds tongues".split():
            self.tables.drop(table)


def _primary(tag: str) -> str:
    """The language of a tag: "en" of "en-GB"."""
    return tag.lower().split("-")[0]
