"""Hand-written tables: who plays whom, works of art, museums, namesakes, and the names of countries
and languages.

Tab-separated with a header line; several values in a cell are joined by "|". Facts that can be
checked against a source table are, when the graph is built (``kgqa.films.sources``,
``kgqa.films.places``).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kgqa.errors import GraphError


@dataclass(frozen=True)
class Refused:
    """A row of the supplement that the build did not take."""

    table: str
    row: str
    why: str


def table(name: str, *, folder: Path | None = None) -> list[dict[str, str]]:
    """Rows of ``<name>.tsv`` as dicts; :class:`GraphError` with the line number if a line is
    malformed.
    """
    path = (folder or Path(__file__).parent) / f"{name}.tsv"
    if not path.is_file():
        raise GraphError(f"The supplement table {path} is missing.")
    lines = path.read_text(encoding="utf-8").split("\n")
    header = lines[0].split("\t")
    found = []
    for number, line in enumerate(lines[1:], 2):
        if not line.strip():
            continue
        cells = line.split("\t")
        if len(cells) > len(header):
            raise GraphError(
                f"{path}, line {number}: expected {len(header)} cells, found {len(cells)}."
            )
        cells += [""] * (len(header) - len(cells))
        found.append(dict(zip(header, (c.strip() for c in cells), strict=True)))
    return found
