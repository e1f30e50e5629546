"""The short form of a question and its edits, as the page's address has it.

    ?q=Who+did+Natalie+Portman+play+in+Star+Wars?&use=Star+Wars~tt0121765&without=Portman

    use=WORDS~ENTITY            the mention stands for this entity
    without=WORDS               the mention does not take part
    with=WORDS                  these words take part
    follow=WORDS~HOP~RELATION   the hop follows this relation; without a relation the walk ends
    away=WORDS   stay=WORDS     what the mention leads to is taken away, or is not
    either=yes   either=no      the branches are united, or intersected, whatever the model says
    meet=no                     the intersection is off
    answer=count                how the answer is read out; empty: what is reached

WORDS are a run of characters of the question. Where they stand there twice, or could be taken for
something else, they are written as positions, ``25-34``; ``after`` is the walk after the
intersection. Addresses with JSON in ``edits`` or ``changes``, an older form, are read as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, quote_plus

from kgqa.edits import AFTER, KINDS, Edits
from kgqa.errors import DataError

LONGEST = 500  #: characters of a question
MOST = 8_000  #: characters of a query that is written: what servers and messengers take
MOST_READ = 60_000  #: and that is read
MOST_PAIRS = 200  #: names with values in a query
_NAMES = {
    "use": "use",
    "leave_out": "without",
    "add": "with",
    "follow": "follow",
    "negate": "away",
    "keep": "stay",
}  #: {field of Edits: name in the address}
_FIELDS = {name: field for field, name in _NAMES.items()}
_SWITCHES = ("either", "meet", "answer")
OLD = ("edits", "changes")  #: names that hold JSON
QUESTION = "q"
#: All names that belong to the question; others are left as they are.
NAMES = (QUESTION, *_FIELDS, *_SWITCHES, *OLD)
_SAFE = "?:,;/@()!*~"  #: stand as they are
_CUT_OFF = "?:,;.!*~"  #: but not at the end of what is sent
_POSITIONS = re.compile(r"(-?\d{1,5})-(-?\d{1,5})")
_AFTER = "after"
_YES_NO = {"yes": True, "no": False}

Pairs = Iterable[tuple[str, str]]


def write(question: str, edits: Edits = Edits()) -> str:
    """The query of a question with its edits, without "?"; empty if there is none, or too much.

    >>> write("Who directed Jaws?", Edits().leaving_out(13, 17))
    'q=Who+directed+Jaws?&without=Jaws'
    """
    question = question.strip()
    if not 0 < len(question) <= LONGEST:
        return ""
    pairs = [(QUESTION, question), *_pairs(question, edits)]
    query = "&".join(f"{name}={_quoted(value)}" for name, value in pairs)
    return query if len(query) <= MOST else ""


def whole(query: str) -> str:
    """The same query for a message: messengers take "?" or "." at the end for their own."""
    last = query[-1:]
    return f"{query[:-1]}%{ord(last):02X}" if last and last in _CUT_OFF else query


def _quoted(value: str) -> str:
    return quote_plus(value, safe=_SAFE, errors="replace")


def _pairs(question: str, edits: Edits) -> Pairs:
    for field, name in _NAMES.items():
        for edit in getattr(edits, field):
            words = _words(question, edit.start, edit.end)
            match field:
                case "use":
                    yield name, f"{words}~{edit.entity}"
                case "follow":
                    relation = f"~{edit.relation}" if edit.relation else ""
                    yield name, f"{words}~{edit.hop}{relation}"
                case _:
                    yield name, words
    if edits.unite is not None:
        yield "either", "yes" if edits.unite else "no"
    if not edits.intersect:
        yield "meet", "no"
    if edits.readout is not None:
        yield "answer", edits.readout


def _words(question: str, start: int, end: int) -> str:
    """The words at [start, end), or the positions where the words would not lead back there."""
    if (start, end) == AFTER:
        return _AFTER
    text = question[max(start, 0) : max(end, 0)]
    try:
        plain = text == text.strip() and "~" not in text and _place(question, text) == (start, end)
    except DataError:
        plain = False
    return text if plain else f"{start}-{end}"


def _place(question: str, words: str) -> tuple[int, int]:
    """Where words of an address stand in the question."""
    if words == _AFTER:
        return AFTER
    if match := _POSITIONS.fullmatch(words):
        return int(match[1]), int(match[2])
    start = question.find(words)
    if not words or start < 0 or question.find(words, start + 1) >= 0:
        raise DataError(f"“{words[:60]}” does not stand exactly once in the question.")
    return start, start + len(words)


def parse(query: str) -> list[tuple[str, str]]:
    """Names and values of a query. Raises :class:`DataError` if it is too long."""
    if len(query) > MOST_READ:
        raise DataError("The address is too long.")
    return parse_qsl(query.removeprefix("?"), keep_blank_values=True, errors="replace")


def question(pairs: Pairs) -> str:
    """The question of an address, or an empty string; of several the last."""
    return dict(pairs).get(QUESTION, "")


def edits(pairs: Pairs) -> Edits:
    """The edits of an address. Raises :class:`DataError` if they are not readable."""
    pairs = [(name, value) for name, value in pairs if name in NAMES]
    if len(pairs) > MOST_PAIRS:
        raise DataError("There are too many.")
    known = dict(pairs)
    if json := next((known[name] for name in OLD if known.get(name)), ""):
        return Edits.read(json)
    asked = " ".join(known.get(QUESTION, "").split())
    values: dict[str, object] = {field: [] for field in KINDS}
    for name, value in pairs:
        if field := _FIELDS.get(name):
            values[field].append(_edit(asked, field, value))  # type: ignore[attr-defined]
    for name in ("either", "meet"):
        if name in known:
            if known[name] not in _YES_NO:
                raise DataError(f"{name} must be yes or no.")
            values["unite" if name == "either" else "intersect"] = _YES_NO[known[name]]
    return Edits.read(values | {"readout": known.get("answer")})


def _edit(question: str, field: str, value: str) -> dict[str, object]:
    """One edit as :meth:`Edits.read` reads it."""
    words, *rest = value.split("~", {"use": 1, "follow": 2}.get(field, 0))
    start, end = _place(question, words)
    edit: dict[str, object] = {"start": start, "end": end}
    if field == "use":
        return edit | {"entity": rest[0] if rest else ""}
    if field == "follow":
        hop = rest[0] if rest else ""
        if not re.fullmatch(r"-?\d{1,4}", hop):
            raise DataError(f"“{value[:60]}” names no hop.")
        return edit | {"hop": int(hop), "relation": rest[1] if len(rest) > 1 else ""}
    return edit
