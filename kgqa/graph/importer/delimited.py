"""Comma-separated text and its like become tables that the build reads.

Three shapes are told apart by what they hold (``kgqa.graph.importer.shapes``): facts (head,
relation, tail), edge lists with named columns, and tables of records, whose rows are entities.
Files that are given together are one graph: a column of one may refer to the rows of another, and
ids of facts are those of the tables beside them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from kgqa.errors import GraphError
from kgqa.graph.importer import lines, property_graph
from kgqa.graph.importer.columns import is_nothing, survey
from kgqa.graph.importer.headers import Heading, kind_of, plural, words_of
from kgqa.graph.importer.keys import Table
from kgqa.graph.importer.parts import ImportOptions, Part
from kgqa.graph.importer.reading import Sheet
from kgqa.graph.importer.records import Records
from kgqa.graph.importer.shapes import KINDS, NAMES, Form, Shape, form_of, has_header
from kgqa.graph.importer.wordings import RelationWords
from kgqa.graph.importer.writing import TableWriter
from kgqa.graph.notes import Notes

_WHOLE = re.compile(r"-?\d+\.0", re.ASCII)
_UNNAMED = re.compile(r"|Unnamed: \d+|index")
_FACTS = (Shape.TRIPLES, Shape.PAIRS)
_NATIVE = ("triples", "entities", "numbers", "relations", "names")


def write_tables(
    parts: Sequence[Part], folder: Path, options: ImportOptions, notes: Notes
) -> list[str]:
    """Write the tables of files of delimited text to a folder; returns what each was read as.

    Raises :class:`GraphError` naming file and line.
    """
    sheets = [Sheet.of(part, notes) for part in parts]
    words = [sheet for sheet in sheets if _has_words(sheet)]
    exports, others = property_graph.exports_of([s for s in sheets if s not in words])
    forms = [form_of(sheet) for sheet in others]
    facts = any(form.shape in _FACTS for form in forms) or bool(exports)
    if facts:
        forms = [
            form if form.shape in _FACTS and form.header else _beside(sheet, form, forms)
            for sheet, form in zip(others, forms, strict=True)
        ]
    nodes, edges = property_graph.read_nodes(exports, options, notes)
    tables = list(nodes)
    for sheet, form in zip(others, forms, strict=True):
        if form.shape is Shape.RECORDS:
            tables += _tables(sheet, form, options, notes, linked=facts)
    with TableWriter(folder, notes) as writer:
        records = Records(tables, writer, notes, options.classes)
        for sheet in words:
            _describe(sheet, writer, options, notes)
        records.write()
        for sheet, form in zip(others, forms, strict=True):
            if form.shape is not Shape.RECORDS:
                _write(sheet, form, records, writer, options, notes)
        for more in edges:
            property_graph.write_edges(more, records, writer, notes)
    read = {s.name: _called(s, f) for s, f in zip(others, forms, strict=True)}
    read |= {sheet.name: "words of relations" for sheet in words}
    read |= {e.sheet.name: "an export of a property graph" for e in exports}
    return [f"{sheet.name}: {read.get(sheet.name, 'a header')}" for sheet in sheets]


def native(parts: Sequence[Part], notes: Notes) -> dict[str, Path] | None:
    """{"triples": file, ...} of files that the build reads as they are; None if they are not.

    One file of facts, or ``triples.tsv`` with ``entities.tsv`` and the others beside it, without
    header rows.
    """
    found: dict[str, Path] = {}
    marks = Notes()  # counted if nothing else reads the files
    for part in parts:
        if part.path.suffix not in ("", ".tsv", ".txt", ".tab", ".gz"):
            return None
        sheet = Sheet.of(part, marks)
        what = sheet.stem if len(parts) > 1 else "triples"
        if not sheet.plain or what not in _NATIVE or what in found or _headed(sheet, what):
            return None
        if what == "triples" and form_of(sheet).shape is not Shape.TRIPLES:
            return None
        found[what] = part.path
    if "triples" not in found or lines.is_ntriples(found["triples"]):
        return None
    for note in marks.found:
        notes.add(note.what, "; ".join(note.examples[:1]), note.count)
    return found


def _headed(sheet: Sheet, what: str) -> bool:
    """Whether a file that is named as the build names it has a header row."""
    return _has_words(sheet) if what == "relations" else has_header(sheet)


def _has_words(sheet: Sheet) -> bool:
    """Whether a sheet gives the words of relations, under their names: id, label, inverse."""
    names = [words_of(name) for name in sheet.sample[0]]
    return sheet.stem == "relations" and names[:2] in (["id", "label"], ["relation", "label"])


def _describe(sheet: Sheet, writer: TableWriter, options: ImportOptions, notes: Notes) -> None:
    """Read the words of relations; columns after the inverse are unit and context."""
    for row in sheet.rows(options, notes, header=True):
        writer.describe(row.cells[0], RelationWords(*row.cells[1:5]))


def _beside(sheet: Sheet, form: Form, forms: Sequence[Form]) -> Form:
    """The form of a sheet beside facts, which may list their entities."""
    others = [f for f in forms if f is not form and f.shape in _FACTS]
    return form_of(sheet, beside_facts=bool(others))


def _called(sheet: Sheet, form: Form) -> str:
    """What a sheet was read as, in words."""
    if form.shape is Shape.RECORDS:
        return f"a table of {plural(kind_of(sheet.name))}"
    return {Shape.PAIRS: "edges", Shape.ENTITIES: "entities"}.get(form.shape, str(form.shape))


# -- tables of records -----------------------------------------------------------------------------


def _tables(
    sheet: Sheet, form: Form, options: ImportOptions, notes: Notes, *, linked: bool
) -> list[Table]:
    """A sheet of records as a table; one for each kind, where facts of other files join them."""
    if not form.header:
        raise GraphError(
            f"{sheet.name} has {sheet.width} columns without names. Its first row has to name "
            "them; files without such a row are read as facts of three columns: head, relation, "
            "tail."
        )
    header = list(sheet.sample[0])
    rows = [row.cells for row in sheet.rows(options, notes, header=True)]
    if _UNNAMED.fullmatch(header[0]) and _counts(rows):
        notes.add("columns that only number the rows, left out", sheet.name)
        header, rows = header[1:], [row[1:] for row in rows]
    headings = [Heading.of(name or f"column {n}") for n, name in enumerate(header, 1)]
    _mend_whole_numbers(rows)
    kind = kind_of(sheet.name)
    full = [heading.full for heading in headings]
    column = next((full.index(words) for words in KINDS if words in full), None)
    named = any(words in NAMES and full.index(words) != column for words in full)
    if not linked or kind != "entity" or column is None or not named:
        return [Table(sheet.name, kind, headings, rows)]
    kinds = list(dict.fromkeys(row[column] for row in rows))
    parted = []
    for name in kinds:
        mine = [row for row in rows if row[column] == name]
        for row in mine:
            row[column] = ""
        called = words_of(name) if not is_nothing(name) else kind
        parted.append(Table(sheet.name, called, headings, mine, linked=True))
    return parted


def _counts(rows: list[list[str]]) -> bool:
    """Whether the first column counts the rows, as DataFrames write an index."""
    numbers = [row[0] for row in rows]
    return any(numbers == [str(n) for n in range(first, len(rows) + first)] for first in (0, 1))


def _mend_whole_numbers(rows: list[list[str]]) -> None:
    """Write 7.0 as 7 in columns where all numbers are whole.

    DataFrames write ids so where some are missing, and they have to agree with those of others.
    """
    for place in range(len(rows[0]) if rows else 0):
        known = [row[place] for row in rows if not is_nothing(row[place])]
        if known and all(map(_WHOLE.fullmatch, known)):
            for row in rows:
                row[place] = row[place].removesuffix(".0")


# -- facts -----------------------------------------------------------------------------------------


def _write(
    sheet: Sheet,
    form: Form,
    records: Records,
    writer: TableWriter,
    options: ImportOptions,
    notes: Notes,
) -> None:
    """Write a sheet of facts, pairs, numbers or entities."""
    if form.header:
        notes.add("header rows", f"{sheet.name}: {', '.join(sheet.sample[0])}")
    relation = words_of(sheet.stem)
    if relation in ("edges", "links", "relations", "relationships", "edge list", "edgelist"):
        relation = "linked to"
    reads = [
        survey(
            Heading(""),
            [row[form.tail] for row in sheet.sample[form.header :] if len(row) > form.tail],
        )
    ]
    for row in sheet.rows(options, notes, header=form.header):
        cells = row.cells
        if form.shape is Shape.ENTITIES:
            label, description, kind = [*cells[1:], "", "", ""][:3]
            writer.entity(cells[0], label, description=description, kind=kind)
            continue
        head, tail = cells[form.head], cells[form.tail]
        name = cells[form.relation] if form.relation is not None else relation
        if not (head and tail and name):
            notes.add("facts with an empty cell", f"{sheet.name}, line {row.line}")
            continue
        head, tail = _end(records, head), _end(records, tail)
        if not (head and tail):
            continue  # of a kind that is left out
        if form.shape is Shape.NUMBERS:
            number = reads[0].read(cells[form.tail])
            if number is None:
                notes.add("values that are no number", f"{sheet.name}, line {row.line}: {tail}")
            else:
                writer.number(head, name, number)
            continue
        writer.triple(head, name, tail)
        for place in form.more:
            if not is_nothing(cells[place]):
                what = f"{sheet.name}: {sheet.sample[0][place]}"
                notes.add("properties of edges, which are left out", what)


def _end(records: Records, id_: str) -> str:
    """The entity that a fact means; "" if its kind is left out."""
    found = records.find(id_)
    return id_ if found is None else found
