r"""The lines of a source file: what is well formed, and where it is not.

DuckDB reads the files; it is told the grammar as a condition on each line. If a line does not meet it, the file is read once
more here, line by line, to say which ones and why. Two formats, plain or ``.gz``, UTF-8:

* tab-separated: ``head TAB relation TAB tail`` (triples), ``id TAB label [TAB description [TAB kind]]`` (entities);
* N-Triples (https://www.w3.org/TR/n-triples/): ``subject predicate object .``, comments and blank lines left out.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from kgqa.errors import GraphError

LISTED = 5  # malformed lines that an error names

_RESOURCE = r"<[^\x00-\x20<>\"{}|^`\\]*(?:\\u[0-9A-Fa-f]{4}[^\x00-\x20<>\"{}|^`\\]*)*>"
_BLANK = r"_:[^\s<>\"]+"
_LITERAL = r"\"(?:[^\"\\]|\\[tbnrf\"'\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*\"(?:@[A-Za-z]+(?:-[A-Za-z0-9]+)*|\^\^<[^\s<>\"]*>)?"
#: One statement of N-Triples; the same expression in Python's and in DuckDB's (RE2) syntax. Groups: subject, predicate, object.
STATEMENT = rf"^[ \t]*({_RESOURCE}|{_BLANK})[ \t]*({_RESOURCE})[ \t]*({_RESOURCE}|{_BLANK}|{_LITERAL})[ \t]*\.[ \t]*(?:#.*)?$"
_STATEMENT = re.compile(STATEMENT)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_LETTERS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}

Check = Callable[[str], str | None]


def is_ntriples(path: Path) -> bool:
    """Told by the name: ``.nt`` or ``.nt.gz``."""
    return ".nt" in path.suffixes[-2:]


def cells(least: int, most: int, filled: int) -> Check:
    """Lines of tab-separated cells, the first ``filled`` of them not empty."""
    expected = f"{least}" if least == most else f"{least} to {most}"

    def check(line: str) -> str | None:
        found = line.split("\t")
        if not least <= len(found) <= most:
            return f"expected {expected} tab-separated cells, found {len(found)}"
        empty = next((i for i, cell in enumerate(found[:filled], 1) if not cell), None)
        return f"cell {empty} is empty" if empty else None

    return check


def statement(line: str) -> str | None:
    """Lines of N-Triples."""
    bare = line.strip(" \t")
    if not bare or bare.startswith("#") or _STATEMENT.match(line):
        return None
    return "expected a statement of N-Triples (subject predicate object .)"


def numbered(path: Path) -> Iterator[tuple[int, bytes]]:
    """(number from 1, line without its end) of a plain or gzip file. Raises :class:`GraphError` where the file breaks off."""
    number = 0
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            for number, line in enumerate(file, 1):
                yield number, line.rstrip(b"\r\n")
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise GraphError(
            f"{path}, after line {number}: the compressed data is damaged ({error})."
        ) from None


def refuse(path: Path, check: Check) -> None:
    """Raise :class:`GraphError` naming the malformed lines of a file; return if there is none."""
    found: list[str] = []
    for number, line in numbered(path):
        if not line:
            continue
        try:
            why = check(line.decode("utf-8"))
        except UnicodeDecodeError:
            why = "not UTF-8 text"
        if why is not None:
            found.append(f"{path}, line {number}: {why}.")
            if len(found) == LISTED:
                found.append("There may be more.")
                break
    if found:
        raise GraphError(" ".join(found))


def line_with(path: Path, wanted: Callable[[str], bool]) -> int:
    """Number of the first line that ``wanted`` is true of; 0 if there is none."""
    return next((n for n, line in numbered(path) if wanted(line.decode("utf-8", "replace"))), 0)


def unescape(text: str) -> str:
    r"""The characters that a literal or IRI of N-Triples stands for (\t, \", \uXXXX, ...)."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(
        lambda m: chr(int(m[1] or m[2], 16)) if m[1] or m[2] else _LETTERS.get(m[3], m[3]), text
    )
