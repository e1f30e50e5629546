"""Files of formats that are not read: the error says what a file seems to be, and what is read."""

from __future__ import annotations

import re
from pathlib import Path

from kgqa.errors import GraphError
from kgqa.graph.importer import lines

_HEAD = 2**16  # bytes that are looked at
_LINES = 20
_READ = {
    "triples": "Triples are read from tab-separated text (.tsv: head, relation, tail) and from "
    "N-Triples (.nt), plain or .gz.",
    "entities": "A table of entities is read from tab-separated text (.tsv: id, label, and perhaps "
    "description and kind), plain or .gz.",
    "numbers": "Numbers are read from tab-separated text (.tsv: id, attribute, value), plain or "
    ".gz.",
}
#: What a file is that begins with these bytes.
_MAGIC = {
    b"\x1f\x8b": "compressed, but its name does not end in .gz",
    b"PK\x03\x04": "a zip archive or a spreadsheet",
    b"BZh": "compressed by bzip2",
    b"\xfd7zXZ": "compressed by xz",
    b"(\xb5/\xfd": "compressed by Zstandard",
    b"PAR1": "Parquet",
    b"SQLite format 3": "an SQLite database",
    b"$HDT": "HDT",
    b"\xff\xfe": "UTF-16 text, which has to be saved as UTF-8",
    b"\xfe\xff": "UTF-16 text, which has to be saved as UTF-8",
}
#: What a text is that holds these words; the first that fits.
_WORDS = {
    r"\A\s*<(?:\?xml|rdf:RDF|graphml|!DOCTYPE|html)": "XML",
    r"(?mi)^\s*(?:@?prefix\s+[\w.-]*:\s*<|@?base\s+<)": "Turtle or TriG",
    r"(?s)\A\s*[\[{].*\"@(?:context|id|graph)\"": "JSON-LD",
    r"\A\s*[\[{]": "JSON",
    r"\A.*:(?:ID|START_ID|END_ID)\b": "a Neo4j export",
    r"(?mi)^\s*(?:create|merge|match)\s*\(": "Cypher",
}
_SEPARATORS = {",": "commas (CSV)", ";": "semicolons", "|": "vertical bars"}
QUAD = re.compile(lines.STATEMENT.replace(r"[ \t]*\.[", r"[ \t]*(?:<\S*>|_:\S+)[ \t]*\.[", 1))


def refuse_other(path: Path, what: str, check: lines.Check) -> None:
    """Raise :class:`GraphError` if a file of malformed lines seems to be of another format.

    ``what`` is read from it: "triples", "entities" or "numbers". A file whose first line is well
    formed is what it should be.
    """
    try:
        with lines.opened(path) as file:
            head = file.read(_HEAD)
    except lines.DAMAGED:
        return
    kind = next((kind for magic, kind in _MAGIC.items() if head.startswith(magic)), "")
    if not kind:
        text = head.decode("utf-8-sig", "replace")
        rows = [row for row in text.splitlines() if row.strip()][:_LINES]
        if not rows or check(rows[0]) is None:
            return
        kind = _kind(
            text, rows, least=1 if what == "entities" else 2, ntriples=check is lines.statement
        )
    if kind:
        raise GraphError(f"{path} seems to be {kind}. {_READ[what]}")


def _kind(text: str, rows: list[str], *, least: int, ntriples: bool) -> str:
    """What a text seems to be; empty if it looks like nothing known.

    Each of its lines has at least ``least`` separators; ``ntriples``: its name ends in .nt.
    """
    statements = [row for row in rows if not row.lstrip().startswith("#")][:1]
    if any(map(QUAD.match, statements)):
        return "N-Quads"
    if statements and lines.statement(statements[0]) is None:
        return "N-Triples, but its name does not end in .nt"
    for words, kind in _WORDS.items():
        if re.search(words, text):
            return kind
    if any("\t" in row for row in rows):
        tabs = ntriples and all(row.count("\t") == 2 for row in rows)
        return "tab-separated text, but its name ends in .nt" if tabs else ""
    for separator, name in _SEPARATORS.items():
        if all(row.count(separator) >= least for row in rows):
            return f"text separated by {name}"
    return ""
