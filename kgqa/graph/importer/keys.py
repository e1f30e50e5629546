"""Which column of a table identifies its rows, and which columns name rows of other tables.

A reference is known by its values first: nearly all are ids (or names) of rows of the other table.
As small tables all have rows 1, 2, 3, the column's name decides among them: "customer_id" refers
to customers, "manager_id" of staff to staff, "handled_by" to whoever is a person, "shipped_from" to
whatever is a place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from kgqa.graph.importer.columns import is_nothing
from kgqa.graph.importer.headers import CODES, Heading, singular
from kgqa.graph.importer.shapes import DESCRIPTIONS
from kgqa.graph.names import PEOPLE

MOST = 0.9  #: share of a column's values that have to be ids of the table it refers to
_PLACES = frozenset(
    "office branch warehouse store shop site location depot plant factory building city town"
    " country region place station port airport school hospital venue room department".split()
)
_AT = re.compile(r"\b(?:from|at|in|via)$")
_SAME = (
    *("staff employee worker personnel colleague", "customer client buyer", "supplier vendor"),
    *("product item article", "person people", "department dept", "category cat"),
)
#: Words for another row of the same table.
_SELF = re.compile(
    r"\b(?:parent|manager|supervisor|boss|reports? to|lead|leader|mentor|predecessor|successor"
    r"|previous|next|spouse|partner|replaces|replaced by|father|mother|managed by|superior|sibling"
    r"|friend|backup|deputy|managed by)\b"
)
#: Words at the end of a header that name a person by what they do, so that a number there is one.
_ROLE = re.compile(
    r"\b(?:rep|representative|agent|assistant|owner|seller|sales ?(?:wo)?m[ae]n|salesperson|handler"
    r"|assignee|assigned to|approver|author|editor|reviewer|reporter|requester|planner|buyer"
    r"|driver|courier|picker|packer|cashier|clerk|technician|engineer|operator|inspector|trainer"
    r"|coach|teacher|tutor|instructor|doctor|physician|nurse|surgeon|consultant|adviser|advisor"
    r"|contact|coordinator|organi[sz]er|host|chair|head|director|creator|attendant|receptionist"
    r"|employee|librarian|caretaker|examiner|interviewer|recruiter|referrer)$"
)
_AGENT = re.compile(r"(?:\bby|\brep|\bagent|\bassistant|\bowner|er|or|ist|\bto)$")
NO_NAME = re.compile(
    r"\b(?:e ?mail|phone|tel|mobile|fax|address|street|url|website|notes?|comments?|remarks?)\b"
)


@dataclass
class Table:
    """A table of records in memory."""

    name: str  #: of its file, for messages
    kind: str  #: of what its rows are: "supplier"
    headings: list[Heading]
    rows: list[list[str]]
    types: list[str] = field(default_factory=list)  #: of each column, where the source says so
    linked: bool = False  #: other files hold its edges, so no column refers to another table
    space: str = ""  #: in which its ids are unique; "" for the one of all
    key: int | None = None  #: the column that identifies rows
    ids: set[str] = field(default_factory=set)
    labels: dict[str, str] = field(default_factory=dict)  #: {name: id}, of names that are unique

    def values(self, column: int) -> list[str]:
        """The values of a column that say something."""
        return [row[column] for row in self.rows if not is_nothing(row[column])]


@dataclass(frozen=True)
class Reference:
    """A column whose values name rows."""

    table: int | None  #: position of the table; None if its rows are in no file that was given
    by_label: bool = False
    dangling: str = ""  #: the kind of what is in no file
    separator: str = ""  #: between several ids in one cell


def find_key(table: Table, kinds: Sequence[str]) -> int | None:
    """The column that identifies the rows; None if there is none. ``kinds``: of all tables."""
    named, first = [], None
    for column, heading in enumerate(table.headings):
        values = [row[column] for row in table.rows]
        unique = len(set(values)) / max(len(values), 1)
        whole = not any(map(is_nothing, values))
        own = _is_own(heading, table.kind)
        if own and unique >= MOST and (whole or heading.full == "id"):
            named.append((heading.full != "id", unique < 1, column))
        elif column == 0 and unique == 1 and whole and _may_be_key(table, heading, values, kinds):
            first = column
    return min(named)[2] if named else first


def _is_own(heading: Heading, kind: str) -> bool:
    if heading.full in ("id", "key", "uuid", "guid", "code", "sku", "isbn", "identifier", "#"):
        return True
    return bool(heading.ending) and matches(heading.words, kind)


def _may_be_key(table: Table, heading: Heading, values: list[str], kinds: Sequence[str]) -> bool:
    """Whether a first column with unique values identifies rows."""
    if heading.is_key:  # "order_id" of order lines refers to orders, even if it is unique
        others = [kind for kind in kinds if kind != table.kind]
        return not any(matches(heading.words, kind) for kind in others)
    short = sum(map(len, values)) <= 60 * len(values)
    return (
        short
        and heading.full not in DESCRIPTIONS
        and not any(re.fullmatch(r"\d+\.\d+|\d{4}-\d\d-\d\d.*", value) for value in values)
    )


def matches(words: str, kind: str) -> bool:
    """Whether a column's words name a kind, at their end.

    >>> matches("billing customer", "customer"), matches("employee", "staff")
    (True, True)
    """
    *front, last = words.split() or [""]
    form = " ".join([*front, singular(last)])
    names = {kind, kind.split()[-1] if len(kind.split()) > 1 and len(front) == 0 else kind}
    for group in _SAME:
        if kind in group.split():
            names.update(group.split())
    return any(form == name or form.endswith(f" {name}") for name in names)


def find_reference(tables: Sequence[Table], mine: int, column: int) -> Reference | None:
    """What a column refers to; None if it is no reference."""
    table = tables[mine]
    heading, values = table.headings[column], list(dict.fromkeys(table.values(column)))
    if not values:
        return None
    best: tuple[float, Reference | None] = 0.0, None
    for separator in ("", ";", "|", ","):
        if separator and not any(separator in value for value in values):
            continue
        pieces = _pieces(values, separator)
        found = _by_id(tables, mine, heading, pieces)
        if found is None and column != table.key:
            found = _by_label(tables, mine, heading, pieces)
        if found is not None and found.table is not None:
            there = tables[found.table]
            known = set(there.labels) if found.by_label else there.ids
            share = len(pieces & known) / len(pieces)
            if share > best[0]:
                best = share, Reference(found.table, found.by_label, separator=separator)
    if best[1] is not None:
        return best[1]
    if heading.is_key and column != table.key:
        return Reference(None, dangling=heading.words)
    return None


def _pieces(values: list[str], separator: str) -> set[str]:
    if not separator:
        return set(values)
    return {piece.strip() for value in values for piece in value.split(separator) if piece.strip()}


def _by_id(
    tables: Sequence[Table], mine: int, heading: Heading, values: set[str]
) -> Reference | None:
    share = [len(values & table.ids) / len(values) if table.ids else 0.0 for table in tables]
    for place, table in enumerate(tables):
        key = table.headings[table.key].words if table.key is not None else ""
        named = matches(heading.words, table.kind) or (
            key not in ("id", "") and key == heading.words
        )
        if named and place != mine and share[place] >= 0.5:
            return Reference(place)
    free = heading.is_key or not all(re.fullmatch(r"[\d.]+", value) for value in values)
    free = free or heading.words.endswith((" by", " to"))
    at = _AT.search(heading.words)
    fit = [place for place in range(len(tables)) if share[place] >= MOST]
    people = [place for place in fit if set(tables[place].kind.split()) & PEOPLE]
    if _SELF.search(heading.full) and fit:
        if mine in fit and (mine in people or not people or "parent" in heading.full):
            return Reference(mine)
        return Reference(people[0]) if people else Reference(mine) if mine in fit else None
    places = [place for place in fit if set(tables[place].kind.split()) & _PLACES]
    if at and places and heading.ending not in CODES:
        return Reference(places[0])
    if people and _ROLE.search(heading.words) and heading.ending not in CODES:
        return Reference(people[0])
    if not free or heading.ending in CODES or not fit:
        return None
    if matches(heading.words, tables[mine].kind) and mine in fit and tables[mine].key is not None:
        return Reference(mine)
    if _AGENT.search(heading.words) and people:
        return Reference(people[0])
    return Reference(
        max(fit, key=lambda p: (share[p], len(values) / len(tables[p].ids), p != mine))
    )


def _by_label(
    tables: Sequence[Table], mine: int, heading: Heading, values: set[str]
) -> Reference | None:
    """A reference by name; two rows at least, unless the column is named after the table."""
    for place, table in enumerate(tables):
        named = matches(heading.words, table.kind)
        if place == mine and not _SELF.search(heading.full):
            continue
        if not table.labels or NO_NAME.search(heading.full):
            continue
        share = len(values & table.labels.keys()) / len(values)
        if share >= MOST and (named or len(values) > 1 or _SELF.search(heading.full)):
            return Reference(place, by_label=True)
    return None
