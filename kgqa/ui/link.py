"""The address that asks a question again: ``?q=...``, stateless, so it works from a cold start on any machine.

On Spaces the page lives in a frame whose own address is not the one to share, so the link names the Space.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

LONGEST = 500  #: characters of a question that still becomes a link; as long as a question may be


def base(headers: Mapping[str, str]) -> str:
    """Address of the page: the Space's if there is one, else where the visitor's browser says it is."""
    space = os.environ.get("SPACE_ID", "")
    if space:
        return f"https://huggingface.co/spaces/{space}"
    parts = urlsplit(headers.get("referer") or "")
    if parts.scheme in ("http", "https") and parts.netloc:
        return f"{parts.scheme}://{parts.netloc}{parts.path}"
    return f"http://{headers.get('host', 'localhost')}/"


def share(question: str, headers: Mapping[str, str]) -> str:
    """The link to a question; empty if there is none to share."""
    question = question.strip()
    return f"{base(headers)}?q={quote(question, safe='')}" if 0 < len(question) <= LONGEST else ""


def asked(query: Mapping[str, str]) -> str:
    """The question in an address, or an empty string."""
    return str(query.get("q") or "")
