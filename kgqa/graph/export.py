"""Facts as files that other programs read: GraphML, N-Triples, CSV.

    write_facts("answer.graphml", trace.facts)

Labels come from anywhere: in each format they are escaped as it demands.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import quote

from kgqa import files
from kgqa.errors import DataError
from kgqa.text import cell, clean
from kgqa.trace import Entity, Fact

_LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\x00-\x20<>\"{}|^`\\]+")
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
VALUE = "value"  #: the kind of an entity that is a number, a date or a text of the source


def to_graphml(facts: Sequence[Fact]) -> str:
    """GraphML by NetworkX: nodes with label, kind and description, edges with their relation."""
    import networkx

    drawn = networkx.MultiDiGraph()
    for fact in facts:
        for entity in (fact.head, fact.tail):
            about = {"kind": entity.kind, "description": entity.description}
            named = {"label": entity.label, **about}
            drawn.add_node(_xml(entity.id), **{key: _xml(text) for key, text in named.items()})
        told = {"label": _xml(fact.relation), "sentence": _xml(fact.sentence)}
        drawn.add_edge(_xml(fact.head.id), _xml(fact.tail.id), **told)
    return "\n".join(networkx.generate_graphml(drawn, named_key_ids=True)) + "\n"


def to_ntriples(facts: Sequence[Fact]) -> str:
    """N-Triples with the labels of entities; ids that are no IRIs become ``urn:kgqa:...``.

    A relation is named by its label, since a fact of a trace holds no more of it.
    """
    lines: dict[str, None] = {}
    for fact in facts:
        relation = f"<urn:kgqa:relation:{quote(clean(fact.relation), safe='')}>"
        lines[f"{_resource(fact.head)} {relation} {_object(fact.tail)} ."] = None
    for entity in dict.fromkeys(e for fact in facts for e in (fact.head, fact.tail)):
        if entity.kind != VALUE:
            lines[f"{_resource(entity)} {_LABEL} {_literal(entity.label)} ."] = None
    return "".join(f"{line}\n" for line in lines)


def to_csv(facts: Sequence[Fact]) -> str:
    """CSV with a header: head, relation, tail, the ids of both ends, and the sentence.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("head", "relation", "tail", "head id", "tail id", "sentence"))
    for fact in facts:
        ends = (fact.head.label, fact.relation, fact.tail.label, fact.head.id, fact.tail.id)
        writer.writerow([cell(value) for value in (*ends, fact.sentence)])
    return text.getvalue()


#: {ending of a file: what makes its text}
FORMATS: dict[str, Callable[[Sequence[Fact]], str]] = {
    ".graphml": to_graphml,
    ".nt": to_ntriples,
    ".csv": to_csv,
}


def write_facts(path: str | Path, facts: Sequence[Fact]) -> None:
    """Write facts in the format that the name of the file ends in: .graphml, .nt or .csv.

    Raises :class:`DataError` for another ending, and FileError if the file cannot be written.
    """
    convert = format_of(path)
    files.write_text(path, convert(facts))


def format_of(path: str | Path) -> Callable[[Sequence[Fact]], str]:
    """What makes the text of a file of this name. Raises :class:`DataError` for other endings."""
    convert = FORMATS.get(Path(path).suffix.lower())
    if convert is None:
        raise DataError(f"{files.name_of(path)} must end in {', '.join(FORMATS)}.")
    return convert


def _xml(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)


def _resource(entity: Entity) -> str:
    if _IRI.fullmatch(entity.id):
        return f"<{entity.id}>"
    return f"<urn:kgqa:entity:{quote(clean(entity.id), safe='')}>"


def _object(entity: Entity) -> str:
    return _literal(entity.label) if entity.kind == VALUE else _resource(entity)


def _literal(text: str) -> str:
    return '"' + "".join(_ESCAPES.get(c, c) for c in clean(text)) + '"'
