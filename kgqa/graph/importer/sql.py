"""Pieces of SQL that read files."""

from __future__ import annotations

from collections.abc import Iterable
from glob import escape
from pathlib import Path

from kgqa.graph.importer import lines

#: The lines of a file as a table of one column; blank lines and line ends are left out.
_VIEW = (
    "CREATE OR REPLACE TEMP VIEW lines AS SELECT rtrim(line, chr(13)) AS line FROM read_csv({}, "
    "columns = {{'line': 'VARCHAR'}}, delim = '', quote = '', escape = '', header = false, "
    "auto_detect = false, strict_mode = true, max_line_size = {}) "
    "WHERE rtrim(line, chr(13)) <> ''; "
)
#: The cells of a file that this program wrote: path, bytes of a line, {column: type}.
_CELLS = (
    "read_csv({}, delim = chr(9), quote = '', escape = '', header = false, auto_detect = false, "
    "max_line_size = {}, columns = {})"
)


def view(path: Path) -> str:
    """The statement that makes the view ``lines`` of a file."""
    return _VIEW.format(quoted(path), lines.MAX_LINE)


def cells(path: Path, columns: dict[str, str], *, longest: int = 2**21) -> str:
    """The rows of a file of tab-separated cells, as a table with these columns and types.

    ``longest`` bounds the bytes of a line; DuckDB's buffer has several times that.
    """
    return _CELLS.format(quoted(path), longest, columns)


def quoted(path: Path) -> str:
    """A path as a string of SQL; DuckDB takes patterns, and this is none."""
    return "'" + escape(str(path)).replace("'", "''") + "'"


def texts(values: Iterable[str]) -> str:
    """A list of strings of SQL, without brackets; empty for none."""
    return ", ".join("'" + value.replace("'", "''") + "'" for value in values)


def bare(column: str) -> str:
    """An IRI without its angle brackets; anything else as it is."""
    return f"CASE WHEN starts_with({column}, '<') THEN {column}[2:-2] ELSE {column} END"
