"""Wordings: how people ask about each relation of a graph, in a file that a person can edit.

    # a comment
    [works for]                      a relation, by its id in the graph
    who does {} work for?            asks for the tails of {}
    the employer of {}               names them: a phrase, which has no "?"
    < who works for {}?              "<" is the other direction: {} is a tail, asked for are heads
    < people who work for {}         a phrase may be a class word with a clause
    does {} work for {}?             two slots: yes or no; the first is the head, after "<" the tail
    [population]                     an attribute: its tails are numbers
    how many people live in {}?
    most: largest; most populous     adjectives of its extremes
    least: smallest
    more: with more than {} people   what bounds it, to stand behind a class word
    less: with fewer than {} people
    [kind city]                      a class of entities
    words: city, cities; town, towns     singular, plural; then other ways to say it

Phrases are nested for two hops and joined for intersections and counts. A header may also be
``[relation ID]`` or ``[attribute ID]``, which an id that starts with one of these words needs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kgqa.errors import DataError
from kgqa.files import name_of, read_text, write_text
from kgqa.text import plain

SLOT = "{}"
LIMIT = 64 * 2**20  #: bytes of a file of wordings
LISTS = ("most", "least", "more", "less")  #: settings of a relation: items between semicolons
_TITLES = ("relation", "attribute", "kind")


@dataclass(frozen=True)
class Wording:
    """How people ask about one relation, in both directions."""

    relation: str  #: its id
    forward: tuple[str, ...] = ()  #: {} is a head, its tails are asked for
    inverse: tuple[str, ...] = ()  #: {} is a tail, its heads are asked for
    most: tuple[str, ...] = ()  #: adjectives of the largest number: "longest", "most populous"
    least: tuple[str, ...] = ()  #: adjectives of the smallest number
    more: tuple[str, ...] = ()  #: clauses of a larger number than {}: "longer than {}"
    less: tuple[str, ...] = ()  #: clauses of a smaller number than {}

    def lines(self, inverse: bool = False) -> tuple[str, ...]:
        """All wordings of one direction."""
        return self.inverse if inverse else self.forward

    def questions(self, inverse: bool = False) -> list[str]:
        """Those with one slot that end in "?"."""
        return [line for line in self.lines(inverse) if is_question(line)]

    def phrases(self, inverse: bool = False) -> list[str]:
        """Those that name what is asked for: "the employer of {}"."""
        return [line for line in self.lines(inverse) if not line.endswith("?")]

    def checks(self, inverse: bool = False) -> list[str]:
        """Those with two slots, answered by yes or no; the first is {} of this direction."""
        return [line for line in self.lines(inverse) if line.count(SLOT) == 2]


@dataclass(frozen=True)
class Wordings(Mapping[str, Wording]):
    """The wordings of a graph's relations by id, and the words of its kinds."""

    relations: Mapping[str, Wording]
    #: {kind: ((singular, plural), ...)}, the usual word first
    kinds: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)

    def __getitem__(self, relation: str) -> Wording:
        return self.relations[relation]

    def __iter__(self) -> Iterator[str]:
        return iter(self.relations)

    def __len__(self) -> int:
        return len(self.relations)


@dataclass(frozen=True)
class Section:
    """A header of a file of wordings and the lines below it."""

    title: str  #: what stands between the brackets
    rest: str  #: what stands behind them
    number: int  #: of the header's line
    lines: tuple[tuple[int, str], ...]  #: (number, line) without comments and empty lines
    path: Path

    def place(self, number: int | None = None) -> str:
        """The file and the line, for an error."""
        return f"{name_of(self.path)}, line {number or self.number}"

    def name(self) -> tuple[str, str]:
        """("kind", "city") of "[kind city]"; ("", "works for") of "[works for]"."""
        word, _, name = self.title.partition(" ")
        sort, name = (word, name.strip()) if word in _TITLES else ("", self.title)
        if name.startswith('"'):
            try:
                name = json.loads(name)
            except ValueError:
                name = ""
        if not isinstance(name, str) or not name:
            raise DataError(f"{self.place()}: expected a name in brackets, [{plain(self.title)}].")
        return sort, name


def is_question(line: str) -> bool:
    """Whether a wording asks for entities or numbers: one slot, and "?" at its end."""
    return line.endswith("?") and line.count(SLOT) == 1


def is_wording(line: str) -> bool:
    """Whether a line is read back from a file of wordings as the wording that it is."""
    slots, key = line.count(SLOT), line.partition(":")[0].strip()
    return (
        (slots == 1 or (slots == 2 and line.endswith("?")))
        and line == " ".join(line.split())
        and not line.startswith(("[", "#", "<"))
        and not (":" in line and key in LISTS)
    )


def read_wordings(path: str | Path) -> Wordings:
    """The wordings of a file. Raises :class:`DataError` with file and line.

    A relation or a kind that has several sections has what stands in all of them.
    """
    relations: dict[str, Wording] = {}
    kinds: dict[str, tuple[tuple[str, str], ...]] = {}
    for section in sections(path):
        if section.rest:
            raise DataError(f"{section.place()}: nothing may stand behind the header.")
        sort, name = section.name()
        if sort == "kind":
            kinds[name] = kinds.get(name, ()) + words_of(section)
        else:
            wording, settings = wording_of(section, name)
            for key, (number, _) in settings.items():
                raise DataError(f"{section.place(number)}: a relation has no setting {key!r}.")
            relations[name] = _joined(relations.get(name), wording)
    return Wordings(relations, kinds)


