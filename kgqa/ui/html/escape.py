"""Escaping, in one place: labels and questions are untrusted text, and this is how they become HTML.

Views write templates with named gaps and call :func:`fill`; every value that is not already :class:`Html` is cleaned
and escaped on its way in, so that forgetting to escape is not possible. Public names: ``Html``, ``fill``, ``join``,
``clean``, ``clip``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from markupsafe import Markup as Html

#: C0 and C1 controls (but not tab and line feed) and lone surrogates: unprintable, and some break JSON or HTML.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
#: Marks that reorder or hide neighbouring text; harmless inside <bdi>, but a canvas and a tooltip have no <bdi>.
_REORDERING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LONGEST = 160


def clean(text: object) -> str:
    """``text`` as a string that can be stored, sent as JSON and shown: unprintable characters become U+FFFD."""
    return _UNPRINTABLE.sub("\ufffd", text if isinstance(text, str) else str(text))


def plain(text: object, limit: int = _LONGEST) -> str:
    """One line of ``text`` for places that show text as it is (canvas, tooltip, aria-label)."""
    return clip(" ".join(_REORDERING.sub("", clean(text)).split()), limit)


def clip(text: str, limit: int = _LONGEST) -> str:
    """``text`` cut to ``limit`` characters, with an ellipsis where something was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def fill(template: str, /, **values: object) -> Html:
    """``template`` with its ``{gaps}`` filled; values are escaped unless they are :class:`Html` already."""
    return Html(template).format(
        **{k: v if isinstance(v, Html) else clean(v) for k, v in values.items()}
    )


def join(parts: Iterable[object], separator: str = "") -> Html:
    """Parts one after another; those that are not :class:`Html` are escaped."""
    return Html(separator).join(p if isinstance(p, Html) else clean(p) for p in parts)
