"""Classes of RDF: the kind of each entity, and the entities of the classes that are asked for.

    kinds (key, kind)     of entities whose class is known, and of the classes

Every class of an entity stays a fact, to which ``kgqa.graph.classes`` answers. The kind is one of
them in words: not one that stands above another of its classes, and of the rest the most frequent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from kgqa.errors import GraphError
from kgqa.graph.importer import lines
from kgqa.graph.importer import predicates as known
from kgqa.graph.importer.parts import ImportOptions
from kgqa.graph.importer.sql import texts
from kgqa.graph.importer.tables import Tables
from kgqa.graph.relation import relation_of

MOST_KINDS = 250  #: of the 256 that a graph can keep
CLASS = "class"  #: the kind of a class
_MOST_CLASSES = 50  # of an entity, for one to be the most specific
_MOST_ABOVE = 2 * 10**7  # pairs of a class and one above it
_MOST_STEPS = 30  # from a class to one above it
_LISTED = 5  # classes that an error names


def read_kinds(tables: Tables, types: Sequence[str], options: ImportOptions) -> None:
    """Make the table kinds of raw, in which ``types`` lead to classes.

    With ``options.classes``, statements about other entities leave raw.

    Raises :class:`GraphError` if one of these classes has no entity.
    """
    db = tables.db
    empty = "".join(f" AND NOT starts_with(t, '{start}')" for start in known.NO_CLASSES)
    tables.run(
        "reading classes",
        f"CREATE TABLE types AS SELECT DISTINCT h AS key, t AS class FROM raw WHERE r IN "
        f"({texts(types) or 'NULL'}) AND NOT starts_with(t, '\"') AND NOT starts_with(t, '_:')"
        f"{empty}; CREATE TABLE classes AS SELECT class, n, row_number() OVER "
        "(ORDER BY n DESC, class) - 1 AS c FROM "
        "(SELECT class, count(*) AS n FROM types GROUP BY class)",
    )
    _superclasses(tables)
    if options.classes:
        _keep(tables, types, options.classes)
    tables.run(
        "reading classes",
        "CREATE TABLE several AS SELECT * FROM types SEMI JOIN (SELECT key FROM types GROUP BY key "
        f"HAVING count(*) BETWEEN 2 AND {_MOST_CLASSES}) USING (key);"
        "CREATE TABLE chosen AS SELECT key, min(c) AS c, count(*) AS n FROM types AS t "
        "JOIN classes USING (class) ANTI JOIN (SELECT s.key, s.class FROM several AS s "
        "JOIN several AS b USING (key) SEMI JOIN above AS a ON a.class = b.class "
        "AND a.super = s.class) AS o ON o.key = t.key AND o.class = t.class GROUP BY key",
    )
    several = tables.count("chosen WHERE n > 1")
    tables.notes.add("entities of several classes, of which one is their kind", count=several)
    db.execute("CREATE TABLE kind_names (c BIGINT, kind VARCHAR)")
    tables.insert("kind_names", _kind_names(tables))
    db.execute(
        "CREATE TABLE kinds AS SELECT key, kind FROM chosen JOIN kind_names USING (c) UNION ALL "
        f"SELECT class, '{CLASS}' FROM classes ANTI JOIN chosen ON key = class"
    )
    for table in "types classes above several chosen kind_names".split():
        tables.drop(table)


def _superclasses(tables: Tables) -> None:
    """The table above (class, super), of classes that have members.

    It is made step by step, and no further than its size allows.
    """
    db = tables.db
    tables.run(
        "reading classes",
        f"CREATE TABLE below AS SELECT DISTINCT h, t FROM raw WHERE r IN ({texts(known.SUBCLASS)}) "
        "AND NOT starts_with(t, '_:') AND h <> t;"
        "CREATE TABLE above AS SELECT h AS class, t AS super FROM below "
        "SEMI JOIN classes ON class = h;"
        "CREATE TABLE last AS FROM above;"
        "CREATE TABLE steps AS SELECT h, count(*) AS n FROM below GROUP BY h",
    )
    for step in range(_MOST_STEPS + 1):
        (size,) = db.execute("SELECT sum(n) FROM last JOIN steps ON h = super").fetchall()[0]
        if size is None:
            break
        if step == _MOST_STEPS or size + tables.count("above") > _MOST_ABOVE:
            tables.notes.add("hierarchies of classes that are too large to be followed to the top")
            break
        tables.run(
            "reading classes",
            "CREATE TABLE next AS SELECT DISTINCT l.class, b.t AS super FROM last AS l "
            "JOIN below AS b ON b.h = l.super ANTI JOIN above AS a "
            "ON a.class = l.class AND a.super = b.t;"
            "DROP TABLE last; ALTER TABLE next RENAME TO last; INSERT INTO above FROM last",
        )
    # Classes that stand above each other are one to us.
    db.execute(
        "DELETE FROM above AS a WHERE a.class = a.super OR EXISTS (SELECT 1 FROM above AS b "
        "WHERE b.class = a.super AND b.super = a.class)"
    )
    for table in ("below", "last", "steps"):
        tables.drop(table)


def _labels(tables: Tables, condition: str = "") -> list[tuple[int, str, str, int]]:
    """(number, id, words, entities) of classes, the largest first."""
    rows = tables.db.execute(
        f"SELECT c, class, label, n FROM classes LEFT JOIN named ON key = class {condition} "
        "ORDER BY c"
    ).fetchall()
    return [(c, class_, class_words(class_, label), n) for c, class_, label, n in rows]


def class_words(class_: str, label: str | None = None) -> str:
    """What the members of a class are called."""
    text = " ".join(lines.unescape(label).split()) if label else relation_of(class_).label
    return f"{text} (class)" if text in ("entity", "value", CLASS) else text


def _kind_names(tables: Tables) -> list[list[int | str]]:
    """[number of a class, kind] of the classes whose words are among the most frequent."""
    used = dict(tables.db.execute("SELECT c, count(*) FROM chosen GROUP BY c").fetchall())
    found = [
        (c, words) for c, _, words, _ in _labels(tables, "SEMI JOIN chosen USING (c)") if c in used
    ]
    sizes: Counter[str] = Counter()
    for c, words in found:
        sizes[words] += used[c]
    kept = {words for words, _ in sizes.most_common(MOST_KINDS)}
    for words, size in sizes.items():
        if words not in kept:
            tables.notes.add("entities of rare classes, whose kind is not kept", words, size)
    return [[c, words] for c, words in found if words in kept]


def _keep(tables: Tables, types: Sequence[str], asked: Sequence[str]) -> None:
    """Keep statements about the entities of some classes, and the classes of what these lead to."""
    found = _labels(tables)
    wanted: set[str] = set()
    for name in asked:
        folded = name.casefold()
        matching = {
            class_
            for _, class_, words, _ in found
            if folded in (words.casefold(), known.last_part(class_).casefold()) or class_ == name
        }
        if not matching:
            most = ", ".join(f"{words} ({n:,})" for _, _, words, n in found[:_LISTED])
            raise GraphError(f"No entity is of the class {name!r}. The largest are: {most}.")
        wanted |= matching
    db = tables.db
    db.execute("CREATE TABLE wanted (class VARCHAR)")
    tables.insert("wanted", [[class_] for class_ in sorted(wanted)])
    db.execute(
        "INSERT INTO wanted SELECT DISTINCT a.class FROM above AS a JOIN wanted AS w "
        "ON a.super = w.class;"
        "CREATE TABLE kept AS SELECT DISTINCT key FROM types SEMI JOIN wanted USING (class);"
        "CREATE TABLE near AS SELECT t AS key FROM raw WHERE h IN (FROM kept) UNION FROM kept"
    )
    led = f"r IN ({texts(types)}) AND h IN (FROM near)"
    other = f"raw WHERE h NOT IN (FROM kept) AND NOT ({led})"
    tables.notes.add("statements about entities of other classes", count=tables.count(other))
    tables.run("choosing classes", f"DELETE FROM {other}")
    db.execute("INSERT INTO near SELECT t FROM raw")
    for table in ("literals", "named", "types"):
        db.execute(f"DELETE FROM {table} WHERE key NOT IN (FROM near)")
    for table in ("wanted", "kept", "near"):
        tables.drop(table)
