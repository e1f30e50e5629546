"""Exports of property graphs: nodes with labels and properties, edges with a type.

Read are the headers of Neo4j's import and admin tools (``:ID(Space)``, ``name``, ``age:int``,
``:LABEL``; ``:START_ID``, ``:END_ID``, ``:TYPE``), which may lie in files of their own, those of
APOC's CSV export (``_id``, ``_labels``, ``_start``, ``_end``, ``_type``) and those of Neptune and
Gremlin (``~id``, ``~label``, ``~from``, ``~to``, ``name:String``).

A node becomes an entity of the kind that its first label names; its properties become names,
numbers and facts as columns of a table do (``kgqa.graph.importer.roles``). Properties of edges are
left out, and counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from kgqa.graph.importer.columns import is_nothing
from kgqa.graph.importer.headers import Heading, words_of
from kgqa.graph.importer.keys import Table
from kgqa.graph.importer.parts import ImportOptions
from kgqa.graph.importer.reading import Row, Sheet
from kgqa.graph.importer.records import Records
from kgqa.graph.importer.wordings import RelationWords
from kgqa.graph.importer.writing import TableWriter
from kgqa.graph.notes import Notes

_SPECIAL = re.compile(
    r"(?P<name>[^:]*):(?P<what>ID|LABEL|START_ID|END_ID|TYPE|IGNORE)"
    r"(?:\((?P<space>[^)]*)\))?(?:\{.*\})?"
)
_TYPED = re.compile(
    r"(?P<name>.*?):(?P<type>\w+)(?P<many>\[\])?(?:\((?:single|set)\))?(?:\{.*\})?", re.S
)
_OTHERS = {
    **{"_id": "ID", "_labels": "LABEL", "_start": "START_ID", "_end": "END_ID", "_type": "TYPE"},
    **{"~id": "ID", "~label": "LABEL", "~from": "START_ID", "~to": "END_ID"},
}
_TYPES = frozenset(
    "int long float double byte short boolean bool string char date datetime localdatetime time"
    " localtime duration point integer number".split()
)


@dataclass(frozen=True)
class Field:
    """A column of an export."""

    what: str  #: "ID", "LABEL", ...; "" for a property
    name: str = ""  #: of a property
    type: str = ""  #: of a property, in lower case, "[]" at its end for several
    space: str = ""  #: of an id


class Edge(NamedTuple):
    """An edge by the ids of its ends."""

    start: str
    end: str
    type: str
    properties: Sequence[str] = ()  #: names of those that it has
    spaces: tuple[str, str] = ("", "")


def fields_of(header: Sequence[str]) -> list[Field] | None:
    """The columns of an export; None if the names are not those of one.

    >>> [f.what or f.name for f in fields_of([":ID(Person)", "age:int", ":LABEL"])]
    ['ID', 'age', 'LABEL']
    """
    fields = []
    for name in header:
        special, typed = _SPECIAL.fullmatch(name.strip()), _TYPED.fullmatch(name.strip())
        if name in _OTHERS:
            fields.append(Field(_OTHERS[name]))
        elif special:
            fields.append(Field(special["what"], special["name"], space=special["space"] or ""))
        elif typed and typed["type"].lower() in _TYPES:
            fields.append(Field("", typed["name"], typed["type"].lower() + (typed["many"] or "")))
        else:
            fields.append(Field("", name))
    found = {field.what for field in fields}
    return fields if "ID" in found or {"START_ID", "END_ID"} <= found else None


@dataclass(frozen=True)
class Export:
    """A file of an export with its columns, which another file may have named."""

    sheet: Sheet
    fields: list[Field]
    header: bool  #: its own first row names them

    def rows(self, options: ImportOptions, notes: Notes) -> Iterator[Row]:
        return self.sheet.rows(options, notes, header=self.header)


def exports_of(sheets: Sequence[Sheet]) -> tuple[list[Export], list[Sheet]]:
    """The files that are exports, and the others.

    A header in a file of its own goes with the files named after it ("persons_header.csv" with
    "persons.csv" and "persons-2.csv"), or else with those that have as many columns.
    """
    exports, alone, others = [], [], []
    for sheet in sheets:
        fields = fields_of(sheet.sample[0])
        if fields is None:
            others.append(sheet)
        elif len(sheet.sample) > 1:
            exports.append(Export(sheet, fields, True))
        else:
            alone.append(Export(sheet, fields, True))
    for header in alone:
        stem = re.sub(r"[-_. ]*headers?$", "", header.sheet.stem, flags=re.I).lower()
        mine = [s for s in others if stem and s.stem.lower().startswith(stem)]
        mine = mine or [s for s in others if s.width == len(header.fields)]
        exports += [Export(sheet, header.fields, False) for sheet in mine] or [header]
        others = [sheet for sheet in others if sheet not in mine]
    return exports, others


def read_nodes(
    exports: Sequence[Export], options: ImportOptions, notes: Notes
) -> tuple[list[Table], list[list[Edge]]]:
    """The nodes of exports as tables, one for each kind and file, and their edges."""
    tables: list[Table] = []
    edges: list[list[Edge]] = []
    for export in exports:
        found, more = _read(export, options, notes)
        tables += found
        edges.append(more)
    return tables, edges


def _read(export: Export, options: ImportOptions, notes: Notes) -> tuple[list[Table], list[Edge]]:
    """The nodes and edges of one file."""
    places = {field.what: i for i, field in enumerate(export.fields) if field.what}
    properties = [i for i, field in enumerate(export.fields) if not field.what]
    id_, start, end = (places.get(what) for what in ("ID", "START_ID", "END_ID"))
    label, type_ = places.get("LABEL"), places.get("TYPE", places.get("LABEL"))
    first, last = (export.fields[i].space if i is not None else "" for i in (start, end))
    nodes: dict[str, list[list[str]]] = {}
    edges: list[Edge] = []
    for row in export.rows(options, notes):
        cells = row.cells
        if start is not None and end is not None and cells[start]:
            names = [export.fields[i].name for i in properties if not is_nothing(cells[i])]
            kind = cells[type_] if type_ is not None else ""
            edge = Edge(cells[start], cells[end], kind or export.sheet.stem, names, (first, last))
            edges.append(edge)
        elif id_ is not None and not cells[id_]:
            notes.add("nodes without an id", f"{export.sheet.name}, line {row.line}")
        elif id_ is not None:
            kinds = [k for k in re.split("[;:]", cells[label] if label is not None else "") if k]
            for kind in kinds[1:]:
                notes.add("further labels of nodes, which are left out", kind)
            kind = words_of(kinds[0]) if kinds else "entity"
            nodes.setdefault(kind, []).append([cells[id_], *(cells[i] for i in properties)])
    fields = [export.fields[i] for i in properties]
    space = export.fields[id_].space if id_ is not None else ""
    name = export.sheet.name
    return [table_of(name, kind, fields, rows, space) for kind, rows in nodes.items()], edges


def table_of(
    name: str, kind: str, fields: Sequence[Field], rows: list[list[str]], space: str = ""
) -> Table:
    """Nodes of one kind as a table; each row begins with the id, and goes on with ``fields``.

    Properties that no node of the kind has are left out.
    """
    used = [i for i in range(len(fields)) if any(not is_nothing(row[i + 1]) for row in rows)]
    kept = [fields[i] for i in used]
    return Table(
        name,
        kind,
        [Heading("id", "id"), *(replace(Heading.of(f.name), ending="") for f in kept)],
        [[row[0], *(row[i + 1] for i in used)] for row in rows],
        ["string", *(field.type for field in kept)],
        linked=True,
        space=space,
        key=0,
    )


def write_edges(edges: Iterable[Edge], records: Records, writer: TableWriter, notes: Notes) -> None:
    """Write edges as facts; ends that no file describes are counted."""
    for edge in edges:
        ends = []
        for id_, space in zip((edge.start, edge.end), edge.spaces, strict=True):
            found = records.find(id_, space)
            if found is None:
                notes.add("ends of edges that no file describes", id_)
            ends.append(id_ if found is None else found)
        if not all(ends):
            continue
        writer.describe(edge.type, RelationWords(words_of(edge.type)))
        writer.triple(ends[0], edge.type, ends[1])
        for name in edge.properties:
            notes.add("properties of edges, which are left out", f"{edge.type}: {name}")
