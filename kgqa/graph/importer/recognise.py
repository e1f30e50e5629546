"""Which format a file has: by its content first, then by its name.

What nothing here reads is refused by its right name, with what to do instead where that is known.
"""

from __future__ import annotations

import re
from pathlib import PurePath

from kgqa.errors import GraphError
from kgqa.graph.importer import formats, lines, unpack
from kgqa.graph.importer.parts import Format, Part

READ = (
    "Graphs are read from N-Triples, Turtle, N-Quads, TriG, RDF/XML, JSON-LD, GraphML, and from "
    "CSV, TSV and the like: facts, tables, and exports of Neo4j and Neptune."
)
_LINES = 200  #: that are looked at
#: What begins with these bytes, and what to do with it.
_MAGIC = {
    b"PAR1": "Parquet; save it as CSV",
    b"ARROW1": "Arrow; save it as CSV",
    b"FEA1": "Feather; save it as CSV",
    b"SQLite format 3": "an SQLite database; export its tables as CSV",
    b"\x89HDF": "HDF5",
    b"$HDT": "HDT; convert it to N-Triples (hdt2rdf)",
    b"BRDF": "binary RDF; convert it to N-Triples",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet or document of Office; save its tables as CSV",
    b"%PDF": "PDF",
    b"\x80\x04": "a Python pickle, which is never opened",
    b"\xfd7zXZ": "compressed by xz; unpack it first",
    b"7z\xbc\xaf": "a 7z archive; unpack it first",
    b"Rar!": "a RAR archive; unpack it first",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}
#: Elements of XML at the root, and what they are the root of.
_ROOTS = {
    "rdf": Format.RDFXML,
    "graphml": Format.GRAPHML,
}
_OTHER_ROOTS = {
    "gexf": "GEXF, of Gephi; export GraphML instead",
    "ontology": "OWL/XML; save it as RDF/XML or Turtle",
    "html": "a web page",
    "svg": "a picture",
    "sparql": "results of SPARQL in XML; ask for N-Triples (CONSTRUCT) or CSV",
    "trix": "TriX; save it as TriG or N-Quads",
    "mxfile": "a drawing",
}
#: Texts that are no format of this program.
_TEXTS = {
    r"\A\s*(?:strict\s+)?(?:di)?graph\b[^\[\]\n]*\{": "Graphviz (DOT); save it as GraphML",
    r"(?i)\A\s*(?:creator\b.*\n\s*)?graph\s*\[": "GML; save it as GraphML",
    r"(?i)\A\s*\*(?:vertices|network)": "a network of Pajek; save it as GraphML",
    r"(?mi)^[ \t]*(?:create|merge|match)\s*\(": "Cypher; export CSV or GraphML instead",
    r"(?mi)^[ \t]*(?:create\s+(?:table|database)|insert\s+into)\b": (
        "SQL; export the tables as CSV instead"
    ),
    r"(?mi)^[ \t]*(?:select|construct)\b.*\bwhere\b": "a query, not data",
    r"\A\s*(?:Prefix\(|Ontology\()": "OWL in functional syntax; save it as Turtle",
    r"\A\s*(?:Prefix:|Ontology:)": "OWL in Manchester syntax; save it as Turtle",
    r"\Aformat-version:": "OBO; save it as OWL in RDF/XML",
    r"\A---\s*\n": "YAML",
}
_NAMES = {
    **{".nt": Format.NTRIPLES, ".ttl": Format.TURTLE, ".turtle": Format.TURTLE},
    **{".n3": Format.TURTLE, ".nq": Format.NQUADS, ".trig": Format.TRIG, ".jsonld": Format.JSONLD},
    **{".rdf": Format.RDFXML, ".owl": Format.RDFXML, ".graphml": Format.GRAPHML},
    **{".csv": Format.DELIMITED, ".tsv": Format.DELIMITED, ".tab": Format.DELIMITED},
}
_BINARY = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_ROOT = re.compile(r"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")
_PROLOGUE = re.compile(
    r"\A\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>\s*)*", re.S
)
_PREFIX = re.compile(r"(?mi)^[ \t]*(?:@?prefix\s+[\w.-]*:\s*<|@?base\s+<)")
_BLOCK = re.compile(
    r"(?mi)^[ \t]*(?:graph[ \t]+)?(?:<[^<>\"{}|^`\\\s]*>|[\w.-]*:[\w.-]*|_:\w+)?"
    r"[ \t]*\{[ \t]*(?:$|[<\w_:\[])"
)
_TERM = r"(?:<[^<>\s]*>|[\w-]*:[\w.-]+|_:\w+|\[\s*\])"
_TURTLE = re.compile(rf"(?m)^[ \t]*{_TERM}[ \t]+(?:a|{_TERM})[ \t]+\S.*[.;,][ \t\r]*$")


