"""GraphML as NetworkX, Neo4j (APOC), Gephi and yEd write it.

The file is parsed as a stream. One with a document type is refused, since entities of XML could
make a small file huge or read other files. Nodes become entities with names, numbers and facts, as
rows of a table do (``kgqa.graph.importer.property_graph``); edges become facts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from kgqa.errors import GraphError
from kgqa.files import reason
from kgqa.graph.importer import unpack
from kgqa.graph.importer.headers import kind_of, words_of
from kgqa.graph.importer.parts import ImportOptions, Part
from kgqa.graph.importer.property_graph import Edge, Field, table_of, write_edges
from kgqa.graph.importer.records import Records
from kgqa.graph.importer.shapes import KINDS
from kgqa.graph.importer.writing import TableWriter
from kgqa.graph.notes import Notes

DEEPEST = 64  #: elements within each other
MAX_TEXT = 2**20  #: characters of one value
#: Attributes of edges that hold their type.
_EDGE_TYPES = (
    "label",
    "type",
    "relation",
    "relationship",
    "name",
    "key",
    "interaction",
    "edgelabel",
)
#: Attributes of nodes that yEd and Gephi add, and that say how they are drawn.
_DRAWN = frozenset("x y z r g b size color colour shape width height viz d0x".split())
_SPACED = " "  # between a namespace and a name, as the parser reports them


@dataclass
class Network:
    """Nodes and edges with their attributes, as they were found."""

    name: str  #: of the file, for messages
    nodes: list[tuple[str, dict[str, str]]] = field(default_factory=list)  #: (id, attributes)
    edges: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    types: dict[str, str] = field(default_factory=dict)  #: of attributes, where they have one
    defaults: dict[str, str] = field(default_factory=dict)  #: of attributes that a node lacks
    undirected: int = 0  #: edges without a direction


class _Reader:
    """Handles the events of a parser."""

    def __init__(self, name: str):
        self.found = Network(name)
        self._keys: dict[str, tuple[str, str]] = {}  # id: (name, type)
        self._path: list[str] = []
        self._open: list[dict[str, str]] = []  # attributes of the nodes and edges that are open
        self._key, self._text, self._label = "", "", ""
        self._directed = True

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rsplit(_SPACED, 1)[-1]
        self._path.append(name)
        if len(self._path) > DEEPEST:
            raise GraphError(f"{self.found.name} nests elements more than {DEEPEST} levels deep.")
        if name == "key":
            called = attributes.get("attr.name") or attributes.get("id", "")
            kind = attributes.get("attr.type", "string").lower()
            self._keys[attributes.get("id", "")] = (called, kind)
            self._key, self._text = attributes.get("id", ""), ""
        elif name == "graph":
            self._directed = attributes.get("edgedefault", "directed") != "undirected"
        elif name == "node":
            own = {k: v for k, v in attributes.items() if k in ("labels", "label")}
            self.found.nodes.append((attributes.get("id", ""), own))
            self._open.append(own)
        elif name == "edge":
            own = {k: v for k, v in attributes.items() if k in ("label", "type")}
            ends = (attributes.get("source", ""), attributes.get("target", ""))
            self.found.edges.append((*ends, own))
            self._open.append(own)
            either = not self._directed and attributes.get("directed") != "true"
            self.found.undirected += either
        elif name == "data":
            self._key, self._text, self._label = attributes.get("key", ""), "", ""
        elif name in ("NodeLabel", "EdgeLabel", "default"):
            self._text = ""

    def text(self, data: str) -> None:
        if len(self._text) + len(data) > MAX_TEXT:
            raise GraphError(f"{self.found.name} has a value of more than {MAX_TEXT:,} characters.")
        self._text += data

    def end(self, tag: str) -> None:
        name = self._path.pop()
        if name in ("NodeLabel", "EdgeLabel"):  # of yEd; the first one counts
            self._label, self._text = self._label or self._text.strip(), ""
        elif name == "default" and self._key in self._keys and self._text.strip():
            self.found.defaults[self._keys[self._key][0]] = self._text.strip()
        elif name == "data" and self._open:
            called, kind = self._keys.get(self._key, (self._key, "string"))
            value = self._label or self._text.strip()
            if self._label:
                called = "label"
            if value and called:
                self._open[-1].setdefault(called, value)
                self.found.types.setdefault(called, kind)
        elif name in ("node", "edge") and self._open:
            self._open.pop()

    def refuse_doctype(self, *_: object) -> None:
        raise GraphError(
            f"{self.found.name} has a document type (<!DOCTYPE ...>), which GraphML needs not and "
            "which is not read, since it could do harm. Take it out."
        )


def write_tables(
    parts: Sequence[Part], folder: Path, options: ImportOptions, notes: Notes
) -> list[str]:
    """Write the tables of GraphML files to a folder; returns what each was read as.

    Raises :class:`GraphError` naming file and line.
    """
    write_networks([_parsed(part) for part in parts], folder, options, notes)
    return [f"{part.name}: GraphML" for part in parts]


def write_networks(
    networks: Sequence[Network], folder: Path, options: ImportOptions, notes: Notes
) -> None:
    """Write the tables of nodes and edges to a folder."""
    tables, edges = [], []
    for network in networks:
        edges += _edges(network, notes)
        for kind, (fields, rows) in _by_kind(network, notes).items():
            tables.append(table_of(network.name, kind, fields, rows))
    with TableWriter(folder, notes) as writer:
        records = Records(tables, writer, notes, options.classes)
        records.write()
        write_edges(edges, records, writer, notes)


def _parsed(part: Part) -> Network:
    """Read a file. Raises :class:`GraphError` for what is no XML, at a line."""
    reader = _Reader(part.name)
    parser = expat.ParserCreate(namespace_separator=_SPACED)
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reader.refuse_doctype
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.text
    with unpack.opened(part.path) as file:
        try:
            while block := file.read(2**16):
                parser.Parse(block, False)
            parser.Parse(b"", True)
        except (expat.ExpatError, ValueError, LookupError) as error:
            line = parser.CurrentLineNumber
            raise GraphError(f"{part.name}, line {line}: {reason(error)}.") from None
    if not reader.found.nodes and not reader.found.edges:
        raise GraphError(f"{part.name} is GraphML without nodes and edges.")
    return reader.found


def _by_kind(network: Network, notes: Notes) -> dict[str, tuple[list[Field], list[list[str]]]]:
    """The nodes of a file: {kind: (attributes, rows of an id and their values)}."""
    names = list(dict.fromkeys(name for _, own in network.nodes for name in own))
    kind_name = (
        "labels"
        if "labels" in names
        else next(
            (n for n in names if words_of(n) in KINDS and words_of(n) not in ("label", "labels")),
            None,
        )
    )
    drawn = [n for n in names if n.lower() in _DRAWN or n.startswith("viz.")]
    if len({n.lower() for n in drawn} & {"x", "y"}) < 2:
        drawn = []  # a size without a position is not about the drawing
    copied = ["label"] if kind_name == "labels" else []  # APOC repeats the labels
    fields = [n for n in names if n not in (*drawn, *copied, kind_name)]
    if drawn:
        notes.add("attributes that say how nodes are drawn, left out", ", ".join(drawn))
    nodes: dict[str, tuple[list[Field], list[list[str]]]] = {}
    for id_, own in network.nodes:
        value = own.get(kind_name, "") if kind_name else ""
        kinds = [k for k in value.replace(":", ";").split(";") if k.strip()]
        for more in kinds[1:]:
            notes.add("further labels of nodes, which are left out", more)
        kind = words_of(kinds[0]) if kinds else kind_of("entities")
        row = [id_, *(own.get(name, network.defaults.get(name, "")) for name in fields)]
        if kind not in nodes:
            nodes[kind] = ([Field("", n, network.types.get(n, "")) for n in fields], [])
        nodes[kind][1].append(row)
    return nodes


def _edges(network: Network, notes: Notes) -> list[Edge]:
    """The edges of a file, each with the type that an attribute gives."""
    if network.undirected:
        notes.add("edges without a direction, read from source to target", count=network.undirected)
    edges = []
    for source, target, own in network.edges:
        names = {words_of(name): name for name in own}
        chosen = next((names[word] for word in _EDGE_TYPES if word in names), None)
        kind = own[chosen].lstrip(":") if chosen else "linked to"
        more = [name for name in own if name != chosen and own[name] != own.get(chosen or "")]
        edges.append(Edge(source, target, kind or "linked to", more))
    return edges
