"""Untrusted text made safe to store and to show: labels and questions come from anywhere.

    clean   unprintable characters become U+FFFD
    plain   one line, for a terminal or a canvas
    clip    cut to a length, with an ellipsis

HTML has one more step, ``kgqa.ui.html.escape``.
"""

from __future__ import annotations

import re

#: C0 and C1 controls except tab and line feed, and lone surrogates: they steer terminals, and
#: some break JSON or HTML.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
#: Marks that reorder or hide neighbouring text; <bdi> contains them, a terminal does not.
_REORDERING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
LONGEST = 160  #: characters of a label that is shown


def clean(text: object) -> str:
    """``text`` as a string that can be stored, sent as JSON and shown."""
    return _UNPRINTABLE.sub("\ufffd", text if isinstance(text, str) else str(text))


def plain(text: object, limit: int = LONGEST) -> str:
    """One line of ``text`` for places that show text as it is."""
    return clip(" ".join(_REORDERING.sub("", clean(text)).split()), limit)


def clip(text: str, limit: int = LONGEST) -> str:
    """``text`` cut to ``limit`` characters, with an ellipsis where something was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
