"""Read the files of phrasings: kinds of question, the program of each, and how people word it."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from kgqa.errors import DataError
from kgqa.programs.program import Program

PATH = Path(__file__).with_name("phrasings.txt")
OPERATORS = Path(__file__).with_name("operators.txt")
SPLITS = {"train": (0, 1, 2, 4, 5, 6, 8, 9), "dev": (3,), "test": (7,)}  # of every ten phrasings
KIND_OF_SLOT = {"form": "art form"}  # slots that are not named like their kind of entity
LITERAL = "literal"  #: the slot of a start such as "more(run time)"
_SLOT = re.compile(
    r"\{([a-z]+?)(s?)(\d?)"
    r"(?::(adj|part|director|actor|title|number|in|sculpture|decade|bare))?\}"
)
T = TypeVar("T")
_NONE = re.compile(r">?\s*\bnone\b")
_CHOICE = re.compile(r"<([^<>]*)>")
_GROUP = re.compile(r"<([^<>|]+)> = (.+)")


@dataclass(frozen=True)
class Slot:
    """A place in a phrasing where a name goes."""

    text: str  #: as written, such as "{countries2:adj}"
    name: str  #: the start of the program that it names, such as "country2"
    plural: bool
    form: str  #: what stands after the colon, or empty


@dataclass(frozen=True)
class Kind:
    """A kind of question and its phrasings, in file order."""

    name: str
    program: Program[str]  #: its starts are slots, entities ("class:film") and ranges of a number
    phrasings: tuple[str, ...]
    answerable: bool = True

    def split(self, split: str) -> tuple[str, ...]:
        """Of every ten phrasings the 4th is for dev, the 8th for test, the others for train."""
        return tuple(of_split(self.phrasings, split))

    @property
    def slots(self) -> dict[str, str]:
        """{start: the slot that names it}, without the starts that a phrasing words itself."""
        starts = [branch.start for branch in self.program.branches]
        literals = [start for start in starts if is_literal(start)]
        return {
            start: start if start not in literals else _numbered(literals.index(start))
            for start in starts
            if not is_entity(start)
        }

    @property
    def entities(self) -> set[str]:
        """The ids of the entities that its program starts from whatever the question."""
        return {branch.start for branch in self.program.branches if is_entity(branch.start)}


def of_split(items: Sequence[T], split: str) -> list[T]:
    """Of every ten items the 4th is for dev, the 8th for test, the others for train."""
    return [item for i, item in enumerate(items) if i % 10 in SPLITS[split]]


def is_entity(start: str) -> bool:
    """Whether a branch starts from one entity of the graph, such as "class:film"."""
    return ":" in start


def is_literal(start: str) -> bool:
    """Whether a branch starts from what a number holds for, such as "more(run time)"."""
    return "(" in start


def slots(phrasing: str) -> list[Slot]:
    """The slots of a phrasing, from left to right; of alternatives, those of the first."""
    return [
        Slot(match.group(), match[1] + match[3], bool(match[2]), match[4] or "")
        for match in _SLOT.finditer(say(phrasing))
    ]


def kind_of(slot: str) -> str:
    """The kind of entity that fills a slot of this name."""
    name = slot.rstrip("123")
    return KIND_OF_SLOT.get(name, name)


def has_alternatives(phrasing: str) -> bool:
    """Whether :func:`say` has a choice."""
    return "<" in phrasing


def say(phrasing: str, rng: random.Random | None = None) -> str:
    """The phrasing with one of its alternatives, drawn or else the first, in each place.

    >>> say("the <longest <film|movie>|film that lasts longest>")
    'the longest film'
    """
    while match := _CHOICE.search(phrasing):  # the innermost of nested ones
        options = match[1].split("|")
        option = options[0] if rng is None else rng.choice(options)
        phrasing = phrasing[: match.start()] + option + phrasing[match.end() :]
    return phrasing


def variants(phrasing: str) -> set[str]:
    """Everything that :func:`say` may make of a phrasing."""
    match = _CHOICE.search(phrasing)
    if match is None:
        return {phrasing}
    parts = (phrasing[: match.start()] + o + phrasing[match.end() :] for o in match[1].split("|"))
    return set().union(*map(variants, parts))


def read(path: Path = PATH) -> list[Kind]:
    """All kinds of a file.

    Raises :class:`DataError` with the line number of a phrasing whose slots are not its program's.
    """
    kinds: list[Kind] = []
    groups: dict[str, str] = {}  # {name: alternatives}, whole
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line, place = line.strip(), f"{path}, line {number}"
        if line.startswith("["):
            name, _, text = line[1:].partition("]")
            program, answerable = Program.parse(_NONE.sub("", text)), not _NONE.search(text)
            kinds.append(Kind(name, program, (), answerable))
        elif match := _GROUP.fullmatch(line):
            text = f"<{match[2]}>"
            _slots_of(text, groups, place)
            groups[match[1]] = _whole(text, groups)
        elif line and not line.startswith("#"):
            if not kinds:
                raise DataError(f"{place}: a phrasing stands before the first [kind] header.")
            kind = kinds[-1]
            expected = sorted(kind.slots.values())
            if _slots_of(line, groups, place) != expected:
                raise DataError(f"{place}: expected the slots {expected}, found {line!r}.")
            kinds[-1] = replace(kind, phrasings=(*kind.phrasings, _whole(line, groups)))
    return kinds


def _numbered(index: int) -> str:
    return LITERAL + (str(index + 1) if index else "")


def _whole(text: str, groups: Mapping[str, str]) -> str:
    """The text with the alternatives of the groups that it names."""
    return _CHOICE.sub(lambda match: groups.get(match[1], match.group()), text)


def _slots_of(text: str, groups: Mapping[str, str], place: str) -> list[str]:
    """The names of the slots, sorted: the same whatever alternatives are taken."""
    while match := _CHOICE.search(text):
        if "|" not in match[1] and match[1] not in groups:
            raise DataError(f"{place}: no line above says what <{match[1]}> stands for.")
        first, *others = match[1].split("|")
        if any(_names(other) != _names(first) for other in others):
            raise DataError(f"{place}: the alternatives {match.group()} have different slots.")
        first = say(groups[first]) if first in groups else first
        text = text[: match.start()] + first + text[match.end() :]
    return _names(text)


def _names(text: str) -> list[str]:
    return sorted(slot.name for slot in slots(text))
