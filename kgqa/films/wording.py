"""Names as people write them: other names, plurals, lost accents, and names of nothing."""

from __future__ import annotations

import random
from collections import defaultdict
from functools import cached_property

from kgqa.films.phrasings import Slot
from kgqa.graph import Graph
from kgqa.graph.names import KIND, normalise
from kgqa.writer.slips import coined, strip_accents

_OTHER_NAMES = {
    KIND[k] for k in ("other name", "without article", "part of title", "numeral", "surname")
}
_PLAIN = Slot("", "", False, "")


class Wording:
    """Names of a graph's entities as somebody may type them."""

    def __init__(self, graph: Graph):
        self.graph = graph
        films = [e for e in range(graph.num_entities) if graph.kind_of(e) == "film"]
        self._films = films or list(range(graph.num_entities))

    @cached_property
    def _names_of(self) -> dict[int, list[tuple[str, int]]]:
        """{entity: [(normal form, alias kind), ...]}."""
        names = defaultdict(list)
        for alias in range(len(self.graph.aliases)):
            form = self.graph.aliases[alias]
            for entity, kind in self.graph.entries(alias):
                names[entity].append((form, kind))
        return names

    def first_of(self, form: str) -> tuple[int, ...]:
        """Entities of a normal form: the most faithful aliases first, then the best connected."""
        alias = self.graph.aliases.find(form)
        return () if alias < 0 else tuple(entity for entity, _ in self.graph.entries(alias))

    def surface(
        self, entity: int, rng: random.Random, slot: Slot = _PLAIN, *, exact: bool = False
    ) -> str:
        """A name for the entity as somebody may type it; empty if it has none for the slot.

        ``exact``: only its label will do, as the phrasing says more about it.
        """
        label = self.graph.label(entity)
        if slot.form == "part":
            return self._series(entity, rng)
        if slot.form == "adj":
            adjectives = self._forms(entity, "adjective")
            return rng.choice(adjectives).title() if adjectives else ""
        if slot.plural:
            plurals = [f for f in self._forms(entity, "other name") if f.endswith("s")]
            return rng.choice(plurals) if plurals else f"{label}s"
        if self.graph.kind_of(entity) == "currency":
            return rng.choice([label, *self._forms(entity, "other name")])
        if not exact and rng.random() < 0.2:
            others = [
                f
                for f, k in self._names_of[entity]
                if k in _OTHER_NAMES and self.first_of(f)[:1] == (entity,) and len(f) > 3
            ]
            if others:
                name = rng.choice(sorted(others))
                return name if rng.random() < 0.3 else name.title()
        if rng.random() < 0.12:
            plain = strip_accents(label)
            return plain.lower() if rng.random() < 0.3 else plain
        return label

    def _forms(self, entity: int, kind: str) -> list[str]:
        return sorted(form for form, k in self._names_of[entity] if k == KIND[kind])

    def _series(self, entity: int, rng: random.Random) -> str:
        """The beginning of the title that other films share ("Star Wars"); empty if none do."""
        label = self.graph.label(entity)
        whole, options = normalise(label), set()
        for form in self._forms(entity, "part of title"):
            if whole.startswith(form) and len(self.first_of(form)) > 1:
                start = label[: len(form)]
                options.add(start if normalise(start) == form else form.title())
        return rng.choice(sorted(options)) if options else ""

    def invented(self, rng: random.Random) -> str:
        """A name that nothing in the graph has: syllables and stray words."""
        while True:
            parts = [coined(rng) for _ in range(rng.choice([1, 2, 2, 3]))]
            if rng.random() < 0.4:
                extra = self.graph.label(rng.choice(self._films)).split()[0]
                parts.insert(rng.randrange(len(parts) + 1), extra)
            if rng.random() < 0.25:
                parts.insert(0, "The")
            name = " ".join(parts)
            if not self.first_of(normalise(name)):
                return name
