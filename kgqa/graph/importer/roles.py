"""What each column of a table of records is for: key, name, description, reference, number, text.

    columns_of(tables, place) -> [Column]

``kgqa.graph.importer.naming`` then names the relations that they become.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from kgqa.graph.importer.columns import Sort, Values, ambiguous_dates, boolean_words, survey
from kgqa.graph.importer.headers import Heading
from kgqa.graph.importer.keys import Reference, Table, find_reference, matches
from kgqa.graph.importer.shapes import ALIASES, DESCRIPTIONS, NAMES
from kgqa.graph.importer.wordings import RelationWords
from kgqa.graph.notes import Notes

_FIRST = ("first name", "firstname", "given name", "forename", "first", "vorname", "prename")
_LAST = ("last name", "lastname", "surname", "family name", "last", "nachname")
_BUSINESS = ("company", "company name", "organisation", "organization", "business name", "firm")
LONG = 80  #: characters, on average, of texts that are split no further and shared by no rows


class Role(StrEnum):
    """What a column is for."""

    KEY = "key"
    NAME = "name"
    DESCRIPTION = "description"
    ALIAS = "other names"
    REFERENCE = "reference"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "yes or no"
    TEXT = "text"
    NOTHING = "nothing"


@dataclass
class Column:
    """A column with its role, and the relation that it becomes."""

    place: int
    heading: Heading
    role: Role
    values: Values
    reference: Reference | None = None
    relation: str = ""  #: its id
    kind: str = ""  #: of the values, if they are texts
    target: str = ""  #: the kind of rows that a code of another table refers to
    separator: str = ""  #: between several values in one cell

    @property
    def words(self) -> str:
        """The words of its relation."""
        if self.role is Role.BOOLEAN:
            return boolean_words(self.heading)[0]
        words = self.target or self.heading.words
        if self.role in (Role.TEXT, Role.REFERENCE):
            words = words.removesuffix(" name") or words
        return words


@dataclass
class Plan:
    """How a table is written."""

    table: Table
    columns: list[Column]
    names: tuple[int, ...] = ()  #: columns that together are the label
    joins: tuple[Column, Column] | None = None  #: the two references of a table that joins
    relation: str = ""  #: the relation of such a table
    words: dict[str, RelationWords] = field(default_factory=dict)


def label_of(row: Sequence[str], names: Sequence[int]) -> str:
    """The label of a row: its name, or first and last name."""
    return " ".join(row[place] for place in names if row[place]).strip()


def name_columns(table: Table) -> tuple[int, ...]:
    """The columns that make the label; () if there is none."""
    full = [heading.full for heading in table.headings]
    first = next((i for i, words in enumerate(full) if words in _FIRST), None)
    last = next((i for i, words in enumerate(full) if words in _LAST), None)
    if first is not None and last is not None:
        return (first, last)
    own = [f"{table.kind} {name}" for name in NAMES]
    business = () if first is not None or last is not None else _BUSINESS
    for words in (*own, *NAMES, table.kind, *business, "product name", "product"):
        if (
            words in full
            and full.index(words) != table.key
            and _names_rows(table, full.index(words))
        ):
            return (full.index(words),)
    if first is not None or last is not None:
        return tuple(i for i in (first, last) if i is not None)
    for place, words in enumerate(full):
        if words.endswith(" name") and matches(words.removesuffix(" name"), table.kind):
            return (place,)
    return ()


def _names_rows(table: Table, place: int) -> bool:
    """Whether a column has texts, most of them distinct."""
    values = table.values(place)
    sort = survey(table.headings[place], values, "").sort
    return bool(values) and (sort is Sort.TEXT or len(set(values)) > 0.9 * len(values))


def labels_of(table: Table, names: Sequence[int]) -> dict[str, str]:
    """{name: id} of the names that one row alone has."""
    labels = [label_of(row, names) for row in table.rows]
    counts = Counter(labels)
    return {
        label: row[table.key or 0]
        for label, row in zip(labels, table.rows, strict=True)
        if label and counts[label] == 1
    }


def columns_of(
    tables: Sequence[Table], mine: int, names: Sequence[int], notes: Notes
) -> list[Column]:
    table = tables[mine]
    described = next(
        (i for w in DESCRIPTIONS for i, h in enumerate(table.headings) if h.full == w), None
    )
    columns = []
    for place, heading in enumerate(table.headings):
        known = table.values(place)
        values = survey(heading, known, table.types[place] if table.types else "")
        column = Column(place, heading, Role.TEXT, values)
        if place == table.key:
            column.role = Role.KEY
        elif place in names:
            column.role = Role.NAME
        elif values.sort is Sort.NOTHING:
            column.role = Role.NOTHING
            notes.add("columns without values", f"{table.name}: {heading.full}")
        elif place == described:
            column.role = Role.DESCRIPTION
        elif heading.full in ALIASES:
            column.role = Role.ALIAS
        else:
            found = None if table.linked else find_reference(tables, mine, place)
            _of_values(column, known, found, table, notes)
        columns.append(column)
    return columns


def _of_values(
    column: Column, known: list[str], reference: Reference | None, table: Table, notes: Notes
) -> None:
    """The role of a column by what its values are."""
    sorts = {Sort.NUMBER: Role.NUMBER, Sort.DATE: Role.DATE, Sort.BOOLEAN: Role.BOOLEAN}
    if reference is not None:
        column.role, column.reference = Role.REFERENCE, reference
        column.separator = reference.separator
    else:
        column.role = sorts.get(column.values.sort, Role.TEXT)
    if column.role is Role.DATE and ambiguous_dates(known):
        where = f"{table.name}: {column.heading.full}"
        notes.add("columns of dates that are read with the day first", where)
    if table.types and table.types[column.place].endswith("[]"):
        column.separator = ";"
    elif column.role is Role.TEXT and sum(map(len, known)) <= LONG * len(known):
        column.separator = next((s for s in ";|" if any(s in value for value in known)), "")
