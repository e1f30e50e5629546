"""Tables as the build reads them, written by whatever reads files of other kinds.

    entities.tsv, names.tsv, triples.tsv, numbers.tsv, relations.tsv

Entities are kept in memory until the end, since a file may speak of one before another names it;
facts are written as they come.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from kgqa.graph.importer.wordings import RelationWords
from kgqa.graph.importer.words import own_words
from kgqa.graph.notes import Notes

IS_A = "is a"  #: the relation from an entity to its class
MAX_KINDS = 250  # a graph keeps 256; values of numbers and entities without one need some
_BREAKS = re.compile("[\t\r\n\0\ufeff\ud800-\udfff]+")


@dataclass
class _About:
    """What is known of an entity so far."""

    label: str = ""
    kind: str = ""
    description: str = ""
    names: list[str] = field(default_factory=list)


class TableWriter:
    """Writes a folder of tables; ``with`` closes it.

    Ids and words may hold any characters; those that would end a cell become spaces.
    """

    def __init__(self, folder: Path, notes: Notes):
        self.folder, self._notes, self._files = folder, notes, ExitStack()
        self._triples = self._open("triples.tsv")
        self._numbers = self._open("numbers.tsv")
        self._entities: dict[str, _About] = {}
        self._measured: set[tuple[str, str, str]] = set()
        self._words: dict[str, RelationWords] = {}

    def __enter__(self) -> TableWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._files.close()
        if kind is None:
            self._finish()

    def _open(self, name: str):
        path = self.folder / name
        return self._files.enter_context(path.open("w", encoding="utf-8", newline="\n"))

    # -- what a file says --------------------------------------------------------------------------

    def entity(self, id_: str, label: str = "", *, kind: str = "", description: str = "") -> None:
        """An entity. What is said of it first stays; another label becomes another name."""
        about = self._entities.setdefault(cell(id_), _About())
        label, kind, description = cell(label), cell(kind), cell(description)
        if label and about.label and label != about.label:
            self.name(id_, label)
        about.label = about.label or label
        about.kind = about.kind or kind
        about.description = about.description or description

    def name(self, id_: str, name: str) -> None:
        """Another name of an entity."""
        about, name = self._entities.setdefault(cell(id_), _About()), cell(name)
        if name and name != about.label and name not in about.names:
            about.names.append(name)

    def has(self, id_: str) -> bool:
        """Whether an entity was written."""
        return cell(id_) in self._entities

    def label(self, id_: str) -> str:
        """The label of an entity so far; empty if it has none."""
        about = self._entities.get(cell(id_))
        return about.label if about else ""

    def triple(self, head: str, relation: str, tail: str) -> None:
        """A fact."""
        self._triples.write(f"{cell(head)}\t{cell(relation)}\t{cell(tail)}\n")

    def number(self, entity: str, attribute: str, value: str) -> None:
        """A number or date, as ``numbers.tsv`` takes it; one that is there already counts once."""
        key = (cell(entity), cell(attribute), value)
        if key not in self._measured:
            self._measured.add(key)
            self._numbers.write("\t".join(key) + "\n")

    def describe(self, relation: str, words: RelationWords) -> None:
        """The words of a relation; those given first stay."""
        self._words.setdefault(cell(relation), words)

    def is_a(self, entity: str, kind: str, names: tuple[str, ...] = ()) -> None:
        """The fact that leads from an entity to its class, which ``names`` name, too."""
        if kind == "entity":
            return
        id_ = f"class:{kind}"
        if not self.has(id_):
            self.entity(id_, kind, kind="class", description=f"all {names[0] if names else kind}")
            for name in names:
                self.name(id_, name)
            self.describe(IS_A, RelationWords("is a", "instances of"))
        self.triple(entity, IS_A, id_)

    # -- the end -----------------------------------------------------------------------------------

    def _finish(self) -> None:
        """Write entities, names and words of relations; drop tables that are empty."""
        if self._entities:
            self._add_ends()
            kinds = self._kinds()
            rows = (
                (id_, self._label(id_, a), a.description, kinds.get(a.kind, "entity"))
                for id_, a in self._entities.items()
            )
            self._write("entities.tsv", rows)
            self._write("names.tsv", ((i, n) for i, a in self._entities.items() for n in a.names))
        words = ((r, w.label, w.inverse, w.unit, w.context) for r, w in self._words.items())
        self._write("relations.tsv", words)
        for name in ("numbers.tsv", "names.tsv", "relations.tsv"):
            path = self.folder / name
            if path.exists() and not path.stat().st_size:
                path.unlink()

    def _add_ends(self) -> None:
        """Add the entities that facts name and nothing describes."""
        with (self.folder / "triples.tsv").open(encoding="utf-8", newline="\n") as file:
            for line in file:
                head, _, tail = line.rstrip("\n").split("\t")
                self._entities.setdefault(head, _About())
                self._entities.setdefault(tail, _About())
        for entity, _, _ in self._measured:
            self._entities.setdefault(entity, _About())

    def _label(self, id_: str, about: _About) -> str:
        if not about.label:
            self._notes.add("entities without a name, called by their id", id_)
        return about.label or own_words(id_)

    def _kinds(self) -> dict[str, str]:
        """{kind: the kind that is written}: the commonest stay, since a graph keeps few."""
        counts = Counter(about.kind for about in self._entities.values() if about.kind)
        kept = {kind: kind for kind, _ in counts.most_common(MAX_KINDS)}
        for kind in counts.keys() - kept.keys():
            self._notes.add("kinds of entity that are too many, called entity", kind)
        return kept

    def _write(self, name: str, rows: Iterator[tuple[str, ...]]) -> None:
        with (self.folder / name).open("w", encoding="utf-8", newline="\n") as file:
            file.writelines("\t".join(map(cell, row)) + "\n" for row in rows)


def cell(text: str) -> str:
    """A text that fits a cell of a table."""
    return (text if text.isprintable() else _BREAKS.sub(" ", text)).strip()