def write_wordings(path: str | Path, wordings: Wordings, *, comment: str = "") -> None:
    """Write a file that :func:`read_wordings` reads, whole or not at all."""
    lines = [f"# {line}".rstrip() for line in comment.splitlines()]
    for kind, words in wordings.kinds.items():
        lines += ["", f"[kind {_written(kind)}]"]
        lines.append("words: " + "; ".join(", ".join(pair) for pair in words))
    for relation, wording in wordings.items():
        title = _written(relation)
        if title.split(" ")[0] in _TITLES:
            title = f"relation {title}"
        lines += ["", f"[{title}]", *wording.forward]
        lines += [f"< {line}" for line in wording.inverse]
        for key in LISTS:
            if items := getattr(wording, key):
                lines.append(f"{key}: {'; '.join(items)}")
    write_text(path, "\n".join(lines).lstrip("\n") + "\n")


def sections(path: str | Path) -> list[Section]:
    """The sections of a file. Raises :class:`DataError`, or FileError if it cannot be read.

    A header is a line that starts with "["; it ends at the last "]".
    """
    path = Path(path)
    found: list[tuple[str, str, int, list[tuple[int, str]]]] = []
    for number, line in enumerate(read_text(path, limit=LIMIT).split("\n"), 1):
        line = line.strip()
        if line.startswith("["):
            title, end, rest = line[1:].rpartition("]")
            if not end or not title.strip():
                raise DataError(
                    f"{name_of(path)}, line {number}: expected a name in brackets, found "
                    f"{plain(line)!r}."
                )
            found.append((title.strip(), rest.strip(), number, []))
        elif line and not line.startswith("#"):
            if not found:
                raise DataError(
                    f"{name_of(path)}, line {number}: expected a [header] before {plain(line)!r}."
                )
            found[-1][3].append((number, line))
    return [Section(title, rest, n, tuple(lines), path) for title, rest, n, lines in found]


def wording_of(
    section: Section, relation: str, keys: Sequence[str] = ()
) -> tuple[Wording, dict[str, tuple[int, str]]]:
    """The wording of a section, and its other settings: {key: (line number, value)}.

    A line without a slot is a setting, "key: value"; ``keys`` are settings whose values may hold
    braces, beside LISTS. Raises :class:`DataError` with file and line.
    """
    directions: tuple[list[str], list[str]] = ([], [])
    lists: dict[str, tuple[str, ...]] = {}
    settings: dict[str, tuple[int, str]] = {}
    for number, line in section.lines:
        key, colon, value = (part.strip() for part in line.partition(":"))
        if colon and key in LISTS:
            lists[key] = lists.get(key, ()) + split(value)
        elif colon and (key in keys or SLOT not in line):
            settings[key] = (number, value)
        else:
            inverse = line.startswith("<")
            text = " ".join(line.removeprefix("<").split())
            _check(text, section.place(number))
            directions[inverse].append(text)
    forward, inverse_lines = (tuple(dict.fromkeys(lines)) for lines in directions)
    return Wording(relation, forward, inverse_lines, **lists), settings


def words_of(section: Section) -> tuple[tuple[str, str], ...]:
    """The pairs of "words: city, cities; town, towns" of a section of a kind."""
    pairs: list[tuple[str, str]] = []
    for number, line in section.lines:
        key, _, value = (part.strip() for part in line.partition(":"))
        if key != "words":
            raise DataError(
                f'{section.place(number)}: expected "words: city, cities", found {plain(line)!r}.'
            )
        pairs += pairs_of(value, section.place(number))
    return tuple(pairs)


def pairs_of(value: str, place: str) -> list[tuple[str, str]]:
    """[("city", "cities"), ("town", "towns")] of "city, cities; town, towns"."""
    pairs = []
    for item in split(value):
        singular, comma, plural = (part.strip() for part in item.partition(","))
        if not comma or not singular or not plural:
            raise DataError(
                f"{place}: expected a singular and a plural with a comma, found {plain(item)!r}."
            )
        pairs.append((singular, plural))
    return pairs


def split(value: str) -> tuple[str, ...]:
    """The items between semicolons."""
    return tuple(item.strip() for item in value.split(";") if item.strip())


def _check(text: str, place: str) -> None:
    """Raise DataError unless a wording has a slot, or two if it is a question."""
    count = text.count(SLOT)
    if count == 0:
        raise DataError(
            f"{place}: a wording needs {{}}, where the entity stands; found {plain(text)!r}."
        )
    if count > (2 if text.endswith("?") else 1):
        raise DataError(f"{place}: {{}} stands too often in {plain(text)!r}.")


def _joined(first: Wording | None, second: Wording) -> Wording:
    """Both wordings of a relation as one."""
    if first is None:
        return second
    names = ("forward", "inverse", *LISTS)
    both = {n: _distinct((*getattr(first, n), *getattr(second, n))) for n in names}
    return Wording(first.relation, **both)


def _distinct(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))


def _written(name: str) -> str:
    """A name for a header: quoted where it would not be read back as it is."""
    plainly = name == " ".join(name.split()) and name.isprintable() and not name.startswith('"')
    return name if plainly and name else json.dumps(name)
