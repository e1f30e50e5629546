"""What ``graph.json`` says of a graph: relations, kinds, sources, sizes, and the array files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from kgqa.graph.notes import Note
from kgqa.graph.relation import Relation

_OPTIONAL = ("missing", "stop_words", "read", "notes")
_SOURCE = ("name", "source", "licence")


@dataclass(frozen=True)
class Source:
    """Where facts of the graph come from."""

    name: str  #: what comes from it: "Films"
    source: str  #: the data set, with its version
    licence: str


@dataclass(frozen=True)
class File:
    """An array file as it was written."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Description:
    """A graph without its arrays."""

    name: str
    entities: int
    triples: int  #: of the source, inverses not counted
    edges: int  #: triples and inverses as they are stored
    aliases: int  #: pairs of an alias and an entity
    kinds: tuple[str, ...]  #: at most 256; ``entity_kind`` indexes them
    relations: tuple[Relation, ...]
    sources: tuple[Source, ...] = ()
    missing: tuple[str, ...] = ()  #: what the graph lacks that people may ask for, in sentences
    stop_words: tuple[str, ...] = ()  #: words that name nothing in questions about this graph
    read: tuple[str, ...] = ()  #: the files it was built from, and as what: "a.csv: CSV, triples"
    notes: tuple[Note, ...] = ()  #: what the build left out or changed
    files: Mapping[str, File] = field(default_factory=dict)  #: by name, "tail.npy"
    fingerprint: str = ""  #: a hash over files, relations and kinds; checkpoints record it

    def to_dict(self) -> dict:
        """As ``graph.json`` stores it; optional fields that are empty are left out."""
        values = {k: v for k, v in asdict(self).items() if v or k not in _OPTIONAL}
        return {**values, "relations": [relation.to_dict() for relation in self.relations]}

    @classmethod
    def from_dict(cls, values: dict) -> Description:
        """From ``graph.json``. Raises KeyError, TypeError or ValueError if it is not whole."""
        listed = {name: File(**file) for name, file in values["files"].items()}
        for name, file in listed.items():
            if not isinstance(file.bytes, int) or "/" in name or not name.endswith(".npy"):
                raise ValueError(f"{name!r} is no file of a graph")
        relations = tuple(map(Relation.from_dict, values["relations"]))
        if len({relation.id for relation in relations}) < len(relations):
            raise ValueError("two relations have the same id")
        return cls(
            name=_texts([values["name"]])[0],
            triples=int(values["triples"]),
            **{k: int(values.get(k, 0)) for k in ("entities", "edges", "aliases")},
            kinds=_texts(values["kinds"]),
            relations=relations,
            sources=tuple(
                Source(*_texts([s[k] for k in _SOURCE])) for s in values.get("sources", ())
            ),
            missing=_texts(values.get("missing", [])),
            stop_words=_texts(values.get("stop_words", [])),
            read=_texts(values.get("read", [])),
            notes=tuple(map(Note.from_dict, values.get("notes", []))),
            files=listed,
            fingerprint=values["fingerprint"],
        )


def _texts(values: object) -> tuple[str, ...]:
    """Raises TypeError if it is not a list of strings."""
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise TypeError("a list of texts was expected")
    return tuple(values)
