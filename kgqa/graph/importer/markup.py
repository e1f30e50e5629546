"""XML of strangers, looked through before any reader of it sees it.

Entities of a document type can grow without bound when they are replaced ("billion laughs"), and
can name files and addresses. Ontologies use harmless ones, which stand for a namespace. These are
let through; everything else of the kind is refused, as is nesting that slows readers down.
"""

from __future__ import annotations

from pathlib import Path
from xml.parsers import expat

from kgqa.errors import GraphError
from kgqa.graph.importer import unpack

DEEPEST = 200  #: elements within each other
LONGEST_ENTITY = 400  #: characters that one entity may stand for
_GROWTH = 2**26  # bytes that entities may add to a file
_CHUNK = 2**20


def check_xml(path: Path, name: str, *, entities: bool) -> None:
    """Raise :class:`GraphError`, with line and column, unless a file is well-formed, safe XML.

    ``entities`` lets through those that stand for a short text.
    """
    parser = expat.ParserCreate()
    guard = _Guard(parser, name, entities)
    try:
        with unpack.opened(path) as file:
            while piece := file.read(_CHUNK):
                parser.Parse(piece, False)
                guard.grow(piece.count(b"&"))
            parser.Parse(b"", True)
    except expat.ExpatError as error:
        what = expat.ErrorString(error.code)
        raise GraphError(
            f"{name}, line {error.lineno}, column {error.offset + 1}: not well-formed XML ({what})."
        ) from None
    except (LookupError, ValueError) as error:
        raise GraphError(f"{name}: its encoding cannot be read ({error}).") from None


class _Guard:
    """What a parser of XML meets, and what of it is refused."""

    def __init__(self, parser: expat.XMLParserType, name: str, entities: bool):
        self._parser, self._name, self._entities = parser, name, entities
        self._depth, self._left = 0, _GROWTH
        self.longest = 0  #: characters of the longest entity
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.EntityDeclHandler = self._entity
        parser.StartDoctypeDeclHandler = self._doctype

    def grow(self, references: int) -> None:
        """Count so many entities more, which may all be the longest."""
        self._left -= references * self.longest
        if self._left < 0:
            raise GraphError(f"{self._name}: its entities stand for too much text.")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            self._refuse(f"more than {DEEPEST} elements stand within each other")

    def _end(self, name: str) -> None:
        self._depth -= 1

    def _doctype(self, name: str, system: str | None, public: str | None, subset: bool) -> None:
        if not self._entities:
            self._refuse("a document type (DOCTYPE) is not read; delete it")

    def _entity(self, name: str, parameter: bool, value: str | None, *more: str | None) -> None:
        if parameter or value is None:
            self._refuse(f"the entity {name!r} names another file, which is not read")
        elif "&" in value or len(value) > LONGEST_ENTITY:
            self._refuse(f"the entity {name!r} holds other entities, or a long text")
        else:
            self.longest = max(self.longest, len(value.encode()))

    def _refuse(self, why: str) -> None:
        raise GraphError(f"{self._name}, line {self._parser.CurrentLineNumber}: {why}.")
