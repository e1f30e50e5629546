"""What a build left out or changed, so that nothing is lost silently.

>>> notes = Notes()
>>> notes.add("lines that could not be read", "line 3: two cells")
>>> notes.add("lines that could not be read", "line 9: two cells")
>>> [str(note) for note in notes.found]
['2 lines that could not be read (line 3: two cells; line 9: two cells)']
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MOST_EXAMPLES = 3


@dataclass(frozen=True)
class Note:
    """One sort of thing that a build left out or changed, and how often."""

    what: str  #: in words, a plural: "lines that could not be read"
    count: int
    examples: tuple[str, ...] = ()  #: a few of them; untrusted text, as all words of a source

    def __str__(self) -> str:
        shown = f" ({'; '.join(self.examples)})" if self.examples else ""
        return f"{self.count:,} {self.what}{shown}"

    def to_dict(self) -> dict:
        """As ``graph.json`` stores it."""
        return {"what": self.what, "count": self.count, "examples": list(self.examples)}

    @classmethod
    def from_dict(cls, values: Mapping) -> Note:
        """From ``graph.json``. Raises KeyError or TypeError if it is not whole."""
        what, count, examples = values["what"], values["count"], values["examples"]
        if not isinstance(what, str) or not isinstance(count, int):
            raise TypeError("a note has words and a count")
        if not isinstance(examples, list) or not all(isinstance(e, str) for e in examples):
            raise TypeError("examples of a note are texts")
        return cls(what, count, tuple(examples))


class Notes:
    """Collects notes during a build, with a few examples of each."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._examples: dict[str, list[str]] = {}

    def add(
        self, what: str, example: str = "", count: int = 1, *, most: int = MOST_EXAMPLES
    ) -> None:
        """Count ``count`` more of a sort; up to ``most`` examples of it are kept."""
        self._counts[what] = self._counts.get(what, 0) + count
        kept = self._examples.setdefault(what, [])
        if example and len(kept) < most and example not in kept:
            kept.append(example)

    @property
    def found(self) -> tuple[Note, ...]:
        """In the order in which the sorts were met first; nothing for a count of 0."""
        return tuple(Note(w, n, tuple(self._examples[w])) for w, n in self._counts.items() if n)
