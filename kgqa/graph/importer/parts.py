"""What the readers of files hand to each other: a file as it was found, its format, the options."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from kgqa.errors import GraphError


class Format(StrEnum):
    """What a file is read as; the value is its name in reports."""

    NTRIPLES = "N-Triples"
    TURTLE = "Turtle"
    NQUADS = "N-Quads"
    TRIG = "TriG"
    RDFXML = "RDF/XML"
    JSONLD = "JSON-LD"
    DELIMITED = "delimited text"  # CSV and its like, exports of property graphs among them
    GRAPHML = "GraphML"

    @property
    def is_rdf(self) -> bool:
        """Whether it holds statements of RDF, which become one file of N-Triples."""
        return self not in (Format.DELIMITED, Format.GRAPHML)


@dataclass(frozen=True)
class Part:
    """A file as it was found, after unpacking."""

    path: Path  #: on disk; plain, or compressed as a stream (``unpack.opened`` reads either)
    name: str  #: as the user gave it, with the member of an archive: "export.zip: nodes.csv"
    format: Format | None = None  #: what it was recognised as; None before that


@dataclass(frozen=True)
class ImportOptions:
    """What a person decides about reading files of others."""

    skip_malformed: bool = False  #: go on after what cannot be read; each loss is counted
    keep_bookkeeping: bool = False  #: keep owl:sameAs, sitelinks, ids of other catalogues, ...
    language: str = "en"  #: of names and descriptions, first; then English, then any other
    classes: tuple[str, ...] = ()  #: keep the entities of these kinds alone: ids or labels
    languages: tuple[str, ...] = ()  #: of names and descriptions, none of others; () for all
    largest: int | None = None  #: bytes that all files together may have after unpacking
    most_triples: int | None = None  #: facts that a file may have


def too_many(name: str, most: int) -> GraphError:
    """The error for more facts than ``most_triples`` allows."""
    return GraphError(f"{name}: more than {most:,} facts, the most that are allowed here.")
