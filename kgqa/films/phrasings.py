"""Read the file of phrasings: kinds of question, the program of each, and how people word it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from kgqa.errors import DataError

PATH = Path(__file__).with_name("phrasings.txt")
SPLITS = ("train", "dev", "test")
_SLOT = re.compile(
    r"\{([a-z]+?)(s?)(\d?)(:adj|:part|:director|:actor|:title|:number|:in|:sculpture)?\}"
)


@dataclass(frozen=True)
class Program:
    """What a kind of question asks: branches (slot, relations), relations after the intersection, and the slot left out."""

    branches: tuple[tuple[str, tuple[str, ...]], ...]
    after: tuple[str, ...] = ()
    left_out: str = ""
    answerable: bool = True

    @property
    def hops(self) -> int:
        return max((len(path) for _, path in self.branches), default=0) + len(self.after)


@dataclass(frozen=True)
class Kind:
    """A kind of question and its phrasings, in file order."""

    name: str
    program: Program
    phrasings: tuple[str, ...]

    def split(self, split: str) -> tuple[str, ...]:
        """Phrasings of one split: of every ten, the 4th is dev, the 8th is test, the others are train."""
        which = {"dev": (3,), "test": (7,), "train": (0, 1, 2, 4, 5, 6, 8, 9)}[split]
        return tuple(p for i, p in enumerate(self.phrasings) if i % 10 in which)


def slots(phrasing: str) -> list[tuple[str, str, bool, str]]:
    """(text in braces, slot name, plural, form) of each slot of a phrasing; the form is what stands after a colon, or empty."""
    found = []
    for match in _SLOT.finditer(phrasing):
        name, s, digit, form = match.groups()
        found.append((match.group(), name + digit, bool(s), (form or "")[1:]))
    return found


def parse_program(text: str) -> Program:
    """``person > -cast member & year > -release year => director ! person``."""
    text, _, left_out = text.partition("!")
    text, _, after = text.partition("=>")
    branches, answerable = [], True
    for part in text.split("&"):
        slot, *path = (p.strip() for p in part.split(">"))
        if "none" in (slot, *path):
            answerable = False
        if slot and slot != "none":
            branches.append((slot, tuple(p for p in path if p != "none")))
    return Program(
        tuple(branches),
        tuple(p.strip() for p in after.split(">") if p.strip()),
        left_out.strip(),
        answerable,
    )


def read(path: Path = PATH) -> list[Kind]:
    """All kinds of the file. Raises :class:`DataError` with the line number for a slot that the program lacks."""
    kinds: list[Kind] = []
    name, program, lines = "", None, []
    for number, line in enumerate(
        [*path.read_text(encoding="utf-8").splitlines(), "[end] none"], 1
    ):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            if program is not None:
                kinds.append(Kind(name, program, tuple(lines)))
            name, _, text = line[1:].partition("]")
            program, lines = parse_program(text), []
            continue
        if program is None:
            raise DataError(
                f"{path}, line {number}: a phrasing stands before the first [kind] header."
            )
        wanted = sorted(slot for slot, _ in program.branches)
        if sorted(slot for _, slot, _, _ in slots(line)) != wanted:
            raise DataError(f"{path}, line {number}: expected the slots {wanted}, found {line!r}.")
        lines.append(line)
    return kinds
