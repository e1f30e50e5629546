"""JSON-LD without addresses: what a document leaves to another one is not fetched.

The context of schema.org, which nearly all pages use, is the exception: it says that plain words
are terms of schema.org, and so does the one that stands in for it here. Words that no context
explains are left out by the format itself, and are counted here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kgqa.errors import GraphError
from kgqa.files import NESTING
from kgqa.graph.importer import unpack
from kgqa.graph.notes import Notes

LARGEST = 2**28  #: bytes of a file, which is read as a whole
_SCHEMA = {"@vocab": "http://schema.org/", "id": "@id", "type": "@type"}
_UNEXPLAINED = "words of JSON-LD that no context explains, with what they say"


def local_json(path: Path, name: str, notes: Notes) -> bytes:
    """The document as it can be read without the network.

    Raises :class:`GraphError` for another context that lies elsewhere, and for what is no JSON.
    """
    with unpack.opened(path) as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise GraphError(f"{name} is longer than {LARGEST >> 20} MiB, the most of JSON-LD.")
    try:
        value = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise GraphError(f"{name} is not UTF-8 text.") from None
    except RecursionError:
        raise GraphError(f"{name}: more than {NESTING} values stand within each other.") from None
    except ValueError as error:
        where = ""
        if isinstance(error, json.JSONDecodeError):
            where = f", line {error.lineno}, column {error.colno}"
        raise GraphError(f"{name}{where}: not well-formed JSON.") from None
    changed = _contexts(value, name)
    for word in _unexplained(value):
        notes.add(_UNEXPLAINED, word)
    return json.dumps(value).encode() if changed else data.removeprefix(b"\xef\xbb\xbf")


def _contexts(value: Any, name: str) -> bool:
    """Put local contexts in; whether any was put in."""
    changed, open_ = False, [(value, 0)]
    while open_:
        item, depth = open_.pop()
        if depth > NESTING:
            raise GraphError(f"{name}: more than {NESTING} values stand within each other.")
        if isinstance(item, dict):
            for key in ("@context", "@import"):
                if key in item:
                    local = _local(item[key], name)
                    changed |= local != item[key]
                    item[key] = local
            open_ += [(v, depth + 1) for v in item.values() if isinstance(v, dict | list)]
        elif isinstance(item, list):
            open_ += [(v, depth + 1) for v in item if isinstance(v, dict | list)]
    return changed


def _local(context: Any, name: str) -> Any:
    if isinstance(context, list):
        return [_local(item, name) for item in context]
    if not isinstance(context, str):
        return context
    address = urlsplit(context)
    if (address.hostname or "").removeprefix("www.") == "schema.org":
        return _SCHEMA
    raise GraphError(
        f"{name}: its context lies at {context!r}, and nothing is fetched; write what stands there "
        'into the file, in place of that address after "@context".'
    )


def _unexplained(value: Any) -> Iterator[str]:
    """Words of a document without any context, none of which mean something to JSON-LD."""
    open_, found = [value], []
    while open_:
        item = open_.pop()
        if isinstance(item, dict):
            if "@context" in item:
                return
            found += [key for key in item if not key.startswith("@") and ":" not in key]
            open_ += item.values()
        elif isinstance(item, list):
            open_ += item
    yield from found