def recognise(part: Part) -> Format:
    """The format of a file. Raises :class:`GraphError` naming one that is not read."""
    if part.format is not None:
        return part.format
    with unpack.opened(part.path) as file:
        head = file.read(unpack.HEAD)
    if not head.strip():
        raise GraphError(f"{part.name} is empty.")
    suffix = PurePath(part.name.rsplit(": ", 1)[-1]).suffix.lower()
    text = _text(part, head)
    found = _xml(part, text) if text.lstrip().startswith("<") else None
    found = found or _rdf(text, suffix) or _json(part, text, suffix)
    if found is not None:
        return found
    named = _NAMES.get(suffix)
    if named is not None:
        return named  # its own reader says what is wrong with it, and where
    for pattern, what in _TEXTS.items():
        if re.search(pattern, text):
            raise _refused(part, what)
    return Format.DELIMITED


def _text(part: Part, head: bytes) -> str:
    """The beginning of a file as text. Raises :class:`GraphError` for what is none."""
    for magic, what in _MAGIC.items():
        if head.startswith(magic):
            raise _refused(part, what)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace").removeprefix("\ufeff")
    if head[:400].count(0) >= len(head[:400]) // 3:
        wide = "utf-16-le" if head[1:400:2].count(0) > head[:400:2].count(0) else "utf-16-be"
        return head[: len(head) // 2 * 2].decode(wide, "replace")
    if len(_BINARY.findall(head)) > len(head) // 100:
        raise _refused(part, "no text, and of no format that is known here")
    return head.decode("utf-8-sig", "replace")


def _xml(part: Part, text: str) -> Format | None:
    """The format of XML; None for N-Triples and Turtle, which may begin with "<" as well."""
    prologue = _PROLOGUE.match(text)
    rest = text[prologue.end() :] if prologue else text
    root = _ROOT.match(rest)
    if root is None or re.match(r"<[a-z][\w+.-]*:(?://|[^\s>]*>)", rest):
        return None
    name = root[1].lower()
    if name in _ROOTS:
        return _ROOTS[name]
    raise _refused(part, _OTHER_ROOTS.get(name, f"XML, with the element {root[1]!r}"))


def _rdf(text: str, suffix: str) -> Format | None:
    """The format of statements, as Turtle and its relatives write them."""
    rows = [row for row in text.split("\n")[:_LINES] if row.strip()]
    rows = [row.strip("\r") for row in rows if not row.lstrip().startswith("#")]
    if len(text) > 1000 and len(rows) > 1:
        rows = rows[:-1]  # it may break off
    if _PREFIX.search(text):
        return Format.TRIG if suffix == ".trig" or _BLOCK.search(text) else Format.TURTLE
    if any(map(formats.QUAD.match, rows)):
        return Format.NQUADS
    whole = sum(lines.statement(row) is None for row in rows)
    if whole and (whole >= len(rows) / 2 or suffix == ".nt"):
        return Format.NQUADS if suffix == ".nq" else Format.NTRIPLES
    if _BLOCK.search(text) and suffix == ".trig":
        return Format.TRIG
    if _TURTLE.search(text) and "\t" not in rows[0] and not text.lstrip().startswith(("{", "[{")):
        return Format.TURTLE
    return None


def _json(part: Part, text: str, suffix: str) -> Format | None:
    start = text.lstrip()[:1]
    if start not in ("{", "[") or suffix in (".ttl", ".trig"):
        return None
    if re.search(r"\"@(?:context|id|graph|type)\"", text) or suffix == ".jsonld":
        return Format.JSONLD
    if suffix not in (".csv", ".tsv") and re.match(r"\s*[{\[]\s*[\"{\[\]}\d]", text):
        raise _refused(part, "JSON without the keys of JSON-LD (@context, @id); save it as CSV")
    return None


def _refused(part: Part, what: str) -> GraphError:
    return GraphError(f"{part.name} seems to be {what}. {READ}")
