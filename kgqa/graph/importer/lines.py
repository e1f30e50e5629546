r"""The lines of a source file: which are well formed, and the numbers of those that are not.

DuckDB reads the files and checks each line against a condition. If a line does not meet it, the
file is read once more here, line by line, to say which ones and why. Two formats, plain or
``.gz``, UTF-8:

* tab-separated: ``head TAB relation TAB tail`` (triples) or
  ``id TAB label [TAB description [TAB kind]]`` (entities);
* N-Triples (https://www.w3.org/TR/n-triples/): ``subject predicate object .``, with comments.
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
_LITERAL = (
    r"\"(?:[^\"\\]|\\[tbnrf\"'\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*\""
    r"(?:@[A-Za-z]+(?:-[A-Za-z0-9]+)*|\^\^<[^\s<>\"]*>)?"
)
#: One statement of N-Triples, in the syntax that Python and DuckDB (RE2) share. Groups: subject,
#: predicate, object.
STATEMENT = (
    rf"^[ \t]*({_RESOURCE}|{_BLANK})[ \t]*({_RESOURCE})[ \t]*({_RESOURCE}|{_BLANK}|{_LITERAL})"
    r"[ \t]*\.[ \t]*(?:#.*)?$"
)
_STATEMENT = re.compile(STATEMENT)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_LETTERS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}

#: Says what is wrong with a line; None if it is well formed.
Check = Callable[[str], str | None]


def is_ntriples(path: Path) -> bool:
    """Whether the name ends in ``.nt`` or ``.nt.gz``."""
    return ".nt" in path.suffixes[-2:]


def cells(least: int, most: int, filled: int) -> Check:
    """A check for lines of tab-separated cells, the first ``filled`` of them not empty."""
    expected = f"{least}" if least == most else f"{least} to {most}"

    def check(line: str) -> str | None:
        row = line.split("\t")
        if not least <= len(row) <= most:
            return f"expected {expected} tab-separated cells, found {len(row)}"
        empty = next((i for i, cell in enumerate(row[:filled], 1) if not cell), None)
        return f"cell {empty} is empty" if empty else None

    return check


def statement(line: str) -> str | None:
    """The check for lines of N-Triples."""
    bare = line.strip(" \t")
    if not bare or bare.startswith("#") or _STATEMENT.match(line):
        return None
    return "expected a statement of N-Triples (subject predicate object .)"


def numbered(path: Path) -> Iterator[tuple[int, bytes]]:
    """(number from 1, line without its end) of a plain or gzip file.

    Raises :class:`GraphError` where a compressed file breaks off.
    """
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
    problems: list[str] = []
    for number, line in numbered(path):
        if not line:
            continue
        try:
            why = check(line.decode("utf-8"))
        except UnicodeDecodeError:
            why = "not UTF-8 text"
        if why is not None:
            problems.append(f"{path}, line {number}: {why}.")
            if len(problems) == LISTED:
                problems.append("There may be more.")
                break
    if problems:
        raise GraphError(" ".join(problems))


def plain_copy(path: Path, copy: Path) -> Path:
    """Copy a file with plain line ends; carriage returns and NULs within lines become spaces."""
    spaces = bytes.maketrans(b"\r\0", b"  ")
    with copy.open("wb") as file:
        file.writelines(line.translate(spaces) + b"\n" for _, line in numbered(path))
    return copy


def line_with(path: Path, matches: Callable[[str], bool]) -> int:
    """Number of the first line that ``matches``; 0 if there is none."""
    return next((n for n, line in numbered(path) if matches(line.decode("utf-8", "replace"))), 0)


def unescape(text: str) -> str:
    r"""The characters that a literal or IRI of N-Triples stands for (\t, \", \uXXXX, ...)."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(
        lambda m: chr(int(m[1] or m[2], 16)) if m[1] or m[2] else _LETTERS.get(m[3], m[3]), text
    )
