"""Delimited text as rows of cells: its encoding, its delimiter, its quotes, its header row.

sheet = Sheet.of(Part(Path("facts.csv"), "facts.csv"), notes)
for row in sheet.rows(options, notes, header=True): row.cells
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePath
from typing import NamedTuple, TextIO

from kgqa.errors import GraphError
from kgqa.graph.importer import unpack
from kgqa.graph.importer.parts import ImportOptions, Part
from kgqa.graph.notes import Notes

DELIMITERS = {",": "commas", "\t": "tabs", ";": "semicolons", "|": "vertical bars"}
LOOKED_AT = 2**18  #: bytes from which encoding and delimiter are read
MAX_CELL = 2**20  #: characters
SAMPLE = 200  #: rows
_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


class Row(NamedTuple):
    """The cells of a line, which may go on over line ends within quotes."""

    line: int  #: the last line that it takes
    cells: list[str]


@dataclass(frozen=True)
class Sheet:
    """A file of delimited text."""

    part: Part
    encoding: str
    delimiter: str
    quoted: bool  #: cells may stand in quotes
    skipped: int  #: lines at the start that are no rows ("sep=;")
    sample: tuple[list[str], ...]  #: its first rows, a header among them

    @property
    def name(self) -> str:
        return self.part.name

    @property
    def stem(self) -> str:
        """The file's name without folder, archive and endings: "order_lines"."""
        return PurePath(self.name.rsplit(": ", 1)[-1]).name.split(".")[0]

    @property
    def width(self) -> int:
        """Cells of a row, as most have."""
        return Counter(map(len, self.sample)).most_common(1)[0][0]

    @property
    def plain(self) -> bool:
        """Whether the file is as ``lines`` reads it: tabs, UTF-8, no quotes."""
        return (
            self.delimiter == "\t"
            and self.encoding.startswith("utf-8")
            and not (self.quoted or self.skipped)
        )

    @classmethod
    def of(cls, part: Part, notes: Notes) -> Sheet:
        """Look at a file. Raises :class:`GraphError` if it is empty or has no delimiter."""
        head = _head(part)
        encoding = _encoding(part, head, notes)
        text = head.decode(encoding, "replace").replace("\0", " ")
        if len(head) == LOOKED_AT:
            text = text[: text.rfind("\n") + 1] or text
        skipped = 1 if text[:4].lower() == "sep=" else 0
        rest = text.split("\n", 1)[1] if skipped and "\n" in text else text
        delimiter = text[4] if skipped and text[4:5] in DELIMITERS else _delimiter(part, rest)
        quoted = delimiter != "\t" or '"\t"' in rest or rest.startswith('"') and '"\t' in rest
        sample = list(islice(_rows(io.StringIO(rest), delimiter, quoted), SAMPLE))
        while len(sample) > 1 and sample[0].cells[0].startswith("#") and len(sample[0].cells) == 1:
            sample.pop(0)
            skipped += 1
        if not sample:
            raise GraphError(f"{part.name} holds no rows.")
        return cls(part, encoding, delimiter, quoted, skipped, tuple(r.cells for r in sample))

    def rows(self, options: ImportOptions, notes: Notes, *, header: bool) -> Iterator[Row]:
        """All rows after the header, if there is one.

        A row that is too long raises :class:`GraphError` or, with ``skip_malformed``, is left out.
        One that is too short is filled up. Both are counted.
        """
        width = self.width if not header else max(len(self.sample[0]), 1)
        problems: list[str] = []
        for row in self._all():
            if header:
                header = False
                continue
            cells = row.cells
            while len(cells) > width and not cells[-1].strip():
                cells.pop()
            if len(cells) > width:
                problem = f"line {row.line}: {len(cells)} cells, expected {width}"
                _malformed(self.name, problem, options, notes, problems)
                continue
            if len(cells) < width:
                notes.add("rows with fewer cells than others", f"{self.name}, line {row.line}")
                cells += [""] * (width - len(cells))
            yield row
        raise_for(self.name, problems)

    def _all(self) -> Iterator[Row]:
        with unpack.opened(self.part.path) as raw:
            text = io.TextIOWrapper(raw, encoding=self.encoding, errors="replace", newline="")
            for _ in range(self.skipped):
                text.readline()
            try:
                for row in _rows(text, self.delimiter, self.quoted):
                    yield Row(row.line + self.skipped, row.cells)
            except csv.Error as error:
                raise GraphError(
                    f"{self.name} could not be read: {error}. Is a quote not closed?"
                ) from None


def _malformed(
    name: str, problem: str, options: ImportOptions, notes: Notes, problems: list[str]
) -> None:
    """Count a row that is left out, or remember it for the error."""
    if options.skip_malformed:
        notes.add("rows that could not be read", f"{name}, {problem}")
        return
    problems.append(f"{name}, {problem}.")
    if len(problems) == 5:
        raise_for(name, [*problems, "There may be more."])


def raise_for(name: str, problems: list[str]) -> None:
    """Raise :class:`GraphError` if there are problems."""
    if problems:
        raise GraphError(" ".join([*problems, "Skip such rows with --skip-malformed."]))


def _rows(text: TextIO, delimiter: str, quoted: bool) -> Iterator[Row]:
    """Rows that are not empty, their cells without spaces around them."""
    csv.field_size_limit(MAX_CELL)
    lines = (line.replace("\0", " ") for line in text)
    if quoted:
        reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    else:
        reader = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield Row(reader.line_num, [cell.strip() for cell in cells])


def _head(part: Part) -> bytes:
    with unpack.opened(part.path) as file:
        return file.read(LOOKED_AT)


def _encoding(part: Part, head: bytes, notes: Notes) -> str:
    """The encoding; text that is no UTF-8 is taken for that of Windows, and counted."""
    for mark, name in _BOMS.items():
        if head.startswith(mark):
            notes.add("byte-order marks", part.name)
            return name
    if head[1:200:2].count(0) > len(head[1:200:2]) // 2:
        return "utf-16-le"
    if head[:200:2].count(0) > len(head[:200:2]) // 2:
        return "utf-16-be"
    decoder = codecs.getincrementaldecoder("utf-8")()
    with unpack.opened(part.path) as file:
        try:
            while block := file.read(2**20):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            notes.add("files that are not UTF-8, read as Windows-1252", part.name)
            return "cp1252"
    return "utf-8"


def _delimiter(part: Part, text: str) -> str:
    """The delimiter by which most rows have the same number of cells, and more than one."""
    best, result = (0.0, 0), ""
    for delimiter in DELIMITERS:
        try:
            widths = [
                len(row.cells)
                for row in islice(_rows(io.StringIO(text), delimiter, delimiter != "\t"), SAMPLE)
            ]
        except csv.Error:
            continue
        width, often = Counter(widths).most_common(1)[0] if widths else (1, 0)
        score = (round(often / max(len(widths), 1), 1), width)
        if width > 1 and score > best:
            best, result = score, delimiter
    if not result or best[0] < 0.5:
        raise GraphError(
            f"{part.name} is text, but neither {', '.join(list(DELIMITERS.values())[:-1])} nor "
            "vertical bars part it into columns."
        )
    return result
