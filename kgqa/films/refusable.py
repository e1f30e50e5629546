"""Read ``refusals.txt``: what people ask in vain, and how they word it; its header says how."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kgqa.errors import DataError
from kgqa.films.phrasings import of_split

PATH = Path(__file__).with_name("refusals.txt")
FRAMES = {"@": "who", "+": "things", "": "thing"}  # by the sign in front of a noun
_HEADER = re.compile(r"\[([a-z-]+)\]\s*([a-z]*)\s*(?:>([^!]+))?(?:!(.+))?$")
_ATTRIBUTES = "missing-"  # a kind of this name and a slot lists attributes


@dataclass(frozen=True)
class Attribute:
    """What people ask of a kind of entity and the graph does not hold."""

    nouns: tuple[str, ...]  #: each with its sign, a key of FRAMES
    wordings: tuple[str, ...]
    without: str = ""  #: a relation that would answer; entities that have it are not asked about


@dataclass(frozen=True)
class Ask:
    """A wording with slots, and what the entity in its first slot must and must not have."""

    text: str
    relation: str = ""
    without: str = ""


@dataclass(frozen=True)
class Refusable:
    """The contents of ``refusals.txt``, in file order."""

    frames: Mapping[str, Sequence[str]]  #: by a value of FRAMES
    attributes: Mapping[str, Sequence[Attribute]]  #: by kind of question
    slot: Mapping[str, str]  #: of the kinds with attributes
    wordings: Mapping[str, Sequence[Ask]]  #: of the other kinds
    words: Mapping[str, Sequence[str]]  #: for <name> in wordings
    unknown: Mapping[str, Sequence[str]]  #: patterns of unknown names, by kind of entity

    def own(self, kind: str, split: str) -> list[Ask]:
        """The wordings of a kind that say what is asked for."""
        if kind in self.wordings:
            return of_split(self.wordings[kind], split)
        held, shared = self._attributes(kind, split)
        kept = of_split([Ask(w, "", a.without) for a in shared for w in a.wordings], split)
        return kept + [Ask(w, "", a.without) for a in held for w in a.wordings]

    def framed(self, kind: str, split: str) -> list[tuple[str, str]]:
        """(noun with its sign, relation that would answer) of the attributes for frames."""
        held, shared = self._attributes(kind, split)
        chosen = shared if split == "train" else held
        return [(noun, a.without) for a in chosen for noun in a.nouns]

    def _attributes(self, kind: str, split: str) -> tuple[list[Attribute], list[Attribute]]:
        """Attributes that are held out for a split, and those that are for all of them."""
        attributes = self.attributes[kind]
        return [] if split == "train" else of_split(attributes, split), of_split(
            attributes, "train"
        )


@dataclass
class _Reading:
    frames: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    attributes: dict[str, list[Attribute]] = field(default_factory=lambda: defaultdict(list))
    slot: dict[str, str] = field(default_factory=dict)
    wordings: dict[str, list[Ask]] = field(default_factory=lambda: defaultdict(list))
    words: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    unknown: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, header: Sequence[str], line: str) -> None:
        """Take a line that stands under a header of these parts: [name] slot > relation ! other."""
        name, slot, relation, without = header
        lists = {"frames": self.frames, "words": self.words, "unknown": self.unknown}
        if name in lists:
            lists[name][slot].append(line)
        elif name == f"{_ATTRIBUTES}{slot}":
            self.slot[name] = slot
            self.attributes[name].append(_attribute(line))
        else:
            self.wordings[name].append(Ask(line, relation, without))


def read(path: Path = PATH) -> Refusable:
    """The file. Raises :class:`DataError` with the line number of a header that is none."""
    reading = _Reading()
    header: list[str] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            match = _HEADER.match(line)
            header = [part.strip() for part in match.groups("")] if match else []
        elif header:
            reading.add(header, line)
        if not header:
            raise DataError(f"{path}, line {number}: expected a [kind] header, found {line!r}.")
    return Refusable(**vars(reading))


def _attribute(line: str) -> Attribute:
    head, *wordings = (part.strip() for part in line.split("|"))
    nouns, _, without = head.partition("!")
    return Attribute(
        tuple(filter(None, (noun.strip() for noun in nouns.strip("- ").split(",")))),
        tuple(wordings),
        without.strip(),
    )
