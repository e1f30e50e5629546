"""Entities by name, for a person who searches: exact names, then names that hold or resemble it.

The linker proposes only what the alias index knows; a search box may be less strict. Names are read
from the mapped arrays piece by piece, and no more of them than a search needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz import fuzz, process

from kgqa.graph import Graph
from kgqa.graph.names import KIND, normalise
from kgqa.trace import Entity

SIMILAR = 72  #: similarity (0 to 100) from which a name resembles the words
HOLDING = 400  #: names that hold the words and are looked at
COMPARED = 2_000_000  #: names that are compared with the words
_CHUNK = 2**16


class Finder:
    """Looks up entities of one graph."""

    def __init__(self, graph: Graph):
        self.graph = graph

    def named(self, text: str, *, limit: int = 8) -> tuple[Entity, ...]:
        """Entities with this name or one like it, nearest first."""
        return tuple(self.graph.entity(entity) for entity, _ in self.similar(text, limit))

    def similar(self, text: str, limit: int) -> list[tuple[int, int]]:
        """[(entity, alias kind), ...], nearest first."""
        form = normalise(text)
        if not form:
            return []
        graph = self.graph
        exact = graph.aliases.find(form)
        names = [exact] if exact >= 0 else []
        if len(names) < limit:
            names += sorted(self._holding(form), key=lambda i: (len(graph.aliases.bytes_at(i)), i))
        if not names and len(form) > 2:
            names = self._resembling(form, limit)
        kinds: dict[int, int] = {}
        for name in names:
            for entity, kind in graph.entries(name):
                kinds.setdefault(entity, kind if name == exact else KIND["misspelling"])
            if len(kinds) >= 4 * limit:
                break
        order = sorted(
            kinds, key=lambda e: (kinds[e] == KIND["misspelling"], -int(graph.degree[e]), e)
        )
        return [(e, kinds[e]) for e in order[:limit]]

    def _holding(self, form: str) -> list[int]:
        """Positions of the first names that hold the words, whole."""
        text, offset = self.graph.aliases.text.data, self.graph.aliases.offset
        names: dict[int, None] = {}
        for match in re.finditer(re.escape(form.encode()), text):
            start, end = match.span()
            name = int(offset.searchsorted(start, side="right")) - 1
            low, high = int(offset[name]), int(offset[name + 1])
            before = start == low or text[start - 1] == 32
            if before and (end == high or (end < high and text[end] == 32)):
                names[name] = None
            if len(names) >= HOLDING:
                break
        return list(names)

    def _resembling(self, form: str, limit: int) -> list[int]:
        """Positions of the names most similar to the words."""
        best: list[tuple[float, int]] = []  # (-similarity, position)
        for low, names in self._chunks():
            matches = process.extract(
                form, names, scorer=fuzz.ratio, score_cutoff=SIMILAR, limit=limit
            )
            best = sorted(best + [(-score, low + i) for _, score, i in matches])[:limit]
        return [i for _, i in best]

    def _chunks(self) -> Iterator[tuple[int, list[str]]]:
        """(position of the first, names) of as many names as are compared."""
        aliases = self.graph.aliases
        count = min(len(aliases), COMPARED)
        for low in range(0, count, _CHUNK):
            yield low, [aliases[i] for i in range(low, min(low + _CHUNK, count))]
