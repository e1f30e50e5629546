"""Untrusted text made safe to store and to show: labels and questions come from anywhere.

    clean       unprintable characters become U+FFFD
    plain       one line of a label, for a terminal or a canvas
    printable   a message of any number of lines, for a terminal
    json_line   a value as one line of JSON, for a terminal or a file
    clip        cut to a length, with an ellipsis
    cell        a cell of a table for a spreadsheet

HTML has one more step, ``kgqa.ui.html.escape``.
"""

from __future__ import annotations

import json
import re

#: C0 and C1 controls except tab and line feed, and lone surrogates: they steer terminals, and
#: some break JSON or HTML.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
#: Marks that reorder or hide neighbouring text; <bdi> contains them, a terminal does not.
_REORDERING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
#: What JSON may hold unescaped though it steers a terminal, ends a line in JavaScript, or is half
#: a character.
_UNSAFE_IN_JSON = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
#: Characters without width, in a class of a regular expression: text from the web has them between
#: letters. U+200D is not among them, because it joins emoji.
ZERO_WIDTH = "\u00ad\u034f\u180e\u200b\u200c\u2060-\u2064\ufeff"
_ZERO_WIDTH = re.compile(f"[{ZERO_WIDTH}]")
#: What a spreadsheet takes for the beginning of a formula, unless it is a number.
_FORMULA = re.compile(r"[=@\t\r\n＝＠＋－]|[+-](?![\d.,]+$)")
LONGEST = 160  #: characters of a label that is shown


def clean(text: object) -> str:
    """``text`` as a string that can be stored, sent as JSON and shown."""
    return _UNPRINTABLE.sub("\ufffd", text if isinstance(text, str) else str(text))


def without_zero_width(text: str) -> str:
    """``text`` without :data:`ZERO_WIDTH` characters."""
    return _ZERO_WIDTH.sub("", text)


def plain(text: object, limit: int = LONGEST) -> str:
    """One line of ``text`` for places that show text as it is."""
    return clip(" ".join(_REORDERING.sub("", clean(text)).split()), limit)


def printable(message: object) -> str:
    """A message that may quote untrusted text; its lines stay."""
    return _REORDERING.sub("", clean(message))


def json_line(value: object) -> str:
    """``value`` as JSON that is readable and harmless: other letters stay as they are."""
    text = json.dumps(value, ensure_ascii=False)
    return _UNSAFE_IN_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def clip(text: str, limit: int = LONGEST) -> str:
    """``text`` cut to ``limit`` characters, with an ellipsis where something was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def cell(text: str) -> str:
    """A cell of CSV; one that a spreadsheet would take for a formula begins with an apostrophe.

    >>> [cell(text) for text in ("=1+1", "-5", "- five", "Jaws")]
    ["'=1+1", '-5', "'- five", 'Jaws']
    """
    return f"'{text}" if _FORMULA.match(text) else text
