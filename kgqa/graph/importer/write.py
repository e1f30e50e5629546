"""From tables to the arrays of a graph folder, a chunk at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import numpy as np

from kgqa.graph.importer import lines
from kgqa.graph.importer.npy import NpyWriter, StringsWriter
from kgqa.graph.importer.tables import Tables
from kgqa.graph.names import KIND, normalise, variants
from kgqa.graph.vocabulary import block, letters

ROWS = 100_000


def rows_of(tables: Tables, name: str, sql: str, total: int) -> Iterator[list[tuple]]:
    """The rows of a query in chunks, with progress."""
    with tables.stage(name, None, total) as advance:
        found = tables.db.cursor().execute(sql)
        while rows := found.fetchmany(ROWS):
            yield rows
            advance(len(rows))


class Edges:
    """Writes entity_group, group_relation, group_edge and tail from sorted keys."""

    def __init__(self, folder: Path, entities: int, half: int, bits: int, bits_r: int, most: int):
        self.half, self.bits, self.bits_r = half, bits, bits_r
        self.small = np.int32 if most < 2**31 else np.int64
        self.folder = folder
        self.tail = NpyWriter(folder / "tail.npy", np.int32)
        self.group_relation = NpyWriter(
            folder / "group_relation.npy", np.uint8 if 2 * half <= 256 else np.int16
        )
        self.group_edge = NpyWriter(folder / "group_edge.npy", self.small)
        self.groups = np.zeros(entities, dtype=np.int32)  # of each entity
        self.degree = np.zeros(entities, dtype=np.int64)
        self.triples = np.zeros(half, dtype=np.int64)  # of each relation
        self._last = -1

    def extend(self, keys: np.ndarray) -> None:
        """Further keys, ascending; equal ones count once."""
        before = np.concatenate([[self._last], keys[:-1]])
        keys, before = keys[keys != before], before[keys != before]
        if not len(keys):
            return
        pair, start = keys >> self.bits, self.tail.length
        new = (pair != before >> self.bits) | (before < 0)
        head, relation = pair >> self.bits_r, pair & ((1 << self.bits_r) - 1)
        self.tail.append(keys & ((1 << self.bits) - 1))
        self.group_relation.append(relation[new])
        self.group_edge.append(start + np.flatnonzero(new))
        low, high = int(head[0]), int(head[-1]) + 1
        self.groups[low:high] += np.bincount(head[new] - low, minlength=high - low).astype(np.int32)
        self.degree[low:high] += np.bincount(head - low, minlength=high - low)
        self.triples += np.bincount(relation, minlength=2 * self.half)[: self.half]
        self._last = int(keys[-1])

    def close(self) -> None:
        self.group_edge.append([self.tail.length])
        np.save(
            self.folder / "entity_group.npy",
            np.concatenate([[0], self.groups.cumsum()]).astype(self.small),
        )
        for writer in (self.tail, self.group_relation, self.group_edge):
            writer.close()


def edges(tables: Tables, folder: Path, entities: int, half: int, bits: int, bits_r: int) -> Edges:
    """Write the edges."""
    total = tables.one("SELECT count(*) FROM edges")
    tables.run("sorting edges", "CREATE TABLE ordered AS SELECT k FROM edges ORDER BY k")
    tables.db.execute("DROP TABLE edges")
    found = Edges(folder, entities, half, bits, bits_r, total)
    step = 2**22
    with tables.stage("writing edges", None, total) as advance:
        for low in range(0, total, step):
            part = tables.db.execute(
                f"SELECT k FROM ordered WHERE rowid >= {low} AND rowid < {low + step} ORDER BY rowid"
            )
            keys = part.fetchnumpy()["k"]
            found.extend(np.asarray(keys, dtype=np.int64))
            advance(len(keys))
    tables.db.execute("DROP TABLE ordered")
    found.close()
    return found


def own_words(key: str) -> str:
    """A label for an entity that has none: the last part of its id, in words."""
    if key.startswith('"'):
        return lines.unescape(key[1 : key.rindex('"')])
    last = key.rstrip("/#").rsplit("/", 1)[-1].rsplit("#", 1)[-1] if "://" in key else key
    return unquote(last).replace("_", " ").strip() or key


def entities(
    tables: Tables, folder: Path, degree: np.ndarray, *, ntriples: bool
) -> tuple[list[str], Path]:
    """Write labels, keys, kinds and descriptions; returns the kinds and a file of aliases (form, kind, degree, entity)."""
    tables.db.execute(
        "CREATE TABLE descriptions AS SELECT row_number() OVER (ORDER BY description) - 1 AS d, description "
        "FROM (SELECT DISTINCT description FROM entities)"
    )
    texts = tables.db.execute("SELECT description FROM descriptions ORDER BY d").fetchall()
    described = StringsWriter(folder, "description")
    described.extend([lines.unescape(text) if ntriples else text for (text,) in texts])
    described.close()
    kinds: dict[str, int] = {}
    label, key = StringsWriter(folder, "label"), StringsWriter(folder, "key")
    kind_of, description_of = (
        NpyWriter(folder / "entity_kind.npy", np.uint8),
        NpyWriter(folder / "entity_description.npy", np.int32),
    )
    names = tables.db.cursor().execute("SELECT i, name FROM names ORDER BY i, name")
    waiting = names.fetchone()
    aliases = folder / "aliases.tsv"
    sql = "SELECT e.i, e.key, e.label, e.kind, d.d FROM entities AS e JOIN descriptions AS d USING (description) ORDER BY e.i"
    with aliases.open("w", encoding="utf-8") as file:
        for rows in rows_of(tables, "writing entities", sql, len(degree)):
            labels, keys = [], []
            for i, own, said, kind, _ in rows:
                text = (
                    (lines.unescape(said) if ntriples else said)
                    if said is not None
                    else own_words(own)
                )
                labels.append(text)
                keys.append("" if own == f"{kind}:{text}" else own)
                forms: dict[str, int] = {}
                if kind != "value" and not own.startswith(
                    "_:"
                ):  # nodes without a name of their own cannot be asked about
                    forms[normalise(text)] = KIND["label"]
                    for form, how in variants(text, title=True):
                        forms[form] = min(how, forms.get(form, how))
                while waiting is not None and waiting[0] <= i:
                    form = normalise(lines.unescape(waiting[1]))
                    forms[form] = min(KIND["other name"], forms.get(form, KIND["other name"]))
                    waiting = names.fetchone()
                forms.pop("", None)
                file.writelines(f"{form}\t{how}\t{degree[i]}\t{i}\n" for form, how in forms.items())
            label.extend(labels)
            key.extend(keys)
            kind_of.append([kinds.setdefault(row[3], len(kinds)) for row in rows])
            description_of.append([row[4] for row in rows])
    for writer in (label, key, kind_of, description_of):
        writer.close()
    return list(kinds), aliases


def aliases(tables: Tables, folder: Path, source: Path) -> int:
    """Write the alias index and the word index; returns the number of (alias, entity) pairs."""
    name = str(source).replace("'", "''")
    columns = "{'form': 'VARCHAR', 'kind': 'UTINYINT', 'degree': 'BIGINT', 'i': 'INTEGER'}"
    read = f"read_csv('{name}', delim = chr(9), quote = '', escape = '', header = false, auto_detect = false, columns = {columns})"
    tables.run(
        "sorting aliases",
        f"CREATE TABLE aliases AS SELECT * FROM {read} ORDER BY form, kind, degree DESC, i",
    )
    source.unlink()
    total = tables.one("SELECT count(*) FROM aliases")
    text, entry = StringsWriter(folder, "alias"), NpyWriter(folder / "alias_entry.npy", np.int32)
    entity, kind = (
        NpyWriter(folder / "alias_entity.npy", np.int32),
        NpyWriter(folder / "alias_kind.npy", np.uint8),
    )
    last = None
    for rows in rows_of(
        tables, "writing aliases", "SELECT form, i, kind FROM aliases ORDER BY rowid", total
    ):
        starts = []
        for place, (form, _, _) in enumerate(rows, entity.length):
            if form != last:
                starts.append(place)
                last = form
        base = entity.length
        text.extend([rows[place - base][0] for place in starts])
        entry.append(starts)
        entity.append([row[1] for row in rows])
        kind.append([row[2] for row in rows])
    entry.append([total])
    for writer in (text, entry, entity, kind):
        writer.close()
    tables.run(
        "counting words",
        "CREATE TABLE words AS SELECT w, count(*) AS n FROM (SELECT unnest(string_split(form, ' ')) AS w FROM "
        "(SELECT DISTINCT form FROM aliases)) GROUP BY w ORDER BY length(w), w",
    )
    word, count = StringsWriter(folder, "word"), NpyWriter(folder / "word_count.npy", np.int32)
    sets, per_length = (
        NpyWriter(folder / "word_letters.npy", np.uint64),
        np.zeros(1, dtype=np.int64),
    )
    for rows in rows_of(
        tables,
        "writing words",
        "SELECT w, n FROM words ORDER BY rowid",
        tables.one("SELECT count(*) FROM words"),
    ):
        word.extend([w for w, _ in rows])
        count.append([n for _, n in rows])
        sets.append(np.array([letters(w) for w, _ in rows], dtype=np.uint64))
        more = np.bincount([len(w) for w, _ in rows])
        longest = max(len(more), len(per_length))
        per_length = np.pad(per_length, (0, longest - len(per_length))) + np.pad(
            more, (0, longest - len(more))
        )
    for writer in (word, count, sets):
        writer.close()
    np.save(folder / "word_block.npy", block(per_length))
    return total


def numbers(tables: Tables, folder: Path) -> None:
    """Write the literals that are numbers."""
    columns = {
        "i": NpyWriter(folder / "number_entity.npy", np.int32),
        "r": NpyWriter(folder / "number_relation.npy", np.int16),
        "value": NpyWriter(folder / "number_value.npy", np.float64),
    }
    total, step = tables.one("SELECT count(*) FROM numbers"), 2**22
    for low in range(0, total, step):
        part = tables.db.execute(
            f"SELECT * FROM numbers WHERE rowid >= {low} AND rowid < {low + step} ORDER BY rowid"
        ).fetchnumpy()
        for name, writer in columns.items():
            writer.append(np.asarray(part[name]))
    for writer in columns.values():
        writer.close()
