"""The address that shows a page again: ``?q=...``, stateless, so it works on any machine.

:mod:`kgqa.ui.address` has the form. On Spaces the page lives in a frame whose own address is not
the one to share, so the link names the Space. On a graph that a visitor brought the address says so
(``graph=yours``): the question is for that graph alone.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from kgqa.edits import Edits
from kgqa.ui import address

LONGEST = address.LONGEST
GRAPH, YOURS = "graph", "yours"  #: name and value that mark a visitor's own graph


def base(headers: Mapping[str, str]) -> str:
    """Address of the page: the Space's if there is one, else where the visitor's browser is."""
    space = os.environ.get("SPACE_ID", "")
    if space:
        return f"https://huggingface.co/spaces/{space}"
    parts = urlsplit(headers.get("referer") or "")
    if parts.scheme in ("http", "https") and parts.netloc:
        return f"{parts.scheme}://{parts.netloc}{parts.path}"
    return f"http://{headers.get('host', 'localhost')}/"


def server(headers: Mapping[str, str]) -> str:
    """Address of the app itself, for programs; behind a Space it is the Space's own host."""
    host = os.environ.get("SPACE_HOST", "")
    return f"https://{host.split(',')[0]}" if host else base(headers).rstrip("/")


def query(question: str, edits: Edits = Edits(), *, yours: bool = False) -> str:
    """What follows "?" in the page's address; empty if the question is empty or too long."""
    written = address.write(question, edits)
    return f"{written}&{GRAPH}={YOURS}" if written and yours else written


def share(question: str, headers: Mapping[str, str], edits: Edits = Edits()) -> str:
    """The link to a question; empty if there is none to share."""
    written = query(question, edits)
    return f"{base(headers)}?{address.whole(written)}" if written else ""


def asked(query: Any) -> str:
    """The question in an address, or an empty string.

    ``query``: a mapping, or Starlette's ``QueryParams``, in which a name can have several values.
    """
    return address.question(_pairs(query))


def edits(query: Any) -> Edits:
    """The edits in an address. Raises :class:`kgqa.errors.DataError` if they are not readable."""
    return address.edits(_pairs(query))


def yours(query: Any) -> bool:
    """Whether the question of an address is for a graph that the visitor brought."""
    return dict(_pairs(query)).get(GRAPH) == YOURS


def _pairs(query: Any) -> list[tuple[str, str]]:
    several = getattr(query, "multi_items", query.items)
    return [(str(name), str(value)) for name, value in several()]
