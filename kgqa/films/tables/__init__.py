"""Hand-written tables: relations, roles, works of art, museums, namesakes, and names of places.

Tab-separated with a header line; several values in a cell are joined by "|". Facts that can be
checked against a source are, when the graph is built (``kgqa.films.sources``, ``places``, ``art``).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kgqa.errors import GraphError
from kgqa.graph.builder import GraphBuilder
from kgqa.graph.names import KIND


@dataclass(frozen=True)
class Refused:
    """A row that the build did not take."""

    table: str
    row: str
    why: str


def table(name: str, *, folder: Path | None = None) -> list[dict[str, str]]:
    """Rows of ``<name>.tsv`` by column.

    Raises :class:`GraphError` with the line number of a row that is too long.
    """
    path = (folder or Path(__file__).parent) / f"{name}.tsv"
    if not path.is_file():
        raise GraphError(f"The supplement table {path} is missing.")
    lines = path.read_text(encoding="utf-8").split("\n")
    header = lines[0].split("\t")
    rows = []
    for number, line in enumerate(lines[1:], 2):
        if not line.strip():
            continue
        cells = line.split("\t")
        if len(cells) > len(header):
            raise GraphError(
                f"{path}, line {number}: expected {len(header)} cells, found {len(cells)}."
            )
        cells += [""] * (len(header) - len(cells))
        rows.append(dict(zip(header, (c.strip() for c in cells), strict=True)))
    return rows


def values(cell: str) -> list[str]:
    """The values of a cell."""
    return [value for value in cell.split("|") if value]


def add_aliases(builder: GraphBuilder, entity: int, cell: str, kind: str = "other name") -> None:
    """Each value of a cell names the entity, too."""
    for alias in values(cell):
        builder.alias(entity, alias, KIND[kind])
