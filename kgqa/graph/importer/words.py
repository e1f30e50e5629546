"""From tables to entities in words: labels, ids, descriptions, alias index and word index."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

import numpy as np

from kgqa.graph.importer import lines
from kgqa.graph.importer.npy import NpyWriter, StringsWriter
from kgqa.graph.importer.sql import cells
from kgqa.graph.importer.tables import Tables
from kgqa.graph.names import KIND, normalise, parts, short_names, variants
from kgqa.graph.numbers import written
from kgqa.graph.relation import relation_of
from kgqa.graph.vocabulary import block, letters

_ENTITIES = (
    "SELECT e.i, e.key, e.label, e.kind, d.d FROM entities AS e "
    "JOIN descriptions AS d USING (description) ORDER BY e.i"
)
_ALIASES = "CREATE TABLE aliases AS SELECT * FROM {} ORDER BY form, kind, degree DESC, i"
_COLUMNS = {"form": "VARCHAR", "kind": "UTINYINT", "degree": "BIGINT", "i": "INTEGER"}
_WORDS = (
    "CREATE TABLE words AS SELECT w, count(*) AS n FROM ("
    "SELECT unnest(string_split(form, ' ')) AS w FROM (SELECT DISTINCT form FROM aliases)"
    ") GROUP BY w ORDER BY length(w), w"
)


#: A day in a literal; one with another time than midnight stays as it is written.
_DAY = re.compile(
    r'"(\d{4}-\d\d-\d\d)(?:T00:00:00(?:\.0+)?)?(?:Z|[+-]\d\d:\d\d)?"'
    r"\^\^<http://www\.w3\.org/2001/XMLSchema#date(?:Time|TimeStamp)?>"
)
_JOINED_NAME = re.compile(r"(?:[^\W\d_a-z][^\W\d_A-Z]+){2,}")  # "AdaLovelace"
_CAPITALS = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Row(NamedTuple):
    """An entity as the tables hold it."""

    entity: int
    id: str
    label: str | None  #: None if the source gives none
    kind: str
    description: int  #: position among the distinct descriptions


class EntityWriter:
    """Writes entities in words, and their aliases to a file: form, kind, degree, entity."""

    def __init__(self, tables: Tables, folder: Path, degree: np.ndarray, *, part_names: bool):
        self._ntriples, self._part_names, self._degree = tables.ntriples, part_names, degree
        self._nameable = tables.nameable
        self._label, self._key = StringsWriter(folder, "label"), StringsWriter(folder, "key")
        self._kind = NpyWriter.of(folder, "entity_kind")
        self._description = NpyWriter.of(folder, "entity_description")
        self._names = tables.db.cursor().execute("SELECT i, name FROM names ORDER BY i, name")
        self._next_name = self._names.fetchone()
        self._kinds: dict[str, int] = {}
        self.aliases = folder / "aliases.tsv"
        self._file = self.aliases.open("w", encoding="utf-8")

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of entity in the order in which they occur."""
        return tuple(self._kinds)

    def extend(self, rows: list[Row]) -> None:
        """Further entities, in ascending order."""
        labels = [self._label_of(row) for row in rows]
        self._label.extend(labels)
        self._key.extend(
            [
                "" if r.id == f"{r.kind}:{label}" else r.id
                for r, label in zip(rows, labels, strict=True)
            ]
        )
        kinds = [self._kinds.setdefault(row.kind, len(self._kinds)) for row in rows]
        self._kind.append(np.array(kinds).astype(np.uint8))  # the caller refuses more than 256
        self._description.append([row.description for row in rows])
        for row, label in zip(rows, labels, strict=True):
            degree = self._degree[row.entity]
            self._file.writelines(
                f"{form}\t{kind}\t{degree}\t{row.entity}\n"
                for form, kind in self._forms(row, label).items()
            )

    def close(self) -> None:
        self._file.close()
        for writer in (self._label, self._key, self._kind, self._description):
            writer.close()

    def _label_of(self, row: Row) -> str:
        if row.label is not None:
            return lines.unescape(row.label) if self._ntriples else row.label
        return rdf_words(row.id, row.kind) if self._ntriples else own_words(row.id)

    def _forms(self, row: Row, label: str) -> dict[str, int]:
        """{alias in normal form: kind} of an entity."""
        forms: dict[str, int] = {}
        # Values (of N-Triples, and of numbers) and blank nodes have no name of their own.
        literal = self._ntriples and (row.kind == "value" or row.id.startswith("_:"))
        if row.entity < self._nameable and not literal:
            forms = _of_id(row) if self._ntriples else {}
            forms[normalise(label)] = KIND["label"]
            for form, kind in variants(label, title=True):
                forms[form] = min(kind, forms.get(form, kind))
            for form, kind in short_names(label, row.kind):
                forms[form] = min(kind, forms.get(form, kind))
            for form, kind in parts(label) if self._part_names else ():
                forms[form] = min(kind, forms.get(form, kind))
        kind = KIND["other name"]
        while self._next_name is not None and self._next_name[0] <= row.entity:
            name = self._next_name[1]
            form = normalise(lines.unescape(name) if self._ntriples else name)
            forms[form] = min(kind, forms.get(form, kind))
            self._next_name = self._names.fetchone()
        forms.pop("", None)
        return forms


