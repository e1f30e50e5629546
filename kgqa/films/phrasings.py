"""Read the file of phrasings: kinds of question, the program of each, and how people word it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from kgqa.errors import DataError
from kgqa.programs.program import Program

PATH = Path(__file__).with_name("phrasings.txt")
SPLITS = {"train": (0, 1, 2, 4, 5, 6, 8, 9), "dev": (3,), "test": (7,)}  # of every ten phrasings
KIND_OF_SLOT = {"form": "art form"}  # slots that are not named like their kind of entity
_SLOT = re.compile(
    r"\{([a-z]+?)(s?)(\d?)(?::(adj|part|director|actor|title|number|in|sculpture))?\}"
)
T = TypeVar("T")
_NONE = re.compile(r">?\s*\bnone\b")


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
    program: Program[str]  #: its starts are slots
    phrasings: tuple[str, ...]
    answerable: bool = True

    def split(self, split: str) -> tuple[str, ...]:
        """Of every ten phrasings the 4th is for dev, the 8th for test, the others for train."""
        return tuple(of_split(self.phrasings, split))


def of_split(items: Sequence[T], split: str) -> list[T]:
    """Of every ten items the 4th is for dev, the 8th for test, the others for train."""
    return [item for i, item in enumerate(items) if i % 10 in SPLITS[split]]


def slots(phrasing: str) -> list[Slot]:
    """The slots of a phrasing, from left to right."""
    return [
        Slot(match.group(), match[1] + match[3], bool(match[2]), match[4] or "")
        for match in _SLOT.finditer(phrasing)
    ]


def kind_of(slot: str) -> str:
    """The kind of entity that fills a slot of this name."""
    name = slot.rstrip("123")
    return KIND_OF_SLOT.get(name, name)


def read(path: Path = PATH) -> list[Kind]:
    """All kinds of the file.

    Raises :class:`DataError` with the line number of a phrasing whose slots are not its program's.
    """
    kinds: list[Kind] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = line.strip()
        if line.startswith("["):
            name, _, text = line[1:].partition("]")
            program, answerable = Program.parse(_NONE.sub("", text)), not _NONE.search(text)
            kinds.append(Kind(name, program, (), answerable))
        elif line and not line.startswith("#"):
            if not kinds:
                raise DataError(
                    f"{path}, line {number}: a phrasing stands before the first [kind] header."
                )
            kind = kinds[-1]
            expected = sorted(branch.start for branch in kind.program.branches)
            if sorted(slot.name for slot in slots(line)) != expected:
                raise DataError(
                    f"{path}, line {number}: expected the slots {expected}, found {line!r}."
                )
            kinds[-1] = replace(kind, phrasings=(*kind.phrasings, line))
    return kinds
