r"""The lines of a source file: which are well formed, and the numbers of those that are not.

DuckDB reads the files and checks each line against a condition. If a line does not meet it, the
file is read once more here, line by line, to say which ones and why. Two formats, plain or
``.gz``, UTF-8:

* tab-separated: ``head TAB relation TAB tail`` (triples),
  ``id TAB label [TAB description [TAB kind]]`` (entities) or ``id TAB attribute TAB value``
  (numbers);
* N-Triples (https://www.w3.org/TR/n-triples/): ``subject predicate object .``, with comments.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from kgqa.errors import GraphError
from kgqa.files import name_of, reason
from kgqa.graph.importer.streams import DAMAGED, stream
from kgqa.graph.notes import Notes

MALFORMED = "lines that could not be read"  #: what notes call them
LISTED = 5  # malformed lines that an error names

_NTRIPLES = "N-Triples (subject predicate object .)"
_NQUADS = "N-Quads (subject predicate object graph .)"
PACKED = {
    ".gz": "gzip",
    ".zst": "Zstandard",
}  #: read as they are
_LOOKED_AT = 20  # lines by which N-Triples are known

MAX_LINE = 2**24  #: bytes of a line; DuckDB has the same limit

_IN_IRI = r"[^\x00-\x20<>\"{}|^`\\]*"
_CODE = r"\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})"
_RESOURCE = rf"<{_IN_IRI}(?:{_CODE}{_IN_IRI})*>"
#: Wider than the grammar, as sources are; the last character is no dot.
_IN_BLANK = r"\x00-\x20<>\"{}|^`\\#@"
_BLANK = rf"_:[^{_IN_BLANK}.](?:[^{_IN_BLANK}]*[^{_IN_BLANK}.])?"
_LITERAL = (
    rf"\"(?:[^\"\\]|\\[tbnrf\"'\\]|{_CODE})*\""
    r"(?:@[A-Za-z]+(?:-[A-Za-z0-9]+)*|\^\^" + _RESOURCE + r")?"
)
#: One statement of N-Triples, in the syntax that Python and DuckDB (RE2) share. Groups: subject,
#: predicate, object.
STATEMENT = (
    rf"^[ \t]*({_RESOURCE}|{_BLANK})[ \t]*({_RESOURCE})[ \t]*({_RESOURCE}|{_BLANK}|{_LITERAL})"
    r"[ \t]*\.[ \t]*(?:#.*)?$"
)
#: One statement of N-Quads, which may name its graph in a fourth group.
QUAD = STATEMENT.replace(r")[ \t]*\.[", rf")[ \t]*({_RESOURCE}|{_BLANK})?[ \t]*\.[", 1)
#: An escape, after an even number of backslashes, of a surrogate or of more than 10FFFF. DuckDB is
#: three times slower with these numbers within STATEMENT.
NO_CHARACTER = (
    r"(?:^|[^\\])(?:\\\\)*(\\(?:u[Dd][89A-Fa-f][0-9A-Fa-f]{2}|U(?:0000[Dd][89A-Fa-f][0-9A-Fa-f]{2}"
    r"|(?:001[1-9A-Fa-f]|00[2-9A-Fa-f].|0[1-9A-Fa-f]..|[1-9A-Fa-f]...)[0-9A-Fa-f]{4})))"
)
_STATEMENT, _QUAD = re.compile(STATEMENT), re.compile(QUAD)
_NO_CHARACTER = re.compile(NO_CHARACTER)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_CODES = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))")
_LETTERS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}

_SPACES = bytes.maketrans(b"\r\0", b"  ")

#: Says what is wrong with a line; None if it is well formed.
Check = Callable[[str], str | None]


def is_ntriples(path: Path) -> bool:
    """Whether the name ends in ``.nt``, perhaps with ``.gz`` or ``.zst`` after it."""
    return ".nt" in path.suffixes[-2:]


def cells(least: int, most: int, filled: int) -> Check:
    """A check for lines of tab-separated cells, the first ``filled`` of them not empty."""
    expected = f"{least}" if least == most else f"{least} to {most}"

    def check(line: str) -> str | None:
        row = line.split("\t")
        if not least <= len(row) <= most:
            return f"expected {expected} tab-separated cells, found {len(row)}"
        empty = next((i for i, cell in enumerate(row[:filled], 1) if not cell.strip(" ")), None)
        return f"cell {empty} is empty" if empty else None

    return check


def statement(line: str) -> str | None:
    """The check for lines of N-Triples."""
    bare = line.strip(" \t")
    if not bare or bare.startswith("#"):
        return None
    match = _STATEMENT.match(line)
    if match is None:
        return f"expected a statement of {_NTRIPLES}"
    return _unfit(match.groups())


def terms(line: str, *, graph: bool) -> tuple[str | None, ...]:
    """Subject, predicate, object and, with ``graph``, the name of a graph; () for no statement.

    Raises ValueError, in words, for a line that is malformed.
    """
    match = (_QUAD if graph else _STATEMENT).match(line)
    if match is None:
        bare = line.strip(" \t")
        if not bare or bare.startswith("#"):
            return ()
        raise ValueError(f"expected a statement of {_NQUADS if graph else _NTRIPLES}")
    if why := _unfit(match.groups("")):
        raise ValueError(why)
    return match.groups()


def _unfit(groups: Sequence[str]) -> str | None:
    """What is wrong with terms that have the right form."""
    if "<>" in groups:
        return "an IRI is empty"
    escape = _NO_CHARACTER.search("".join(groups))
    return f"the escape {escape[1]} stands for no character" if escape else None


def looks_like_ntriples(head: bytes) -> bool:
    """Whether the whole lines at the beginning of a file are statements, one at least."""
    text = head.removeprefix(BOM_UTF8).translate(_SPACES).decode("utf-8", "replace")
    rows = [row for row in text.split("\n") if row.strip() and not row.lstrip().startswith("#")]
    whole = rows[: _LOOKED_AT + 1][: -1 if len(rows) > 1 else None]
    return bool(whole) and all(statement(row) is None for row in whole)


def opened(path: Path) -> BinaryIO:
    """A plain or packed file to read. Raises :class:`GraphError` unless it is a regular file."""
    try:
        if not path.is_file():
            what = "is no regular file" if path.exists() else "is missing"
            raise GraphError(f"The file {path} {what}.")
        packed = PACKED.get(path.suffix)
        return stream(path.open("rb"), packed) if packed else path.open("rb")
    except (OSError, ValueError) as error:
        raise GraphError(f"The file {name_of(path)} cannot be read: {reason(error)}.") from None


def spaced(line: bytes) -> str:
    """A line as text; carriage returns and NULs within it become spaces.

    Raises UnicodeDecodeError.
    """
    return line.translate(_SPACES).decode("utf-8")


def numbered(path: Path, name: str = "") -> Iterator[tuple[int, bytes]]:
    """(number from 1, line without its end) of a plain or packed file; no byte-order mark.

    Raises :class:`GraphError`, which calls the file ``name``, where a compressed file breaks off,
    or a line is too long.
    """
    number, name = 0, name or str(path)
    with opened(path) as file:
        try:
            while line := file.readline(MAX_LINE + 1):
                number += 1
                if len(line) > MAX_LINE:
                    raise GraphError(
                        f"{name}, line {number}: longer than {MAX_LINE:,} bytes, the longest line "
                        "that is read."
                    )
                yield number, (line.removeprefix(BOM_UTF8) if number == 1 else line).rstrip(b"\r\n")
        except DAMAGED as error:
            raise GraphError(
                f"{name}, after line {number}: the compressed data is damaged ({error})."
            ) from None


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """(number from 1, text) of each line that is not empty, as :func:`refuse` checks it.

    Raises :class:`GraphError` as :func:`numbered` does, and UnicodeDecodeError.
    """
    for number, line in numbered(path):
        if line:
            yield number, line.translate(_SPACES).decode("utf-8")


def verify(path: Path) -> None:
    """Raise :class:`GraphError` unless a compressed file is whole; DuckDB checks no checksum."""
    if path.suffix in PACKED:
        with opened(path) as file:
            try:
                while file.read(2**20):
                    pass
            except DAMAGED:
                for _ in numbered(path):  # raises, and knows the line
                    pass


def refuse(path: Path, check: Check, name: str = "") -> None:
    """Raise :class:`GraphError` naming the malformed lines of a file; return if there is none."""
    problems: list[str] = []
    for number, line in numbered(path, name):
        why = _why(line, check)
        if why is not None:
            problems.append(f"{name or path}, line {number}: {why}.")
            if len(problems) == LISTED:
                problems.append("There may be more.")
                break
    if problems:
        raise GraphError(" ".join(problems))


def _why(line: bytes, check: Check) -> str | None:
    """What is wrong with a line, if anything."""
    try:
        return check(spaced(line)) if line else None
    except UnicodeDecodeError:
        return "not UTF-8 text"


def plain_copy(path: Path, copy: Path, check: Check | None, name: str, notes: Notes) -> None:
    """Copy a file with plain line ends; carriage returns and NULs within lines become spaces.

    With a ``check``, malformed lines are left out and counted.
    """
    with copy.open("wb") as file:
        for number, line in numbered(path, name):
            why = _why(line, check) if check is not None else None
            if why is None:
                file.write(line.translate(_SPACES) + b"\n")
            else:
                notes.add(MALFORMED, f"{name}, line {number}: {why}")


def line_with(path: Path, matches: Callable[[str], bool]) -> int:
    """Number of the first line that ``matches``; 0 if there is none."""
    return next(
        (
            n
            for n, line in numbered(path)
            if matches(line.translate(_SPACES).decode("utf-8", "replace"))
        ),
        0,
    )


def unescape_iri(iri: str) -> str:
    """An IRI with the letters that its escapes stand for; what no IRI may hold stays escaped."""

    def letter(match: re.Match[str]) -> str:
        found = chr(int(match[1] or match[2], 16))
        return match[0] if found <= " " or found in '<>"{}|^`\\' else found

    return _CODES.sub(letter, iri)


def unescape(text: str) -> str:
    r"""The characters that a literal or IRI of N-Triples stands for (\t, \", \uXXXX, ...)."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(
        lambda m: chr(int(m[1] or m[2], 16)) if m[1] or m[2] else _LETTERS.get(m[3], m[3]), text
    )
