"""What ``graph.json`` says of a graph: relations, kinds, sources, sizes, and the array files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from kgqa.graph.relation import Relation

_OPTIONAL = ("missing", "stop_words")


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
    files: Mapping[str, File] = field(default_factory=dict)  #: by name, "tail.npy"
    fingerprint: str = ""  #: a hash over files, relations and kinds; checkpoints record it

    def to_dict(self) -> dict:
        """As ``graph.json`` stores it; optional fields that are empty are left out."""
        values = {k: v for k, v in asdict(self).items() if v or k not in _OPTIONAL}
        return {**values, "relations": [relation.to_dict() for relation in self.relations]}

    @classmethod
    def from_dict(cls, values: dict) -> Description:
        """From ``graph.json``. Raises KeyError, TypeError or AttributeError if it is not whole."""
        return cls(
            name=values["name"],
            triples=int(values["triples"]),
            **{k: int(values.get(k, 0)) for k in ("entities", "edges", "aliases")},
            kinds=tuple(values["kinds"]),
            relations=tuple(map(Relation.from_dict, values["relations"])),
            sources=tuple(Source(**source) for source in values.get("sources", ())),
            missing=tuple(values.get("missing", ())),
            stop_words=tuple(values.get("stop_words", ())),
            files={name: File(**file) for name, file in values["files"].items()},
            fingerprint=values["fingerprint"],
        )
