"""Escaping, in one place: labels and questions are untrusted text; here they become HTML.

Views write templates with named gaps and call :func:`fill`; every value that is not :class:`Html`
is cleaned and escaped on its way in, so that forgetting to escape is not possible. Public names:
``Html``, ``fill``, ``join``, and those of ``kgqa.text``.
"""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup as Html

from kgqa.text import clean, clip, plain

__all__ = ["Html", "clean", "clip", "fill", "join", "plain"]


def fill(template: str, /, **values: object) -> Html:
    """``template`` with its ``{gaps}`` filled; values are escaped unless they are :class:`Html`."""
    safe = {k: v if isinstance(v, Html) else clean(v) for k, v in values.items()}
    return Html(template).format(**safe)


def join(parts: Iterable[object], separator: str = "") -> Html:
    """Parts one after another; those that are not :class:`Html` are escaped."""
    return Html(separator).join(p if isinstance(p, Html) else clean(p) for p in parts)
