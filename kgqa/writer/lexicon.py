"""Common relations in people's words, found by the name of a relation (``lexicon.txt``)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from kgqa.graph.names import normalise
from kgqa.writer.english import singular
from kgqa.writer.shape import label_words
from kgqa.writer.sides import Side
from kgqa.writer.types import NUMBER, TIME
from kgqa.writer.wordings import pairs_of, sections, split, wording_of

PATH = Path(__file__).with_name("lexicon.txt")
_FIRST = frozenset("has have is are was were get gets".split())
#: Types that may stand for each other: a team or an institution may be taken for a place.
_ALIKE = {"organisation": ("place", "thing"), "place": ("organisation",), "time": ("number",)}


@dataclass(frozen=True)
class Entry:
    """What the lexicon knows about a relation, as its heads and tails are."""

    heads: str  #: type, as in ``types``
    tails: str
    forward: tuple[str, ...] = ()
    inverse: tuple[str, ...] = ()
    same: tuple[str, ...] = ()  #: nouns that mean the same
    swapped: bool = False  #: whether the nouns name the heads
    words: tuple[tuple[str, str], ...] = ()  #: class words of the heads, of the tails if swapped
    exact: bool = True  #: found by the whole name, not by its last word
    most: tuple[str, ...] = ()
    least: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    less: tuple[str, ...] = ()

    def type_of(self, tail: bool) -> str:
        """The type of one side; only the name as a whole says that of the heads."""
        return self.tails if tail else (self.heads if self.exact else "")

    def turned(self) -> Entry:
        """The same read from tail to head."""
        forward, inverse = (tuple(map(_turned, x)) for x in (self.inverse, self.forward))
        return Entry(self.tails, self.heads, forward, inverse, self.same, True, self.words)

    def suits(self, head: Side, tail: Side) -> bool:
        """Whether the sides are what the words are for."""
        return _fits(self.heads, head.type, self.exact) and _fits(self.tails, tail.type, True)


def _fits(expected: str, found: str, exact: bool) -> bool:
    if expected in ("any", "") or (expected == "thing" and found not in ("person", "place")):
        return True
    if not found:
        return exact
    if expected == "work" and found not in ("person", "place", "organisation", "time", "number"):
        return True
    return found == expected or found in _ALIKE.get(expected, ())


@lru_cache(2)
def entries(*, measured: bool = False) -> dict[str, Entry]:
    """{name: entry}; names in the normal form of :func:`_key`.

    Of several entries for a name the first counts, or the first of an attribute, if ``measured``:
    "founded" says by whom, or when.
    """
    found: dict[str, Entry] = {}
    for section in sections(PATH):
        names, _, reversed_names = section.title.partition("|")
        heads, _, tails = (part.strip() for part in section.rest.partition("->"))
        wording, settings = wording_of(section, section.title)
        same = split(settings["same"][1]) if "same" in settings else ()
        straight = Entry(
            heads,
            tails,
            wording.forward,
            wording.inverse,
            same,
            words=tuple(pairs_of(settings["heads"][1], str(PATH))) if "heads" in settings else (),
            most=wording.most,
            least=wording.least,
            more=wording.more,
            less=wording.less,
        )
        if measured and tails not in (TIME, NUMBER):
            continue
        for name in split(names):
            found.setdefault(_key(name), straight)
        for name in split(reversed_names):
            found.setdefault(_key(name), straight.turned())
    return found


def _turned(line: str) -> str:
    """A line with heads for tails."""
    for a, b in (("{head", "{x"), ("{tail", "{head"), ("{x", "{tail")):
        line = line.replace(a, b)
    return line


def entry_of(label: str, *, measured: bool = False) -> Entry | None:
    """What is known about a relation of this name, or by the last word of it.

    ``measured``: it leads to numbers or times.
    """
    words = label_words(label)
    known = entries(measured=True) if measured else {}
    for name in (words, _without_first(words)):
        if (found := known.get(_key(" ".join(name)))) is not None:
            return found
    for name in (words, _without_first(words)):
        if (found := entries().get(_key(" ".join(name)))) is not None:
            return found
    if len(words) > 1 and (found := entries().get(_key(words[-1]))) is not None and found.same:
        return replace(found, exact=False)
    return None


def _without_first(words: list[str]) -> list[str]:
    while len(words) > 1 and words[0] in _FIRST:
        words = words[1:]
    return words


def _key(name: str) -> str:
    return singular(normalise(name))