def _of_id(row: Row) -> dict[str, int]:
    """The name that the id of an entity of RDF is: "AdaLovelace" of ":AdaLovelace", too."""
    if row.label is None:
        return {normalise(own_words(row.id)): KIND["label"]}
    form = normalise(rdf_words(row.id, row.kind))
    readable = len(form) > 2 and not any(map(str.isdigit, form))  # no Q42
    return {form: KIND["other name"]} if readable else {}


def rdf_words(id_: str, kind: str) -> str:
    """A label for a term of RDF that has none.

    >>> day = '"1975-06-20"^^<http://www.w3.org/2001/XMLSchema#date>'
    >>> [rdf_words(id_, "entity") for id_ in (day, "http://e.org/AdaLovelace", "_:b1")]
    ['20 June 1975', 'Ada Lovelace', 'unnamed']
    >>> rdf_words("http://e.org/SoccerPlayer", "class")
    'soccer player'
    """
    if id_.startswith("_:"):
        return "unnamed" if kind == "entity" else f"unnamed {kind}"
    if id_.startswith('"'):
        with suppress(ValueError):
            if day := _DAY.match(id_):
                return written(date.fromisoformat(day[1]).toordinal(), "date")
        return own_words(id_)
    if kind == "class":
        return relation_of(id_).label
    text = own_words(id_)
    return _CAPITALS.sub(" ", text) if _JOINED_NAME.fullmatch(text) else text


def own_words(id_: str) -> str:
    """A label for an entity that has none: the last part of its id, in words."""
    if id_.startswith('"'):
        return lines.unescape(id_[1 : id_.rindex('"')])
    last = id_.rstrip("/#").rsplit("/", 1)[-1].rsplit("#", 1)[-1] if "://" in id_ else id_
    if "://" in id_:
        last = lines.unescape(last)
    return unquote(last).replace("_", " ").strip() or id_


def write_entities(
    tables: Tables, folder: Path, degree: np.ndarray, *, part_names: bool
) -> EntityWriter:
    """Write entities in words; the writer then knows the kinds and the file of aliases."""
    tables.db.execute(
        "CREATE TABLE descriptions AS SELECT row_number() OVER (ORDER BY description) - 1 AS d, "
        "description FROM (SELECT DISTINCT description FROM entities)"
    )
    texts = tables.db.execute("SELECT description FROM descriptions ORDER BY d").fetchall()
    described = StringsWriter(folder, "description")
    described.extend([lines.unescape(text) if tables.ntriples else text for (text,) in texts])
    described.close()
    writer = EntityWriter(tables, folder, degree, part_names=part_names)
    for rows in tables.rows("writing entities", _ENTITIES, len(degree)):
        writer.extend([Row(*row) for row in rows])
    writer.close()
    tables.run("sorting ids", "CREATE TABLE ids AS SELECT i FROM entities ORDER BY key")
    order = NpyWriter.of(folder, "id_order")
    for columns in tables.chunks("writing ids", "ids"):
        order.append(np.asarray(columns["i"]))
    order.close()
    return writer


def write_aliases(tables: Tables, folder: Path, source: Path) -> int:
    """Write the alias index from a file of aliases; returns the number of pairs (alias, entity)."""
    tables.run("sorting aliases", _ALIASES.format(cells(source, _COLUMNS)))
    source.unlink()
    pairs = tables.count("aliases")
    text, entry = StringsWriter(folder, "alias"), NpyWriter.of(folder, "alias_entry")
    entity, kind = NpyWriter.of(folder, "alias_entity"), NpyWriter.of(folder, "alias_kind")
    last = None
    query = "SELECT form, i, kind FROM aliases ORDER BY rowid"
    for rows in tables.rows("writing aliases", query, pairs):
        first = []  # rows with which an alias begins
        for place, (form, _, _) in enumerate(rows):
            if form != last:
                first.append(place)
                last = form
        text.extend([rows[place][0] for place in first])
        entry.append(entity.length + np.array(first, dtype=np.int64))
        entity.append([row[1] for row in rows])
        kind.append([row[2] for row in rows])
    entry.append([pairs])
    for writer in (text, entry, entity, kind):
        writer.close()
    return pairs


def write_words(tables: Tables, folder: Path) -> None:
    """Write the word index of the table of aliases."""
    tables.run("counting words", _WORDS)
    word, count = StringsWriter(folder, "word"), NpyWriter.of(folder, "word_count")
    sets, first = NpyWriter.of(folder, "word_letters"), NpyWriter.of(folder, "word_block")
    for rows in tables.rows(
        "writing words", "SELECT w, n FROM words ORDER BY rowid", tables.count("words")
    ):
        word.extend([w for w, _ in rows])
        count.append([n for _, n in rows])
        sets.append(np.array([letters(w) for w, _ in rows], dtype=np.uint64))
    per_length = tables.db.execute("SELECT length(w), count(*) FROM words GROUP BY 1").fetchall()
    lengths = np.zeros(max((n for n, _ in per_length), default=0) + 1, dtype=np.int64)
    for length, words in per_length:
        lengths[length] = words
    first.append(block(lengths))
    for writer in (word, count, sets, first):
        writer.close()
