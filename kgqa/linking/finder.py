"""Find entities by id and by name, for people: exact names first, then names that begin with, hold, or resemble the words.

The linker proposes only what the alias index knows; here a person looks for something, so near is good enough. Nothing is
read until the first search.
"""

from __future__ import annotations

import re
from functools import cached_property

from rapidfuzz import fuzz, process

from kgqa.graph import Graph
from kgqa.graph.names import KIND, normalise

ENOUGH = 72  #: similarity (0 to 100) from which a name resembles the words
SCANNED = 400  #: names that hold the words and are looked at


class Finder:
    """Looks up entities of one graph."""

    def __init__(self, graph: Graph):
        self.graph = graph

    def index(self, key: str) -> int | None:
        """The entity with this id, or None."""
        return self.graph.index_of.get(key)

    def similar(self, text: str, limit: int) -> list[tuple[int, int]]:
        """[(entity, alias kind), ...], nearest first."""
        form = normalise(text)
        if not form:
            return []
        found: dict[int, int] = {}
        exact = self.graph.aliases.find(form)
        names = [exact] if exact >= 0 else []
        if len(names) < limit:
            names += sorted(
                self._holding(form), key=lambda i: (len(self.graph.aliases.bytes_at(i)), i)
            )
        if not names and len(form) > 2:
            names += [
                i
                for _, _, i in process.extract(
                    form, self._all, scorer=fuzz.ratio, score_cutoff=ENOUGH, limit=limit
                )
            ]
        for name in names:
            low, high = int(self.graph.alias_entry[name]), int(self.graph.alias_entry[name + 1])
            for entity, kind in zip(
                self.graph.alias_entity[low:high].tolist(),
                self.graph.alias_kind[low:high].tolist(),
                strict=True,
            ):
                found.setdefault(entity, kind if name == exact else KIND["misspelling"])
            if len(found) >= 4 * limit:
                break
        order = sorted(
            found, key=lambda e: (found[e] == KIND["misspelling"], -int(self.graph.degree[e]), e)
        )
        return [(e, found[e]) for e in order[:limit]]

    def _holding(self, form: str) -> list[int]:
        """Names that hold the words, whole, by their position in the index."""
        text, offset = self._text, self.graph.aliases.offset
        found: dict[int, None] = {}
        for match in re.finditer(re.escape(form.encode()), text):
            name = int(offset.searchsorted(match.start(), side="right")) - 1
            low, high = int(offset[name]), int(offset[name + 1])
            before, after = (
                match.start() == low or text[match.start() - 1] == 32,
                match.end() == high or text[match.end()] == 32,
            )
            if match.end() <= high and before and after:
                found[name] = None
            if len(found) >= SCANNED:
                break
        return list(found)

    @cached_property
    def _text(self) -> bytes:
        return self.graph.aliases.text.tobytes()

    @cached_property
    def _all(self) -> list[str]:
        return [self.graph.aliases[i] for i in range(len(self.graph.aliases))]
