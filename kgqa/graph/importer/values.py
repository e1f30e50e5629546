"""The numbers of entities: ``id TAB attribute TAB value``, plain or ``.gz``.

A value is a number ("98315", "3.5", "1e6"), a date ("1975-06-20") or a year ("1975"). An attribute
holds one sort of them:

    dates    with at least one date among its values; a year among them is its first of January
    years    where each value has four digits and lies in ``YEARS``
    numbers  otherwise

and an entity may have several, of which comparisons take the first. An attribute that triples have
as a relation keeps its numbers beside them. Any other becomes a literal relation, whose tails are
entities in words ("98,315").
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kgqa.errors import GraphError
from kgqa.graph.importer import formats, lines
from kgqa.graph.importer.sql import cells
from kgqa.graph.numbers import written

if TYPE_CHECKING:
    from kgqa.graph.importer.tables import Tables

YEARS = range(1000, 2101)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
#: Values of new attributes become entities after those that have names, in the order of the lines.
_NODES = (
    "CREATE TABLE nodes AS SELECT key, label, row_number() OVER (ORDER BY line) - 1 + {} AS i "
    "FROM (SELECT r || ':' || label AS key, min(label) AS label, min(line) AS line "
    "FROM measured SEMI JOIN attributes USING (r) GROUP BY key)"
)


def read_numbers(tables: Tables, path: Path) -> dict[str, str]:
    """Add the numbers of a file to the tables; returns {attribute: unit} of dates and years.

    To be called once entities are numbered. Raises :class:`GraphError` naming the lines that are
    malformed, about an unknown entity, or say what a line before them says.
    """
    import duckdb

    from kgqa.graph.importer.tables import MEASURED

    lines.opened(path).close()
    lines.verify(path)
    try:
        units = _units(path)
    except (ValueError, OverflowError):
        formats.refuse_other(path, "numbers", _check)
        lines.refuse(path, _check)
        raise
    lines.refuse(path, lambda line: _unlike(line, units))
    copy = tables.folder / "numbers.tsv"
    with copy.open("w", encoding="utf-8", newline="\n") as file:
        for number, (entity, attribute, text) in _rows(path):
            value, label = _read(text, units[attribute])
            file.write(f"{number}\t{entity}\t{attribute}\t{label}\t{value!r}\n")
    columns = dict(column.split() for column in MEASURED.split(", "))
    rows = cells(copy, columns, longest=lines.MAX_LINE + 2**10)
    try:
        tables.run("reading numbers", f"INSERT INTO measured FROM {rows}")
    except duckdb.Error as error:
        raise GraphError(f"{path} could not be read: {str(error).splitlines()[0]}") from None
    copy.unlink()
    db = tables.db
    db.execute("INSERT INTO attributes SELECT DISTINCT r FROM measured ANTI JOIN raw USING (r)")
    _refuse(tables, path)
    tables.run("numbering values", _NODES.format(tables.nameable))
    db.execute("INSERT INTO entities SELECT i, key, label, '', 'value' FROM nodes")
    db.execute("INSERT INTO numbered (i, key) SELECT i, key FROM nodes")
    db.execute(
        "INSERT INTO raw SELECT h, r, r || ':' || label FROM measured "
        "SEMI JOIN attributes USING (r)"
    )
    tables.drop("nodes")
    return {attribute: unit for attribute, unit in units.items() if unit}


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """(number of the line, its three cells). Raises ValueError for one that is malformed."""
    for number, line in lines.texts(path):
        if (why := _check(line)) is not None:
            raise ValueError(why)
        yield number, line.split("\t")


def _units(path: Path) -> dict[str, str]:
    """{attribute: "date", "year" or ""}. Raises ValueError for a malformed line."""
    units: dict[str, str] = {}
    for _, (_, attribute, value) in _rows(path):
        unit, before = _sort(value.strip(" ")), units.get(attribute)
        if before is None or "date" in (unit, before) or unit == before:
            units[attribute] = "date" if before == "date" else unit
        else:
            units[attribute] = ""
    return units


def _sort(value: str) -> str:
    """What a value alone seems to be: "date", "year" or, for any number, empty."""
    if _DATE.fullmatch(value):
        return "date"
    return "year" if _YEAR.fullmatch(value) and int(value) in YEARS else ""


def _check(line: str) -> str | None:
    """What is wrong with a line by itself."""
    why = lines.cells(3, 3, 3)(line)
    if why is not None:
        return why
    value = line.split("\t")[2].strip(" ")
    if _DATE.fullmatch(value):
        try:
            date.fromisoformat(value)
        except ValueError:
            return f"there is no day {value}"
        return None
    if not _NUMBER.fullmatch(value):
        return f"expected a number or a date (1975-06-20), found {value!r}"
    return None if math.isfinite(float(value)) else f"{value} is too large"


def _unlike(line: str, units: dict[str, str]) -> str | None:
    """What is wrong with a line beside the others of its attribute."""
    _, attribute, value = line.split("\t")
    if units[attribute] != "date" or _sort(value.strip(" ")):
        return None
    return f"other values of {attribute!r} are dates, found {value.strip(' ')!r}"


def _read(text: str, unit: str) -> tuple[float, str]:
    """The number that a value stands for, and its label."""
    text = text.strip(" ")
    if unit != "date":
        return float(text) + 0.0, written(float(text), unit)  # + 0.0: no minus before a zero
    if _sort(text) == "year":
        return float(date(int(text), 1, 1).toordinal()), text
    value = float(date.fromisoformat(text).toordinal())
    return value, written(value, unit)


def _refuse(tables: Tables, path: Path) -> None:
    """Raise :class:`GraphError` for unknown entities, repeated lines and ids that are taken."""
    problems: tuple[tuple[str, Callable[[str, str], str]], ...] = (
        (
            "SELECT line, h, r FROM measured ANTI JOIN numbered ON key = h",
            lambda entity, _: f"no entity has the id {entity!r}",
        ),
        (
            "SELECT line, h, r FROM measured QUALIFY row_number() OVER "
            "(PARTITION BY h, r, value ORDER BY line) > 1",
            lambda entity, attribute: f"{entity!r} has this value of {attribute!r} already",
        ),
        (
            "SELECT line, m.r || ':' || m.label, m.r FROM measured AS m "
            "SEMI JOIN attributes AS a ON a.r = m.r JOIN numbered ON key = m.r || ':' || m.label",
            lambda id_, _: f"its value would have the id {id_!r}, which an entity has",
        ),
    )
    for query, why in problems:
        limited = f"{query} ORDER BY line LIMIT {lines.LISTED}"
        rows = tables.db.execute(limited).fetchall()
        if rows:
            listed = [f"{path}, line {line}: {why(*ids)}." for line, *ids in rows]
            more = ["There may be more."] if len(rows) == lines.LISTED else []
            raise GraphError(" ".join([*listed, *more]))
