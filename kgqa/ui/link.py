"""The address that shows a page again: ``?q=...``, stateless, so it works on any machine.

Edits travel along as ``&edits=...``, the same JSON object that the API takes. On Spaces the page
lives in a frame whose own address is not the one to share, so the link names the Space.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from kgqa.edits import Edits

LONGEST = 500  #: characters of a question


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


def share(question: str, headers: Mapping[str, str], edits: Edits = Edits()) -> str:
    """The link to a question; empty if there is none to share."""
    question = question.strip()
    if not 0 < len(question) <= LONGEST:
        return ""
    address = f"{base(headers)}?q={quote(question, safe='')}"
    if not edits:
        return address
    extra = json.dumps(edits.short(), ensure_ascii=False, separators=(",", ":"))
    return f"{address}&edits={quote(extra, safe='')}"


def asked(query: Mapping[str, str]) -> str:
    """The question in an address, or an empty string."""
    return str(query.get("q") or "")


def edits(query: Mapping[str, str]) -> Edits:
    """The edits in an address; old ones call them ``changes``.

    Raises :class:`kgqa.errors.DataError` if they are not readable.
    """
    return Edits.read(str(query.get("edits") or query.get("changes") or ""))
